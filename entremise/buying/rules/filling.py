"""How many whole boxes a group orders, and which changes help to fill one.

Everybody says a quantity they want, and a tolerance: how many more they would take so that a box is filled.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Wanted:
    """What all of them want of one thing, in units."""

    quantity: int
    tolerance: int


def boxes(*, size: int, quantity: int, tolerance: int) -> int:
    """How many boxes of `size` units to order. Tolerance fills a box that was begun; it never begins one."""
    full, rest = divmod(quantity, size)
    return full + (1 if rest and rest + tolerance >= size else 0)


def still_to_fill(*, size: int, quantity: int, tolerance: int) -> int:
    """How many more units fill the box that was begun and would not be ordered; 0 when none is open."""
    rest = quantity % size
    return max(0, size - rest - tolerance) if rest else 0


def helps_to_fill(*, size: int, before: Wanted, after: Wanted) -> bool:
    """Whether a change may be made when only what fills boxes is still accepted: it fills one more, or it empties none
    and leaves no more to fill.
    """
    filled, missing = _boxes(size, after) - _boxes(size, before), _missing(size, after) - _missing(size, before)
    return filled > 0 or (filled == 0 and missing <= 0)


def _boxes(size: int, wanted: Wanted) -> int:
    return boxes(size=size, quantity=wanted.quantity, tolerance=wanted.tolerance)


def _missing(size: int, wanted: Wanted) -> int:
    return still_to_fill(size=size, quantity=wanted.quantity, tolerance=wanted.tolerance)
