"""When somebody is free, and how they are called before anybody knows them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from entremise.kernel.refused import Refused
from entremise.kernel.time import Window

HALF_DAYS = (("08:00", "12:00"), ("14:00", "18:00"))  # What a worker ticks; the desk may write other hours.
REACHES = (2, 5, 10, 20)  # Kilometres.
QUARTER = timedelta(minutes=15)
EVERY = timedelta(hours=1)  # Between two beginnings that are shown of one free stretch.
LENGTHS = (60, 90, 120, 180, 240)  # Minutes of a visit that a client chooses among.

Weekly = Iterable[Sequence[object]]  # [weekday 0–6, "08:00", "12:00"], local.


def check_weekly(weekly: Iterable[tuple[int, str, str]]) -> None:
    """Raises Refused("hours_reversed") for a stretch that does not end after it begins."""
    for _weekday, opens, closes in weekly:
        if closes <= opens:
            raise Refused("hours_reversed", {"start": opens, "end": closes})


def usual_windows(weekly: Weekly, day: date, zone: ZoneInfo) -> Iterator[Window]:
    """What a usual week leaves free on one day."""
    for weekday, opens, closes in weekly:
        if weekday == day.weekday():
            yield Window(_moment(day, str(opens), zone), _moment(day, str(closes), zone))


@lru_cache(maxsize=1024)  # Matching asks the same few of thousands of workers.
def _moment(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """`24:00` is the midnight after."""
    hour, minute = (int(part) for part in clock.split(":"))
    return datetime.combine(day + timedelta(days=hour // 24), time(hour % 24, minute), zone).astimezone(UTC)


def free_windows(
    weekly: Weekly, single: Iterable[Window], busy: Iterable[Window], *, after: datetime, days: int, zone: ZoneInfo
) -> tuple[Window, ...]:
    """The usual week and the single free times of so many days from `after`, less what is promised or away, in order.

    A stretch that has begun is whole: where its visits may start does not move with the hour of asking.
    """
    weekly, first = list(weekly), after.astimezone(zone).date()
    until = _moment(first + timedelta(days=days), "00:00", zone)
    usual = (one for n in range(days) for one in usual_windows(weekly, first + timedelta(days=n), zone))
    free = [one for one in _merged([*usual, *(one for one in single if one.start < until)]) if one.end > after]
    for taken in busy:
        free = [left for window in free for left in _without(window, taken)]
    return tuple(free)


def _merged(windows: Iterable[Window]) -> list[Window]:
    merged: list[Window] = []
    for one in sorted(windows):
        if merged and one.start <= merged[-1].end:
            merged[-1] = Window(merged[-1].start, max(merged[-1].end, one.end))
        else:
            merged.append(one)
    return merged


def _without(window: Window, taken: Window) -> Iterator[Window]:
    if window.start < min(window.end, taken.start):
        yield Window(window.start, min(window.end, taken.start))
    if max(window.start, taken.end) < window.end:
        yield Window(max(window.start, taken.end), window.end)


def visits_in(free: Iterable[Window], *, minutes: int, after: datetime) -> tuple[Window, ...]:
    """Visits of so many minutes that may be picked: one an hour of each free stretch, none before `after`."""
    found = []
    for window in free:
        start = _whole_quarter(window.start)
        while start + timedelta(minutes=minutes) <= window.end:
            if start >= after:
                found.append(Window.lasting(start, minutes))
            start += EVERY
    return tuple(found)


def _whole_quarter(moment: datetime) -> datetime:
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - (midnight - moment) // QUARTER * QUARTER


def holds(free: Iterable[Window], visit: Window) -> bool:
    """Whether a free stretch has room for the whole visit."""
    return any(one.start <= visit.start and visit.end <= one.end for one in free)


def quarters(visit: Window) -> tuple[datetime, ...]:
    """Every quarter of an hour that a visit touches."""
    start = _whole_quarter(visit.start - QUARTER + timedelta(microseconds=1))
    return tuple(start + QUARTER * n for n in range(-(-(visit.end - start) // QUARTER)))


def called(given: str, family: str, *, agreed: bool) -> str:
    """« Karim B. » of somebody who agreed to it, nothing of anybody else."""
    return f"{given} {family[:1]}.".strip() if agreed and given and family else given if agreed else ""
