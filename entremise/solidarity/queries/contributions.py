"""Questions about what people add to their invoices for others."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Sum

from entremise.figures import queries as figures
from entremise.kernel.money import half_up
from entremise.settlement.models import InvoiceLine
from entremise.settlement.queries.owed import left
from entremise.solidarity.models import Addition, Contribution, Gift
from entremise.solidarity.rules.prices import Grid


@dataclass(frozen=True)
class Given:
    """Cents that somebody's contributions gave, and what an hour cost them lately; minutes that it paid for others."""

    amount: int
    hourly: int

    @property
    def minutes(self) -> int:
        return self.amount * 60 // self.hourly if self.hourly else 0


def grid(*, on: date) -> Grid:
    table = figures.table()
    keys = ("solidarity.added_least", "solidarity.added_suggested", "solidarity.added_most")
    return Grid(*(half_up(table.at(key, on) * 100) for key in keys))


def contribution_of(*, person: UUID) -> Contribution | None:
    return Contribution.objects.select_related("fund").filter(person_id=person, ended_at=None).first()


def contributions() -> list[Contribution]:
    """Those that go on, by name."""
    rows = Contribution.objects.filter(ended_at=None).select_related("person", "fund")
    return list(rows.order_by("person__family_name", "id"))


def added_to(*, invoices: list[UUID]) -> dict[UUID, Addition]:
    """What each of these invoices may be paid beyond, where its client adds something."""
    return {one.invoice_id: one for one in Addition.objects.filter(invoice__in=invoices)}


def given_by(*, person: UUID) -> Given:
    """All that somebody's contributions gave, beside what an hour costs them."""
    gifts = Gift.objects.filter(id__in=Addition.objects.filter(contribution__person_id=person).values("gift"))
    amount = gifts.aggregate(total=Sum("amount"))["total"] or 0
    if not amount:
        return Given(0, 0)
    line = InvoiceLine.objects.filter(invoice__client_id=person, minutes__gt=0).order_by("-day").first()
    return Given(int(amount), line.unit_price if line else 0)


def to_book() -> list[Addition]:
    """Those whose client paid more than their invoice, the oldest first. A constant number of queries."""
    rows = Addition.objects.filter(gift=None).select_related("invoice__client", "contribution__fund")
    waiting = list(rows.order_by("invoice__issued_on", "id"))
    still = left(invoices=[one.invoice for one in waiting])
    return [one for one in waiting if still[one.invoice_id] < 0]
