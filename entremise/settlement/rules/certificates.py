"""What of an invoice a client really paid in a year for personal services. Pure; cents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from entremise.kernel.money import split


@dataclass(frozen=True)
class Money:
    """What came from the client for an invoice, or went back to them, that day."""

    on: date
    amount: int
    cesu: bool = False


@dataclass(frozen=True)
class Paid:
    """amount: really paid in the year; cesu: of it, in prepaid vouchers."""

    amount: int = 0
    cesu: int = 0


def paid_in(year: int, *, borne: int, services: int, total: int, money: Sequence[Money]) -> Paid:
    """total: of the invoice; services: of it, personal services; borne: what is left to the client, without credit
    notes and what others pay. What is paid beyond that pays no service. Vouchers pay services alone, the rest in
    proportion.
    """
    before = _covered(money, year - 1, borne)
    amount = _covered(money, year, borne) - before
    cesu = max(0, min(amount, sum(one.amount for one in money if one.cesu and one.on.year == year)))
    if amount <= 0 or services <= 0:
        return Paid()
    ours = max(0, split(borne, [services, total - services])[0] - cesu)
    others = max(0, borne - ours - cesu)
    rest = split(amount - cesu, [ours, others])[0] if ours + others else 0
    return Paid(rest + cesu, cesu)


def _covered(money: Sequence[Money], year: int, borne: int) -> int:
    return max(0, min(borne, sum(one.amount for one in money if one.on.year <= year)))
