from datetime import date

import pytest

from entremise.kernel.time import Period, within


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
