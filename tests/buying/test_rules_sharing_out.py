"""Boxes and shares: the outcomes of an established ordering system, and what must hold of any delivery."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.buying.rules.filling import Wanted, boxes, helps_to_fill, still_to_fill
from entremise.buying.rules.sharing_out import STRATEGIES, Ask, Step, allocate, allocate_steps

VECTORS = json.loads((Path(__file__).parent / "allocation.json").read_text(encoding="utf-8"))

UNITS = st.integers(0, 12)
ASKS = st.lists(st.builds(Ask, UNITS, UNITS), max_size=8)
STRATEGY = st.sampled_from(sorted(STRATEGIES))


@pytest.mark.parametrize("one", VECTORS["fill"], ids=str)
def test_boxes_are_filled_as_published(one: dict[str, int]) -> None:
    assert boxes(size=one["size"], quantity=one["quantity"], tolerance=one["tolerance"]) == one["cases"]


@pytest.mark.parametrize("one", VECTORS["allocation"], ids=str)
def test_the_queue_shares_out_as_published(one: dict[str, Any]) -> None:
    asks = [Ask(quantity, tolerance) for quantity, tolerance in one["pledges"]]
    tolerated = not one.get("without_tolerance")
    shared = allocate(asks=asks, delivered=one["delivered"], strategy="queue", tolerated=tolerated)
    assert (shared.allocated, shared.left) == (one["allocated"], one["left"])


@given(ASKS, st.integers(0, 200), STRATEGY)
def test_what_is_allocated_and_left_is_what_was_delivered(asks: list[Ask], delivered: int, strategy: str) -> None:
    shared = allocate(asks=asks, delivered=delivered, strategy=strategy)
    assert sum(shared.allocated) + shared.left == delivered
    assert shared.left >= 0
    assert shared.left == 0 or sum(shared.allocated) == sum(ask.quantity + ask.tolerance for ask in asks)


@given(ASKS, st.integers(0, 200), STRATEGY)
def test_nobody_receives_more_than_they_would_take(asks: list[Ask], delivered: int, strategy: str) -> None:
    shared = allocate(asks=asks, delivered=delivered, strategy=strategy)
    assert all(0 <= units <= ask.quantity + ask.tolerance for units, ask in zip(shared.allocated, asks, strict=True))


@given(ASKS, st.integers(0, 200), STRATEGY)
def test_quantities_come_before_any_tolerance(asks: list[Ask], delivered: int, strategy: str) -> None:
    pairs = list(zip(allocate(asks=asks, delivered=delivered, strategy=strategy).allocated, asks, strict=True))
    if any(units > ask.quantity for units, ask in pairs):
        assert all(units >= ask.quantity for units, ask in pairs)


@given(ASKS, st.integers(0, 200), STRATEGY)
def test_one_more_unit_takes_nothing_from_anybody(asks: list[Ask], delivered: int, strategy: str) -> None:
    before = allocate(asks=asks, delivered=delivered, strategy=strategy).allocated
    after = allocate(asks=asks, delivered=delivered + 1, strategy=strategy).allocated
    assert all(more >= less for less, more in zip(before, after, strict=True))


@given(ASKS, st.integers(0, 200))
def test_fairly_two_quantities_that_are_not_served_differ_by_one_unit(asks: list[Ask], delivered: int) -> None:
    shared = allocate(asks=asks, delivered=delivered, strategy="fair")
    unserved = [units for units, ask in zip(shared.allocated, asks, strict=True) if units < ask.quantity]
    assert not unserved or max(unserved) - min(unserved) <= 1


def test_fairly_the_rest_follows_what_each_wanted() -> None:
    asks = [Ask(2, 10), Ask(6, 10), Ask(0, 10)]
    assert allocate(asks=asks, delivered=16, strategy="fair").allocated == [4, 12, 0]
    assert allocate(asks=asks, delivered=30, strategy="fair").allocated == [12, 16, 2]


def test_who_asks_for_more_later_queues_for_that_part_only() -> None:
    steps = [Step(0, 2), Step(1, 3), Step(0, 4)]
    assert allocate_steps(steps=steps, delivered=6, strategy="queue") == {0: 3, 1: 3}
    assert allocate_steps(steps=steps, delivered=4, strategy="queue") == {0: 2, 1: 2}


@given(st.integers(1, 12), st.integers(0, 60), st.integers(0, 30))
def test_boxes_hold_what_was_asked_for(size: int, quantity: int, tolerance: int) -> None:
    found = boxes(size=size, quantity=quantity, tolerance=tolerance)
    assert quantity - size < size * found <= quantity + tolerance
    missing = still_to_fill(size=size, quantity=quantity, tolerance=tolerance)
    assert boxes(size=size, quantity=quantity + missing, tolerance=tolerance) * size >= quantity


@pytest.mark.parametrize(
    ("before", "after", "helps"),
    [
        (Wanted(5, 0), Wanted(6, 0), True),  # Towards a second box of four.
        (Wanted(5, 0), Wanted(4, 0), True),  # Nobody would have had the fifth.
        (Wanted(5, 0), Wanted(5, 3), True),
        (Wanted(5, 3), Wanted(5, 2), False),  # The second box would not be ordered any more.
        (Wanted(8, 0), Wanted(9, 0), False),  # Begins a box that nobody fills.
        (Wanted(8, 0), Wanted(7, 0), False),
        (Wanted(5, 3), Wanted(6, 2), True),
    ],
)
def test_only_what_fills_boxes_is_taken_at_the_end(before: Wanted, after: Wanted, *, helps: bool) -> None:
    assert helps_to_fill(size=4, before=before, after=after) is helps
