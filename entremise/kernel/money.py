from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

EUR = "EUR"
HOUR = "HOUR"


@dataclass(frozen=True, order=True)
class Money:
    """An amount in the minor unit of its asset: EUR in cents, GBP in pence, HOUR in minutes."""

    amount: int
    asset: str = EUR

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.asset)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.asset)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.asset)

    def _same(self, other: "Money") -> int:
        if other.asset != self.asset:
            raise ValueError(f"{self.asset} and {other.asset} do not add up")
        return other.amount


def half_up(value: Decimal) -> int:
    """The nearest whole minor unit, halves away from zero: how French payroll and invoices round."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def share(amount: int, rate: Decimal) -> int:
    """`amount` (minor units) times `rate` (a fraction: 0.0750 for 7.5 %), rounded half up."""
    return half_up(Decimal(amount) * rate)


def for_minutes(hourly: int, minutes: int) -> int:
    """Price of `minutes` at `hourly` minor units an hour, rounded half up."""
    return half_up(Decimal(hourly) * minutes / 60)


def split(total: int, weights: Sequence[int]) -> list[int]:
    """`total` shared in proportion to `weights` by largest remainder; the parts always add up to `total`.

    Ties go to the earlier part. Raises ValueError when no weight is positive or one is negative.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must be non-negative and not all zero")
    sign = -1 if total < 0 else 1
    parts, remainders = [], []
    for weight in weights:
        part, remainder = divmod(abs(total) * weight, whole)
        parts.append(part)
        remainders.append(remainder)
    left = abs(total) - sum(parts)
    for index in sorted(range(len(weights)), key=lambda i: (-remainders[i], i))[:left]:
        parts[index] += 1
    return [sign * part for part in parts]
