"""A purchase whose time is over: price, boxes and shares, from what people said."""

from hypothesis import given
from hypothesis import strategies as st

from entremise.buying.rules.closing import Closing, Good, Part, close
from entremise.buying.rules.tiers import Tier
from entremise.campaigns.rules import Step, Wish

OIL = Good("oil", 6, "boxes", [Tier(1, 700), Tier(3, 620)])
SOAP = Good("soap", 12, "boxes", [Tier(1, 150)])
WISH = st.builds(lambda q, t, c: (q, t, c), st.integers(0, 8), st.integers(0, 6), st.integers(500, 800))
SAID = st.lists(st.tuples(WISH, WISH), max_size=10)
STRATEGY = st.sampled_from(["queue", "fair"])


def closing(said: list[tuple[tuple[int, int, int], ...]], strategy: str = "queue") -> Closing[int, str]:
    """Of households that said once, in this order, what they want of oil, and perhaps of soap."""
    wishes = {
        who: {good: Wish(good, *wanted) for good, wanted in zip(("oil", "soap"), of, strict=False)}
        for who, of in enumerate(said)
    }
    queue = [
        Step(who, good, wish.quantity, wish.tolerance)
        for who, of in wishes.items()
        for good, wish in of.items()
        if wish.quantity or wish.tolerance
    ]
    return close(goods=[OIL, SOAP], wishes=wishes, queue=queue, strategy=strategy)


def test_all_pay_the_price_that_was_reached_and_full_boxes_are_ordered() -> None:
    found = closing([((10, 0, 700),), ((6, 2, 700),), ((2, 0, 650),)])
    assert (found.outcomes[0].tier, found.outcomes[0].boxes, found.outcomes[0].units) == (Tier(3, 620), 3, 18)
    assert [part.units for part in found.parts] == [10, 6, 2]
    assert found.money == 18 * 620


def test_who_set_a_lower_limit_than_the_price_is_left_out_and_told_so() -> None:
    found = closing([((6, 0, 700),), ((4, 0, 650),)])
    assert found.parts == [Part(0, "oil", 6, 700), Part(1, "oil", 0, 700, too_dear=True)]


def test_what_no_box_holds_is_short_and_the_last_of_the_queue_goes_without() -> None:
    found = closing([((4, 0, 700),), ((4, 0, 700),)])
    assert (found.outcomes[0].units, found.outcomes[0].short) == (6, 2)
    assert [part.units for part in found.parts] == [4, 2]


def test_nothing_is_ordered_of_a_good_whose_first_price_is_not_reached() -> None:
    found = closing([((6, 0, 700), (3, 0, 200))])
    assert [(one.lot, one.units) for one in found.outcomes] == [("oil", 6), ("soap", 0)]
    assert found.parts[1] == Part(0, "soap", 0, 0)


def test_the_threshold_is_measured_on_what_comes_of_it() -> None:
    found = closing([((6, 0, 700),), ((4, 0, 650),)])
    assert [found.measured(measure) for measure in ("pledges", "units", "money")] == [1, 6, 4200]


@given(SAID, STRATEGY)
def test_what_is_ordered_is_what_they_receive(said: list[tuple[tuple[int, int, int], ...]], strategy: str) -> None:
    found = closing(said, strategy)
    for outcome in found.outcomes:
        assert outcome.units == sum(part.units for part in found.parts if part.lot == outcome.lot)
        assert outcome.units % {"oil": 6, "soap": 12}[outcome.lot] == 0


@given(SAID, STRATEGY)
def test_nobody_pays_more_than_they_said(said: list[tuple[tuple[int, int, int], ...]], strategy: str) -> None:
    for part in closing(said, strategy).parts:
        quantity, tolerance, ceiling = said[part.pledge][("oil", "soap").index(part.lot)]
        assert part.units <= quantity + tolerance
        assert part.amount <= (quantity + tolerance) * ceiling
        assert not part.units or part.price <= ceiling
