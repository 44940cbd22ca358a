"""What comes of a group purchase when its time is over: pure, so that what is shown before is what is done."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from entremise.buying.rules.sharing_out import Step, allocate_steps
from entremise.buying.rules.tiers import Intent, Tier, counted, reached
from entremise.campaigns.rules import Step as Asked
from entremise.campaigns.rules import Wish

A = TypeVar("A", bound=Hashable)
P = TypeVar("P", bound=Hashable)


@dataclass(frozen=True)
class Good(Generic[A]):
    """What is bought, as its supplier sells it. size: units in a box. measure: what its tiers count, boxes or
    households.
    """

    lot: A
    size: int
    measure: str
    tiers: Sequence[Tier]


@dataclass(frozen=True)
class Outcome(Generic[A]):
    """What is ordered of one good. tier: None when not even its first price is reached. units: boxes times their size.
    short: units that were wanted at this price, and are not ordered because no box holds them.
    """

    lot: A
    tier: Tier | None
    boxes: int
    units: int
    short: int


@dataclass(frozen=True)
class Part(Generic[P, A]):
    """What one household receives of one good. units: 0 when there is nothing for them. too_dear: at a price that they
    would not pay. price: minor units a unit.
    """

    pledge: P
    lot: A
    units: int
    price: int
    too_dear: bool = False

    @property
    def amount(self) -> int:
        return self.units * self.price


@dataclass(frozen=True)
class Closing(Generic[P, A]):
    outcomes: list[Outcome[A]]
    parts: list[Part[P, A]]

    @property
    def households(self) -> int:
        return len({part.pledge for part in self.parts if part.units})

    @property
    def units(self) -> int:
        return sum(part.units for part in self.parts)

    @property
    def money(self) -> int:
        return sum(part.amount for part in self.parts)

    def measured(self, measure: str) -> int:
        """Against the threshold of the campaign, in its own measure."""
        return {"pledges": self.households, "units": self.units, "money": self.money}[measure]


def close(
    *,
    goods: Sequence[Good[A]],
    wishes: Mapping[P, Mapping[A, Wish[A]]],
    queue: Sequence[Asked[P, A]],
    strategy: str,
) -> Closing[P, A]:
    """Find each good's price, order the boxes that are full at it, and share them out.

    wishes: of live pledges, by pledge and good. queue: what is left of each step of theirs, oldest first.
    """
    outcomes: list[Outcome[A]] = []
    parts: list[Part[P, A]] = []
    for good in goods:
        theirs = {pledge: of[good.lot] for pledge, of in wishes.items() if good.lot in of and of[good.lot].quantity}
        outcome = _outcome(good, list(theirs.values()))
        outcomes.append(outcome)
        parts += _parts(outcome, theirs, [step for step in queue if step.lot == good.lot], strategy)
    return Closing(outcomes, parts)


def _outcome(good: Good[A], wanted: Sequence[Wish[A]]) -> Outcome[A]:
    intents = [Intent(wish.quantity, wish.tolerance, wish.ceiling) for wish in wanted]
    tier = reached(tiers=good.tiers, intents=intents, size=good.size, measure=good.measure)
    if tier is None:
        return Outcome(good.lot, None, 0, 0, 0)
    seen = counted(intents=intents, price=tier.price, size=good.size)
    units = seen.boxes * good.size
    return Outcome(good.lot, tier, seen.boxes, units, max(0, seen.quantity - units))


def _parts(
    outcome: Outcome[A], theirs: Mapping[P, Wish[A]], queue: Sequence[Asked[P, A]], strategy: str
) -> Iterator[Part[P, A]]:
    """In the order of the pledges."""
    price = outcome.tier.price if outcome.tier else 0
    willing = {pledge: place for place, (pledge, wish) in enumerate(theirs.items()) if wish.ceiling >= price}
    steps = [Step(willing[step.pledge], step.quantity, step.tolerance) for step in queue if step.pledge in willing]
    given = allocate_steps(steps=steps, delivered=outcome.units, strategy=strategy)
    for place, pledge in enumerate(theirs):
        yield Part(pledge, outcome.lot, given[place], price, too_dear=pledge not in willing)
