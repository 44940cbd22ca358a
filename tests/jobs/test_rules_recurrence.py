from datetime import UTC, date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.jobs.rules.quick_entry import parse_recurrence
from entremise.jobs.rules.recurrence import check_rule, occurrence_days, occurrences
from entremise.kernel.refused import Refused
from entremise.kernel.time import Period

PARIS = ZoneInfo("Europe/Paris")
FRIDAYS = "FREQ=WEEKLY;INTERVAL=1;BYDAY=FR"
FIRST = date(2026, 10, 2)


def days(rule: str, within: Period, **more) -> list[date]:
    return list(occurrence_days(rule, first=FIRST, within=within, **more))


def test_every_friday_of_a_month():
    assert [day.day for day in days(FRIDAYS, Period.month(2026, 10))] == [2, 9, 16, 23, 30]


def test_a_fortnight_keeps_its_rhythm_from_the_first_day():
    assert [day.day for day in days("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", Period.month(2026, 11))] == [13, 27]


def test_exceptions_are_left_out():
    found = days(FRIDAYS, Period.month(2026, 10), except_on={date(2026, 10, 16), date(2026, 10, 17)})
    assert [day.day for day in found] == [2, 9, 23, 30]


def test_the_last_day_is_included():
    assert days(FRIDAYS + ";UNTIL=20261009", Period.month(2026, 10)) == [date(2026, 10, 2), date(2026, 10, 9)]


def test_nothing_happens_before_the_first_day():
    assert days(FRIDAYS, Period.month(2026, 9)) == []


def test_the_first_tuesday_of_each_month():
    within = Period(date(2026, 10, 1), date(2026, 12, 31))
    found = days("FREQ=MONTHLY;INTERVAL=1;BYDAY=1TU", within)
    assert found == [date(2026, 10, 6), date(2026, 11, 3), date(2026, 12, 1)]


def test_nine_in_the_morning_stays_nine_when_clocks_change():
    windows = occurrences(FRIDAYS, first=FIRST, start=time(9), minutes=120, within=Period.month(2026, 10), zone=PARIS)
    assert {window.start.astimezone(PARIS).time() for window in windows} == {time(9)}
    assert [window.start.hour for window in windows] == [7, 7, 7, 7, 8]
    assert {window.minutes for window in windows} == {120}


def test_a_visit_in_the_night_of_the_change_lasts_as_long_as_promised():
    night = Period(date(2026, 10, 25), date(2026, 10, 25))
    (window,) = occurrences("FREQ=DAILY", first=night.first, start=time(2, 45), minutes=30, within=night, zone=PARIS)
    assert (window.minutes, window.start.tzinfo) == (30, UTC)


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "every friday",
        "FREQ=SECONDLY",
        "FREQ=DAILY;BYDAY=FR",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;FREQ=WEEKLY",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;INTERVAL=x",
        "RRULE:FREQ=WEEKLY\nRRULE:FREQ=DAILY",
        "FREQ=MONTHLY;BYEASTER=1",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=WEEKLY;BYDAY=1TU",
        "FREQ=DAILY;UNTIL=20261399",
        "FREQ=DAILY;UNTIL=20261231T000000Z",
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused(rule):
    with pytest.raises(Refused, match="recurrence_not_understood"):
        check_rule(rule)


@pytest.mark.parametrize("line", ["tous les 3 mois le 31 décembre", "dernier vendredi du mois", "every other Monday"])
def test_what_the_desk_understands_can_be_followed(line):
    rule = parse_recurrence(line, date(2026, 11, 23))
    assert rule is not None
    check_rule(rule)


@given(
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.integers(1, 4),
    st.sets(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1),
    st.integers(0, 120),
)
def test_two_halves_of_a_period_hold_the_same_days_as_the_whole(first, interval, weekdays, cut):
    rule = f"FREQ=WEEKLY;INTERVAL={interval};BYDAY={','.join(sorted(weekdays))}"
    begin, middle, end = date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=cut), date(2026, 6, 30)
    halves = [Period(begin, middle), Period(middle + timedelta(days=1), end)]
    parts = [day for half in halves for day in occurrence_days(rule, first=first, within=half)]
    assert parts == list(occurrence_days(rule, first=first, within=Period(begin, end)))
