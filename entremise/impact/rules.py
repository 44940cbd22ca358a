"""What is published, and when a number is too small to be."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

FEWEST = 5  # Below this many people or jobs a figure could point at somebody (PRODUCT, row 19).


@dataclass(frozen=True)
class Figure:
    """One published value. code: stable; its words are the page's. unit: count, minutes, cents, percent, minutes_wait.

    n: how many people, jobs or amounts it was computed from. value None: hidden because n is too small.
    """

    code: str
    value: int | None
    unit: str
    n: int

    @property
    def hidden(self) -> bool:
        return self.value is None


def published(code: str, value: int, unit: str, *, n: int) -> Figure:
    """The figure, hidden when it rests on one to FEWEST - 1; nothing at all is published as nothing."""
    return Figure(code, value if n == 0 or n >= FEWEST else None, unit, n)


def median(values: Sequence[int]) -> int:
    """The middle value, the lower of two; 0 of nothing."""
    ordered = sorted(values)
    return ordered[(len(ordered) - 1) // 2] if ordered else 0


def percent(part: int, whole: int) -> int:
    """Whole percent, halves up; 0 of nothing."""
    return int((Decimal(100 * part) / whole).to_integral_value()) if whole else 0
