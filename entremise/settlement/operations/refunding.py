"""Who bears what a provider keeps of money that goes back."""

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.payments.models import Instruction, Intent
from entremise.payments.operations import Change
from entremise.settlement.models import Invoice, Receipt, RefundFee
from entremise.settlement.operations.booking import book
from entremise.settlement.queries.refunds import fee_of_refund, fees_to_book, key_of, was_contested
from entremise.settlement.rules.books_fr import refund_fee_moves
from entremise.settlement.rules.refunds import bearer_beside_us


def fee_kept_from(*, intent: Intent, amount: int, bearer: str, reason: str) -> int:
    """Cents of the fee that falls on a refund of `amount`, whoever bears it.

    Raises Refused("reason_needed"), or Refused("fee_not_theirs") for somebody who has no part in it, or for a payment
    that was contested: what that cost is no fee of theirs.
    """
    fee = fee_of_refund(intent=intent, amount=amount)
    if bearer == RefundFee.Bearer.ORGANISATION:
        return fee
    paid = Invoice.objects.values_list("what", flat=True).get(id=intent.about_id)
    if bearer != bearer_beside_us(paid) or was_contested(intent=intent.id):
        raise Refused("fee_not_theirs", where="bearer")
    if not reason.strip():
        raise Refused("reason_needed", where="reason")
    return min(fee, amount - 1)  # Something goes back all the same.


def note_fee(*, act: Act, refund: Instruction, what: str, amount: int, bearer: str, reason: str = "") -> RefundFee:
    """Write down who bears it. What a payer bears is booked once the provider has given the rest back."""
    row = RefundFee.objects.create(
        refund=refund,
        what=what,
        amount=amount,
        bearer=bearer,
        reason=reason.strip()[:160],
        said_at=act.at,
        said_by=act.by.person,
    )
    data = {"what": what, "amount": amount, "bearer": bearer}
    record(act=act, type="refund_fee_borne", thing="intent", thing_id=refund.intent_id, data=data)
    return row


def book_fees(*, act: Act, intent: Intent, invoice: Invoice, change: Change) -> None:
    """After a look: what a provider asks for a refund itself is the organisation's, for nobody was told of it; and what
    payers bear of what has gone back is kept.
    """
    refund = intent.instructions.filter(verb="give_back").order_by("queued_at", "id").last()
    if refund and change.fee > 0 and change.given_back > 0 and not (change.contested or change.taken):
        note_fee(act=act, refund=refund, what="charged", amount=change.fee, bearer="organisation")
    for fee in fees_to_book(intent=intent):
        on, label = act.at.date(), f"{invoice.number}, {invoice.client.full_name}"
        moves = refund_fee_moves(invoice.client_id, fee.amount, label)
        entry = book(act=act, key=key_of(fee), on=on, cause="refund_fee", cause_id=invoice.id, moves=moves)
        Receipt.objects.create(
            invoice=invoice, how="fee", amount=-fee.amount, received_on=on, entry=entry, key=key_of(fee)
        )
