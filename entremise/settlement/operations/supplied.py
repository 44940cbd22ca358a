"""What clients pay by card to people who work on their own account (ADR 24).

We are their agent: the provider takes the client's money, passes it on to the supplier's own account with it, and we
keep our commission out of it. Between the two it is a debt of ours to the supplier, never revenue. As for our own
invoices, the books follow what the provider says it did (operations.online).
"""

from datetime import datetime

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.payments import operations as payments
from entremise.payments.models import Instruction, Intent
from entremise.payments.operations import Change, Wanted
from entremise.payments.queries import live_intent, provider_account, sent_on_of
from entremise.payments.rules.provider import Standing
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Invoice, Receipt, SupplierInvoice, SupplierPaid
from entremise.settlement.operations.booking import book, wait_for
from entremise.settlement.operations.debits import today
from entremise.settlement.operations.looking import look
from entremise.settlement.operations.online import give_back_online
from entremise.settlement.queries.owed import dues
from entremise.settlement.rules import books_fr as books

ABOUT = "supplied"


def pay_supplier_online(*, act: Act, invoice: SupplierInvoice, provider: str, back: str) -> Intent:
    """A client pays a supplier's invoice on the provider's page. back: where that page leads.

    Asked again while nothing has changed, it is the same payment. Raises Refused("nothing_due") once it is paid,
    Refused("payment_on_its_way"), or Refused("takes_no_cards") when the provider cannot pay the supplier.
    """
    require(act, Verb.PAYMENTS_ASK, owner=invoice.client_id)
    wait_for(people=[invoice.client_id])
    if SupplierPaid.objects.filter(invoice=invoice).exists():
        raise Refused("nothing_due", {"number": invoice.number})
    account = provider_account(person=invoice.supplier_id, provider=provider)
    if account is None or account.state != "ready":
        raise Refused("takes_no_cards", {"name": invoice.supplier.full_name})
    before = live_intent(about=ABOUT, about_id=invoice.id)
    if before and before.state in ("processing", "authorised"):
        raise Refused("payment_on_its_way", {"number": invoice.number})
    if before:
        return before
    intent = new_id()
    moves = books.third_moves(provider, invoice.supplier_id, invoice.total, _label(invoice))
    key = f"intent:{intent}"
    entry = book(act=act, key=key, on=today(act), cause="intent", cause_id=invoice.id, moves=moves, held=True)
    said = {"text": f"{invoice.number}, {invoice.supplier.full_name}", "back": back}
    wanted = Wanted(invoice.client, ABOUT, invoice.id, Intent.Role.AGENT, provider, invoice.total, said, entry)
    return payments.ask_payment(act=act, intent=intent, wanted=wanted)


def look_at_supplied(*, act: Act, intent: Intent, standing: Standing | None, asked_at: datetime) -> Change:
    """Write down how such a payment stands and book what is new; what was taken goes on to the supplier."""
    require(act, Verb.PAYMENTS_RECEIVE)
    invoice = SupplierInvoice.objects.select_related("client", "supplier").get(id=intent.about_id)
    wait_for(people=[intent.person_id, invoice.supplier_id])

    def follow(change: Change) -> None:
        moved = change.taken - change.given_back - change.contested
        if moved:
            moves = books.third_moves(intent.provider, invoice.supplier_id, moved, _label(invoice))
            key = f"intent:{intent.id}:moved:{asked_at.isoformat()}"
            book(act=act, key=key, on=today(act), cause="supplied", cause_id=invoice.id, moves=moves)
        if change.taken:
            _pass_on(act, invoice, intent, change.taken)

    return look(
        act=act,
        intent=intent,
        standing=standing,
        asked_at=asked_at,
        label=invoice.number,
        named={"invoice": invoice.number},
        follow=follow,
    )


def passed_on(*, act: Act, instruction: Instruction, answer: str) -> Instruction:
    """The provider has passed money on to a supplier, or called it back: the books follow."""
    require(act, Verb.PAYMENTS_CARRY)
    intent = instruction.intent
    invoice = SupplierInvoice.objects.select_related("client", "supplier").get(id=intent.about_id)
    wait_for(people=[invoice.supplier_id])
    sign = -1 if instruction.verb == "send_on" else 1
    moves = books.third_moves(intent.provider, invoice.supplier_id, sign * instruction.amount, _label(invoice))
    key = f"instruction:{instruction.id}"
    book(act=act, key=key, on=today(act), cause="supplied", cause_id=invoice.id, moves=moves)
    return payments.carried_out(act=act, instruction=instruction, answer=answer)


def refund_supplied(*, act: Act, invoice: SupplierInvoice, amount: int) -> Instruction:
    """Give back of what a client paid a supplier by card, cents: what was passed on is called back first, as far as it
    goes; beyond that the supplier owes it to us. Our commission is taken back by a credit note.

    Raises Refused("amount_not_taken") beyond what is left of it, Refused("payouts_stopped").
    """
    require(act, Verb.REFUNDS_ORDER)
    wait_for(people=[invoice.client_id, invoice.supplier_id])
    intent = Intent.objects.filter(about=ABOUT, about_id=invoice.id, taken__gt=0).order_by("-asked_at").first()
    if intent is None:
        raise Refused("amount_not_taken", {"left": 0}, where="amount")
    ordered = give_back_online(act=act, intent=intent, amount=amount)
    sent, transfer = sent_on_of(intent=intent.id)
    if transfer and sent:
        said = {"transfer": transfer}
        payments.instruct(act=act, intent=intent, verb="call_back", amount=min(amount, sent), said=said)
    return ordered


def _pass_on(act: Act, invoice: SupplierInvoice, intent: Intent, taken: int) -> None:
    """Our commission stays, as far as it is not paid yet; all the rest is theirs."""
    kept = min(taken, _keep_commission(act, invoice, intent))
    account = provider_account(person=invoice.supplier_id, provider=intent.provider)
    if account and taken > kept:
        said = {"account": account.ref}
        payments.instruct(act=act, intent=intent, verb="send_on", amount=taken - kept, said=said)
    told = {"paid_on": today(act), "said_at": act.at}
    _, new = SupplierPaid.objects.get_or_create(invoice=invoice, defaults=told)
    if new:
        data = {"number": invoice.number}
        record(act=act, type="supplier_paid", thing="supplier_invoice", thing_id=invoice.id, data=data)


def _keep_commission(act: Act, invoice: SupplierInvoice, intent: Intent) -> int:
    ours = Invoice.objects.filter(
        client=invoice.supplier_id, what="commission", month=invoice.month, kind=Invoice.Kind.INVOICE
    ).first()
    kept = min(invoice.commission, dues(invoices=[ours])[ours.id]) if ours else 0
    if ours is None or not kept:
        return 0
    key, on = f"kept:{intent.id}", today(act)
    moves = books.kept_moves(invoice.supplier_id, kept, f"{ours.number}, {invoice.supplier.full_name}")
    entry = book(act=act, key=key, on=on, cause="receipt", cause_id=ours.id, moves=moves)
    Receipt.objects.create(invoice=ours, how="kept", amount=kept, received_on=on, entry=entry, key=key)
    data = {"number": ours.number, "amount": kept, "how": "kept", "reason": ""}
    record(act=act, type="payment_received", thing="invoice", thing_id=ours.id, data=data)
    return kept


def _label(invoice: SupplierInvoice) -> str:
    return f"{invoice.number}, {invoice.supplier.full_name}"
