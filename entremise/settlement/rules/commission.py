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


def vat_number(siret: str) -> str:
    """The French VAT number of a business: its key is worked out from its SIREN."""
    siren = int(siret[:9])
    return f"FR{(12 + 3 * (siren % 97)) % 97:02d}{siren:09d}"
