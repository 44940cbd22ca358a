"""What is published, and when a number is too small to be."""

from collections.abc import Collection, Hashable, Sequence
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
    return Figure(code, None if few(n) else value, unit, n)


def published_share(code: str, part: int, whole: int) -> Figure:
    """A share in percent, hidden as well when few are in it, or few are not: the percentage would count them."""
    hidden = few(whole) or few(part) or few(whole - part)
    return Figure(code, None if hidden else percent(part, whole), "percent", whole)


def few(n: int) -> bool:
    return 0 < n < FEWEST


def percent(part: int, whole: int) -> int:
    """Whole percent, halves to even; 0 of nothing."""
    return int((Decimal(100 * part) / whole).to_integral_value()) if whole else 0


def blocks(months: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Consecutive months, joined until what is said of each block rests on nobody or on FEWEST people at least.

    months: of each, how many people each of its numbers rests on. Given back: first and last index of each block. What
    is left at the end waits for the months to come. Every published total is a sum of whole blocks, so that no
    subtraction of one from another leads to a few people. Those of a block are at least those of its largest month.
    """
    made, start, most = [], 0, list[int]()
    for at, people in enumerate(months):
        most = [max(pair) for pair in zip(most, people, strict=True)] if most else list(people)
        if not any(map(few, most)):
            made.append((start, at))
            start, most = at + 1, []
    return made


def stretches(months: Sequence[Sequence[Collection[Hashable]]]) -> list[tuple[int, int]]:
    """Consecutive months, joined until each of their groups of people, taken together, is nobody or FEWEST at least.

    Like `blocks`, where it is known who the people are: somebody who comes in two months is one person.
    """
    made, start = [], 0
    together = [set[Hashable]() for _ in months[0]] if months else []
    for at, groups in enumerate(months):
        for people, more in zip(together, groups, strict=True):
            people.update(more)
        if not any(few(len(people)) for people in together):
            made.append((start, at))
            start, together = at + 1, [set() for _ in groups]
    return made


@dataclass(frozen=True)
class Cell:
    """A line of a breakdown. n: how many people its value rests on, at least. label "": several lines together."""

    label: str
    value: int
    n: int


def gathered(cells: Sequence[Cell]) -> list[Cell]:
    """The lines of a breakdown whose total is published, the largest first; those that rest on few people as one.

    With them goes the next smallest line: were they alone, the total less the others would be theirs. Empty lines are
    left out. Nothing at all when everybody together is few.
    """
    ordered = sorted((cell for cell in cells if cell.n), key=lambda cell: (cell.n, -cell.value, cell.label))
    small = [cell for cell in ordered if few(cell.n)]
    large = ordered[len(small) :]
    if small:
        if not large:
            return []
        together = [*small, large.pop(0)]
        large.append(Cell("", sum(cell.value for cell in together), max(cell.n for cell in together)))
    return sorted(large, key=lambda cell: (not cell.label, -cell.value, cell.label))
