"""Threshold, deadline, pledges and their order. Nothing here knows what is bought or paid for."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from entremise.kernel.state import StateTable

CAMPAIGN = StateTable(
    "campaign",
    {
        ("", "draft"): ("draft", "campaign_drafted"),
        ("draft", "open"): ("open", "campaign_opened"),
        ("draft", "call_off"): ("called_off", "campaign_called_off"),
        ("open", "call_off"): ("called_off", "campaign_called_off"),
        # From then on only changes that help the whole are taken.
        ("open", "fill"): ("filling", "campaign_filling"),
        ("filling", "call_off"): ("called_off", "campaign_called_off"),
        ("open", "shut"): ("closing", "campaign_shut"),
        ("filling", "shut"): ("closing", "campaign_shut"),
        ("closing", "call_off"): ("called_off", "campaign_called_off"),
        ("closing", "tip"): ("tipped", "campaign_tipped"),
        ("closing", "fail"): ("failed", "campaign_failed"),
        # Until anything was ordered in its name.
        ("tipped", "call_off"): ("called_off", "campaign_called_off"),
        ("tipped", "commit"): ("committed", "campaign_committed"),
        ("tipped", "finish"): ("finished", "campaign_finished"),
        ("committed", "finish"): ("finished", "campaign_finished"),
    },
)
TAKING = ("open", "filling")  # Pledges are taken and changed.
ENDED = ("failed", "called_off")  # Nobody owes anything.

PLEDGE = StateTable(
    "pledge",
    {
        ("", "pledge"): ("pledged", "pledge_made"),
        ("pledged", "change"): ("pledged", "pledge_changed"),
        ("pledged", "withdraw"): ("withdrawn", "pledge_withdrawn"),
        ("pledged", "release"): ("released", "pledge_released"),
        # The campaign tipped, and they are of it.
        ("pledged", "confirm"): ("confirmed", "pledge_confirmed"),
        ("confirmed", "release"): ("released", "pledge_released"),
        ("confirmed", "drop"): ("dropped", "pledge_dropped"),  # They did not pay within the time of grace.
        ("confirmed", "charge"): ("charged", "pledge_charged"),
        ("charged", "release"): ("released", "pledge_released"),  # Called off after all: what they paid goes back.
    },
)
LIVE = ("pledged", "confirmed", "charged")

MEASURES = ("pledges", "units", "money")  # What counts towards a threshold; money in minor units, at the ceiling.

L = TypeVar("L", bound=Hashable)
P = TypeVar("P", bound=Hashable)


@dataclass(frozen=True)
class Wish(Generic[L]):
    """What somebody wants now of one lot: units, how many more they would take, the most they would pay for one in
    minor units.
    """

    lot: L
    quantity: int
    tolerance: int
    ceiling: int

    @property
    def at_most(self) -> int:
        return (self.quantity + self.tolerance) * self.ceiling


@dataclass(frozen=True)
class Step(Generic[P, L]):
    """By how much a wish changed at one time, in units; in a list, the oldest first."""

    pledge: P
    lot: L
    quantity: int
    tolerance: int


def step_to(*, before: Wish[L], after: Wish[L]) -> tuple[int, int]:
    """The change of quantity and tolerance from one wish to the next."""
    return after.quantity - before.quantity, after.tolerance - before.tolerance


def queue(steps: Sequence[Step[P, L]]) -> list[Step[P, L]]:
    """What is left of each step, in its place: who wants less gives up what they asked for last, and keeps the place of
    what they asked for first.
    """
    left: list[Step[P, L]] = []
    theirs: defaultdict[tuple[P, L], list[int]] = defaultdict(list)
    for step in steps:
        mine = theirs[step.pledge, step.lot]
        _give_up(left, mine, max(0, -step.quantity), max(0, -step.tolerance))
        mine.append(len(left))
        left.append(replace(step, quantity=max(0, step.quantity), tolerance=max(0, step.tolerance)))
    return [step for step in left if step.quantity or step.tolerance]


def _give_up(left: list[Step[P, L]], mine: Sequence[int], quantity: int, tolerance: int) -> None:
    for place in reversed(mine):
        step = left[place]
        less, fewer = min(quantity, step.quantity), min(tolerance, step.tolerance)
        left[place] = replace(step, quantity=step.quantity - less, tolerance=step.tolerance - fewer)
        quantity, tolerance = quantity - less, tolerance - fewer


@dataclass(frozen=True)
class Progress:
    """Where a campaign stands: live pledges, units wanted, and what they would give at most in minor units."""

    pledges: int
    units: int
    money: int

    def measured(self, measure: str) -> int:
        return {"pledges": self.pledges, "units": self.units, "money": self.money}[measure]


def deadline(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, when clocks in a zone show this day and time. In spring, when an hour is missing, the moment
    it would have been; in autumn, when an hour comes twice, the second: nobody finds the door shut before the time that
    they read.
    """
    there = datetime.combine(day, at, zone)
    return max(there.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def grace_ends(since: datetime, hours: int) -> datetime:
    """So many hours of real time later, whatever clocks do in between."""
    return since.astimezone(UTC) + timedelta(hours=hours)
