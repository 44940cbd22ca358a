"""Invoices paid through a provider: the books follow what it says it took, gave back, lost or kept.

Nothing is added up here that the provider does not say: each look compares how a payment stands with what is written
down, and books the difference. A message that comes twice, late or never changes only when we look.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.ledger import operations as ledger
from entremise.payments import operations as payments
from entremise.payments.models import Instruction, Intent, KeptMeans
from entremise.payments.operations import Change, Wanted
from entremise.payments.queries import live_intent
from entremise.payments.rules.means import DEBIT
from entremise.payments.rules.provider import Standing
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Invoice, Receipt
from entremise.settlement.operations.booking import book, wait_for
from entremise.settlement.operations.looking import look
from entremise.settlement.operations.refunding import book_fees, fee_kept_from, note_fee
from entremise.settlement.queries import being_collected, dues, refundable
from entremise.settlement.rules.books_fr import online_moves

ABOUT = "invoice"


def pay_online(*, act: Act, invoice: Invoice, provider: str, back: str, extra: int = 0) -> Intent:
    """Ask the client of an invoice for what is still due of it, on the provider's page. back: where that page leads.
    extra: cents that they pay with it; a room above knows what for, and takes them from what was paid too much.

    Asked again while nothing has changed, it is the same payment. When another amount is due, the page before is closed
    first: it is given back, and a new one is asked for once it is over. Raises Refused("nothing_due"),
    Refused("debit_on_its_way") for what the bank is collecting already, or Refused("payment_on_its_way") while the
    provider has money in hand, or charges what they keep.
    """
    require(act, Verb.PAYMENTS_ASK, owner=invoice.client_id)
    wait_for(people=[invoice.client_id])
    coming, due = being_collected(invoice=invoice.id), dues(invoices=[invoice])[invoice.id]
    if not due:
        raise Refused("nothing_due", {"number": invoice.number})
    if due <= coming:
        raise Refused("debit_on_its_way", {"due": coming})
    due += extra - coming
    before = live_intent(about=ABOUT, about_id=invoice.id)
    if before and (before.means_id or before.state in ("processing", "authorised")):
        raise Refused("payment_on_its_way", {"number": invoice.number})
    if before:
        if before.amount != due:
            payments.instruct(act=act, intent=before, verb="let_go")
        return before
    return ask_for(act, invoice, provider, due, {"text": invoice.number, "back": back})


def ask_for(
    act: Act, invoice: Invoice, provider: str, amount: int, said: Mapping[str, str], means: KeptMeans | None = None
) -> Intent:
    """The payment and what the books expect of it, together; its client is locked. means: as in `payments.Wanted`."""
    intent, label = new_id(), f"{invoice.number}, {invoice.client.full_name}"
    moves = online_moves(provider, invoice.client_id, amount, label)
    entry = book(
        act=act,
        key=f"intent:{intent}",
        on=act.at.date(),
        cause="intent",
        cause_id=invoice.id,
        moves=moves,
        held=True,
    )
    role = Intent.Role(invoice.role)
    wanted = Wanted(invoice.client, ABOUT, invoice.id, role, provider, amount, said, entry, means=means)
    return payments.ask_payment(act=act, intent=intent, wanted=wanted)


def look_at_payment(*, act: Act, intent: Intent, standing: Standing | None, asked_at: datetime) -> Change:
    """Write down how a payment stands and book what is new: taken, given back, contested, the provider's fee.

    standing: None when nobody has begun to pay. asked_at: when we began to ask the provider.
    """
    require(act, Verb.PAYMENTS_RECEIVE)
    wait_for(people=[intent.person_id])
    invoice = Invoice.objects.select_related("client").get(id=intent.about_id)

    def follow(change: Change) -> None:
        _receive(act, invoice, intent, change.taken, f"taken:{intent.taken}")
        _receive(act, invoice, intent, -change.given_back, f"back:{intent.given_back}")
        _receive(act, invoice, intent, -change.contested, f"contested:{asked_at.isoformat()}")

    change = look(
        act=act,
        intent=intent,
        standing=standing,
        asked_at=asked_at,
        label=invoice.number,
        named={"invoice": invoice.number},
        follow=follow,
    )
    book_fees(act=act, intent=intent, invoice=invoice, change=change)
    return change


def give_back_online(
    *, act: Act, intent: Intent, amount: int, bearer: str = "organisation", reason: str = ""
) -> Instruction:
    """Give back of what a provider took; the books follow once it has. amount in cents.

    bearer: who bears what the provider keeps for itself: the organisation; the client, when they asked to cancel under
    their terms, or the supplier, of a commission, with a reason. They get so much less, by a row of its own.
    Raises Refused("amount_not_taken") beyond what is left of it, refunds on their way counted,
    Refused("fee_not_theirs"), Refused("reason_needed"), and Refused("payouts_stopped") while the books do not add up.
    """
    require(act, Verb.REFUNDS_ORDER)
    ledger.require_proved()
    wait_for(people=[intent.person_id])
    intent.refresh_from_db()
    left = refundable(intent=intent)
    if not 0 < amount <= left:
        raise Refused("amount_not_taken", {"left": left}, where="amount")
    fee = fee_kept_from(intent=intent, amount=amount, bearer=bearer, reason=reason)
    goes_back = amount if bearer == "organisation" else amount - fee
    refund = payments.instruct(act=act, intent=intent, verb="give_back", amount=goes_back)
    note_fee(act=act, refund=refund, what="kept", amount=fee, bearer=bearer, reason=reason)
    return refund


def _receive(act: Act, invoice: Invoice, intent: Intent, amount: int, what: str) -> None:
    if not amount:
        return
    key = f"intent:{intent.id}:{what}"
    moves = online_moves(intent.provider, invoice.client_id, amount, f"{invoice.number}, {invoice.client.full_name}")
    entry: UUID = book(
        act=act, key=f"receipt:{key}", on=act.at.date(), cause="receipt", cause_id=invoice.id, moves=moves
    )
    how = "debit" if intent.means and intent.means.kind == DEBIT else "card"
    Receipt.objects.create(invoice=invoice, how=how, amount=amount, received_on=act.at.date(), entry=entry, key=key)
