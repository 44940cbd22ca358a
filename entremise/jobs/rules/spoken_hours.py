"""Hours as people say them: when a job starts and how long it lasts, in French and in English."""

import re
from dataclasses import dataclass, replace
from datetime import time
from decimal import Decimal
from typing import Literal

from entremise.jobs.rules.reading import NUMBER_WORD, NUMBERS, Reading

FIRST_HOUR = 7  # Nobody starts before: « 2h » alone is a length, « 9h » a start.
NOON = 12 * 60
A_DAY = 24 * 60


@dataclass(frozen=True)
class Habits:
    """What an organisation means by a part of the day, and by half a day of work (minutes)."""

    morning: time = time(9)
    noon: time = time(12)
    afternoon: time = time(14)
    evening: time = time(18)
    half_day: int = 240


@dataclass(frozen=True)
class Hours:
    """`start` is a guess when a part of the day or an ambiguous hour gave it."""

    start: time | None = None
    minutes: int | None = None
    start_is_guess: bool = False


@dataclass(frozen=True)
class _Atom:
    """One figure with its unit. `says` is how sure its words are; "perhaps" comes from « à », in English an article."""

    begin: int
    end: int
    minutes: int
    says: Literal["start", "length", "perhaps", "either"]
    guess: bool = False


_NUM = rf"(?:\d{{1,2}}|{NUMBER_WORD})"
_HALF_DAY = r"(?P<half_day>(?:une? |an? )?(?:1/2|demie?|half)[ -]?(?:an? )?(?:journee|day))"
_FRACTIONS = (
    (r"(?:une? |an? )?(?:1/2|demie?|half)[ -]?(?:an? )?(?:heures?|hours?|h)", 30),
    (r"(?:une? |1 ?|a )?(?:/4|quart|quarter) ?(?:d |of an )(?:heure|hour|h)", 15),
    (r"(?:trois |three |3 ?)(?:/4|quarts|quarters) ?(?:d |of an )(?:heure|hour|h)", 45),
)
_UNIT = r"(?:heures?|hours?|hrs?|h)"
_MIN = r"(?:minutes?|mins?|mn)"
_ATOM = re.compile(
    r"(?<![a-z0-9.,:/])(?:(?P<lead>a partir de|a|at|vers|des|around|about|from|pendant|durant|for) )?(?:"
    + _HALF_DAY
    + "".join(rf"|(?P<f{value}>{pattern})" for pattern, value in _FRACTIONS)
    + rf"|(?P<only>\d{{1,3}}) ?{_MIN}"
    + rf"|(?P<long_h>\d|1[0-2]) 1/2 ?{_UNIT}"
    + rf"|(?P<sum_h>[0-6]) ?{_UNIT},? ?(?:et |and )?(?P<sum_m>[0-5]?\d) ?{_MIN}"
    + r"|(?P<ap_h>\d{1,2})(?:[:.h](?P<ap_m>[0-5]\d))? ?(?P<ap>[ap])\.?m\b\.?"
    + rf"|(?P<dec>\d{{1,2}}[.,]\d{{1,2}}) ?{_UNIT}"
    + r"|(?P<c_h>\d{1,2}):(?P<c_m>[0-5]\d)|(?P<e_h>[7-9]|1\d|2[0-3])\.(?P<e_m>00|15|30|45)"
    + rf"|(?P<n>{_NUM})[ -]?(?P<unit>{_UNIT})"
    + rf"(?:(?P<m>[0-5]\d)| (?P<m_apart>00|15|30|45)(?! ?{_MIN})"
    + r"| (?:et |and )?(?:a )?(?P<and_part>demie?|half|1/2|quart|quarter|1/4))?"
    + r"(?P<of> du matin| du soir| de l apres[ -]midi| in the morning| in the afternoon| in the evening)?"
    + r"|(?P<bare>\d{1,2})(?! ?[/:.,-]\d)"
    + r")(?![a-z0-9])"
)


def _moment(tag: str) -> str:
    return (
        rf"(?:(?P<h{tag}>\d{{1,2}})(?: ?(?P<u{tag}>h)(?:eures?)?(?: ?(?P<m{tag}>[0-5]\d))?|[:.](?P<c{tag}>[0-5]\d))?"
        rf"(?: ?(?P<p{tag}>[ap])\.?m\b\.?)?|(?P<noon{tag}>midi|noon))"
    )


_RANGE = re.compile(
    rf"(?<![a-z0-9.,:/])(?P<lead>de |from |entre |between )?{_moment('1')}"
    rf" ?(?P<joint>-|/|\ba\b|\bto\b|\bet\b|\band\b|jusqu a|until|till) ?{_moment('2')}(?![a-z0-9])(?! ?[/:]\d)"
)
_PARTS_OF_AN_HOUR = {"demi": 30, "demie": 30, "half": 30, "1/2": 30, "quart": 15, "quarter": 15, "1/4": 15}
_PARTS = (
    (re.compile(r"\b(?:apres[ -]?midis?|aprem|afternoons?)\b"), "afternoon"),
    (re.compile(r"\b(?:matin(?:ee)?s?|mornings?)\b"), "morning"),
    (re.compile(r"\b(?:soir(?:ee)?s?|evenings?)\b"), "evening"),
    (re.compile(r"\b(?:midis?|noon|lunchtime)\b"), "noon"),
)
_DECIMAL = re.compile(r"\d{1,2}[.,](?:\d|00|25|50|75)")
_TYPED_HOURS = re.compile(r"(\d{1,2}) ?(?:h|heures?|hours?|:) ?([0-5]\d)(?: ?(?:min|mn))?")


def read_hours(reading: Reading, habits: Habits) -> Hours:
    """Takes the start and the length out of a whole request line; a lone « 2h » is a length, a lone « 9h » a start."""
    found = reading.find(_RANGE, "start", _range) or Hours()
    atoms = [atom for match in _ATOM.finditer(reading.folded) if (atom := _atom(match, habits))]
    start, length = _settle(atoms, found)
    if start:
        reading.take(start.begin, start.end, "start")
    if length:
        reading.take(length.begin, length.end, "minutes")
    if not (start or length or found.start or found.minutes):
        found = reading.find(_RANGE, "start", _bare_range) or found
    hours = Hours(
        found.start if start is None else _clock(start.minutes),
        found.minutes if length is None else length.minutes,
        found.start_is_guess if start is None else start.guess,
    )
    part = _read_part(reading, habits)
    return hours if hours.start or part is None else Hours(part, hours.minutes, start_is_guess=True)


def parse_start(text: str, habits: Habits | None = None) -> time | None:
    """The start in the desk's field « Quand »: « mardi 9 h », "2pm", « matin », or a bare « 9 »."""
    reading = Reading(text)
    if re.fullmatch(r"\d{1,2}", bare := reading.folded.strip()):
        return _clock(int(bare) * 60) if int(bare) < 24 else None
    return read_hours(reading, habits or Habits()).start


def parse_duration(text: str, habits: Habits | None = None) -> int | None:
    """Minutes in the desk's field « Durée », where every figure is a length: « 8h » is eight hours, « 90 » minutes."""
    reading = Reading(text)
    bare = reading.folded.strip()
    if (minutes := parse_hours(text)) is not None:
        return minutes
    if re.fullmatch(r"\d{2,3}", bare):
        return int(bare) or None
    if found := reading.find(_RANGE, "minutes", _range):
        return found.minutes
    for match in _ATOM.finditer(bare):
        atom = _atom(match, habits or Habits())
        if atom and not match["ap"] and not match["bare"] and 0 < atom.minutes <= A_DAY:
            return atom.minutes
    return None


def parse_hours(text: str) -> int | None:
    """Minutes of « 3,5 », "3.5", « 3h30 », « 3 h 30 », "3:30", "4H", « 4 », at most a day.

    None for « 3.30 », which some write for 3 h 30 and others for three tenths: a person has to ask.
    """
    bare = Reading(text).folded.strip()
    if match := _TYPED_HOURS.fullmatch(bare):
        minutes = int(match[1]) * 60 + int(match[2])
    elif match := re.fullmatch(r"(.+?) ?(?:h|heures?|hours?)?", bare):
        amount = match[1]
        if not (_DECIMAL.fullmatch(amount) or re.fullmatch(r"\d{1,2}", amount)):
            return None
        minutes = _decimal_minutes(amount)
    else:
        return None
    return minutes if 0 < minutes <= A_DAY else None


def _decimal_minutes(amount: str) -> int:
    return int(Decimal(amount.replace(",", ".")) * 60)


def _clock(minutes: int) -> time:
    return time(*divmod(minutes, 60))


def _range(match: re.Match[str]) -> Hours | None:
    """« 9h-11h », "2 to 5pm" → start and length; « 2 à 3 h » → the longer length, so that no price is a surprise."""
    first, second = _minute_of_day(match, "1"), _minute_of_day(match, "2")
    marked = any(match[group] for group in ("u1", "u2", "c1", "c2", "p1", "p2", "noon1", "noon2"))
    tied = match["lead"] is None and match["joint"] in ("et", "and")
    if first is None or second is None or tied or not (marked or match["lead"]):
        return None
    if match["joint"] == "/" and not (match["u1"] and match["u2"]):
        return None
    guess = False
    if match["p2"] == "p" and not match["p1"] and first + NOON < second:
        first += NOON
    elif not match["p1"] and not match["p2"] and max(first, second) < FIRST_HOUR * 60:
        if not match["lead"]:
            return Hours(minutes=second) if first < second else None
        first, second, guess = first + NOON, second + NOON, True
    elif match["lead"] and second < first <= second + NOON and second < FIRST_HOUR * 60:
        second, guess = second + NOON, True
    return Hours(_clock(first), second - first, guess) if first < second else None


def _bare_range(match: re.Match[str]) -> Hours | None:
    """« mardi 9-11 »: two figures in working hours, at the end of a phrase, where nothing else says when."""
    first, second = _minute_of_day(match, "1"), _minute_of_day(match, "2")
    counts_something = re.match(r" ?[a-z0-9]", match.string[match.end() :]) or match["joint"] not in ("-", "a", "to")
    if first is None or second is None or counts_something or not FIRST_HOUR * 60 <= first < second:
        return None
    return Hours(_clock(first), second - first)


def _minute_of_day(match: re.Match[str], tag: str) -> int | None:
    if match[f"noon{tag}"]:
        return NOON
    hour = _hour_24(int(match[f"h{tag}"]), match[f"p{tag}"])
    return None if hour is None else hour * 60 + int(match[f"m{tag}"] or match[f"c{tag}"] or 0)


def _hour_24(hour: int, half: str | None) -> int | None:
    if half is None:
        return hour if hour < 24 else None
    return hour % 12 + (12 if half == "p" else 0) if 1 <= hour <= 12 else None


def _atom(match: re.Match[str], habits: Habits) -> _Atom | None:
    length = _length(match, habits)
    if length is not None:
        return _Atom(match.start(), match.end(), length, "length") if 0 < length <= A_DAY else None
    if match["ap"]:
        hour = _hour_24(int(match["ap_h"]), match["ap"])
        minutes = int(match["ap_m"] or 0)
        return None if hour is None else _Atom(match.start(), match.end(), hour * 60 + minutes, "start")
    return _clock_atom(match)


def _length(match: re.Match[str], habits: Habits) -> int | None:
    """Minutes, when the words leave no doubt that this is a length."""
    if match["half_day"]:
        return habits.half_day
    for _, value in _FRACTIONS:
        if match[f"f{value}"]:
            return value
    if match["only"]:
        return int(match["only"])
    if match["long_h"]:
        return int(match["long_h"]) * 60 + 30
    if match["sum_h"]:
        return int(match["sum_h"]) * 60 + int(match["sum_m"])
    if match["dec"]:
        return _decimal_minutes(match["dec"])
    return None


def _clock_atom(match: re.Match[str]) -> _Atom | None:
    """« 9h30 », "3 hours", "9:30", "at 9": a start, a length, or either."""
    number = match["n"] or match["c_h"] or match["e_h"] or match["bare"]
    hour = NUMBERS[number] if number in NUMBERS else int(number)
    past = _PARTS_OF_AN_HOUR.get(match["and_part"]) or int(
        match["m"] or match["m_apart"] or match["c_m"] or match["e_m"] or 0
    )
    lead, of = match["lead"], match["of"]
    if hour > 23 or (match["bare"] and lead in (None, "a", "des", "about", "for", "pendant", "durant")):
        return None
    if of:
        late = not of.endswith(("matin", "morning"))
        return _Atom(match.start(), match.end(), (hour + 12 * (late and hour < 12)) * 60 + past, "start")
    if lead in ("pendant", "durant", "for") or (match["unit"] or "").startswith(("hour", "hr")):
        return _Atom(match.start(), match.end(), hour * 60 + past, "length") if hour + past else None
    if lead in ("at", "vers", "des", "around", "from", "a partir de"):
        early = 0 < hour < FIRST_HOUR
        return _Atom(match.start(), match.end(), (hour + 12 * early) * 60 + past, "start", guess=early)
    return _Atom(match.start(), match.end(), hour * 60 + past, "perhaps" if lead == "a" else "either")


def _settle(atoms: list[_Atom], found: Hours) -> tuple[_Atom | None, _Atom | None]:
    """Which figure is the start and which the length; one that is neither stays in the note."""
    start = None if found.start else next((atom for atom in atoms if atom.says == "start"), None)
    length = None if found.minutes else next((atom for atom in atoms if atom.says == "length"), None)
    for says in ("either", "perhaps"):
        for atom in atoms:
            if atom.says != says:
                continue
            if not (start or found.start) and atom.minutes >= FIRST_HOUR * 60:
                start = atom
            elif not (length or found.minutes) and 0 < atom.minutes <= NOON:
                length = atom
            elif says == "perhaps" and not (start or found.start) and 0 < atom.minutes < FIRST_HOUR * 60:
                start = replace(atom, minutes=atom.minutes + NOON, guess=True)
    return start, length


def _read_part(reading: Reading, habits: Habits) -> time | None:
    for pattern, name in _PARTS:
        if reading.find(pattern, "start", lambda _: True):
            part: time = getattr(habits, name)
            return part
    return None
