"""Goods that we sell, in our own name or in that of their supplier, and what is taken back of them. Cents, taxes
included.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from entremise.kernel.money import split
from entremise.kernel.refused import Refused

OWN_SALE, AGENT = "own_sale", "agent"


@dataclass(frozen=True)
class Sold:
    """A line of what somebody buys. unit_price: of each unit; without units, of the line.

    vat_rate: of the goods, a fraction. ours: cents of the line that are our share, when we only act for a supplier.
    """

    label: str
    units: int | None
    unit: str
    unit_price: int
    vat_rate: Decimal
    ours: int = 0

    def __post_init__(self) -> None:
        if self.amount < 0 or not 0 <= self.ours <= self.amount or not 0 <= self.vat_rate < 1:
            raise ValueError("a line costs something or nothing, and our share is a part of it")

    @property
    def amount(self) -> int:
        return self.unit_price if self.units is None else self.units * self.unit_price


@dataclass(frozen=True)
class Billed:
    """A line of an invoice, and what credit notes took back of it: cents, and whole units."""

    id: UUID
    amount: int
    ours: int
    units: int
    unit_price: int
    taken: int = 0
    taken_units: int = 0

    @property
    def left(self) -> int:
        return self.amount - self.taken


@dataclass(frozen=True)
class Back:
    """What a credit note takes back of a line. units: None when it is an amount."""

    line: UUID
    units: int | None
    amount: int
    ours: int


def back_by_units(lines: Sequence[Billed], units: Mapping[UUID, int]) -> list[Back]:
    """So many units of each line, at what they cost.

    Raises Refused("credit_too_large") beyond what earlier notes left of a line.
    """
    found = []
    for line in lines:
        count = units.get(line.id, 0)
        amount = count * line.unit_price
        if count < 0 or line.taken_units + count > line.units or amount > line.left:
            raise Refused("credit_too_large", {"left": line.left}, where="amount")
        if count:
            found.append(Back(line.id, count, amount, _ours(line, amount)))
    return found


def back_by_amount(lines: Sequence[Billed], amount: int) -> list[Back]:
    """An amount, in proportion to what is left of each line, and so over the rates of VAT."""
    parts = split(amount, [line.left for line in lines])
    return [Back(one.id, None, part, _ours(one, part)) for one, part in zip(lines, parts, strict=True) if part]


def _ours(line: Billed, amount: int) -> int:
    """Our share goes with the line: all notes together never take more of it, and the last one takes what is left."""
    if not line.amount:
        return 0
    return line.ours * (line.taken + amount) // line.amount - line.ours * line.taken // line.amount
