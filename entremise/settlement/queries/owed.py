from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from entremise.settlement.models import (
    Invoice,
    InvoiceLine,
    PaidWork,
    PayerShare,
    Payout,
    Payslip,
    Receipt,
    SupplierInvoiceLine,
)

CHUNK = 500


@dataclass(frozen=True)
class OpenInvoice:
    """An invoice and what is still to be paid of it, in cents."""

    invoice: Invoice
    due: int


def invoice(*, invoice: UUID) -> Invoice:
    return Invoice.objects.select_related("client", "document", "corrects").get(id=invoice)


def invoice_by_number(*, number: str) -> Invoice | None:
    return Invoice.objects.select_related("client", "document").filter(number__iexact=number.strip()).first()


def each_invoice(*, still_owed: bool) -> Iterator[OpenInvoice]:
    """Those that clients still owe, the oldest first, or all, newest first; a few hundred in memory at a time."""
    every = Invoice.objects.select_related("client")
    rows = unpaid(every).order_by("due_on", "number") if still_owed else every.order_by("-issued_on", "-number")
    walk = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(walk, CHUNK)):
        yield from (one for one in _with_due(chunk) if one.due > 0 or not still_owed)


def each_wage() -> Iterator[tuple[Payslip, Payout | None]]:
    """Every payslip, the latest month first, with the latest way it was paid out."""
    rows = Payslip.objects.select_related("worker").prefetch_related("payouts").order_by("-month", "number")
    for one in rows.iterator(chunk_size=CHUNK):
        payouts = sorted(one.payouts.all(), key=lambda payout: (payout.ordered_at, payout.id))
        yield one, payouts[-1] if payouts else None


def invoices_of(*, client: UUID, limit: int = 60) -> list[OpenInvoice]:
    """A client's invoices and credit notes, newest first, each with what is still due."""
    rows = (
        Invoice.objects.filter(client_id=client).select_related("client", "document").order_by("-issued_on", "-number")
    )
    return _with_due(list(rows[:limit]))


def latest_invoices(*, limit: int = 100) -> list[OpenInvoice]:
    rows = Invoice.objects.select_related("client", "document").order_by("-issued_on", "-number")
    return _with_due(list(rows[:limit]))


def open_invoices() -> list[OpenInvoice]:
    """Everything that clients still owe, the oldest first."""
    rows = unpaid(Invoice.objects.select_related("client", "document"))
    return [one for one in _with_due(list(rows.order_by("due_on", "number"))) if one.due > 0]


def unpaid(rows: "QuerySet[Invoice]") -> "QuerySet[Invoice]":
    """Of these, the invoices that what came in does not cover, with what is `uncovered` of them in cents: no more rows
    than are open, but for what credit notes and others cover.
    """
    rows = rows.filter(kind=Invoice.Kind.INVOICE).annotate(uncovered=F("total") - _summed(_received()))
    return rows.filter(uncovered__gt=0)


def owed_of(*, client: UUID) -> list[OpenInvoice]:
    """What a client has not paid yet, the oldest day first."""
    rows = unpaid(Invoice.objects.filter(client_id=client).select_related("client", "document"))
    return [one for one in _with_due(list(rows.order_by("due_on", "number"))) if one.due > 0]


def owed_by(*, client: UUID) -> int:
    """Cents that a client owes in all, as the books have it, without what others pay for them; negative when we owe
    them, for they paid too much or were credited after they had paid.
    """
    rows = Invoice.objects.filter(client_id=client)
    sums = rows.aggregate(
        billed=Sum("total", filter=Q(kind=Invoice.Kind.INVOICE)),
        credited=Sum("total", filter=Q(kind=Invoice.Kind.CREDIT_NOTE)),
    )
    money = Receipt.objects.filter(invoice__client_id=client, share=None).exclude(how="credit_note")
    received = money.aggregate(total=Sum("amount"))["total"] or 0
    others = PayerShare.objects.filter(invoice__client_id=client).aggregate(total=Sum("amount"))["total"] or 0
    return int((sums["billed"] or 0) - (sums["credited"] or 0) - received - others)


def is_settled(*, fulfilment: UUID) -> bool:
    """Whether an invoice or a payslip holds it already."""
    return bool(settled_among(fulfilments=[fulfilment]))


def settled_among(*, fulfilments: Collection[UUID]) -> set[UUID]:
    """Those that an invoice or a payslip holds already. Three queries."""
    return {
        settled
        for rows in (InvoiceLine, PaidWork, SupplierInvoiceLine)
        for settled in rows.objects.filter(fulfilment__in=fulfilments).values_list("fulfilment_id", flat=True)
    }


def dues(*, invoices: Sequence[Invoice]) -> dict[UUID, int]:
    """Cents that the clients still owe of each of these invoices, never below nothing; nothing of a credit note.

    What others pay of an invoice is theirs (queries.payers).
    """
    return {invoice: max(0, amount) for invoice, amount in left(invoices=invoices).items()}


def left(*, invoices: Sequence[Invoice]) -> dict[UUID, int]:
    """Cents that the clients still owe of each of these invoices, below nothing where they paid too much."""
    shares = PayerShare.objects.filter(invoice=OuterRef("id"))
    rows = Invoice.objects.filter(id__in=[one.id for one in invoices], kind=Invoice.Kind.INVOICE)
    covered = F("total") - _summed(_received()) - _summed(shares)
    uncovered = dict(rows.annotate(uncovered=covered).values_list("id", "uncovered"))
    # Apart, for SQLite finds the credit notes of one invoice only among all invoices.
    notes = Invoice.objects.filter(corrects__in=invoices).order_by()
    credited = dict(notes.values_list("corrects").annotate(total=Sum("total")))
    return {one.id: uncovered.get(one.id, 0) - credited.get(one.id, 0) for one in invoices}


def _received() -> "QuerySet[Receipt]":
    """What came in of an invoice for its client, where the invoice is the outer row."""
    return Receipt.objects.filter(invoice=OuterRef("id"), share=None).exclude(how="credit_note")


def _summed(rows: "QuerySet[Any]") -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values("invoice").annotate(total=Sum("amount")).values("total")), 0)


def surplus(*, invoice: Invoice) -> int:
    """Cents that a client paid beyond an invoice, at most what we owe them in all."""
    return max(0, min(-left(invoices=[invoice])[invoice.id], -owed_by(client=invoice.client_id)))


def commissions(*, month: date) -> int:
    """Cents of commission that suppliers were billed for a month, without VAT, credit notes of that month taken off."""
    rows = Invoice.objects.filter(what="commission", month=month)
    sums = rows.values_list("kind").annotate(total=Sum("total"), vat=Sum("vat"))
    return sum((total - vat) * (1 if kind == Invoice.Kind.INVOICE else -1) for kind, total, vat in sums)


def payslips_of(*, worker: UUID, limit: int = 60) -> list[Payslip]:
    return list(
        Payslip.objects.filter(worker_id=worker).select_related("document").order_by("-month", "-number")[:limit]
    )


def unpaid_payslips() -> list[Payslip]:
    """Payslips whose wage is in no transfer file yet, oldest first."""
    ordered = Payout.objects.filter(payslip=OuterRef("id"), state__in=["ordered", "paid"])
    rows = Payslip.objects.filter(~Exists(ordered), paid__gt=0)
    return list(rows.select_related("worker").order_by("month", "number"))


def payouts_of(*, file: UUID) -> list[Payout]:
    return list(Payout.objects.filter(file_id=file).select_related("payslip__worker").order_by("payslip__number"))


def receipts_of_line(*, line: UUID) -> list[Receipt]:
    """What a bank line pays, or gave back, as things stand: without what a person took back."""
    whose = ("invoice__client", "share__undertaking__payer__person")
    rows = list(Receipt.objects.filter(line_id=line).select_related(*whose).order_by("id"))
    undone = {one.key for one in rows}
    return [one for one in rows if f"undone:{one.id}" not in undone and not one.key.startswith("undone:")]


def payslip_by_number(*, number: str) -> Payslip | None:
    return Payslip.objects.select_related("worker").filter(number=number).first()


def payout(*, payout: UUID) -> Payout | None:
    return Payout.objects.select_related("payslip__worker").filter(id=payout).first()


def _with_due(invoices: list[Invoice]) -> list[OpenInvoice]:
    due = dues(invoices=invoices)
    return [OpenInvoice(one, due[one.id]) for one in invoices]
