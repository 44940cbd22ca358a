from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from entremise.kernel.clock import told_in

PARIS = ZoneInfo("Europe/Paris")


def test_half_past_midnight_is_the_new_day_there_and_the_same_moment() -> None:
    moment = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    there = told_in(PARIS, moment)
    assert (there.date(), there.hour, there) == (date(2026, 11, 1), 0, moment)


def test_hours_stay_hours_when_the_clocks_change() -> None:
    before = told_in(PARIS, datetime(2026, 10, 24, 22, 0, tzinfo=UTC))
    assert before + timedelta(hours=24) - before == timedelta(hours=24)
    assert (before + timedelta(hours=24)).astimezone(UTC) == datetime(2026, 10, 25, 22, 0, tzinfo=UTC)
