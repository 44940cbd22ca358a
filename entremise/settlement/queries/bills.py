"""Bills of suppliers: what came, what is approved, what leaves with the next file."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from entremise.payments.models import BankAccount
from entremise.payments.queries import bank_accounts_of
from entremise.people.models import Person
from entremise.settlement.models import SupplierBill
from entremise.settlement.rules.runs import digest

OPEN = ("received", "approved", "disputed", "ordered")


@dataclass(frozen=True)
class BillsToOrder:
    """rows: each approved bill with the account it goes to. without: suppliers who have no account, each once."""

    rows: list[tuple[SupplierBill, BankAccount]]
    without: list[Person]

    @property
    def total(self) -> int:
        return sum(bill.total for bill, _ in self.rows)

    @property
    def digest(self) -> str:
        return digest((bill.id, bill.total, account.iban) for bill, account in self.rows)


def supplier_bill(*, bill: UUID) -> SupplierBill | None:
    return _rows().prefetch_related("lines").filter(id=bill).first()


def bills(*, state: str = "", limit: int = 200) -> list[SupplierBill]:
    """state: of one kind, open for all that are to be paid, both by the day they are due; "" for all, newest first."""
    rows = _rows().order_by("due_on", "reference")
    if state == "open":
        return list(rows.filter(state__in=OPEN)[:limit])
    return list(rows.filter(state=state)[:limit] if state else _rows().order_by("-written_at", "-id")[:limit])


def bills_to_order() -> BillsToOrder:
    """What the next transfer file takes. Two queries."""
    waiting = list(_rows().filter(state="approved").order_by("due_on", "reference"))
    accounts = bank_accounts_of(people=[one.supplier_id for one in waiting])
    return BillsToOrder(
        rows=[(one, accounts[one.supplier_id]) for one in waiting if one.supplier_id in accounts],
        without=list({one.supplier_id: one.supplier for one in waiting if one.supplier_id not in accounts}.values()),
    )


def bills_on_their_way() -> list[SupplierBill]:
    return list(_rows().filter(state="ordered").order_by("reference"))


def _rows() -> "QuerySet[SupplierBill]":
    return SupplierBill.objects.select_related("supplier", "file").defer("file__content")
