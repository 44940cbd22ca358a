"""Gift vouchers: what is left of each, and what each may pay."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Sum

from entremise.figures import queries as figures
from entremise.ledger import queries as ledger
from entremise.settlement.models import GiftVoucher, Invoice, InvoiceLine, Receipt
from entremise.settlement.rules.books_fr import GIFT_VOUCHERS
from entremise.settlement.rules.gifts import code_typed, digest_of


@dataclass(frozen=True)
class GiftSeen:
    """A gift voucher, and what is left of it, in cents."""

    voucher: GiftVoucher
    left: int

    def over(self, on: date) -> bool:
        return self.voucher.expires_on < on


def gift_vouchers() -> list[GiftSeen]:
    """All, the latest first. A constant number of queries."""
    return _seen(GiftVoucher.objects.order_by("-sold_at", "-id"))


def gift_voucher(*, voucher: UUID) -> GiftSeen | None:
    found = GiftVoucher.objects.filter(id=voucher).first()
    return GiftSeen(found, gift_left(voucher=found)) if found else None


def gift_by_code(*, code: str, secret_keys: Collection[str]) -> GiftVoucher | None:
    """secret_keys: one of them was the installation's when it was sold. Raises Refused("gift_code_wrong") for what
    cannot be a code.
    """
    digits = code_typed(code)
    return GiftVoucher.objects.filter(digest__in=[digest_of(digits, secret_key=one) for one in secret_keys]).first()


def gift_left(*, voucher: GiftVoucher) -> int:
    account = ledger.account(code=GIFT_VOUCHERS[0], holder=voucher.id)
    return -ledger.balance(account=account.id).posted if account else 0


def gifts_spent(*, invoice: UUID) -> list[Receipt]:
    """What gift vouchers pay of an invoice, as things stand: without what a person took back."""
    rows = list(Receipt.objects.filter(invoice_id=invoice, how="gift_voucher").order_by("received_on", "id"))
    undone = {one.key for one in rows}
    return [one for one in rows if one.amount > 0 and f"undone:{one.id}" not in undone]


def gift_pays(*, voucher: GiftVoucher, invoice: Invoice) -> int:
    """Cents of an invoice that are what this voucher is for, without what vouchers paid of it before."""
    if voucher.kind == GiftVoucher.Kind.MULTI:
        return invoice.total
    lines = InvoiceLine.objects.filter(invoice=invoice, label=voucher.what, minutes__gt=0)
    paid = Receipt.objects.filter(invoice=invoice, how="gift_voucher")
    return (lines.aggregate(total=Sum("amount"))["total"] or 0) - (paid.aggregate(total=Sum("amount"))["total"] or 0)


def lapsed_gifts(*, on: date) -> list[GiftSeen]:
    """Over, with something left, where the organisation decided that it is its own then."""
    if not figures.table().at("gift.lapsed_is_income", on):
        return []
    return [one for one in _seen(GiftVoucher.objects.filter(state="live", expires_on__lt=on)) if one.left]


def _seen(rows: Iterable[GiftVoucher]) -> list[GiftSeen]:
    left = ledger.balances_by_holder(code=GIFT_VOUCHERS[0])
    return [GiftSeen(one, -left.get(one.id, 0)) for one in rows]
