"""A price of one's own: what a band takes off the work of its season, and what becomes of a place in it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from entremise.kernel.money import share
from entremise.kernel.refused import Refused
from entremise.kernel.state import StateTable
from entremise.kernel.time import Period

PURPOSE = "home_help"  # What its reserve is kept for: our own invoices.

# waiting: for a place to be free, or for the fund to hold its reserve. over: its season is settled.
PLACE = StateTable(
    "place",
    {
        ("", "ask"): ("waiting", "place_asked"),
        ("waiting", "give"): ("held", "place_given"),
        ("held", "ease"): ("held", "place_eased"),
        ("waiting", "leave"): ("left", "place_left"),
        ("held", "leave"): ("left", "place_left"),
        ("waiting", "end"): ("over", "place_over"),
        ("held", "end"): ("over", "place_over"),
    },
)
LIVE = ("waiting", "held")


@dataclass(frozen=True)
class Off:
    """What a band takes off: percent, or cents an hour."""

    percent: int
    hourly: int


@dataclass(frozen=True)
class Work:
    """A line of an invoice; cents."""

    day: date
    minutes: int
    amount: int


def taken_off(off: Off, season: Period, lines: Iterable[Work]) -> int:
    """Cents that a band takes off these lines: of hours worked in its season, never more than they cost."""
    worked = [line for line in lines if line.minutes and season.first <= line.day <= season.last]
    if off.percent:
        return share(sum(line.amount for line in worked), Decimal(off.percent) / 100)
    return sum(min(line.amount, share(off.hourly, Decimal(line.minutes) / 60)) for line in worked)


def added(hourly: int, lines: Iterable[Work]) -> int:
    """Cents that a contribution adds to these lines: for each hour worked."""
    return sum(share(hourly, Decimal(line.minutes) / 60) for line in lines)


@dataclass(frozen=True)
class Grid:
    """What a contribution may be, cents an hour."""

    least: int
    suggested: int
    most: int


def require_grid(grid: Grid, before: int, hourly: int, *, by_themselves: bool) -> None:
    """Raises Refused unless a contribution is nothing or within the grid. By themselves people only raise it: whoever
    lowers one speaks with somebody.
    """
    if by_themselves and hourly < before:
        raise Refused("contribution_lower", where="hourly")
    if hourly and not grid.least <= hourly <= grid.most:
        raise Refused("contribution_out_of_grid", {"minimum": grid.least, "ceiling": grid.most}, where="hourly")


def require_ladder(above: Off | None, off: Off) -> None:
    """Raises Refused unless a band takes off percent or cents an hour, like the one above it and more."""
    if (off.percent > 0) == (off.hourly > 0) or not 0 <= off.percent <= 100 or off.hourly < 0:
        raise Refused("band_incomplete", where="percent")
    if above and ((above.percent > 0) != (off.percent > 0) or off.percent + off.hourly <= above.percent + above.hourly):
        raise Refused("band_order", where="percent")


def season_of(first: date, last: date, others: Iterable[Period], *, on: date) -> Period:
    """Raises Refused unless a season has days to come, and is one of those there are or meets none."""
    if last < max(on, first):
        raise Refused("season_over", where="last")
    season = Period(first, last)
    if any(one != season and one.first <= season.last and season.first <= one.last for one in others):
        raise Refused("seasons_meet", where="first")
    return season
