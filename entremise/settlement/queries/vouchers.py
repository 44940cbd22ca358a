"""Prepaid vouchers: what they may pay, where they are, and by when they must be claimed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Case, Count, F, Q, QuerySet, Sum, When

from entremise.figures import queries as figures
from entremise.payments.models import BankLine
from entremise.people.models import Person
from entremise.settlement.models import Invoice, InvoiceLine, Receipt, Voucher, VoucherBatch
from entremise.settlement.queries.debits import being_collected
from entremise.settlement.queries.owed import dues
from entremise.settlement.rules.vouchers import last_day
from entremise.tenancy.queries import legal_identity

LINES_PROPOSED = 20


@dataclass(frozen=True)
class Payable:
    """What vouchers may still pay of an invoice, in cents. services: of it, personal services; due: what is owed of it;
    coming: what the bank is collecting already.
    """

    services: int
    due: int
    coming: int

    @property
    def amount(self) -> int:
        return max(0, min(self.services, self.due - self.coming))


@dataclass(frozen=True)
class BatchSeen:
    """A batch: total, what was claimed, and left, what the centre has not refused of it; cents."""

    batch: VoucherBatch
    count: int
    total: int
    left: int


@dataclass(frozen=True)
class VouchersHeld:
    """In our drawer: rows, that may be claimed, and over, whose last day has passed. claim_by: the last day of the
    oldest that may still be claimed; None when there is none. soon: it is near.
    """

    rows: list[Voucher]
    over: list[Voucher]
    claim_by: date | None
    soon: bool

    @property
    def total(self) -> int:
        return sum(one.amount for one in self.rows)

    @property
    def lost(self) -> int:
        return sum(one.amount for one in self.over)


def payable_by_voucher(*, invoice: Invoice) -> Payable:
    """Vouchers pay personal services of a private person only, done by an organisation that is declared for them."""
    due, coming = dues(invoices=[invoice])[invoice.id], being_collected(invoice=invoice.id)
    legal = legal_identity()
    if invoice.client.kind != Person.Kind.INDIVIDUAL or not (legal and legal.sap_number):
        return Payable(0, due, coming)
    # Without minutes a line is what a visit costs that did not take place: nobody was served.
    served = InvoiceLine.objects.filter(invoice=invoice, minutes__gt=0, agreement__terms__personal_service=True)
    paid = Receipt.objects.filter(invoice=invoice, how="cesu")
    services = (served.aggregate(total=Sum("amount"))["total"] or 0) - (
        paid.aggregate(total=Sum("amount"))["total"] or 0
    )
    return Payable(services, due, coming)


def accepted_until(*, vintage: int, on: date) -> date:
    return last_day(vintage, int(figures.table().at("cesu_accepted_months", on)))


def claimed_until(*, vintage: int, on: date) -> date:
    return last_day(vintage, int(figures.table().at("cesu_claimed_months", on)))


def vouchers_of(*, invoice: UUID) -> list[Voucher]:
    return list(Voucher.objects.filter(invoice_id=invoice).order_by("taken_at", "number"))


def voucher(*, voucher: UUID) -> Voucher | None:
    return Voucher.objects.select_related("invoice__client", "batch").filter(id=voucher).first()


def vouchers_held(*, on: date) -> VouchersHeld:
    """Those that wait to be claimed, the oldest year first. A constant number of queries."""
    rows = list(_whole().filter(state="held").order_by("vintage", "issuer", "number"))
    lasts = {vintage: claimed_until(vintage=vintage, on=on) for vintage in {one.vintage for one in rows}}
    claim_by = min((last for last in lasts.values() if last >= on), default=None)
    warned = timedelta(days=int(figures.table().at("cesu.warning_days", on)))
    good, over = ([one for one in rows if (lasts[one.vintage] < on) is late] for late in (False, True))
    return VouchersHeld(good, over, claim_by, soon=claim_by is not None and claim_by - warned <= on)


def each_voucher() -> Iterator[Voucher]:
    """Every one, the latest first."""
    return _whole().order_by("-taken_at", "number").iterator(chunk_size=500)


def voucher_batches(*, limit: int = 100) -> list[BatchSeen]:
    return _seen(VoucherBatch.objects.order_by("-made_at", "-id")[:limit])


def voucher_batch(*, batch: UUID) -> BatchSeen | None:
    return next(iter(_seen(VoucherBatch.objects.filter(id=batch))), None)


def batch_named(*, reference: str) -> VoucherBatch | None:
    """The one that somebody types."""
    return VoucherBatch.objects.filter(reference__iexact=reference.strip()).first()


def vouchers_in(*, batch: UUID) -> list[Voucher]:
    return list(_whole().filter(batch_id=batch).order_by("issuer", "vintage", "number"))


def lines_for_batch(*, left: int) -> list[BankLine]:
    """Lines of the bank that may be what the centre paid: nobody explained them, and they are no more than that."""
    rows = BankLine.objects.filter(state="unmatched", amount__gt=0, amount__lte=left)
    return list(rows.order_by("-amount", "-booked_on")[:LINES_PROPOSED])


def _whole() -> "QuerySet[Voucher]":
    return Voucher.objects.select_related("invoice__client", "batch")


def _seen(rows: "QuerySet[VoucherBatch]") -> list[BatchSeen]:
    counted = rows.select_related("line").annotate(
        count=Count("vouchers"),
        total=Sum("vouchers__amount"),
        refused=Sum(Case(When(Q(vouchers__state="refused"), then=F("vouchers__amount")), default=0)),
    )
    return [BatchSeen(one, one.count, one.total or 0, (one.total or 0) - (one.refused or 0)) for one in counted]
