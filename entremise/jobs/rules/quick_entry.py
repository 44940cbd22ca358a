"""The request line of the desk: « haie mardi matin 2h », "ironing every Friday 2pm 3h"."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from entremise.jobs.rules.reading import TIES, Reading, Span
from entremise.jobs.rules.spoken_days import parse_day, parse_recurrence, read_when
from entremise.jobs.rules.spoken_hours import FIRST_HOUR, Habits, parse_duration, parse_hours, parse_start, read_hours
from entremise.kernel.words import fold, stem

__all__ = [
    "ActivityWords",
    "Habits",
    "Understood",
    "parse_day",
    "parse_duration",
    "parse_hours",
    "parse_recurrence",
    "parse_start",
    "parse_what",
    "understand",
    "written",
]

LONGEST_LINE = 500
LEAST_LETTERS = 3


@dataclass(frozen=True)
class ActivityWords:
    """An activity and the words for it in either language; the first is the one `written` uses."""

    code: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Understood:
    """What a line says. `spans` point into the typed text in Unicode form NFC; `recurrence` is an RFC 5545 rule.

    `start` is local wall time. `minutes` is the length of one visit. A guess is for a person to confirm.
    """

    activity: str | None = None
    day: date | None = None
    start: time | None = None
    minutes: int | None = None
    recurrence: str | None = None
    note: str = ""
    day_is_guess: bool = False
    time_is_guess: bool = False
    spans: tuple[Span, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(name for name in ("activity", "day", "minutes") if getattr(self, name) is None)


def understand(
    text: str, *, today: date, activities: Sequence[ActivityWords], habits: Habits | None = None
) -> Understood:
    """Reads a whole request. Never raises; what it cannot read becomes the note, as does all that follows a « ; »."""
    head, _, aside = text.replace("\n", ";", 1).partition(";")
    reading = Reading(head[:LONGEST_LINE])
    activity = _read_activity(reading, activities)
    when = read_when(reading, today)
    hours = read_hours(reading, habits or Habits())
    activity = activity or _read_beginning(reading, activities)
    notes = (reading.rest, " ".join(head[LONGEST_LINE:].split()), " ".join(aside.split()))
    return Understood(
        activity=activity,
        day=when.day,
        start=hours.start,
        minutes=hours.minutes,
        recurrence=when.rule,
        note=", ".join(note for note in notes if note),
        day_is_guess=when.day_is_guess,
        time_is_guess=hours.start_is_guess,
        spans=reading.spans,
    )


def parse_what(text: str, activities: Sequence[ActivityWords]) -> tuple[str | None, str]:
    """The desk's field « Quoi »: the activity's code, if its words are known, and the words that remain."""
    reading = Reading(text)
    activity = _read_activity(reading, activities) or _read_beginning(reading, activities)
    return activity, reading.rest


def _stems(words: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in fold(words).split())


def _read_activity(reading: Reading, activities: Sequence[ActivityWords]) -> str | None:
    """The longest known words decide; the first mention is taken, so that a later one stays in the note."""
    tokens = [(stem(word[0]), word.start(), word.end()) for word in re.finditer(r"[a-z0-9]+", reading.folded)]
    known = {_stems(words): activity.code for activity in reversed(activities) for words in activity.words}
    hits = []
    for size in {len(phrase) for phrase in known if phrase}:
        for first in range(len(tokens) - size + 1):
            run = tokens[first : first + size]
            phrase = tuple(word for word, _, _ in run)
            if phrase in known:
                hits.append((len("".join(phrase)), run[0][1], run[-1][2], known[phrase]))
    if not hits:
        return None
    code = min(hits, key=lambda hit: (-hit[0], hit[1]))[3]
    _, start, end, _ = min((hit for hit in hits if hit[3] == code), key=lambda hit: (hit[1], -hit[2]))
    reading.take(start, end, "activity")
    return code


def _read_beginning(reading: Reading, activities: Sequence[ActivityWords]) -> str | None:
    """Three letters are enough when they begin the line's first free word and one activity only."""
    word = next((w for w in re.finditer(r"[a-z0-9]+", reading.folded) if w[0] not in TIES), None)
    if word is None or len(word[0]) < LEAST_LETTERS or not word[0].isalpha():
        return None
    codes = {activity.code for activity in activities for words in activity.words if fold(words).startswith(word[0])}
    if len(codes) != 1:
        return None
    reading.take(word.start(), word.end(), "activity")
    return codes.pop()


def written(request: Understood, activities: Sequence[ActivityWords], *, language: str = "fr") -> str:
    """One line that `understand` reads back as the same request: to correct it, or to ask the same again.

    « haie le 24/11/2026 à 9h00 pendant 2h00 ; portail vert », in English "on 24/11/2026 at 9h00 for 2h00".
    """
    say = _SAY.get(language, _SAY["fr"])
    name = next((activity.words[0] for activity in activities if activity.code == request.activity), "")
    parts = [
        name,
        _written_rhythm(request.recurrence, say),
        f"{say['on']} {request.day:%d/%m/%Y}" if request.day else "",
        _written_start(request.start, say) if request.start else "",
        "{} {}h{:02}".format(say["for"], *divmod(request.minutes, 60)) if request.minutes else "",
    ]
    line = " ".join(part for part in parts if part)
    return f"{line} ; {request.note}" if request.note else line


# What `written` says in each language that `understand` reads.
_SAY: dict[str, dict[str, str]] = {
    "fr": {
        "on": "le",
        "at": "à",
        "early": "du matin",
        "for": "pendant",
        "and": " et ",
        "MO": "lundi",
        "TU": "mardi",
        "WE": "mercredi",
        "TH": "jeudi",
        "FR": "vendredi",
        "SA": "samedi",
        "SU": "dimanche",
        "1": "premier",
        "2": "deuxième",
        "3": "troisième",
        "4": "quatrième",
        "-1": "dernier",
        "of the month": "chaque {rank} {day} du mois",
        "months": "tous les {every} mois",
        "days": "tous les jours",
        "weeks": "toutes les {every} semaines",
        "until": "jusqu'au",
    },
    "en": {
        "on": "on",
        "at": "at",
        "early": "in the morning",
        "for": "for",
        "and": " and ",
        "MO": "Monday",
        "TU": "Tuesday",
        "WE": "Wednesday",
        "TH": "Thursday",
        "FR": "Friday",
        "SA": "Saturday",
        "SU": "Sunday",
        "1": "first",
        "2": "second",
        "3": "third",
        "4": "fourth",
        "-1": "last",
        "of the month": "every {rank} {day} of the month",
        "months": "every {every} months",
        "days": "every day",
        "weeks": "every {every} weeks",
        "until": "until",
    },
}


def _written_start(start: time, say: Mapping[str, str]) -> str:
    said = f"{say['at']} {start.hour}h{start.minute:02}"
    return f"{said} {say['early']}" if start.hour < FIRST_HOUR else said


def _written_rhythm(rule: str | None, say: Mapping[str, str]) -> str:
    if rule is None:
        return ""
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    days, every = parts.get("BYDAY", ""), parts.get("INTERVAL", "1")
    if parts["FREQ"] == "MONTHLY" and days:
        said = say["of the month"].format(rank=say[days[:-2]], day=say[days[-2:]])
    elif parts["FREQ"] == "MONTHLY":
        said = say["months"].format(every=every)
    elif parts["FREQ"] == "DAILY":
        said = say["days"]
    else:
        names = say["and"].join(say[code] for code in days.split(",") if code)
        said = say["weeks"].format(every=every) + (f" {say['on']} {names}" if names else "")
    if "UNTIL" in parts:
        said += f" {say['until']} {datetime.strptime(parts['UNTIL'], '%Y%m%d'):%d/%m/%Y}"
    return said
