"""Days as people say them: one day, or a rhythm, in French and in English."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from entremise.jobs.rules.reading import NUMBER_WORD, NUMBERS, Reading, numbered

WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAYS = numbered(
    "lundi monday",
    "mardi tuesday",
    "mercredi wednesday",
    "jeudi thursday",
    "vendredi friday",
    "samedi saturday",
    "dimanche sunday",
    start=0,
)
_SHORT = numbered("lun mon", "mar tue tues", "mer wed", "jeu thu thur thurs", "ven fri", "sam sat", "dim sun", start=0)
_MONTHS = numbered(
    "janvier january janv jan",
    "fevrier february fevr fev feb",
    "mars march mar",
    "avril april avr apr",
    "mai may",
    "juin june jun",
    "juillet july juil jul",
    "aout august aug",
    "septembre september sept sep",
    "octobre october oct",
    "novembre november nov",
    "decembre december dec",
)
_RANKS = numbered(
    "premier 1er first 1st",
    "deuxieme 2eme 2e second 2nd",
    "troisieme 3eme 3e third 3rd",
    "quatrieme 4eme 4e fourth 4th",
) | {"dernier": -1, "last": -1}

Found = tuple[date, bool]  # A day, and whether it is a guess.
Reader = Callable[[date, re.Match[str]], Found | None]


@dataclass(frozen=True)
class When:
    """`rule` is an RFC 5545 recurrence over whole days, of which `day` is the first."""

    day: date | None = None
    day_is_guess: bool = False
    rule: str | None = None


@dataclass(frozen=True)
class _Rhythm:
    freq: str
    interval: int = 1
    days: tuple[str, ...] = ()
    first: date | None = None
    until: date | None = None


def read_when(reading: Reading, today: date) -> When:
    """Takes the day and the rhythm out of a line. No day before `today` is ever given; « mardi » is after today."""
    rhythm = _read_rhythm(reading, today)
    day, guess = _read_day(reading, today) or (None, False)
    if rhythm is None:
        return When(day, guess or bool(day and _ANOTHER_DAY.search(reading.folded)))
    if rhythm.first or (rhythm.freq == "DAILY" and day is None):
        day, guess = rhythm.first or today + timedelta(days=1), True
    elif rhythm == _Rhythm("MONTHLY") and day and _by_its_weekday(reading):
        rhythm, guess = replace(rhythm, days=(_ranked_day(day),)), True
    if rhythm.days:
        day = _first_fit(rhythm, day or today + timedelta(days=1))
    return When(day, guess, _rule(rhythm, day))


def _read_day(reading: Reading, today: date) -> Found | None:
    for pattern, read in _DAYS:
        # « sauf le 8 décembre » names a day that is not meant: it stays in the note.
        # B023: `find` calls what it is given before this turn of the loop is over.
        found = reading.find(pattern, "day", lambda said: None if _is_but(said) else read(today, said))  # noqa: B023
        if found:
            return found
    return None


def parse_day(text: str, today: date) -> date | None:
    """The day in the desk's field « Quand »; the first one of a rhythm. None when not understood or past."""
    return read_when(Reading(text), today).day


def parse_recurrence(text: str, today: date) -> str | None:
    """The rhythm in the desk's field « Quand » as an RFC 5545 rule, or None for a single day."""
    return read_when(Reading(text), today).rule


def _any(words: dict[str, int]) -> str:
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


# Rhythms.

_N = rf"(?:\d{{1,2}}|{NUMBER_WORD})"
_WD = _any(_WEEKDAYS)
_NTH = r"(?:st|nd|rd|th)"
_WD_OR_SHORT = _any({**_WEEKDAYS, **_SHORT})
_AND = r"(?: ?, ?| et | and | ?/ ?|,? (?:et|and) | )(?:le |les |on )?"
_LIST = rf"(?P<days>{_WD}s?(?:{_AND}{_WD}s?)*)"
_ANY_WD = rf"{_any({**_WEEKDAYS, **_SHORT})}\b\.?"
_LIST_SHORT = rf"(?P<days>(?:{_WD}s?|{_ANY_WD})(?:{_AND}(?:{_WD}s?|{_ANY_WD}))*)"
_PART = "matin|midi|soir|apres[ -]midi|morning|evening|afternoon|noon"
_OF_THE_MONTH = r"(?:du|de chaque|of the|of each|of every) (?:mois|month)"
_EACH = r"(?:tous les|toutes les|chaque|every|each)"


def _number(text: str | None) -> int:
    return 1 if not text else NUMBERS[text] if text in NUMBERS else int(text)


def _codes(text: str) -> tuple[str, ...]:
    return tuple(WEEK[number] for number in sorted({_weekday(name) for name in re.findall(_WD_OR_SHORT, text)}))


def _weekly(match: re.Match[str]) -> _Rhythm | None:
    groups = match.groupdict()
    interval = _number(groups.get("n"))
    return _Rhythm("WEEKLY", interval, _codes(groups.get("days") or "")) if interval else None


def _fortnightly(match: re.Match[str]) -> _Rhythm:
    return _Rhythm("WEEKLY", 2, _codes(match.groupdict().get("days") or ""))


def _weekday_range(match: re.Match[str]) -> _Rhythm | None:
    first, last = _WEEKDAYS[match["first"]], _WEEKDAYS[match["last"]]
    return _Rhythm("WEEKLY", 1, WEEK[first : last + 1]) if first < last else None


def _from_to(today: date, match: re.Match[str]) -> _Rhythm | None:
    """« du 1er au 3 décembre »: each of these days."""
    first = _dated(today, int(match["d1"]), _MONTHS[match["m1"] or match["m"]], None)
    last = _dated(today, int(match["d"]), _MONTHS[match["m"]], None)
    return _Rhythm("DAILY", first=first[0], until=last[0]) if first and last and first[0] < last[0] else None


def _by_its_weekday(reading: Reading) -> bool:
    """Whether the day was said by its weekday alone: « le vendredi », and no date."""
    return any(span.kind == "day" and not re.search(r"\d", span.text) for span in reading.spans)


def _ranked_day(day: date) -> str:
    rank = (day.day + 6) // 7
    return f"{rank if rank < 5 else -1}{WEEK[day.weekday()]}"


def _ranked(match: re.Match[str]) -> _Rhythm:
    return _Rhythm("MONTHLY", 1, (f"{_RANKS[match['rank']]}{WEEK[_WEEKDAYS[match['day']]]}",))


def _daily_but(match: re.Match[str]) -> _Rhythm:
    free = _codes(match["days"])
    return _Rhythm("WEEKLY", 1, tuple(code for code in WEEK if code not in free))


def _daily(match: re.Match[str]) -> _Rhythm | None:
    """« Tous les 15 jours » is a fortnight: the idiom counts both ends."""
    interval = _number(match["n"])
    weeks = {7: 1, 8: 1, 14: 2, 15: 2}.get(interval)
    return _Rhythm("WEEKLY", weeks) if weeks else _Rhythm("DAILY", interval) if interval == 1 else None


def _monthly(match: re.Match[str]) -> _Rhythm | None:
    interval = _number(match["n"])
    return _Rhythm("MONTHLY", interval) if interval else None


_RHYTHMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], _Rhythm | None]], ...] = tuple(
    (re.compile(rf"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])"), read)
    for pattern, read in (
        (
            rf"(?:(?:le|the|{_EACH}) )?(?P<rank>{_any(_RANKS)})s? (?P<day>{_WD})s? {_OF_THE_MONTH}",
            _ranked,
        ),
        (rf"(?:{_EACH} )?(?:du |from )?(?P<first>{_WD}) ?(?:au|a|to|-) ?(?P<last>{_WD})", _weekday_range),
        (
            rf"every weekday|(?:on )?weekdays|(?:{_EACH} )?jours (?:ouvres|de (?:la )?semaine)",
            lambda _: _Rhythm("WEEKLY", 1, WEEK[:5]),
        ),
        (rf"every (?:other|second|2nd) {_LIST}", _fortnightly),
        (rf"(?:un|1) (?P<days>{_WD}) sur (?P<n>{_N})", _weekly),
        (
            rf"(?:{_EACH} (?:jours?|days?)|daily) (?:sauf|excepte|except|but)(?: for)? (?:le |les |on )?{_LIST}",
            _daily_but,
        ),
        (rf"{_EACH} {_LIST_SHORT}", _weekly),
        (rf"(?:une|1) semaine sur (?P<n>{_N})", _weekly),
        (r"every (?:other|second|2nd) week|every fortnight|fortnightly|tous les quinze jours", _fortnightly),
        (rf"{_EACH} (?:(?P<n>{_N}) )?(?:semaines?|weeks?)", _weekly),
        (r"weekly|hebdomadaire|(?:une fois )?par semaine|once a week|(?<=twice )a week|(?<=times )a week", _weekly),
        (rf"{_EACH} (?:(?P<n>{_N}) )?(?:jours?|days?)|(?P<adverb>daily|quotidien)", _daily),
        (rf"{_EACH}(?= (?:{_PART})s?\b)", lambda _: _Rhythm("DAILY")),
        (rf"{_EACH} (?:(?P<n>{_N}) )?(?:mois|months?)|(?P<adverb>monthly|mensuel)", _monthly),
        (r"(?:(?:une|1) fois )?par mois|once a month", lambda _: _Rhythm("MONTHLY")),
        (rf"(?:les |on )?(?P<days>{_WD}s(?:{_AND}{_WD}s)*)", _weekly),
        (rf"les (?P<days>{_WD}s?(?:{_AND}{_WD}s?)+)", _weekly),
    )
)
_ITS_DAYS = tuple(
    re.compile(rf"(?<![a-z0-9])(?:le |les |on )?(?P<days>{name}(?:{_AND}{name}){times})(?![a-z0-9])")
    for name, times in ((rf"{_WD}s?", "*"), (_ANY_WD, "+"))
)
_SPAN = re.compile(
    rf"(?<![a-z0-9])(?:du|from(?: the)?) (?P<d1>\d{{1,2}})(?:er|{_NTH})?(?: (?P<m1>{_any(_MONTHS)}))?"
    rf" (?:au|to(?: the)?) (?P<d>\d{{1,2}})(?:er|{_NTH})? (?P<m>{_any(_MONTHS)})(?![a-z0-9])"
)
_BUT = re.compile(r"\b(?:sauf|hors|excepte|except|but)(?: for)?(?: le| les| the| on)*\s*$")
# A second day that was said and not taken; « mon |||| » is somebody's own garden, not a Monday.
_ANOTHER_DAY = re.compile(
    rf"(?<![a-z0-9])(?:{_WD}s?(?![a-z0-9])|{_any(_SHORT)}\.? (?:et|and) |(?!mon){_any(_SHORT)}\.?,? \|)"
)


def _read_rhythm(reading: Reading, today: date) -> _Rhythm | None:
    if span := reading.find(_SPAN, "recurrence", partial(_from_to, today)):
        return span
    rhythm = next((value for pattern, read in _RHYTHMS if (value := reading.find(pattern, "recurrence", read))), None)
    if rhythm is None:
        return None
    if rhythm.freq == "WEEKLY" and not rhythm.days:
        said = (reading.find(its, "recurrence", lambda match: _codes(match["days"])) for its in _ITS_DAYS)
        rhythm = replace(rhythm, days=next((days for days in said if days), ()))
    for pattern, read in _DATES:
        until = re.compile(rf"(?<![a-z0-9])(?:jusqu au|jusqu a|until|till) (?:le |the |{_WD} )*{pattern}(?![a-z0-9])")
        if last := reading.find(until, "recurrence", partial(read, today)):
            return replace(rhythm, until=last[0])
    return rhythm


def _first_fit(rhythm: _Rhythm, after: date) -> date:
    return next(day for day in (after + timedelta(days=n) for n in range(64)) if _fits(rhythm, day))


def _fits(rhythm: _Rhythm, day: date) -> bool:
    code = WEEK[day.weekday()]
    if rhythm.freq != "MONTHLY":
        return code in rhythm.days
    left = monthrange(day.year, day.month)[1] - day.day
    return rhythm.days[0] in (f"{(day.day + 6) // 7}{code}", f"-{left // 7 + 1}{code}")


def _rule(rhythm: _Rhythm, day: date | None) -> str:
    parts = [f"FREQ={rhythm.freq}", f"INTERVAL={rhythm.interval}"]
    if rhythm.days:
        parts.append("BYDAY=" + ",".join(rhythm.days))
    elif day and rhythm.freq == "WEEKLY":
        parts.append("BYDAY=" + WEEK[day.weekday()])
    elif day and rhythm.freq == "MONTHLY":
        parts.append(f"BYMONTHDAY={day.day}")
    if rhythm.until and not (day and rhythm.until < day):
        parts.append(f"UNTIL={rhythm.until:%Y%m%d}")
    return ";".join(parts)


# Single days.


def _is_but(match: re.Match[str]) -> bool:
    return bool(_BUT.search(match.string[: match.start()]))


def _date(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1] else None


def _dated(today: date, day: int, month: int, year: str | None, weekday: str | None = None) -> Found | None:
    """A day of the calendar, this year or the next when the year was not said; a weekday that disagrees is a doubt."""
    years = (today.year, today.year + 1) if year is None else (int(year) + (2000 if len(year) == 2 else 0),)
    for candidate in years:
        found = _date(candidate, month, day) if 1900 <= candidate <= 9998 else None
        if found and found >= today:
            return found, bool(weekday) and _weekday(weekday) != found.weekday()
    return None


def _weekday(name: str | None) -> int:
    return _WEEKDAYS[name] if name in _WEEKDAYS else _SHORT[name or ""]


def _numeric(today: date, match: re.Match[str]) -> Found | None:
    return _dated(today, int(match["d"]), int(match["m"]), match["y"], match["wd"])


def _named(today: date, match: re.Match[str]) -> Found | None:
    return _dated(today, int(match["d"]), _MONTHS[match["m"]], match["y"], match["wd"])


def _next(today: date, weekday: int) -> date:
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _day_of_month(today: date, match: re.Match[str]) -> Found | None:
    """« le 3 » is the next third of a month; « mardi 9 » only when the ninth, this month or next, is a Tuesday."""
    weekday, number = match["wd"], int(match["d"] or match["d_fr"] or match["d_en"])
    for month in (today.year * 12 + today.month - 1, today.year * 12 + today.month):
        found = _date(month // 12, month % 12 + 1, number)
        if found and found >= today and (weekday is None or _weekday(weekday) == found.weekday()):
            return found, False
    return None


def _in_a_while(today: date, match: re.Match[str]) -> Found | None:
    """« Dans 15 jours » is two weeks, as every French speaker means it; "in 15 days" is counted."""
    number, unit = _number(match["n"]), match["unit"]
    if unit.startswith(("jour", "day")):
        idiom = {8: 7, 15: 14} if unit.startswith("jour") else {}
        return today + timedelta(days=idiom.get(number, number)), False
    if unit.startswith(("semaine", "week", "fortnight")):
        return today + timedelta(weeks=number * (2 if unit.startswith("fort") else 1)), False
    month = today.year * 12 + today.month - 1 + number
    year, index = divmod(month, 12)
    return date(year, index + 1, min(today.day, monthrange(year, index + 1)[1])), False


def _near(days: int) -> Reader:
    def read(today: date, match: re.Match[str]) -> Found:
        found = today + timedelta(days=days)
        return found, bool(match["wd"]) and _weekday(match["wd"]) != found.weekday()

    return read


def _coming_weekday(today: date, match: re.Match[str]) -> Found:
    later = {"en huit": 7, "en 8": 7, "week": 7, "en quinze": 14, "en 15": 14}.get(match["later"] or "", 0)
    return _next(today, _weekday(match["wd"])) + timedelta(days=later), False


def _next_week(today: date, match: re.Match[str]) -> Found:
    name = match["before"] or match["after"]
    return _next(today, 0) + timedelta(days=_weekday(name) if name else 0), name is None


_SAID_WD = rf"(?:(?P<wd>{_WD_OR_SHORT})\.?,? )?(?:le |the )?"
# « mar. » and "sun" are words of their own: they are days only before a figure or a part of the day, or at the end.
_SHORT_WD = rf"{_any(_SHORT)}(?=\.? ?(?:\d|matin|apres|midi|soir|morning|afternoon|evening|noon|at |a |,|$))"
_NOT_HOURS = r"(?! ?(?:h|heures?|hours?|hrs?|am|pm|min|mn)(?![a-z]))(?![:.,/]\d)(?!-\d)"
_NO_MONTH = rf"(?! (?:{_any(_MONTHS)})(?![a-z]))"
_NOT_A_FRACTION = r"(?!\d/\d ?(?:h|heures?|hours?|journees?|days?|d|of)(?![a-z]))(?!(?<=h )1/2(?![\d/]))"
_WEEK_AFTER = r"(?:(?:la )?semaine prochaine|next week)"
_WD_NTH = rf"(?P<wd>{_WD_OR_SHORT})\.?,? (?:le |the )?(?P<d>\d{{1,2}})(?:er|{_NTH})?"
_LATER = r"(?: (?P<later>en huit|en 8|week|en quinze|en 15))?"
_DATES: tuple[tuple[str, Reader], ...] = (
    (r"(?P<wd>(?!))?(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", _numeric),
    (rf"{_SAID_WD}{_NOT_A_FRACTION}(?P<d>\d{{1,2}})/(?P<m>\d{{1,2}})(?:/(?P<y>\d{{4}}|\d{{2}}))?", _numeric),
    (rf"{_SAID_WD}(?P<d>\d{{1,2}})[.-](?P<m>\d{{1,2}})[.-](?P<y>\d{{4}})", _numeric),
    (
        rf"{_SAID_WD}(?P<d>\d{{1,2}})(?:er|{_NTH})? (?:of )?(?P<m>{_any(_MONTHS)})\.?(?:,? (?P<y>2\d{{3}}))?",
        _named,
    ),
    (
        rf"{_SAID_WD}(?P<m>{_any(_MONTHS)})\.? (?:the )?(?P<d>\d{{1,2}}){_NTH}?{_NOT_HOURS}(?:,? (?P<y>2\d{{3}}))?",
        _named,
    ),
)
_DAYS: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(rf"(?<![a-z0-9.,:/-])(?:{pattern})(?![a-z0-9])"), read)
    for pattern, read in (
        *_DATES,
        (rf"(?:apres[ -]demain|(?:the )?day after tomorrow)(?:,? (?P<wd>{_WD}))?", _near(2)),
        (rf"(?:demain|tomorrow)(?:,? (?P<wd>{_WD}))?", _near(1)),
        (rf"(?:aujourd hui|today|tonight)(?:,? (?P<wd>{_WD}))?", _near(0)),
        (r"(?P<wd>(?!))?(?:cet|ce|this)(?= (?:matin|apres|aprem|soir|morning|afternoon|evening))", _near(0)),
        (
            rf"(?:(?P<before>{_WD}),? (?:de )?)?{_WEEK_AFTER},?(?: (?:le |on )?(?P<after>{_WD}))?",
            _next_week,
        ),
        (
            rf"(?:{_WD_NTH}|le (?P<d_fr>\d{{1,2}})(?:er)?|the (?P<d_en>\d{{1,2}}){_NTH}){_NOT_HOURS}{_NO_MONTH}",
            _day_of_month,
        ),
        (
            rf"(?:(?:ce|this|next|le|on) )?(?P<wd>{_WD}|{_SHORT_WD})\.?(?: prochain| qui vient)?{_LATER}",
            _coming_weekday,
        ),
        (
            r"(?:(?:ce|le|this|the|next|on|at) )*week[ -]?end(?: prochain)?",
            lambda today, _: (_next(today, 5), True),
        ),
        (
            rf"(?:dans|in) (?P<n>{_N}) (?P<unit>jours?|days?|semaines?|weeks?|fortnights?|mois|months?)",
            _in_a_while,
        ),
    )
)
