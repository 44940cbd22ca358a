"""Money that goes back through a provider: what is left to give back, and who bears the fee of it."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Sum

from entremise.payments.models import Intent
from entremise.payments.queries import refunds_waiting
from entremise.settlement.models import Receipt, RefundFee
from entremise.settlement.rules.refunds import fee_of_part


def refund_fees(*, intents: Collection[UUID]) -> list[RefundFee]:
    """Who bears what of refunds of these payments, without those that the provider would not make. The oldest first."""
    rows = RefundFee.objects.filter(refund__intent__in=intents).exclude(refund__state="refused")
    return list(rows.select_related("refund").order_by("said_at", "id"))


def refundable(*, intent: Intent) -> int:
    """Cents that may still go back of a payment: what is on its way is not, nor what its payer left for the fee."""
    left = intent.taken - intent.given_back - intent.contested - refunds_waiting(intent=intent)
    return max(0, left - _kept_back(refund_fees(intents=[intent.id])))


def fee_of_refund(*, intent: Intent, amount: int) -> int:
    """Cents of the payment's fee that the provider does not return with `amount` of it."""
    rows = refund_fees(intents=[intent.id])
    before = intent.given_back + refunds_waiting(intent=intent) + _kept_back(rows)
    shared_out = sum(one.amount for one in rows if one.what == RefundFee.What.KEPT)
    return fee_of_part(fee=intent.fee, taken=intent.taken, returned=before + amount, shared_out=shared_out)


def was_contested(*, intent: UUID) -> bool:
    """Whether the payer's bank ever asked it back: its fee is then not of the payment alone."""
    return Receipt.objects.filter(key__startswith=f"intent:{intent}:contested:").exists()


def fees_to_book(*, intent: Intent) -> list[RefundFee]:
    """What payers bear of refunds that the provider has surely made."""
    rows = RefundFee.objects.filter(refund__intent=intent, refund__state="done", amount__gt=0)
    found = list(rows.exclude(bearer=RefundFee.Bearer.ORGANISATION).select_related("refund").order_by("said_at", "id"))
    if not found:
        return []
    done = intent.instructions.filter(verb="give_back", state="done").aggregate(total=Sum("amount"))["total"] or 0
    booked = set(Receipt.objects.filter(key__in=[key_of(one) for one in found]).values_list("key", flat=True))
    return [one for one in found if key_of(one) not in booked] if intent.given_back >= done else []


def key_of(fee: RefundFee) -> str:
    """Of its receipt."""
    return f"refund-fee:{fee.id}"


def _kept_back(rows: Collection[RefundFee]) -> int:
    return sum(one.amount for one in rows if one.bearer != RefundFee.Bearer.ORGANISATION)
