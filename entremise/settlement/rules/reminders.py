"""When somebody is reminded of what they have not paid, and in which tone. Pure functions of their arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from entremise.kernel.state import StateTable

TONES: Final = ("friendly", "plain", "firm")
FIRM: Final = TONES[-1]  # Never sent without a person's word.
ONE_DAY = timedelta(days=1)

PAUSE = StateTable(
    "pause",
    {
        ("", "pause"): ("on", "reminders_paused"),
        ("on", "resume"): ("over", "reminders_resumed"),
    },
)


@dataclass(frozen=True)
class Pace:
    """What an organisation decided. days: after the last day to pay, by tone; apart: days between two reminders to one
    client; minimum: cents under which nobody is reminded; individuals, bodies: whether the clock writes to them.
    """

    days: Mapping[str, int]
    apart: int
    minimum: int
    individuals: bool
    bodies: bool


@dataclass(frozen=True)
class Sent:
    """A reminder that was written."""

    tone: str
    on: date


@dataclass(frozen=True)
class Step:
    """The next reminder of an invoice, and the first day on which it may leave."""

    tone: str
    on: date


def next_step(
    due_on: date, sent: Sequence[Sent], pace: Pace, *, heard: date | None = None, quiet_to: date | None = None
) -> Step | None:
    """The tone after the last one that was sent; None when all have been.

    A tone never follows the one before sooner than planned, however late that was. heard: when this client was last
    reminded of anything; quiet_to: the last day of a pause.
    """
    done = {one.tone: one.on for one in sent}
    tone = next((one for one in TONES[_reached(done) :]), None)
    if tone is None:
        return None
    first = due_on + timedelta(days=pace.days[tone])
    if done:
        before = max(done, key=TONES.index)
        first = max(first, done[before] + timedelta(days=max(1, pace.days[tone] - pace.days[before])))
    if heard:
        first = max(first, heard + timedelta(days=pace.apart))
    return Step(tone, max(first, quiet_to + ONE_DAY) if quiet_to else first)


def _reached(done: Mapping[str, date]) -> int:
    return max((TONES.index(tone) + 1 for tone in done), default=0)
