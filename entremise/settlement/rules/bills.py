"""What a supplier bills us. Cents."""

from dataclasses import dataclass
from decimal import Decimal

from entremise.kernel.money import half_up

ROUNDED = 5  # Cents by which the VAT of a bill may be off: its supplier rounds each line as they like.


@dataclass(frozen=True)
class Bought:
    """What a bill says at one rate. vat_rate: a fraction."""

    label: str
    vat_rate: Decimal
    net: int
    vat: int

    @property
    def total(self) -> int:
        return self.net + self.vat

    @property
    def adds_up(self) -> bool:
        """Whether this can be its VAT."""
        return self.net >= 0 and abs(self.vat - half_up(self.net * self.vat_rate)) <= ROUNDED
