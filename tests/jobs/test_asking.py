"""When somebody calls back who asked on the web."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from entremise.jobs.queries.asking import call_by, working_days

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("asked", "by"),
    [
        ((2026, 11, 23, 22), (2026, 11, 24)),
        ((2026, 11, 27, 9), (2026, 11, 30)),  # Friday, then the weekend.
        ((2026, 12, 24, 18), (2026, 12, 28)),  # Christmas is a Friday, then the weekend.
        ((2027, 5, 5, 12), (2027, 5, 7)),  # Ascension.
        ((2027, 3, 26, 12), (2027, 3, 30)),  # Easter Monday.
    ],
)
def test_we_call_back_by_noon_of_the_next_day_that_is_neither_weekend_nor_holiday(
    asked: tuple[int, int, int, int], by: tuple[int, int, int]
) -> None:
    assert call_by(asked=datetime(*asked, tzinfo=PARIS)) == datetime(*by, 12, tzinfo=PARIS)


def test_the_days_to_choose_from_are_working_days() -> None:
    days = working_days(after=date(2026, 12, 30), count=4)
    assert days == (date(2026, 12, 31), date(2027, 1, 4), date(2027, 1, 5), date(2027, 1, 6))
