from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Sum

from entremise.settlement.models import Invoice, Payout, Payslip, Receipt


@dataclass(frozen=True)
class OpenInvoice:
    """An invoice and what is still to be paid of it, in cents."""

    invoice: Invoice
    due: int


def invoice(*, invoice: UUID) -> Invoice:
    return Invoice.objects.select_related("client", "document", "corrects").get(id=invoice)


def invoice_by_number(*, number: str) -> Invoice | None:
    return Invoice.objects.select_related("client", "document").filter(number__iexact=number.strip()).first()


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
    rows = Invoice.objects.filter(kind=Invoice.Kind.INVOICE).select_related("client", "document")
    return [one for one in _with_due(list(rows.order_by("due_on", "number"))) if one.due > 0]


def owed_by(*, client: UUID) -> int:
    """Cents that a client owes in all."""
    rows = Invoice.objects.filter(client_id=client, kind=Invoice.Kind.INVOICE)
    billed = rows.aggregate(total=Sum("total"))["total"] or 0
    received = Receipt.objects.filter(invoice__in=rows).aggregate(total=Sum("amount"))["total"] or 0
    return int(billed - received)


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


def _with_due(invoices: list[Invoice]) -> list[OpenInvoice]:
    received = dict(Receipt.objects.filter(invoice__in=invoices).values_list("invoice").annotate(total=Sum("amount")))
    return [
        OpenInvoice(one, 0 if one.kind == Invoice.Kind.CREDIT_NOTE else one.total - received.get(one.id, 0))
        for one in invoices
    ]
