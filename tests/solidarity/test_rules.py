"""What the rules of helping decide without a database, and what a year's result must show."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.kernel.refused import Refused
from entremise.solidarity import rules
from entremise.solidarity.rules import Before, Limits
from entremise.solidarity.rules.books_fr import AIDS, ORIGINS, Year, year_moves

LIMITS = Limits({"home_help"}, 10000, 15000, 2000, 1500, 2)
NOTHING = Before(0, 0)


@pytest.mark.parametrize(
    ("purpose", "amount", "by", "before", "code"),
    [
        ("transport", 100, "vote", NOTHING, "purpose_not_covered"),
        ("home_help", 10001, "vote", NOTHING, "award_too_large"),
        ("home_help", 0, "vote", NOTHING, "award_too_large"),
        ("home_help", 2001, "delegate", NOTHING, "award_too_large"),
        ("home_help", 1501, "emergency", NOTHING, "award_too_large"),
        ("home_help", 100, "emergency", Before(0, 2), "emergencies_used"),
        ("home_help", 5001, "vote", Before(10000, 0), "award_year_spent"),
    ],
)
def test_what_the_rules_do_not_allow_is_refused(purpose: str, amount: int, by: str, before: Before, code: str) -> None:
    with pytest.raises(Refused, match=code):
        rules.require_allowed(LIMITS, before, purpose=purpose, amount=amount, by=by)


@pytest.mark.parametrize(("amount", "by"), [(10000, "vote"), (2000, "delegate"), (1500, "emergency")])
def test_up_to_the_ceiling_is_allowed(amount: int, by: str) -> None:
    rules.require_allowed(LIMITS, Before(5000, 1), purpose="home_help", amount=amount, by=by)


def test_a_vote_needs_its_quorum() -> None:
    with pytest.raises(Refused, match="quorum_missing"):
        rules.carried(["for"], 2)


@pytest.mark.parametrize(
    ("answers", "carried"),
    [(["for", "abstain"], True), (["for", "against"], False), (["abstain", "abstain"], False)],
)
def test_more_yes_than_no_carries(answers: list[str], carried: bool) -> None:
    assert rules.carried(answers, 2) is carried


def test_nobody_decides_for_their_own_household() -> None:
    person, voter, home = uuid4(), uuid4(), uuid4()
    assert rules.own_case(voter, home, person, home)
    assert rules.own_case(person, None, person, None)
    assert not rules.own_case(voter, None, person, None)


amounts = st.integers(-5000, 50000)


@given(
    origin=st.sampled_from(sorted(ORIGINS)),
    opening=st.integers(0, 50000),
    given_=amounts,
    shared=st.integers(0, 9000),
    used=amounts,
)
def test_a_years_entry_shows_what_was_given_and_used_and_leaves_the_result_alone(
    origin: str, opening: int, given_: int, shared: int, used: int
) -> None:
    year = Year(opening, given_ + shared, shared, used)
    sums: dict[str, int] = {}
    for move in year_moves(origin, year, "x"):
        assert move.amount > 0
        sums[move.debit.chart[0]] = sums.get(move.debit.chart[0], 0) + move.amount
        sums[move.credit.chart[0]] = sums.get(move.credit.chart[0], 0) - move.amount
    chart = ORIGINS[origin]
    assert sums.get(AIDS[0], 0) == used
    assert sums.get(chart.income[0], 0) == -given_
    # With the shares that were put aside during the year, 689 less 789 is by how much the fund grew.
    assert shared + sums.get(chart.kept[0], 0) + sums.get(chart.used[0], 0) == year.received - year.used
    assert sum(sums.values()) == 0
    assert sums.get(chart.used[0], 0) <= 0
