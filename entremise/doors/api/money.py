"""Money: invoices, payslips, and a month before and after it is settled. Amounts are cents."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from pydantic import Field

from entremise.doors.api import pages
from entremise.doors.api.agreements import pdf
from entremise.doors.api.door import MONEY, act_of, asks, found, only, tells, whose, zone_of
from entremise.doors.api.told import Someone
from entremise.doors.api.types import (
    LARGEST_NUMBER,
    PAGE,
    WHOLE,
    Chosen,
    Clean,
    Cursor,
    Given,
    Limit,
    Named,
    Spelled,
    Told,
)
from entremise.jobs.queries import listed, money
from entremise.kernel.act import Role
from entremise.kernel.ids import new_id
from entremise.kernel.time import Period, parse_month
from entremise.settlement import operations as settlement
from entremise.settlement.models import Invoice, Payout, Payslip
from entremise.settlement.queries import OpenInvoice, invoice_by_number, owed
from entremise.settlement.queries.owed import payslip_by_number
from entremise.solidarity import operations as solidarity

INVOICES, PAYSLIPS, PAYOUTS = "invoices", "payslips", "payouts"
AT_COUNTER = (*MONEY, Role.COORDINATOR)  # Whoever takes coins for one.
Cents = Annotated[int, Field(ge=1, le=LARGEST_NUMBER, description="Cents.", examples=[4900]), WHOLE]
Month = Annotated[str, Field(pattern="^20[0-9]{2}-(?:0[1-9]|1[0-2])$", examples=["2026-10"])]


class InvoiceTold(Told):
    """What a client owes for a month, or a credit note that takes some of it back. Cents; due: what is still to be
    paid. month: its first day.
    """

    number: str
    kind: Literal["invoice", "credit_note"]
    client: Someone
    month: date
    issued_on: date
    due_on: date
    total: int
    due: int
    corrects: str | None
    document: UUID


class Invoices(Told):
    """A page of invoices; next: the cursor of the page after, null on the last."""

    rows: list[InvoiceTold]
    next: str | None


class PayslipTold(Told):
    """A worker's pay for a month, in cents. gross: holiday included. net: before withholding tax. paid: what reaches
    them. month: its first day.
    """

    number: str
    worker: Someone
    month: date
    minutes: int
    gross: int
    net: int
    paid: int
    employer_cost: int
    document: UUID
    issued_at: datetime


class Payslips(Told):
    """A page of payslips; next: the cursor of the page after, null on the last."""

    rows: list[PayslipTold]
    next: str | None


class NewReceipt(Given):
    """Coins or a cheque that somebody took. amount: cents, at most what is due."""

    amount: Cents
    how: Literal["cash", "cheque"]


class NewCreditNote(Given):
    """amount: cents; left out, all that is left of the invoice. reason: it is printed."""

    reason: Annotated[Clean, Field(min_length=1, max_length=160)]
    amount: Cents | None = None


class HandOver(Given):
    """How a wage was handed over."""

    how: Literal["cash", "cheque"]


class PayoutTold(Told):
    """A wage on its way. ordered: in a transfer file. paid: the bank said so, or it was handed over. Cents."""

    id: UUID
    payslip: str
    worker: Someone
    amount: int
    how: Literal["transfer", "cash", "cheque"]
    state: Literal["ordered", "paid", "rejected", "returned"]
    ordered_at: datetime
    paid_at: datetime | None


class Payouts(Told):
    """A page of wages; next: the cursor of the page after, null on the last."""

    rows: list[PayoutTold]
    next: str | None


class ToCome(Told):
    """A document that settling would make now. total: cents of an invoice, or of the net pay; null: it cannot be worked
    out.
    """

    kind: Literal["invoice", "payslip"]
    person: Someone
    minutes: int
    total: int | None


class ToSee(Told):
    """What a person should look at first."""

    code: str
    person: Someone | None
    detail: str


class RunTold(Told):
    """How far the settlement of the month is. The clock makes its documents one by one."""

    state: Literal["open", "finished"]
    started_at: datetime
    finished_at: datetime | None


class MonthTold(Told):
    """A month: what settling it would make now, what is in the way, and what was made. run null: nobody opened it.
    invoices and payslips: how many; invoiced, credited, net and cost (to the employer): their sums in cents.
    """

    month: str
    to_come: list[ToCome]
    problems: list[ToSee]
    run: RunTold | None
    invoices: int
    invoiced: int
    credited: int
    payslips: int
    net: int
    cost: int


@asks("/invoices", "money:read", answer=Invoices, summary="Invoices and credit notes, the latest first")
def list_invoices(request: HttpRequest, client: Chosen = None, cursor: Cursor = "", limit: Limit = PAGE) -> Invoices:
    """Whoever deals with money finds all of them, others their own."""
    before = pages.before(cursor, of=INVOICES)
    rows = listed.invoices(of=whose(request, *MONEY), client=client, before=before, limit=limit)
    page, following = pages.split(rows, limit=limit, of=INVOICES)
    return Invoices(rows=[_invoice(one) for one in listed.with_dues(invoices=page)], next=following)


@asks("/invoices/{number}", "money:read", answer=InvoiceTold, summary="One invoice")
def read_invoice(request: HttpRequest, number: Spelled) -> InvoiceTold:
    return _invoice(listed.with_dues(invoices=[_own_invoice(request, number)])[0])


@asks("/invoices/{number}/content", "money:read", answer=bytes, summary="An invoice as PDF, its Factur-X inside")
def download_invoice(request: HttpRequest, number: Spelled) -> HttpResponse:
    return pdf(_own_invoice(request, number).document)


@tells("/invoices/{number}/receipts", "money:write", answer=InvoiceTold, summary="Coins or a cheque for an invoice")
def receive_cash(request: HttpRequest, number: Spelled, body: NewReceipt) -> InvoiceTold:
    """Somebody took them. Transfers are settled by the bank's own statement."""
    row, act = _own_invoice(request, number), act_of(request)
    settlement.receive_cash(act=act, invoice=row, on=act.at.date(), key=f"api:{new_id()}", **body.model_dump())
    return _invoice(listed.with_dues(invoices=[row])[0])


@tells("/invoices/{number}/credit-notes", "money:write", answer=InvoiceTold, summary="Take back an invoice, or a part")
def credit_invoice(request: HttpRequest, number: Spelled, body: NewCreditNote) -> InvoiceTold:
    """The note, which has a number of its own."""
    row = _own_invoice(request, number)
    note = solidarity.credit(act=act_of(request), invoice=row, key=f"api:{new_id()}", **body.model_dump())
    return _invoice(listed.with_dues(invoices=[note])[0])


@asks("/payslips", "money:read", answer=Payslips, summary="Payslips, the latest first")
def list_payslips(request: HttpRequest, worker: Chosen = None, cursor: Cursor = "", limit: Limit = PAGE) -> Payslips:
    """Whoever deals with money finds all of them, others their own."""
    before = pages.before(cursor, of=PAYSLIPS)
    rows = listed.payslips(of=whose(request, *MONEY), worker=worker, before=before, limit=limit)
    page, following = pages.split(rows, limit=limit, of=PAYSLIPS)
    return Payslips(rows=[_payslip(one) for one in page], next=following)


@asks("/payslips/{number}", "money:read", answer=PayslipTold, summary="One payslip")
def read_payslip(request: HttpRequest, number: Spelled) -> PayslipTold:
    return _payslip(_own_payslip(request, number))


@asks("/payslips/{number}/content", "money:read", answer=bytes, summary="A payslip as PDF")
def download_payslip(request: HttpRequest, number: Spelled) -> HttpResponse:
    return pdf(_own_payslip(request, number).document)


@tells("/payslips/{number}/payment", "money:write", answer=PayoutTold, summary="A wage was handed over")
def hand_over(request: HttpRequest, number: Spelled, body: HandOver) -> PayoutTold:
    """In coins, as far as the law lets, or by cheque. Transfers leave with the desk's file for the bank."""
    row = _own_payslip(request, number)
    return _payout(settlement.hand_over(act=act_of(request), payslip=row, how=body.how))


@asks("/payouts", "money:read", answer=Payouts, summary="How wages were paid, the latest first")
def list_payouts(request: HttpRequest, cursor: Cursor = "", limit: Limit = PAGE) -> Payouts:
    """Whoever deals with money finds all of them, others their own."""
    rows = listed.payouts(of=whose(request, *MONEY), before=pages.before(cursor, of=PAYOUTS), limit=limit)
    page, following = pages.split(rows, limit=limit, of=PAYOUTS)
    return Payouts(rows=[_payout(one) for one in page], next=following)


@tells("/payouts/{payout}/return", "money:write", answer=PayoutTold, summary="A wage came back")
def send_back(request: HttpRequest, payout: Named) -> PayoutTold:
    """Or it was noted by mistake: it is owed again."""
    only(request, *MONEY)
    act, row = act_of(request), found(owed.payout(payout=payout))
    return _payout(settlement.send_back(act=act, payout=row, on=act.at.astimezone(zone_of(request)).date()))


@asks("/months/{month}", "money:read", answer=MonthTold, summary="A month, before and after it is settled")
def read_month(request: HttpRequest, month: Month) -> MonthTold:
    """For whoever deals with money. Nothing is written."""
    only(request, *MONEY)
    return _month(parse_month(month))


@tells("/months/{month}/settlement", "money:write", answer=MonthTold, summary="Settle a month")
def settle_month(request: HttpRequest, month: Month) -> MonthTold:
    """Opens the run, or takes it up again for what was confirmed since; the clock makes the documents."""
    settlement.open_run(act=act_of(request), month=parse_month(month))
    return _month(parse_month(month))


def _own_invoice(request: HttpRequest, number: str) -> Invoice:
    row, mine = invoice_by_number(number=number), whose(request, *AT_COUNTER)
    return found(row if row and mine in (None, row.client_id) else None)


def _own_payslip(request: HttpRequest, number: str) -> Payslip:
    row, mine = payslip_by_number(number=number), whose(request, *MONEY)
    return found(row if row and mine in (None, row.worker_id) else None)


def _invoice(one: OpenInvoice) -> InvoiceTold:
    row = one.invoice
    return InvoiceTold.drawn(
        row,
        client=Someone.of(row.client),
        due=one.due,
        corrects=row.corrects.number if row.corrects else None,
        document=row.document_id,
    )


def _payslip(row: Payslip) -> PayslipTold:
    return PayslipTold.drawn(row, worker=Someone.of(row.worker), document=row.document_id)


def _payout(row: Payout) -> PayoutTold:
    return PayoutTold.drawn(row, payslip=row.payslip.number, worker=Someone.of(row.payslip.worker))


def _month(month: Period) -> MonthTold:
    seen = money.month(month=month)
    to_come = [
        ToCome(kind="invoice", person=Someone.of(one.client), minutes=one.claim.minutes, total=one.claim.total)
        for one in seen.preview.invoices
    ]
    to_come += [
        ToCome(
            kind="payslip",
            person=Someone.of(one.worker),
            minutes=one.claim.minutes,
            total=one.pay.net_payable if one.pay else None,
        )
        for one in seen.preview.payslips
    ]
    run = seen.run
    return MonthTold.drawn(
        seen.summary,
        month=month.label,
        to_come=to_come,
        problems=[
            ToSee(code=one.code, person=Someone.of(one.person) if one.person else None, detail=one.detail)
            for one in seen.preview.problems
        ],
        run=RunTold.drawn(run) if run else None,
    )
