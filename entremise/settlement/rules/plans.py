"""Instalments: their calendar, and how what is paid fills them. Pure functions of their arguments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from entremise.kernel.money import split
from entremise.kernel.refused import Refused
from entremise.kernel.state import StateTable

PLAN = StateTable(
    "plan",
    {
        ("", "agree"): ("running", "plan_agreed"),
        ("running", "replace"): ("replaced", "plan_replaced"),
        ("running", "cancel"): ("cancelled", "plan_cancelled"),
        ("running", "finish"): ("paid", "plan_paid"),
    },
)


@dataclass(frozen=True)
class Limits:
    """How long a plan may be: instalments, and days from the day of the agreement to the last of them."""

    instalments: int
    days: int


@dataclass(frozen=True)
class Due:
    """A day and the cents to pay on it."""

    on: date
    amount: int


def calendar(total: int, count: int, first_on: date, *, agreed_on: date, limits: Limits) -> list[Due]:
    """`total` (cents) in `count` parts that differ by a cent at most, a month apart; the larger ones come first.

    Raises Refused("plan_too_long") beside `count`, Refused("day_past") beside `first_on`, Refused("plan_too_small")
    when there is not a cent for each.
    """
    if first_on < agreed_on:
        raise Refused("day_past", where="first_on")
    last = agreed_on + timedelta(days=limits.days)
    # The last day of a plan is counted before any date of it is made: a year that no calendar has is too long as well.
    if not 0 < count <= limits.instalments or first_on > last or first_on + relativedelta(months=count - 1) > last:
        raise Refused("plan_too_long", {"most": limits.instalments, "days": limits.days}, where="count")
    if total < count:
        raise Refused("plan_too_small", where="count")
    days = (first_on + relativedelta(months=month) for month in range(count))
    return [Due(day, amount) for day, amount in zip(days, split(total, [1] * count), strict=True)]


def filled(amounts: Sequence[int], paid: int) -> list[int]:
    """What of `paid` goes to each instalment: the first is full before the second gets anything."""
    parts, left = [], max(0, paid)
    for amount in amounts:
        parts.append(min(amount, left))
        left -= parts[-1]
    return parts
