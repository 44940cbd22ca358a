"""Instalment plans: what was agreed, what of it is paid, what comes next."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet

from entremise.figures import queries as figures
from entremise.settlement.models import Charge, Debit, Instalment, Invoice, Plan, PlanInvoice
from entremise.settlement.queries.owed import OpenInvoice, dues
from entremise.settlement.rules.charges import LIVE
from entremise.settlement.rules.plans import Due, Limits, calendar, filled


@dataclass(frozen=True)
class Part:
    """An instalment, and the cents that came in for it. collect_on: when we collect it, once its client was told."""

    instalment: Instalment
    paid: int
    missed: bool
    collect_on: date | None = None

    @property
    def left(self) -> int:
        return self.instalment.amount - self.paid


@dataclass(frozen=True)
class PlanSeen:
    """A plan with its invoices as they stand; what is left is derived from them. Cents."""

    plan: Plan
    invoices: list[OpenInvoice]
    parts: list[Part]

    @property
    def total(self) -> int:
        return sum(one.instalment.amount for one in self.parts)

    @property
    def left(self) -> int:
        return sum(one.due for one in self.invoices)

    @property
    def next(self) -> Part | None:
        return next((one for one in self.parts if one.left), None)

    @property
    def missed(self) -> list[Part]:
        return [one for one in self.parts if one.missed]

    @property
    def reference(self) -> str:
        """The number that the next payment names."""
        return next((one.invoice.number for one in self.invoices if one.due), self.invoices[0].invoice.number)


def limits(*, on: date) -> Limits:
    table = figures.table()
    return Limits(int(table.at("plan.most_instalments", on)), int(table.at("plan.most_days", on)))


def preview_plan(*, invoices: Sequence[Invoice], count: int, first_on: date, on: date) -> list[Due]:
    """The calendar that would be agreed that day. Raises what `calendar` does."""
    total = sum(dues(invoices=invoices).values())
    return calendar(total, count, first_on, agreed_on=on, limits=limits(on=on))


def plan(*, plan: UUID, client: UUID) -> Plan | None:
    """One of this client's."""
    return Plan.objects.select_related("client").filter(id=plan, client_id=client).first()


def plans_of(*, client: UUID, on: date) -> list[PlanSeen]:
    """All versions, the latest first."""
    return _seen(Plan.objects.filter(client_id=client).order_by("-agreed_at", "-id"), on)


def plan_running(*, client: UUID, on: date) -> PlanSeen | None:
    return next(iter(_seen(Plan.objects.filter(client_id=client, state="running"), on)), None)


def plans_running(*, clients: Collection[UUID], on: date) -> list[PlanSeen]:
    """Those of these people, in the order of their agreement. A constant number of queries."""
    rows = Plan.objects.filter(state="running", client__in=list(clients)).order_by("agreed_at", "id")
    return _seen(rows, on) if clients else []


@dataclass(frozen=True)
class PartOfInvoice:
    """So many cents of an invoice, in the next instalment of its plan. count: of all its instalments."""

    invoice: Invoice
    amount: int
    instalment: Instalment
    count: int


def parts_to_collect(*, clients: Collection[UUID], on: date) -> Iterator[PartOfInvoice]:
    """The next instalment of each plan of these people, over its invoices in order, when its day is not too far."""
    until = on + timedelta(days=int(figures.table().at("debit.instalment_ahead_days", on)))
    for seen in plans_running(clients=clients, on=on):
        part = seen.next
        if part is None or part.instalment.due_on > until:
            continue
        for one, amount in zip(seen.invoices, filled([row.due for row in seen.invoices], part.left), strict=True):
            if amount:
                yield PartOfInvoice(one.invoice, amount, part.instalment, len(seen.parts))


def running_plans(*, on: date) -> list[PlanSeen]:
    """In the order of their next dates. A constant number of queries."""
    found = _seen(Plan.objects.filter(state="running").order_by("agreed_at", "id"), on)
    return sorted(found, key=lambda one: one.next.instalment.due_on if one.next else date.max)


def in_a_plan(*, invoices: Collection[UUID] | None = None) -> set[UUID]:
    """Invoices that a running plan pays; of these, or of all."""
    rows = PlanInvoice.objects.filter(plan__state="running")
    if invoices is not None:
        rows = rows.filter(invoice__in=invoices)
    return set(rows.values_list("invoice_id", flat=True))


def _seen(rows: "QuerySet[Plan]", on: date) -> list[PlanSeen]:
    plans = list(rows.select_related("client"))
    if not plans:
        return []
    paid_by: defaultdict[UUID, list[PlanInvoice]] = defaultdict(list)
    pairs = PlanInvoice.objects.filter(plan__in=plans).select_related("invoice__client", "invoice__document")
    for pair in pairs.order_by("invoice__due_on", "invoice__number"):
        paid_by[pair.plan_id].append(pair)
    dates: defaultdict[UUID, list[Instalment]] = defaultdict(list)
    for row in Instalment.objects.filter(plan__in=plans).order_by("number"):
        dates[row.plan_id].append(row)
    due = dues(invoices=[pair.invoice for pairs in paid_by.values() for pair in pairs])
    told = Debit.objects.filter(instalment__plan__in=plans, state__in=["announced", "ordered"])
    days = dict(told.values_list("instalment_id", "collect_on"))
    charges = Charge.objects.filter(instalment__plan__in=plans, state__in=LIVE)
    days |= dict(charges.values_list("instalment_id", "collect_on"))
    missed_before = on - timedelta(days=int(figures.table().at("plan.grace_days", on)))
    return [_one(plan, paid_by[plan.id], dates[plan.id], due, missed_before, days) for plan in plans]


def _one(
    plan: Plan,
    pairs: list[PlanInvoice],
    dates: list[Instalment],
    due: dict[UUID, int],
    missed_before: date,
    days: dict[UUID, date],
) -> PlanSeen:
    paid = sum(pair.due - due[pair.invoice_id] for pair in pairs)
    running = plan.state == "running"
    parts = [
        Part(row, part, running and part < row.amount and row.due_on < missed_before, days.get(row.id))
        for row, part in zip(dates, filled([row.amount for row in dates], paid), strict=True)
    ]
    return PlanSeen(plan, [OpenInvoice(pair.invoice, due[pair.invoice_id]) for pair in pairs], parts)
