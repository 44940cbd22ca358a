"""How old a debt is, in the steps that accountants use."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

# From how many days after the day it was due; None: not due yet.
STEPS: tuple[int | None, ...] = (None, 1, 31, 61, 91)


@dataclass(frozen=True)
class Age:
    """from_days: see STEPS; to_days: the last day of the step, None when it has no end. due: cents."""

    from_days: int | None
    to_days: int | None
    count: int
    due: int


def ages(debts: Iterable[tuple[date, int]], *, on: date) -> list[Age]:
    """debts: (due on, cents). Every step is there, also the empty ones; what is due today is not late."""
    counts, sums = dict.fromkeys(STEPS, 0), dict.fromkeys(STEPS, 0)
    for due_on, due in debts:
        step = _step((on - due_on).days)
        counts[step] += 1
        sums[step] += due
    ends = [None if step is None or step == STEPS[-1] else step + 29 for step in STEPS]
    return [Age(step, end, counts[step], sums[step]) for step, end in zip(STEPS, ends, strict=True)]


def _step(days: int) -> int | None:
    return next((step for step in reversed(STEPS) if step is not None and days >= step), None)
