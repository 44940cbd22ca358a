"""The price that a group reaches: the more is bought, the less each pays, and all pay the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from entremise.buying.rules.filling import boxes


@dataclass(frozen=True)
class Tier:
    """From so many (boxes, or households, as the quote says) a unit costs so much: minor units, taxes included."""

    at_least: int
    price: int


@dataclass(frozen=True)
class Intent:
    """What households want together of one thing, in units, and the highest price of a unit they would pay."""

    quantity: int
    tolerance: int
    ceiling: int
    households: int = 1


@dataclass(frozen=True)
class Counted:
    """What counts at a price: of the households that would pay it."""

    households: int
    quantity: int
    tolerance: int
    boxes: int


@dataclass(frozen=True)
class Ahead:
    """A better tier that is still to be reached. missing: boxes, or households, that would reach it."""

    tier: Tier
    missing: int


def in_order(tiers: Sequence[Tier]) -> list[Tier]:
    """From the first step to the last. ValueError unless each asks for more than the one before, and costs less."""
    steps = sorted(tiers, key=lambda tier: tier.at_least)
    for lower, higher in pairwise(steps):
        if higher.at_least == lower.at_least or higher.price >= lower.price:
            raise ValueError("a tier asks for more and costs less than the one before")
    return steps


def counted(*, intents: Sequence[Intent], price: int, size: int) -> Counted:
    """What is ordered at this price, and by how many."""
    willing = [one for one in intents if one.ceiling >= price and one.quantity]
    quantity, tolerance = sum(one.quantity for one in willing), sum(one.tolerance for one in willing)
    return Counted(
        sum(one.households for one in willing),
        quantity,
        tolerance,
        boxes(size=size, quantity=quantity, tolerance=tolerance),
    )


def reached(*, tiers: Sequence[Tier], intents: Sequence[Intent], size: int, measure: str) -> Tier | None:
    """The best tier whose own price enough people would pay; None when not even the first is reached.

    From the best price down, counting only those whose ceiling allows it: nobody is counted for a price that they
    would not pay. measure: boxes or households.
    """
    for tier in reversed(in_order(tiers)):
        if _measured(counted(intents=intents, price=tier.price, size=size), measure) >= tier.at_least:
            return tier
    return None


def ahead(*, tiers: Sequence[Tier], intents: Sequence[Intent], size: int, measure: str) -> Ahead | None:
    """The next better tier, and what is missing for it: of those who would pay its price. None at the best."""
    now = reached(tiers=tiers, intents=intents, size=size, measure=measure)
    for tier in in_order(tiers):
        if now is None or tier.price < now.price:
            there = _measured(counted(intents=intents, price=tier.price, size=size), measure)
            return Ahead(tier, tier.at_least - there)
    return None


def _measured(seen: Counted, measure: str) -> int:
    return {"boxes": seen.boxes, "households": seen.households}[measure]
