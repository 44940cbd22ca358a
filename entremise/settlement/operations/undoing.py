from collections.abc import Sequence
from uuid import UUID

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.ledger import operations as ledger
from entremise.ledger import queries as ledger_queries
from entremise.payments import operations as payments
from entremise.payments.models import BankLine
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Receipt
from entremise.settlement.operations.booking import again, wait_for
from entremise.settlement.queries import receipts_of_line

WHY = ("wrong_invoice", "wrong_client", "not_a_payment", "entered_twice")


def unmatch_line(*, act: Act, line: BankLine, reason: str) -> BankLine:
    """Take back what a line had been said to pay, or to be instead: its entries are reversed, what it had settled is
    due again, and it waits for a person. What was learned from it alone is forgotten.

    reason: one of WHY. Raises Refused("reason_needed"); Refused("not_undoable") for wages, debits and what a fund or an
    account paid, which say themselves that they came back; Refused("not_now") for a line that waits, or that somebody
    else took back.
    """
    require(act, Verb.PAYMENTS_RECEIVE)
    if reason not in WHY:
        raise Refused("reason_needed", where="reason")
    wait_for(people=_concerned(receipts_of_line(line=line.id)))
    line.refresh_from_db()  # Somebody else may have taken it back while this transaction waited.
    receipts = receipts_of_line(line=line.id)
    aside, entry, suffix = line.state == "set_aside", line.entry, again(line)
    if line.state == "matched" and not receipts:
        raise Refused("not_undoable")
    payments.reopen_line(act=act, line=line, reason=reason)
    day = ledger_queries.first_open(on=line.booked_on)
    for one in receipts:
        _undo(act, one, line)
    if aside and entry:
        key = f"undone:bank:{line.id}{suffix}"
        ledger.reverse(key=key, at=act.at, effective_on=day, entry=entry, cause="bank_line")
    clients = {_whose(one) for one in receipts}
    if len(clients) < 2:
        payments.unteach(act=act, line=line, client=next(iter(clients), None))
    return line


def _concerned(receipts: Sequence[Receipt]) -> set[UUID]:
    return {who for one in receipts for who in (one.invoice.client_id, _whose(one))}


def _whose(receipt: Receipt) -> UUID:
    """Who paid: the payer of a share, else the client."""
    share = receipt.share
    return share.undertaking.payer.person_id if share else receipt.invoice.client_id


def _undo(act: Act, receipt: Receipt, line: BankLine) -> None:
    if receipt.entry is None:
        raise Refused("not_posted")
    key, day = f"undone:{receipt.id}", ledger_queries.first_open(on=line.booked_on)
    entry = ledger.reverse(key=key, at=act.at, effective_on=day, entry=receipt.entry, cause="receipt")
    Receipt.objects.create(
        invoice=receipt.invoice,
        share=receipt.share,
        line=line,
        how=receipt.how,
        amount=-receipt.amount,
        received_on=receipt.received_on,
        entry=entry.id,
        key=key,
    )
    data = {"number": receipt.invoice.number, "amount": receipt.amount}
    record(act=act, type="payment_undone", thing="invoice", thing_id=receipt.invoice_id, data=data)
