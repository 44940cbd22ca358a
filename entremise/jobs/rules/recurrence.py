"""A job that comes back."""

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from entremise.kernel.refused import Refused
from entremise.kernel.time import Period, Window

# Only what always recurs: dateutil would search for the rest until the end of the calendar, or for ever.
_DAY = "(?:MO|TU|WE|TH|FR|SA|SU)"
_ANY = {"FREQ": r"[A-Z]+", "INTERVAL": r"[1-9]\d?", "COUNT": r"[1-9]\d{0,3}", "UNTIL": r"\d{8}"}
_VALUES = {
    "DAILY": _ANY,
    "WEEKLY": _ANY | {"BYDAY": rf"{_DAY}(?:,{_DAY})*"},
    "MONTHLY": _ANY | {"BYDAY": rf"(?:-1|[1-5]){_DAY}", "BYMONTHDAY": r"[1-9]|[12]\d|3[01]"},
}


def occurrence_days(rule: str, *, first: date, within: Period, except_on: Collection[date] = ()) -> tuple[date, ...]:
    """The days of an RFC 5545 `rule` that begins on `first`, inside `within`; UNTIL is a day and is included.

    Raises Refused("recurrence_not_understood").
    """
    days = _parsed(rule, first).between(_midnight(within.first), _midnight(within.last), inc=True)
    return tuple(day.date() for day in days if day.date() not in except_on)


def occurrences(
    rule: str,
    *,
    first: date,
    start: time,
    minutes: int,
    within: Period,
    zone: ZoneInfo,
    except_on: Collection[date] = (),
) -> tuple[Window, ...]:
    """One window of `minutes` per day, in UTC. `start` is what the clock on the wall says, in summer and in winter."""
    days = occurrence_days(rule, first=first, within=within, except_on=except_on)
    begins = (datetime.combine(day, start, tzinfo=zone).astimezone(UTC) for day in days)
    return tuple(Window.lasting(begin, minutes) for begin in begins)


def coming_visits(
    rule: str, *, first: Window, after: datetime, weeks: int, zone: ZoneInfo, except_on: Collection[date] = ()
) -> tuple[Window, ...]:
    """The visits of some weeks that begin later than `after`, or the next alone when it is further away; the rule
    counts from `first`, whose hour each keeps.
    """
    start = first.start.astimezone(zone)
    since = max(start, after.astimezone(zone)).date()
    every = partial(
        occurrences,
        rule,
        first=start.date(),
        start=start.time().replace(tzinfo=None),
        minutes=first.minutes,
        zone=zone,
        except_on=except_on,
    )
    season = Period(since, since + timedelta(weeks=weeks))
    soon = tuple(visit for visit in every(within=season) if visit.start > after)
    if soon:
        return soon
    further = (day.date() for day in _parsed(rule, start.date()).xafter(_midnight(season.last)))
    day = next((day for day in further if day not in except_on), None)
    return every(within=Period(day, day)) if day else ()


def check_rule(rule: str) -> None:
    """Raises Refused("recurrence_not_understood") unless `occurrences` can follow the rule."""
    _parsed(rule, date(2000, 1, 1))


def _parsed(rule: str, first: date) -> rrule:
    parts = [part.partition("=")[::2] for part in rule.split(";")]
    values = _VALUES.get(dict(parts).get("FREQ", ""), {})
    known = all(name in values and re.fullmatch(values[name], value) for name, value in parts)
    try:
        parsed = rrulestr(rule, dtstart=_midnight(first)) if known and len(dict(parts)) == len(parts) else None
    except ValueError:
        parsed = None
    if not isinstance(parsed, rrule):
        raise Refused("recurrence_not_understood", {"rule": rule}, where="recurrence")
    return parsed


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
