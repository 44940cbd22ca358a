"""A purchase that comes again: its dates, and what of a household's usual order it still offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from entremise.campaigns.rules import deadline

A = TypeVar("A")


def weeks_on(*, closes_at: datetime, weeks: int, now: datetime, zone: ZoneInfo) -> int:
    """In how many weeks the next one comes: one turn of the rhythm after the last, or as many turns as it takes for
    its deadline to be ahead of us.
    """
    turns = 1
    while later(closes_at, weeks=turns * weeks, zone=zone) <= now:
        turns += 1
    return turns * weeks


def later(moment: datetime, *, weeks: int, zone: ZoneInfo) -> datetime:
    """So many weeks on, when clocks in town show the same time of the day again."""
    there = moment.astimezone(zone)
    return deadline(there.date() + timedelta(weeks=weeks), there.time(), zone)


@dataclass(frozen=True)
class Usual:
    """What is wanted of an article each time: units, how many more, the most for one in minor units."""

    title: str
    unit: str
    quantity: int
    tolerance: int
    ceiling: int

    @property
    def known_by(self) -> tuple[str, str]:
        return known_by(self.title, self.unit)


@dataclass(frozen=True)
class Offered(Generic[A]):
    """An article of the purchase. lowest: the best price that it can come to, in minor units."""

    article: A
    title: str
    unit: str
    lowest: int


@dataclass(frozen=True)
class Fitting(Generic[A]):
    """Every usual line once: what can be ordered, what is not offered, and what is dearer than was said."""

    taken: list[tuple[A, Usual]]
    gone: list[Usual]
    dear: list[tuple[Usual, int]]


def fitting(*, usual: Sequence[Usual], offered: Sequence[Offered[A]]) -> Fitting[A]:
    """An article that comes twice is the first one. A line whose best price is above its ceiling is not ordered: an
    order there could only ever come to nothing.
    """
    here: dict[tuple[str, str], Offered[A]] = {}
    for one in offered:
        here.setdefault(known_by(one.title, one.unit), one)
    found: Fitting[A] = Fitting([], [], [])
    for line in usual:
        on_offer = here.get(line.known_by)
        if on_offer is None:
            found.gone.append(line)
        elif on_offer.lowest > line.ceiling:
            found.dear.append((line, on_offer.lowest))
        else:
            found.taken.append((on_offer.article, line))
    return found


def known_by(title: str, unit: str) -> tuple[str, str]:
    """The words by which an article is the same again, whatever their case and spaces."""
    return " ".join(title.split()).casefold(), " ".join(unit.split()).casefold()
