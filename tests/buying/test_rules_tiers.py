"""The price that a group reaches: 20 households pay 6.20, 40 pay 5.75, 60 pay 5.40."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.buying.rules.tiers import Ahead, Intent, Tier, ahead, counted, in_order, reached

PELLETS = [Tier(20, 620), Tier(40, 575), Tier(60, 540)]
INTENT = st.builds(Intent, st.integers(0, 9), st.integers(0, 9), st.integers(500, 650))
MEASURE = st.sampled_from(["boxes", "households"])


def households(count: int, ceiling: int = 620) -> list[Intent]:
    return [Intent(40, 0, ceiling)] * count


def of(intents: list[Intent]) -> Tier | None:
    return reached(tiers=PELLETS, intents=intents, size=70, measure="households")


def test_everybody_pays_the_tier_that_enough_households_reach() -> None:
    assert of(households(19)) is None
    assert of(households(20)) == Tier(20, 620)
    assert of(households(47)) == Tier(40, 575)
    assert of(households(60)) == Tier(60, 540)


def test_nobody_counts_for_a_price_above_their_ceiling() -> None:
    assert of(households(15) + households(30, ceiling=575)) == Tier(40, 575)
    assert of(households(15) + households(24, ceiling=575)) is None


def test_thirteen_more_households_reach_the_next_price() -> None:
    found = ahead(tiers=PELLETS, intents=households(47), size=70, measure="households")
    assert found == Ahead(Tier(60, 540), 13)
    assert ahead(tiers=PELLETS, intents=households(60), size=70, measure="households") is None


def test_boxes_count_with_the_tolerance_that_fills_them() -> None:
    intents = [Intent(5, 1, 600), Intent(4, 2, 600), Intent(0, 9, 600)]
    assert counted(intents=intents, price=600, size=12).boxes == 1
    assert reached(tiers=[Tier(1, 600)], intents=intents, size=12, measure="boxes") == Tier(1, 600)
    assert reached(tiers=[Tier(2, 600)], intents=intents, size=12, measure="boxes") is None


@pytest.mark.parametrize("tiers", [[Tier(20, 620), Tier(20, 600)], [Tier(20, 620), Tier(40, 620)]])
def test_a_tier_that_asks_for_more_costs_less(tiers: list[Tier]) -> None:
    with pytest.raises(ValueError, match="costs less"):
        in_order(tiers)


@given(st.lists(INTENT, max_size=30), st.integers(1, 8), MEASURE)
def test_the_price_is_one_that_enough_of_those_who_accept_it_reach(
    intents: list[Intent], size: int, measure: str
) -> None:
    tiers = [Tier(2, 620), Tier(4, 575), Tier(7, 540)]
    found = reached(tiers=tiers, intents=intents, size=size, measure=measure)
    better = [tier for tier in tiers if found is None or tier.price < found.price]
    count = {tier: getattr(counted(intents=intents, price=tier.price, size=size), measure) for tier in tiers}
    assert found is None or count[found] >= found.at_least
    assert all(count[tier] < tier.at_least for tier in better)


@given(st.lists(INTENT, max_size=30), INTENT, st.integers(1, 8), MEASURE)
def test_one_more_household_never_raises_the_price(
    intents: list[Intent], more: Intent, size: int, measure: str
) -> None:
    tiers = [Tier(2, 620), Tier(4, 575), Tier(7, 540)]
    before = reached(tiers=tiers, intents=intents, size=size, measure=measure)
    after = reached(tiers=tiers, intents=[*intents, more], size=size, measure=measure)
    assert before is None or (after is not None and after.price <= before.price)


@given(st.lists(INTENT, max_size=30), st.integers(1, 8), MEASURE)
def test_who_accepts_the_next_price_and_is_enough_reaches_it(intents: list[Intent], size: int, measure: str) -> None:
    tiers = [Tier(2, 620), Tier(4, 575), Tier(7, 540)]
    found = ahead(tiers=tiers, intents=intents, size=size, measure=measure)
    if found:
        assert found.missing > 0
        more = [Intent(size, 0, 650)] * found.missing
        after = reached(tiers=tiers, intents=[*intents, *more], size=size, measure=measure)
        assert after is not None
        assert after.price <= found.tier.price
