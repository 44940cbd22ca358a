from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Q, Sum

from entremise.agreements.queries import differences, done_work, unconfirmed
from entremise.figures import queries as figures
from entremise.figures.rules import FigureTable
from entremise.kernel.refused import Refused
from entremise.kernel.time import Period, within
from entremise.payments.queries import bank_accounts_of
from entremise.people.models import Person
from entremise.people.queries import suppliers as suppliers_among
from entremise.people.queries import tax_rates
from entremise.settlement.models import Invoice, InvoiceLine, Item, PaidWork, Payslip, Run, SupplierInvoiceLine
from entremise.settlement.rules import claims
from entremise.settlement.rules.claims import Claim
from entremise.settlement.rules.employer import employer
from entremise.settlement.rules.payroll_fr import Pay, PayInput, minimum_hourly, payslip

ANY_TIME = datetime(9999, 1, 1, tzinfo=UTC)
R = TypeVar("R")


@dataclass(frozen=True)
class Blocked:
    """What a person should look at before a month is settled. code: for the sentence; person: whose, if anybody's."""

    code: str
    person: Person | None = None
    detail: str = ""


@dataclass(frozen=True)
class InvoicePreview:
    client: Person
    claim: Claim


@dataclass(frozen=True)
class PayslipPreview:
    """pay None: it cannot be worked out; the reason is among the month's problems."""

    worker: Person
    claim: Claim
    pay: Pay | None


@dataclass(frozen=True)
class SupplierPreview:
    """clients: how many would get an invoice of theirs. mandate: they signed that we draw it up."""

    supplier: Person
    claim: Claim
    mandate: bool

    @property
    def clients(self) -> int:
        return len({line.client for line in self.claim.lines})

    @property
    def commission(self) -> int:
        return sum(line.commission for line in self.claim.lines)


@dataclass(frozen=True)
class Preview:
    """What settling a month would make, in cents, with nothing written."""

    month: Period
    invoices: list[InvoicePreview]
    payslips: list[PayslipPreview]
    problems: list[Blocked]
    suppliers: list[SupplierPreview]

    @property
    def invoiced(self) -> int:
        return sum(one.claim.total for one in self.invoices)

    @property
    def net(self) -> int:
        return sum(one.pay.net_payable for one in self.payslips if one.pay)

    @property
    def cost(self) -> int:
        return sum(one.pay.cost for one in self.payslips if one.pay)


@dataclass(frozen=True)
class Progress:
    done: int
    blocked: int
    total: int


@dataclass(frozen=True)
class MonthSummary:
    """A settled month: how many of each and their sums in cents."""

    month: Period
    invoices: int
    invoiced: int
    credited: int
    payslips: int
    net: int
    cost: int


def claims_of(*, month: Period, person: UUID | None = None) -> list[Claim]:
    """What the month's work claims and no document holds yet. person: only what they are a party of."""
    work = done_work(period=month, person=person, forfeits=True)
    ids = [done.fulfilment for done in work]
    billed = set(InvoiceLine.objects.filter(fulfilment_id__in=ids).values_list("fulfilment_id", flat=True))
    billed |= set(SupplierInvoiceLine.objects.filter(fulfilment_id__in=ids).values_list("fulfilment_id", flat=True))
    paid = set(PaidWork.objects.filter(fulfilment_id__in=ids).values_list("fulfilment_id", flat=True))
    table = figures.table()
    return claims.claims(
        work, billed=billed, paid=paid, minimum=lambda day: minimum_hourly(age=None, figures=table, day=day)
    )


def preview(*, month: Period) -> Preview:
    """What settling this month would make now, and what somebody should look at first. A constant number of queries."""
    found = claims_of(month=month)
    people = {person.id: person for person in Person.objects.filter(id__in=[claim.person for claim in found])}
    table = figures.table()
    invoices = [InvoicePreview(people[c.person], c) for c in found if c.kind == claims.INVOICE]
    rates = tax_rates(people=[claim.person for claim in found if claim.kind == claims.PAYSLIP], on=month.last)
    payslips = []
    problems = _month_problems(month)
    for claim in found:
        if claim.kind != claims.PAYSLIP:
            continue
        worker = people[claim.person]
        try:
            payslips.append(PayslipPreview(worker, claim, work_out(claim, month, table, rates.get(claim.person))))
        except Refused as refused:
            payslips.append(PayslipPreview(worker, claim, None))
            problems.append(Blocked(refused.code, worker))
    accounts = bank_accounts_of(people=[one.worker.id for one in payslips])
    problems += [Blocked("no_bank_account", one.worker) for one in payslips if one.worker.id not in accounts]
    problems += [Blocked("no_address", one.client) for one in invoices if not one.client.street]
    businesses = suppliers_among(people=[claim.person for claim in found if claim.kind == claims.SUPPLIER])
    supplied = [
        SupplierPreview(people[c.person], c, c.person in businesses and bool(businesses[c.person].mandate_on))
        for c in found
        if c.kind == claims.SUPPLIER
    ]
    problems += [Blocked("no_billing_mandate", one.supplier) for one in supplied if not one.mandate]
    named = _by_name(supplied, "supplier")
    return Preview(month, _by_name(invoices, "client"), _by_name(payslips, "worker"), problems, named)


def work_out(claim: Claim, month: Period, table: FigureTable, tax_rate: Decimal | None) -> Pay:
    """A worker's month, worked out with the figures in force. Raises what `payroll_fr.payslip` refuses.

    tax_rate: the fraction that the tax office told; None for the neutral rate.
    """
    ours = employer(table, month.first)
    rates, months = (
        [line.hourly for line in claim.lines],
        int(table.at("withholding_short_contract_months", month.first)),
    )
    return payslip(
        PayInput(
            month=month,
            worked_minutes=claim.minutes,
            hourly_gross=min(rates),
            base_gross=sum(line.amount for line in claim.lines),
            headcount_under_11=ours.under_11,
            headcount_under_50=ours.under_50,
            non_profit=ours.non_profit,
            fixed_term=True,
            short_contract=all(line.term is None or within(line.term, months=months) for line in claim.lines),
            withholding_rate=tax_rate,
        ),
        table,
    )


def run_of(*, month: Period) -> Run | None:
    return Run.objects.filter(month=month.first).first()


def run(*, run: UUID) -> Run:
    return Run.objects.get(id=run)


def open_runs() -> list[Run]:
    """Runs that somebody started and that are not finished."""
    return list(Run.objects.filter(state="open").order_by("month"))


def items_to_do(*, run: UUID) -> list[Item]:
    return list(Item.objects.filter(run_id=run, state="to_do").select_related("person", "run").order_by("kind", "id"))


def run_progress(*, run: UUID) -> Progress:
    return Progress(
        **Item.objects.filter(run_id=run).aggregate(
            done=Count("id", filter=Q(state="done")),
            blocked=Count("id", filter=Q(state="blocked")),
            total=Count("id"),
        )
    )


def month_summary(*, month: Period) -> MonthSummary:
    rows = Invoice.objects.filter(month=month.first)
    invoices = rows.aggregate(
        n=Count("id", filter=Q(kind="invoice")),
        invoiced=Sum("total", filter=Q(kind="invoice")),
        credited=Sum("total", filter=Q(kind="credit_note")),
    )
    pay = Payslip.objects.filter(month=month.first).aggregate(n=Count("id"), net=Sum("paid"), cost=Sum("employer_cost"))
    return MonthSummary(
        month,
        invoices["n"],
        invoices["invoiced"] or 0,
        invoices["credited"] or 0,
        pay["n"],
        pay["net"] or 0,
        pay["cost"] or 0,
    )


def _month_problems(month: Period) -> list[Blocked]:
    disputed = [one.fulfilment for one in differences() if one.fulfilment.day in month]
    silent = [one for one in unconfirmed(logged_before=ANY_TIME) if one.day in month]
    found = [Blocked("hours_differ", None, one.agreement.number) for one in disputed]
    return found + [Blocked("hours_unconfirmed", None, one.agreement.number) for one in silent]


def _by_name(rows: list[R], attribute: str) -> list[R]:
    def name(row: R) -> tuple[str, str]:
        person: Person = getattr(row, attribute)
        return person.family_name, person.given_name

    return sorted(rows, key=name)
