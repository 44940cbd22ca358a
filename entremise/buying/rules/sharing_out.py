"""Who receives what of a delivery: pure, so that a preview and the real thing cannot differ.

Whatever the strategy: what is allocated and what is left over make up what was delivered; nobody receives more than
their quantity and tolerance; no tolerance is served while somebody's quantity is not; one more unit delivered takes
nothing from anybody.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heapreplace


@dataclass(frozen=True)
class Ask:
    """What one person wants of one thing, in units; in a list, the place of the first unit in the queue is theirs."""

    quantity: int
    tolerance: int = 0


@dataclass(frozen=True)
class Step:
    """A part of what somebody wants, asked for at one time: of a later one the place in the queue is later too."""

    who: int
    quantity: int
    tolerance: int = 0


@dataclass(frozen=True)
class Shared:
    """allocated: units, in the order of the asks. left: units of the delivery that nobody receives."""

    allocated: list[int]
    left: int


def allocate(*, asks: Sequence[Ask], delivered: int, strategy: str, tolerated: bool = True) -> Shared:
    """Share out `delivered` units. asks: the oldest first. strategy: a key of `STRATEGIES`.

    tolerated: whether people also take what they only tolerate; otherwise that is left, for somebody to decide.
    """
    steps = [Step(who, ask.quantity, ask.tolerance if tolerated else 0) for who, ask in enumerate(asks)]
    given = allocate_steps(steps=steps, delivered=delivered, strategy=strategy)
    return Shared([given[who] for who in range(len(asks))], delivered - given.total())


def allocate_steps(*, steps: Sequence[Step], delivered: int, strategy: str) -> Counter[int]:
    """Units by person, when people asked for more later on. steps: the oldest first."""
    return STRATEGIES[strategy](steps, delivered)


def _queue(steps: Sequence[Step], delivered: int) -> Counter[int]:
    """Who asked first is served first."""
    wanted = _in_turn([(step.who, step.quantity) for step in steps], delivered)
    return wanted + _in_turn([(step.who, step.tolerance) for step in steps], delivered - wanted.total())


def _fair(steps: Sequence[Step], delivered: int) -> Counter[int]:
    """One unit for each in the order of the queue, then a second, until everybody's quantity is served; of the rest
    each takes in proportion to what they wanted. Who wanted nothing comes last.

    Of one thing all units are worth the same, so that in proportion to quantities is in proportion to values.
    """
    quantities, tolerances = Counter[int](), Counter[int]()
    for step in steps:
        quantities[step.who] += step.quantity
        tolerances[step.who] += step.tolerance
    wanted = _one_by_one(quantities, delivered, lambda who, nth: Fraction(nth))
    little = Fraction(1, 1 + tolerances.total())
    return wanted + _one_by_one(
        tolerances, delivered - wanted.total(), lambda who, nth: Fraction(nth) / (quantities[who] or little)
    )


def _in_turn(parts: Sequence[tuple[int, int]], left: int) -> Counter[int]:
    given = Counter[int]()
    for who, units in parts:
        given[who] += min(left, units)
        left -= min(left, units)
    return given


def _one_by_one(most: Mapping[int, int], left: int, weight: Callable[[int, int], Fraction]) -> Counter[int]:
    """Give units one by one, each to whom it weighs the least, the first of the queue among equals: `most` is in its
    order. weight: of somebody's unit of this rank.
    """
    given = Counter[int]()
    turns = [(weight(who, 1), place, who) for place, who in enumerate(most) if most[who]]
    heapify(turns)
    while left and turns:
        _, place, who = turns[0]
        given[who] += 1
        left -= 1
        if given[who] < most[who]:
            heapreplace(turns, (weight(who, given[who] + 1), place, who))
        else:
            heappop(turns)
    return given


STRATEGIES: Mapping[str, Callable[[Sequence[Step], int], Counter[int]]] = {"queue": _queue, "fair": _fair}
