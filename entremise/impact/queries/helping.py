"""What solidarity funds took and gave, for everybody: whole months, together until nobody can be guessed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import dropwhile
from uuid import UUID

from entremise.impact import rules
from entremise.kernel.time import Period
from entremise.solidarity.models import AwardPayment, Gift

MONTHS = 12


@dataclass(frozen=True)
class Stretch:
    """Months told together; cents. helped: people, none or FEWEST at least."""

    period: Period
    received: int
    given: int
    helped: int


@dataclass
class _Month:
    received: int = 0
    given: int = 0
    helped: frozenset[UUID] = frozenset()
    givers: frozenset[UUID] = frozenset()


def shared(*, today: date) -> list[Stretch]:
    """The stretches of the last twelve months that are over, oldest first. Two queries.

    A stretch ends where those who were helped, and the people who gave, are nobody or FEWEST at least: what is left at
    the end waits. Stretches do not overlap, so no subtraction leads to a few.
    """
    first = today.replace(day=1)
    months = [Period.month_of(first - timedelta(days=1))]
    while len(months) < MONTHS:
        months.insert(0, Period.month_of(months[0].first - timedelta(days=1)))
    counted = _counted(Period(months[0].first, months[-1].last))
    rows = [counted[one.first] for one in months]
    spans = rules.stretches([(row.helped, row.givers) for row in rows])
    told = [_told(months[start : end + 1], rows[start : end + 1]) for start, end in spans]
    return list(dropwhile(lambda one: not one.received and not one.given, told))


def _told(months: Sequence[Period], rows: Sequence[_Month]) -> Stretch:
    return Stretch(
        Period(months[0].first, months[-1].last),
        sum(row.received for row in rows),
        sum(row.given for row in rows),
        len(frozenset[UUID]().union(*(row.helped for row in rows))),
    )


def _counted(period: Period) -> defaultdict[date, _Month]:
    found: defaultdict[date, _Month] = defaultdict(_Month)
    span = (period.first, period.last)
    gifts = Gift.objects.filter(received_on__range=span).values_list("received_on", "amount", "giver_id", "giver__kind")
    for day, amount, giver, kind in gifts:
        month = found[day.replace(day=1)]
        month.received += amount
        if giver and kind == "individual":  # A town's grant is no secret.
            month.givers |= {giver}
    paid = AwardPayment.objects.filter(paid_on__range=span).values_list("paid_on", "amount", "award__person_id")
    for day, amount, person in paid:
        month = found[day.replace(day=1)]
        month.given += amount
        month.helped |= {person}
    return found
