"""Kinds of care budgets, what they may be for, and to whom goes what is left of them.

Field notes 2, §1.4; nothing of it was read in a law, so every row says where it comes from and that nobody verified it.
"""

from dataclasses import dataclass
from datetime import date

MODE = "care_pool"  # Of the agreements with whoever helps.
KINDS = ("apa", "direct_payment", "isf", "own")

# What an hour of help is for, and what some budgets may never pay.
CARE = ("personal_care", "meals", "housework", "shopping", "outings", "company", "respite")
OUTCOMES = (*CARE, "health_care", "rent", "bills", "gambling", "debts")

# Who goes on with a direct payment is the person themselves; an ISF and the APA were given to whoever holds them.
_BACK_TO_FUNDER = frozenset({"isf", "apa"})


@dataclass(frozen=True)
class Shipped:
    """A blocked outcome as it comes with the program; an organisation ends it or adds others."""

    kind: str
    outcome: str
    since: date
    source: str


_ISF = "Councils' guidance on Individual Service Funds (Essex, Dorset, Shropshire)"
# The Care Act 2014 came into force on this day: our reading of since when.
BLOCKED = tuple(
    Shipped("isf", outcome, date(2015, 4, 1), _ISF) for outcome in ("health_care", "rent", "bills", "gambling", "debts")
)


def needs_funder(kind: str) -> bool:
    return kind != "own"


def back_to_funder(kind: str) -> bool:
    """Whether what is left when somebody leaves goes to whoever funded it, instead of to the person."""
    return kind in _BACK_TO_FUNDER
