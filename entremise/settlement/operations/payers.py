"""Bodies that pay for others: what they undertake, what they pay, what they refuse."""

from datetime import date

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.ledger.queries import entry_of
from entremise.messaging import operations as messaging
from entremise.messaging.models import Letter
from entremise.payments import operations as payments
from entremise.payments.models import BankLine
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Payer, PayerShare, Receipt, Undertaking
from entremise.settlement.operations.booking import book, wait_for
from entremise.settlement.operations.credit import credit
from entremise.settlement.operations.debits import today
from entremise.settlement.queries.payers import due_of
from entremise.settlement.rules.books_fr import receipt_moves, share_moves
from entremise.settlement.rules.payers import UNDERTAKING
from entremise.tenancy.queries import here, legal_identity

WHOLE = 10_000  # A hundred percent.
BY_HAND = ("transfer", "cheque", "cash")


def describe_payer(*, act: Act, person: Person, kind: str, due_days: int) -> Payer:
    """This body pays for others, within so many days of an invoice. Said anew, it is changed for the invoices to come.

    Raises Refused("not_a_body") for a private person.
    """
    require(act, Verb.PAYERS_DESCRIBE)
    if person.kind == Person.Kind.INDIVIDUAL:
        raise Refused("not_a_body", {"name": person.full_name})
    payer, _ = Payer.objects.update_or_create(person=person, defaults={"kind": kind, "due_days": due_days})
    record(act=act, type="payer_described", thing="payer", thing_id=payer.id, data={"kind": kind, "days": due_days})
    return payer


def undertake(
    *,
    act: Act,
    payer: Payer,
    beneficiary: Person,
    how: str,
    value: int,
    starts_on: date,
    ends_on: date | None = None,
    ceiling: int | None = None,
    hours: int | None = None,
    hours_span: str = "month",
    reference: str = "",
) -> Undertaking:
    """This payer pays a part of this person's invoices for work of these days. It counts for invoices not made yet.

    how: percent (value in hundredths of a percent), per_hour or per_month (cents); ceiling: cents a month.
    hours: minutes at most, the first ones that are billed, of each month or in all (hours_span: month, all).
    Raises Refused("share_out_of_range") beside `value`, ("dates_reversed") beside `ends_on`, ("pays_for_itself").
    """
    require(act, Verb.PAYERS_DESCRIBE)
    _must_hold(how, value, starts_on, ends_on)
    if payer.person_id == beneficiary.id:
        raise Refused("pays_for_itself", where="payer")
    state, fact = UNDERTAKING.step("", "note")
    part = {"how": how, "value": value, "ceiling": ceiling, "starts_on": starts_on, "ends_on": ends_on}
    undertaking = Undertaking.objects.create(
        **part,
        hours=hours or None,
        hours_span=hours_span,
        payer=payer,
        beneficiary=beneficiary,
        reference=reference.strip()[:60],
        state=state,
        noted_at=act.at,
        noted_by=act.by.person,
    )
    data = {"how": how, "value": value, "from": starts_on.isoformat(), "to": ends_on.isoformat() if ends_on else ""}
    record(act=act, type=fact, thing="undertaking", thing_id=undertaking.id, data=data)
    return undertaking


def end_undertaking(*, act: Act, undertaking: Undertaking) -> Undertaking:
    """It counts for no invoice any more; what it owes already stays owed."""
    require(act, Verb.PAYERS_DESCRIBE)
    before = undertaking.state
    state, fact = UNDERTAKING.step(before, "end")
    if not Undertaking.objects.filter(id=undertaking.id, state=before).update(state=state):
        raise Refused("not_now", {"thing": "undertaking", "state": before, "verb": "end"})
    undertaking.state = state
    record(act=act, type=fact, thing="undertaking", thing_id=undertaking.id)
    return undertaking


def receive_share(
    *, act: Act, share: PayerShare, amount: int, how: str, on: date, key: str, line: BankLine | None = None
) -> Receipt:
    """Money of a payer came for its share. how: transfer, cheque or cash; amount in cents, at most what it owes.

    line: the bank's, which it explains. The same key again is the same payment. Raises Refused("amount_not_due"), or
    Refused("not_now") when the line was explained before.
    """
    require(act, Verb.PAYMENTS_RECEIVE)
    payer, invoice = share.undertaking.payer.person, share.invoice
    wait_for(people=[payer.id, invoice.client_id])
    same = Receipt.objects.filter(key=key).first()
    if same:
        return same
    share.refresh_from_db(fields=["amount"])
    due = due_of(share=share)
    if how not in BY_HAND or not 0 < amount <= due:
        raise Refused("amount_not_due", {"due": due}, where="number" if line else "amount")
    moves = receipt_moves(payer.id, amount, how, f"{share.reference}, {payer.full_name}")
    entry = book(act=act, key=f"receipt:{key}", on=on, cause="receipt", cause_id=invoice.id, moves=moves)
    receipt = Receipt.objects.create(
        invoice=invoice, share=share, line=line, how=how, amount=amount, received_on=on, entry=entry, key=key
    )
    data = {"number": share.reference, "amount": amount, "how": how, "reason": ""}
    record(act=act, type="payment_received", thing="invoice", thing_id=invoice.id, data=data)
    if line:
        payments.mark_line(act=act, line=line, state="matched", reason="by_hand", entry=entry)
    return receipt


def refuse_share(
    *, act: Act, share: PayerShare, amount: int, reason: str, key: str, forgiven: bool = False
) -> PayerShare:
    """The payer does not pay this part, and a person decides: the client owes it, or nobody does (forgiven), by a
    credit note. amount: cents, at most what is left. The same key again changes nothing.

    Raises Refused("reason_needed") or Refused("amount_not_due").
    """
    require(act, Verb.SHARES_REFUSE)
    if not reason.strip():
        raise Refused("reason_needed", where="reason")
    payer, invoice = share.undertaking.payer.person, share.invoice
    wait_for(people=[payer.id, invoice.client_id])
    share.refresh_from_db(fields=["amount", "reason"])
    entry_key = f"share-refused:{share.id}:{key}"
    if entry_of(key=entry_key):
        return share
    due = due_of(share=share)
    if not 0 < amount <= due:
        raise Refused("amount_not_due", {"due": due}, where="amount")
    moves = share_moves(payer.id, invoice.client_id, -amount, f"{share.reference}, {payer.full_name}")
    book(act=act, key=entry_key, on=today(act), cause="share", cause_id=share.id, moves=moves)
    share.amount -= amount
    share.reason = reason.strip()[:200]
    share.save(update_fields=["amount", "reason"])
    data = {"number": share.reference, "amount": amount, "reason": share.reason}
    record(act=act, type="share_refused", thing="share", thing_id=share.id, data=data)
    if forgiven:
        credit(act=act, invoice=invoice, key=f"share:{key}", reason=reason, amount=amount)
    else:
        _tell_client(act, share, amount, key)
    return share


def remind_payer(*, act: Act, payer: Payer) -> Letter:
    """One letter, in a business tone, of all that a payer should have paid; the same day it is the same letter.

    Raises Refused("nothing_late").
    """
    require(act, Verb.REMINDERS_SEND)
    on = today(act)
    wait_for(people=[payer.person_id])
    rows = PayerShare.objects.filter(undertaking__payer=payer, due_on__lt=on).select_related("invoice__client")
    late = [(one, due) for one in rows.order_by("due_on", "reference") if (due := due_of(share=one))]
    if not late:
        raise Refused("nothing_late")
    legal = legal_identity()
    letter = messaging.queue(
        act=act,
        person=payer.person,
        template="payer_reminder",
        context={
            "payer": payer.person,
            "late": [{"share": one, "due": due} for one, due in late],
            "due": sum(due for _, due in late),
            "iban": legal.iban if legal else "",
            "organisation": here(),
        },
        key=f"payer:{payer.id}:{on.isoformat()}",
        about="payer",
        about_id=payer.id,
    )
    record(act=act, type="payer_reminded", thing="payer", thing_id=payer.id, data={"count": len(late)})
    return letter


def _must_hold(how: str, value: int, starts_on: date, ends_on: date | None) -> None:
    if not value > 0 or (how == Undertaking.How.PERCENT and value > WHOLE):
        raise Refused("share_out_of_range", where="value")
    if ends_on and ends_on < starts_on:
        raise Refused("dates_reversed", {"first": starts_on, "last": starts_on}, where="ends_on")


def _tell_client(act: Act, share: PayerShare, amount: int, key: str) -> None:
    messaging.queue(
        act=act,
        person=share.invoice.client,
        template="share_refused",
        context={
            "payer": share.undertaking.payer.person,
            "invoice": share.invoice,
            "due": amount,
            "organisation": here(),
        },
        key=f"share-refused:{share.id}:{key}",
        about="invoice",
        about_id=share.invoice_id,
    )
