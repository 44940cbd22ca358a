"""What became of the units of one article, from the order to the hand-over: pure."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from entremise.buying.rules.sharing_out import Step, allocate_steps
from entremise.campaigns.rules import Step as Asked

A = TypeVar("A", bound=Hashable)
P = TypeVar("P", bound=Hashable)


def share_again(
    *, queue: Sequence[Asked[P, A]], takers: Mapping[A, Sequence[P]], received: Mapping[A, int], strategy: str
) -> dict[A, Counter[P]]:
    """Units by household of what really came of each article. takers: who would pay its price.

    As at the closing nobody receives more than they said that they would take; what is left over is in nobody's parcel.
    """
    shared: dict[A, Counter[P]] = {}
    for lot, who in takers.items():
        places = {pledge: place for place, pledge in enumerate(who)}
        steps = [
            Step(places[one.pledge], one.quantity, one.tolerance)
            for one in queue
            if one.lot == lot and one.pledge in places
        ]
        given = allocate_steps(steps=steps, delivered=received[lot], strategy=strategy)
        shared[lot] = Counter({pledge: given[place] for pledge, place in places.items()})
    return shared


@dataclass(frozen=True)
class Balance:
    """Units of one article: what the supplier was asked for, bills and brought, None before anybody said so; what is in
    parcels that wait, what was handed over, and what of parcels came back.
    """

    ordered: int
    billed: int | None
    received: int | None
    waiting: int
    handed: int
    back: int

    @property
    def allotted(self) -> int:
        """In parcels, whatever became of them."""
        return self.waiting + self.handed + self.back

    @property
    def never_given(self) -> int:
        """Received, and in nobody's parcel."""
        return (self.received or 0) - self.allotted

    @property
    def left(self) -> int:
        """Ours, to be offered again."""
        return self.never_given + self.back if self.received is not None else 0

    @property
    def missing(self) -> int:
        """Ordered and not received; below nothing when more came."""
        return self.ordered - self.received if self.received is not None else 0

    @property
    def billed_more(self) -> int:
        """Billed and not received; below nothing when less is billed."""
        return self.billed - self.received if self.billed is not None and self.received is not None else 0


def waits_until(*, handed_until: date, days: int) -> date:
    """The last day on which a parcel that nobody collected is kept for its household."""
    return handed_until + timedelta(days=days)
