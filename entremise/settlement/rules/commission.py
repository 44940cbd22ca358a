"""What the organisation keeps of a price that a client pays to somebody who works on their own account."""

from decimal import Decimal

from entremise.kernel.money import half_up, share

SHARES = 10_000  # A promise of a SHARE is counted in ten-thousandths: 15 % are 1500.


def commission_of(price: int, rate: Decimal) -> int:
    """Cents of a price in cents, taxes included, never below nothing nor above the price. rate: a fraction."""
    return min(max(share(price, rate), 0), price)


def as_share(rate: Decimal) -> int:
    return half_up(rate * SHARES)


def as_rate(share_promised: int) -> Decimal:
    return Decimal(share_promised) / SHARES


def tax_in(total: int, rate: Decimal) -> int:
    """The VAT inside an amount of cents, taxes included, at `rate` (a fraction)."""
    return total - half_up(Decimal(total) / (1 + rate))
