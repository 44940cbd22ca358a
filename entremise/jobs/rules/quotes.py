"""What somebody who works on their own account asks for a job, and where that price goes."""

from dataclasses import dataclass
from decimal import Decimal

from entremise.kernel.money import for_minutes, share
from entremise.kernel.state import StateTable
from entremise.settlement.rules.commission import commission_of

QUOTE = StateTable(
    "quote",
    {
        ("", "send"): ("sent", "quote_sent"),
        ("sent", "accept"): ("accepted", "quote_accepted"),
        ("sent", "decline"): ("declined", "quote_declined"),
        # Another price from the same supplier, or nothing to answer any more.
        ("sent", "replace"): ("replaced", "quote_replaced"),
        ("sent", "lapse"): ("lapsed", "quote_lapsed"),
    },
)


@dataclass(frozen=True)
class QuoteSplit:
    """Cents of one visit. supplier and commission make up the price exactly. contributions: what the supplier's own
    declaration will take of the whole price, an estimate; left: about what they keep.
    """

    price: int
    hourly: int
    supplier: int
    commission: int
    contributions: int

    @property
    def left(self) -> int:
        return self.supplier - self.contributions


def split_quote(
    *, hourly: int | None, whole: int | None, minutes: int, commission: Decimal, contributions: Decimal
) -> QuoteSplit:
    """One of hourly (cents an hour) and whole (cents of a visit) is given; the rates are fractions."""
    price = whole if whole is not None else for_minutes(hourly or 0, minutes)
    ours = commission_of(price, commission)
    return QuoteSplit(price, hourly or 0, price - ours, ours, share(price, contributions))
