"""What others pay of an invoice. Pure functions of their arguments; amounts in cents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from entremise.kernel.money import for_minutes, share, split
from entremise.kernel.state import StateTable

UNDERTAKING = StateTable(
    "undertaking",
    {
        ("", "note"): ("on", "undertaking_noted"),
        ("on", "end"): ("over", "undertaking_ended"),
    },
)


@dataclass(frozen=True)
class Visit:
    """A line of an invoice, as far as it decides who pays."""

    day: date
    minutes: int
    amount: int


@dataclass(frozen=True)
class Cover:
    """An undertaking. how: percent, per_hour or per_month; value: hundredths of a percent, or cents. used: what it pays
    of the same month already; ceiling: of a month, None for none. minutes: how many of the first it still covers, None
    for all.
    """

    how: str
    value: int
    first: date
    last: date | None
    ceiling: int | None = None
    used: int = 0
    minutes: int | None = None

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


def shares(visits: Sequence[Visit], covers: Sequence[Cover]) -> list[int]:
    """What each pays, in their order, never more in all than the invoice; the client pays what is left.

    Only visits within its days count. What is paid by the month or has a ceiling counts what it pays already.
    """
    left, parts = sum(one.amount for one in visits), []
    for cover in covers:
        within = _within(cover, visits)
        part = max(0, min(_whole(cover, within), sum(one.amount for one in within), left))
        parts.append(part)
        left -= part
    return parts


def _within(cover: Cover, visits: Sequence[Visit]) -> list[Visit]:
    """Those of its days; the one where its hours end counts in proportion."""
    within = sorted((one for one in visits if cover.holds(one.day)), key=lambda one: one.day)
    if cover.minutes is None:
        return within
    left, kept = cover.minutes, []
    for one in within:
        minutes = min(left, one.minutes)
        if minutes:
            amount = split(one.amount, [minutes, one.minutes - minutes])[0]
            kept.append(Visit(one.day, minutes, amount))
            left -= minutes
    return kept


def _whole(cover: Cover, visits: Sequence[Visit]) -> int:
    wanted = {
        "percent": share(sum(one.amount for one in visits), Decimal(cover.value) / 10_000),
        "per_hour": for_minutes(cover.value, sum(one.minutes for one in visits)),
        "per_month": cover.value - cover.used,
    }[cover.how]
    return wanted if cover.ceiling is None else min(wanted, cover.ceiling - cover.used)
