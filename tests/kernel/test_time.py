from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from entremise.kernel.time import Period, times_shown, within


@pytest.mark.parametrize(
    ("first", "last", "short"),
    [
        (date(2026, 1, 10), date(2026, 3, 9), True),
        (date(2026, 1, 10), date(2026, 3, 10), False),
        (date(2026, 12, 31), date(2027, 2, 27), True),
        (date(2026, 12, 31), date(2027, 2, 28), False),
        (date(2026, 11, 24), date(2026, 11, 24), True),
    ],
)
def test_two_months_end_the_day_before_the_same_day(first: date, last: date, short: bool) -> None:
    assert within(Period(first, last), months=2) is short


@pytest.mark.parametrize(
    ("zone", "day", "at", "times"),
    [
        ("Europe/Paris", date(2026, 12, 5), time(18), 1),
        ("Europe/Paris", date(2027, 3, 28), time(1, 59), 1),
        ("Europe/Paris", date(2027, 3, 28), time(2), 0),
        ("Europe/Paris", date(2027, 3, 28), time(2, 59), 0),
        ("Europe/Paris", date(2027, 3, 28), time(3), 1),
        ("Europe/Paris", date(2027, 10, 31), time(2), 2),
        ("Europe/Paris", date(2027, 10, 31), time(3), 1),
        ("Indian/Reunion", date(2027, 3, 28), time(2, 30), 1),
        ("Pacific/Noumea", date(2027, 10, 31), time(2, 30), 1),
        ("America/Miquelon", date(2027, 3, 14), time(2, 30), 0),
        ("America/Miquelon", date(2027, 11, 7), time(1, 30), 2),
    ],
)
def test_clocks_in_town_show_a_time_never_once_or_twice(zone: str, day: date, at: time, times: int) -> None:
    assert times_shown(day, at, ZoneInfo(zone)) == times
