from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.campaigns import rules
from entremise.campaigns.rules import Progress, Step, Wish, deadline, grace_ends, queue, step_to
from entremise.kernel.state import StateTable

PARIS = ZoneInfo("Europe/Paris")
PLEDGES = st.sampled_from("abc")
CHANGES = st.lists(st.tuples(PLEDGES, st.integers(0, 9), st.integers(0, 9)), max_size=20)


def steps_of(wanted: list[tuple[str, int, int]]) -> list[Step[str, str]]:
    """The steps of people who say again and again what they want of one lot."""
    now: dict[str, Wish[str]] = {}
    steps = []
    for who, quantity, tolerance in wanted:
        after = Wish("lot", quantity, tolerance, 0)
        steps.append(Step(who, "lot", *step_to(before=now.get(who, Wish("lot", 0, 0, 0)), after=after)))
        now[who] = after
    return steps


def test_who_wants_less_keeps_the_place_of_what_they_asked_for_first() -> None:
    steps = steps_of([("a", 3, 0), ("b", 2, 1), ("a", 6, 0), ("a", 4, 0)])
    assert queue(steps) == [Step("a", "lot", 3, 0), Step("b", "lot", 2, 1), Step("a", "lot", 1, 0)]


def test_who_wants_nothing_in_between_begins_again_at_the_end() -> None:
    steps = steps_of([("a", 3, 0), ("b", 2, 0), ("a", 0, 0), ("a", 3, 0)])
    assert queue(steps) == [Step("b", "lot", 2, 0), Step("a", "lot", 3, 0)]


@given(CHANGES)
def test_the_queue_holds_what_everybody_wants_now(wanted: list[tuple[str, int, int]]) -> None:
    now = {who: (quantity, tolerance) for who, quantity, tolerance in wanted}
    left = queue(steps_of(wanted))
    for who, (quantity, tolerance) in now.items():
        mine = [step for step in left if step.pledge == who]
        assert (sum(step.quantity for step in mine), sum(step.tolerance for step in mine)) == (quantity, tolerance)


@given(CHANGES, PLEDGES, st.integers(0, 9))
def test_a_change_of_one_moves_nobody_else(wanted: list[tuple[str, int, int]], who: str, quantity: int) -> None:
    before, after = queue(steps_of(wanted)), queue(steps_of([*wanted, (who, quantity, 0)]))
    assert [step for step in before if step.pledge != who] == [step for step in after if step.pledge != who]


def test_a_pledge_comes_at_most_to_all_it_would_take_at_the_price_it_would_pay() -> None:
    assert Wish("sac", 40, 10, 575).at_most == 28750


@pytest.mark.parametrize(("measure", "counted"), [("pledges", 2), ("units", 50), ("money", 28750)])
def test_a_threshold_is_measured_in_its_own_unit(measure: str, counted: int) -> None:
    assert Progress(2, 50, 28750).measured(measure) == counted


@pytest.mark.parametrize(
    ("day", "hour", "utc"),
    [
        (date(2026, 12, 5), time(20), datetime(2026, 12, 5, 19, tzinfo=UTC)),
        (date(2026, 7, 5), time(20), datetime(2026, 7, 5, 18, tzinfo=UTC)),
        # Clocks jump from 2 h to 3 h: half past two is what it would have been.
        (date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        # They go back from 3 h to 2 h: the second half past two.
        (date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_deadline_is_when_clocks_in_town_say_so(day: date, hour: time, utc: datetime) -> None:
    assert deadline(day, hour, PARIS) == utc


def test_the_same_words_are_another_moment_in_another_zone() -> None:
    paris, reunion = (deadline(date(2026, 12, 5), time(20), ZoneInfo(z)) for z in ("Europe/Paris", "Indian/Reunion"))
    assert paris - reunion == timedelta(hours=3)


def test_hours_of_grace_are_real_hours() -> None:
    evening = deadline(date(2026, 10, 24), time(20), PARIS)
    assert grace_ends(evening, 48) - evening == timedelta(hours=48)
    assert grace_ends(evening, 48).astimezone(PARIS).hour == 19  # Clocks went back in between.


@pytest.mark.parametrize("table", [rules.CAMPAIGN, rules.PLEDGE], ids=lambda table: table.name)
def test_every_state_is_reached(table: StateTable) -> None:
    assert table.unreachable == frozenset()
