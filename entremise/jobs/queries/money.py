"""A month's pay and invoices, the bank and the books, as the treasurer sees them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from entremise.kernel.time import Period
from entremise.ledger.queries import TrialLine, closed_to
from entremise.payments.models import BankAccount, BankFile, BankLine
from entremise.payments.queries import bank_accounts_of, files, unmatched_lines
from entremise.people.models import Person
from entremise.settlement import queries as settlement
from entremise.settlement.models import Charge, Debit, Item, Payout, Payslip, Receipt, Run
from entremise.settlement.queries.books import balance


@dataclass(frozen=True)
class Payroll:
    """One month. ready: payslips of any month whose wage can be transferred. without: people who lack an account, with
    what they are owed in cents.
    """

    month: Period
    preview: settlement.Preview
    run: Run | None
    summary: settlement.MonthSummary
    made: list[Payslip]
    ready: list[Payslip]
    without: list[tuple[Person, int]]

    @property
    def to_pay(self) -> int:
        return sum(one.paid for one in self.ready)

    @property
    def minutes(self) -> int:
        return sum(one.claim.minutes for one in self.preview.payslips)

    @property
    def gross(self) -> int:
        return sum(one.pay.gross for one in self.preview.payslips if one.pay)


def payroll(*, month: Period) -> Payroll:
    """A constant number of queries."""
    unpaid = settlement.unpaid_payslips()
    accounts: dict[UUID, BankAccount] = bank_accounts_of(people=[one.worker_id for one in unpaid])
    return Payroll(
        month=month,
        preview=settlement.preview(month=month),
        run=settlement.run_of(month=month),
        summary=settlement.month_summary(month=month),
        made=payslips_made(month=month),
        ready=[one for one in unpaid if one.worker_id in accounts],
        without=_by_person([one for one in unpaid if one.worker_id not in accounts]),
    )


def payslips_made(*, month: Period) -> list[Payslip]:
    """Of one month, in order of names."""
    made = Payslip.objects.filter(month=month.first).select_related("worker")
    return list(made.order_by("worker__family_name", "worker__given_name", "number"))


@dataclass(frozen=True)
class Month:
    preview: settlement.Preview
    run: Run | None
    summary: settlement.MonthSummary


def month(*, month: Period) -> Month:
    """What settling a month would make now, and what it has made. A constant number of queries."""
    return Month(settlement.preview(month=month), settlement.run_of(month=month), settlement.month_summary(month=month))


def _by_person(payslips: list[Payslip]) -> list[tuple[Person, int]]:
    people = {one.worker_id: one.worker for one in payslips}
    owed: Counter[UUID] = Counter()
    for one in payslips:
        owed[one.worker_id] += one.paid
    return [(people[person], amount) for person, amount in owed.items()]


@dataclass(frozen=True)
class RunPage:
    run: Run
    month: Period
    done: int
    total: int
    blocked: list[Item]
    running: bool


def run_page(*, run: UUID) -> RunPage | None:
    """How far a run is, and what it could not do."""
    row = Run.objects.filter(id=run).first()
    if row is None:
        return None
    progress = settlement.run_progress(run=run)
    blocked = list(Item.objects.filter(run=row, state="blocked").select_related("person").order_by("kind", "id"))
    running = row.state == "open" and progress.done + progress.blocked < progress.total
    return RunPage(row, Period.month_of(row.month), progress.done, progress.total, blocked, running)


@dataclass(frozen=True)
class Wages:
    """back: ids of unpaid payslips whose wage came back. on_their_way: in a file; paid: the latest, newest first."""

    unpaid: list[Payslip]
    back: set[UUID]
    on_their_way: list[Payout]
    paid: list[Payout]


def wages() -> Wages:
    """A constant number of queries."""
    unpaid = settlement.unpaid_payslips()
    back = Payout.objects.filter(payslip__in=unpaid, state__in=["rejected", "returned"])
    rows = Payout.objects.select_related("payslip__worker", "file").defer("file__content")
    return Wages(
        unpaid=unpaid,
        back=set(back.values_list("payslip_id", flat=True)),
        on_their_way=list(rows.filter(state="ordered").order_by("ordered_at", "payslip__number")),
        paid=list(rows.filter(state="paid").order_by("-paid_at", "-payslip__number")[:60]),
    )


@dataclass(frozen=True)
class Bank:
    """statements and wages: files in and out, newest first. unmatched: movements that nobody explained yet."""

    unmatched: list[BankLine]
    statements: list[BankFile]
    wages: list[BankFile]
    open_invoices: list[settlement.OpenInvoice]


def bank() -> Bank:
    return Bank(
        unmatched=unmatched_lines(limit=200),
        statements=files(way="in", limit=12),
        wages=files(way="out", limit=12),
        open_invoices=settlement.open_invoices(),
    )


@dataclass(frozen=True)
class InvoicePage:
    one: settlement.OpenInvoice
    receipts: list[Receipt]
    corrections: list[settlement.OpenInvoice]
    left_to_credit: int
    shares: list[settlement.Owing]  # What others pay of it.
    debit: Debit | Charge | None  # That its client was told of, and is not collected yet.


def invoice_page(*, number: str) -> InvoicePage | None:
    invoice = settlement.invoice_by_number(number=number)
    if invoice is None:
        return None
    mine = settlement.invoices_of(client=invoice.client_id, limit=500)
    one = next((row for row in mine if row.invoice.id == invoice.id), settlement.OpenInvoice(invoice, 0))
    shares = settlement.shares_of(invoices=[invoice.id])
    corrections = [row for row in mine if row.invoice.corrects_id == invoice.id]
    return InvoicePage(
        one=one,
        receipts=list(Receipt.objects.filter(invoice=invoice).order_by("received_on", "id")),
        corrections=corrections,
        left_to_credit=invoice.total
        - sum(row.invoice.total for row in corrections)
        - sum(row.share.amount for row in shares),
        shares=shares,
        debit=settlement.debits_to_come(client=invoice.client_id).get(invoice.id),
    )


@dataclass(frozen=True)
class Books:
    up_to: date
    lines: list[TrialLine]
    closed_to: date | None

    @property
    def debit(self) -> int:
        return sum(line.debit for line in self.lines)

    @property
    def credit(self) -> int:
        return sum(line.credit for line in self.lines)


def books(*, up_to: date) -> Books:
    return Books(up_to, balance(up_to=up_to), closed_to())
