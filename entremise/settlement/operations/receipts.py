from datetime import date
from uuid import UUID

from django.db.models import Sum

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.payments import operations as payments
from entremise.payments.models import BankLine
from entremise.payments.queries import as_entry
from entremise.payments.rules import Claim, Match, OpenClaims, match
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Invoice, Receipt
from entremise.settlement.operations.booking import book, wait_for
from entremise.settlement.queries import being_collected, dues, open_invoices, surplus
from entremise.settlement.rules.books_fr import Slot, fund_moves, receipt_moves, refund_moves


def claims_open() -> OpenClaims:
    """What clients owe, as the matching rule reads it; built once for a whole statement."""
    return OpenClaims(_claim(one.invoice, one.due) for one in open_invoices())


def receive_line(*, act: Act, line: BankLine, claims: OpenClaims | None = None) -> Match:
    """Settle what a bank line surely pays; otherwise note why not, for a person. The same line again changes nothing.

    claims: from `claims_open`, kept from line to line of a statement; it counts what each line pays.
    """
    require(act, Verb.PAYMENTS_RECEIVE)
    against = claims or claims_open()
    found = match(as_entry(line=line), against)
    invoices = _meant(found) if found.confidence == "sure" else {}
    if invoices:
        # Another transaction may have settled the line or an invoice while this one waited.
        line.refresh_from_db(fields=["state"])
        due = dues(invoices=list(invoices.values()))
        left = OpenClaims(_claim(one, due[one.id]) for one in invoices.values() if due[one.id])
        found = match(as_entry(line=line), left)
    if line.state != "unmatched":
        return found
    if found.confidence != "sure":
        payments.note_doubt(line=line, reason=found.reason)
        return found
    entry = None
    for claim in found.claims:
        receipt = _of_line(act, invoices[claim.id], line, claim.due, found.reason)
        entry = receipt.entry
        against.settle(claim.id, claim.due)
    payments.mark_line(act=act, line=line, state="matched", reason=found.reason, entry=entry)
    return found


def receive_by_hand(*, act: Act, line: BankLine, invoice: Invoice) -> Receipt:
    """A person says which invoice a line pays, whole, in part or beyond; too much stays to the client's credit.

    Raises Refused("not_an_invoice"), or Refused("not_now") when the line was explained before.
    """
    require(act, Verb.PAYMENTS_RECEIVE)
    _must_be_an_invoice(invoice)
    wait_for(people=[invoice.client_id])
    line.refresh_from_db(fields=["state"])
    if line.state != "unmatched" or line.amount <= 0:
        raise Refused("not_now", {"thing": "bank line", "state": line.state, "verb": "match"})
    receipt = _of_line(act, invoice, line, line.amount, "by_hand")
    payments.mark_line(act=act, line=line, state="matched", reason="by_hand", entry=receipt.entry)
    return receipt


def give_back(*, act: Act, line: BankLine, invoice: Invoice) -> Receipt:
    """A client's money left again: a cheque that bounced, a transfer taken back, too much that we returned.

    What it had settled is due again. invoice: the one it had paid, or its credit note. Raises Refused("line_differs")
    beyond what was received of it, Refused("not_now") when the line was explained before.
    """
    require(act, Verb.PAYMENTS_RECEIVE)
    paid = invoice.corrects or invoice
    wait_for(people=[paid.client_id])
    line.refresh_from_db(fields=["state"])
    if line.state != "unmatched" or line.amount >= 0:
        raise Refused("not_now", {"thing": "bank line", "state": line.state, "verb": "match"})
    money = paid.receipts.filter(share=None).exclude(how__in=["credit_note", "fund"])
    received = money.aggregate(total=Sum("amount"))["total"] or 0
    if -line.amount > received:
        raise Refused("line_differs", {"due": received}, where="number")
    key = f"line:{line.id}:{paid.id}"
    moves = refund_moves(paid.client_id, -line.amount, f"{paid.number}, {paid.client.full_name}")
    entry = book(act=act, key=f"receipt:{key}", on=line.booked_on, cause="receipt", cause_id=paid.id, moves=moves)
    receipt = Receipt.objects.create(
        invoice=paid, line=line, how="transfer", amount=line.amount, received_on=line.booked_on, entry=entry, key=key
    )
    data = {"number": paid.number, "amount": line.amount}
    record(act=act, type="payment_given_back", thing="invoice", thing_id=paid.id, data=data)
    payments.mark_line(act=act, line=line, state="matched", reason="given_back", entry=entry)
    return receipt


def receive_cash(*, act: Act, invoice: Invoice, amount: int, how: str, on: date, key: str) -> Receipt:
    """Coins or a cheque over the counter. how: cash or cheque; amount in cents, at most what is due.

    The same key again is the same payment. Raises Refused("not_an_invoice"), Refused("amount_not_due"), or
    Refused("debit_on_its_way") for what the bank is collecting already.
    """
    require(act, Verb.CASH_RECEIVE)
    _must_be_an_invoice(invoice)
    wait_for(people=[invoice.client_id])
    same = Receipt.objects.filter(key=key).first()
    if same:
        return same
    due = dues(invoices=[invoice])[invoice.id]
    if how not in ("cash", "cheque") or not 0 < amount <= due:
        raise Refused("amount_not_due", {"due": due}, where="amount")
    coming = being_collected(invoice=invoice.id)
    if amount > due - coming:
        raise Refused("debit_on_its_way", {"due": coming}, where="amount")
    return _keep(act, invoice, amount, on, how=how, key=key, line=None)


def settle_from_fund(*, act: Act, invoice: Invoice, amount: int, fund: Slot, on: date, key: str) -> Receipt:
    """A fund pays a part of an invoice, at most what is due; fund: its account.

    key: of a payment that the caller makes once. Raises Refused("not_an_invoice"), Refused("amount_not_due"), or
    Refused("debit_on_its_way") for what the bank is collecting already.
    """
    require(act, Verb.AIDS_PAY)
    _must_be_an_invoice(invoice)
    wait_for(people=[invoice.client_id])
    due = dues(invoices=[invoice])[invoice.id]
    if not 0 < amount <= due:
        raise Refused("amount_not_due", {"due": due}, where="amount")
    coming = being_collected(invoice=invoice.id)
    if amount > due - coming:
        raise Refused("debit_on_its_way", {"due": coming}, where="amount")
    return _with_fund(act, invoice, amount, fund, on, how="fund", key=key)


def return_to_fund(*, act: Act, invoice: Invoice, amount: int, fund: Slot, on: date, key: str) -> Receipt:
    """What a fund had paid of an invoice goes back to it, and is due again. Raises Refused("amount_not_due")."""
    require(act, Verb.AIDS_PAY)
    wait_for(people=[invoice.client_id])
    paid = invoice.receipts.filter(how="fund").aggregate(total=Sum("amount"))["total"] or 0
    if not 0 < amount <= paid:
        raise Refused("amount_not_due", {"due": paid}, where="amount")
    return _with_fund(act, invoice, -amount, fund, on, how="fund", key=key)


def give_up_surplus(*, act: Act, invoice: Invoice, amount: int, fund: Slot, on: date, key: str) -> Receipt:
    """What a client paid beyond an invoice is theirs; they leave it to a fund. Raises Refused("no_surplus")."""
    require(act, Verb.FUNDS_GIVE)
    _must_be_an_invoice(invoice)
    wait_for(people=[invoice.client_id])
    left = surplus(invoice=invoice)
    if not 0 < amount <= left:
        raise Refused("no_surplus", {"due": left}, where="amount")
    return _with_fund(act, invoice, -amount, fund, on, how="gift", key=key)


def _with_fund(act: Act, invoice: Invoice, amount: int, fund: Slot, on: date, *, how: str, key: str) -> Receipt:
    moves = fund_moves(invoice.client_id, amount, fund, f"{invoice.number}, {invoice.client.full_name}")
    entry = book(act=act, key=f"receipt:{key}", on=on, cause="receipt", cause_id=invoice.id, moves=moves)
    receipt = Receipt.objects.create(invoice=invoice, how=how, amount=amount, received_on=on, entry=entry, key=key)
    data = {"number": invoice.number, "amount": amount}
    record(act=act, type="invoice_met_fund", thing="invoice", thing_id=invoice.id, data=data)
    return receipt


def _claim(invoice: Invoice, due: int) -> Claim:
    return Claim(invoice.id, invoice.number, due, payer=invoice.client.full_name)


def _meant(found: Match) -> dict[UUID, Invoice]:
    """The invoices of a match, once it is this transaction's turn with their clients."""
    rows = Invoice.objects.select_related("client").filter(id__in=[claim.id for claim in found.claims])
    invoices = {row.id: row for row in rows}
    wait_for(people=[invoice.client_id for invoice in invoices.values()])
    return invoices


def _must_be_an_invoice(invoice: Invoice) -> None:
    if invoice.kind != Invoice.Kind.INVOICE:
        raise Refused("not_an_invoice", {"number": invoice.number}, where="number")


def _of_line(act: Act, invoice: Invoice, line: BankLine, amount: int, reason: str) -> Receipt:
    key = f"line:{line.id}:{invoice.id}"
    return _keep(act, invoice, amount, line.booked_on, how="transfer", key=key, line=line.id, reason=reason)


def _keep(
    act: Act, invoice: Invoice, amount: int, on: date, *, how: str, key: str, line: UUID | None, reason: str = ""
) -> Receipt:
    client = invoice.client
    moves = receipt_moves(client.id, amount, how, f"{invoice.number}, {client.full_name}")
    entry = book(act=act, key=f"receipt:{key}", on=on, cause="receipt", cause_id=invoice.id, moves=moves)
    receipt = Receipt.objects.create(
        invoice=invoice, line_id=line, how=how, amount=amount, received_on=on, entry=entry, key=key
    )
    data = {"number": invoice.number, "amount": amount, "how": how, "reason": reason}
    record(act=act, type="payment_received", thing="invoice", thing_id=invoice.id, data=data)
    return receipt
