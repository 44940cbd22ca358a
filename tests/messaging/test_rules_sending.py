from datetime import UTC, datetime, time, timedelta
from itertools import count, takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.messaging.rules import LETTER, QuietHours, retry_at, send_after

PARIS = ZoneInfo("Europe/Paris")
NIGHT = QuietHours(PARIS)


def paris(*moment):
    return datetime(*moment, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("asked", "leaves"),
    [
        (paris(2026, 11, 24, 19, 59), paris(2026, 11, 24, 19, 59)),
        (paris(2026, 11, 24, 20, 0), paris(2026, 11, 25, 8, 0)),
        (paris(2026, 11, 25, 7, 59), paris(2026, 11, 25, 8, 0)),
        (paris(2026, 11, 25, 8, 0), paris(2026, 11, 25, 8, 0)),
        (paris(2026, 3, 28, 23, 0), paris(2026, 3, 29, 8, 0)),
        (datetime(2026, 7, 1, 18, 30, tzinfo=UTC), paris(2026, 7, 2, 8, 0)),
    ],
    ids=["evening", "night", "early", "morning", "clocks change", "told in UTC"],
)
def test_nobody_is_disturbed_at_night(asked, leaves):
    assert send_after(asked, NIGHT) == leaves


def test_quiet_hours_may_lie_within_a_day():
    siesta = QuietHours(PARIS, time(12), time(14))
    assert send_after(paris(2026, 11, 24, 12, 30), siesta) == paris(2026, 11, 24, 14)
    assert send_after(paris(2026, 11, 24, 23, 0), siesta) == paris(2026, 11, 24, 23)


def test_equal_ends_are_no_quiet_hours():
    assert send_after(paris(2026, 11, 24, 3), QuietHours(PARIS, time(0), time(0))) == paris(2026, 11, 24, 3)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))
def test_the_moment_found_is_never_quiet_nor_past_nor_more_than_a_night_away(at):
    leaves = send_after(at, NIGHT)
    assert at <= leaves <= at + timedelta(hours=13)
    assert not NIGHT.holds(leaves)


def test_attempts_grow_apart_and_end_after_a_day_and_a_half():
    at = datetime(2026, 11, 24, 10, tzinfo=UTC)
    waits = list(takewhile(bool, (retry_at(at, tries) for tries in count(1))))
    assert waits == sorted(waits)
    assert sum((moment - at for moment in waits), timedelta()) == timedelta(hours=34, minutes=36)
    assert retry_at(at, len(waits) + 1) is None


def test_every_state_of_a_letter_is_reached_and_every_step_has_a_fact():
    assert not LETTER.unreachable
    assert LETTER.facts == {"letter_queued", "letter_sent", "letter_failed", "letter_given_up", "letter_cancelled"}
