"""What those who work on their own account sold through us."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum

from entremise.payments.models import BankAccount, Intent
from entremise.payments.queries import bank_accounts_of, passed_on
from entremise.people.models import Supplier
from entremise.settlement.models import SupplierInvoice, SupplierInvoiceLine, SupplierPaid


@dataclass(frozen=True)
class SupplierOwed:
    """An invoice of a supplier, and whether they said that the client has paid it."""

    invoice: SupplierInvoice
    paid: bool


@dataclass(frozen=True)
class Supplied:
    """An invoice of a supplier that a card paid. sent: cents passed on to the supplier, less what was called back."""

    invoice: SupplierInvoice
    intent: Intent
    sent: int


@dataclass(frozen=True)
class SellerQuarter:
    """What DAC7 asks of a seller for one quarter (CGI 1649 ter A): how many activities, what clients owe for them, and
    our commission, in cents. Amounts by the day of the work.
    """

    supplier: Supplier
    account: BankAccount | None
    quarter: int
    activities: int
    consideration: int
    commission: int


def supplier_invoice(*, invoice: UUID) -> SupplierInvoice | None:
    return _rows().filter(id=invoice).first()


def sold_by(*, supplier: UUID, limit: int = 60) -> list[SupplierOwed]:
    """A supplier's invoices, newest first."""
    return _with_paid(supplier_id=supplier, limit=limit)


def bought_by(*, client: UUID, limit: int = 60) -> list[SupplierOwed]:
    """What suppliers billed a client, newest first."""
    return _with_paid(client_id=client, limit=limit)


def supplied_by_card(*, limit: int = 200) -> list[Supplied]:
    """What clients paid suppliers by card, the latest first. Three queries."""
    intents = list(Intent.objects.filter(about="supplied", taken__gt=0).order_by("-asked_at", "-id")[:limit])
    invoices = _rows().in_bulk([one.about_id for one in intents])
    sent = passed_on(intents=[one.id for one in intents])
    return [Supplied(invoices[one.about_id], one, sent[one.id]) for one in intents]


def seller_quarters(*, year: int) -> list[SellerQuarter]:
    """Every seller of a year and quarter with sales, in the order of their numbers. Three queries."""
    sums: dict[tuple[UUID, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    days = SupplierInvoiceLine.objects.filter(day__range=(date(year, 1, 1), date(year, 12, 31)))
    rows = days.values_list("invoice__supplier", "day").annotate(
        n=Count("id"), paid=Sum("amount"), ours=Sum("commission")
    )
    for seller, day, count, amount, commission in rows:
        found = sums[seller, (day.month + 2) // 3]
        found[0], found[1], found[2] = found[0] + count, found[1] + amount, found[2] + commission
    people = [seller for seller, _ in sums]
    suppliers = {
        one.person_id: one for one in Supplier.objects.filter(person__in=people).select_related("person__place")
    }
    accounts = bank_accounts_of(people=people)
    made = [
        SellerQuarter(suppliers[seller], accounts.get(seller), quarter, *values)
        for (seller, quarter), values in sums.items()
    ]
    return sorted(made, key=lambda one: (one.supplier.number, one.quarter))


def _with_paid(*, limit: int, **whose: UUID) -> list[SupplierOwed]:
    paid = Exists(SupplierPaid.objects.filter(invoice=OuterRef("id")))
    rows = _rows().filter(**whose).annotate(was_paid=paid).order_by("-issued_on", "-number")
    return [SupplierOwed(row, row.was_paid) for row in rows[:limit]]


def _rows() -> "QuerySet[SupplierInvoice]":
    return SupplierInvoice.objects.select_related("supplier", "client", "document")
