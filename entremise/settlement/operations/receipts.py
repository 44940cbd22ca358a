from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Sum

from entremise.history.operations import record, record_many
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.payments import operations as payments
from entremise.payments.models import BankLine
from entremise.payments.queries import as_entry, rules_for
from entremise.payments.rules import Entry, Match, OpenClaims
from entremise.payments.rules.suggestions import Taught, decide, decide_all, trusted_client
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Invoice, Receipt
from entremise.settlement.operations.booking import Booking, again, book, book_many, wait_for
from entremise.settlement.queries import being_collected, claims_open, dues, surplus
from entremise.settlement.rules.books_fr import Slot, fund_moves, receipt_moves, refund_moves


@dataclass(frozen=True)
class Taken:
    """What a line pays of an invoice, cents, and why."""

    line: BankLine
    invoice: Invoice
    amount: int
    reason: str


def receive_line(*, act: Act, line: BankLine, claims: OpenClaims | None = None) -> Match:
    """`receive_lines` for one."""
    return receive_lines(act=act, lines=[line], claims=claims)[0]


def receive_lines(*, act: Act, lines: Sequence[BankLine], claims: OpenClaims | None = None) -> list[Match]:
    """Settle what bank lines surely pay; otherwise note why not, for a person. The same lines again change nothing,
    and what a person took back is theirs. As many questions for a thousand lines as for one.

    claims: from `claims_open`, kept from chunk to chunk of a statement; it counts what each line pays.
    """
    require(act, Verb.PAYMENTS_RECEIVE)
    against = claims or claims_open()
    taught, entries = rules_for(lines=lines), {line.id: as_entry(line=line) for line in lines}
    sure = {line.id: decide(entries[line.id], against, taught[line.id]) for line in lines}
    concerned = {
        client for line in lines for client in _clients(sure[line.id], entries[line.id], against, taught[line.id])
    }
    wait_for(people=concerned)
    _look_again(lines, against, concerned)
    waiting = {line.id: line for line in lines if line.state == "unmatched" and not line.undone}
    found = decide_all({one: (line.key, entries[one]) for one, line in waiting.items()}, against, taught)
    _take(act, [(waiting[one], match) for one, match in found.items() if match.confidence == "sure"])
    payments.note_doubts(doubts={one: match.reason for one, match in found.items() if match.confidence != "sure"})
    uses = Counter(taught[one][0].id for one, match in found.items() if match.reason == "learned")
    payments.count_uses(act=act, uses=uses)
    return [found.get(line.id, sure[line.id]) for line in lines]


def receive_by_hand(*, act: Act, line: BankLine, invoice: Invoice) -> Receipt:
    """A person says which invoice a line pays, whole, in part or beyond; too much stays to the client's credit.

    Raises Refused("not_an_invoice"), or Refused("not_now") when the line was explained before.
    """
    require(act, Verb.PAYMENTS_RECEIVE)
    _must_be_an_invoice(invoice)
    wait_for(people=[invoice.client_id])
    return _by_hand(act, line, {invoice: line.amount})[0]


def receive_parts(*, act: Act, line: BankLine, parts: Mapping[Invoice, int]) -> list[Receipt]:
    """A person says what a line pays, invoice by invoice; of one client, what is left is theirs, with the last.

    parts: cents, at most what is due. Raises, beside the number of an invoice, Refused("not_an_invoice"),
    ("amount_not_due"), ("beyond_the_line") or, for several clients, ("line_not_spent"); ("nothing_chosen") without
    any, and ("not_now") when the line was explained before.
    """
    require(act, Verb.PAYMENTS_RECEIVE)
    if not parts:
        raise Refused("nothing_chosen", where="parts")
    for invoice in parts:
        _must_be_an_invoice(invoice, where=invoice.number)
    clients = {invoice.client_id for invoice in parts}
    wait_for(people=clients)
    due, left = dues(invoices=list(parts)), line.amount
    for invoice, amount in parts.items():
        if not 0 < amount <= due[invoice.id]:
            raise Refused("amount_not_due", {"due": due[invoice.id]}, where=invoice.number)
        if amount > left:
            raise Refused("beyond_the_line", {"left": left}, where=invoice.number)
        left -= amount
    last = list(parts)[-1]
    if left and len(clients) > 1:
        raise Refused("line_not_spent", {"left": left}, where=last.number)
    return _by_hand(act, line, {**parts, last: parts[last] + left})


def give_back(*, act: Act, line: BankLine, invoice: Invoice) -> Receipt:
    """A client's money left again: a cheque that bounced, a transfer taken back, too much that we returned.

    What it had settled is due again. invoice: the one it had paid, or its credit note. Raises Refused("line_differs")
    beyond what was received of it, Refused("not_now") when the line was explained before.
    """
    require(act, Verb.PAYMENTS_RECEIVE)
    paid = invoice.corrects or invoice
    wait_for(people=[paid.client_id])
    line.refresh_from_db(fields=["state", "undone"])
    if line.state != "unmatched" or line.amount >= 0:
        raise Refused("not_now", {"thing": "bank line", "state": line.state, "verb": "match"})
    money = paid.receipts.filter(share=None).exclude(how__in=["credit_note", "fund", "cesu", "gift_voucher"])
    received = money.aggregate(total=Sum("amount"))["total"] or 0
    if -line.amount > received:
        raise Refused("line_differs", {"due": received}, where="number")
    key = f"line:{line.id}:{paid.id}{again(line)}"
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
    return _keep(act, invoice, amount, on, how=how, key=key)


def settle_from_fund(*, act: Act, invoice: Invoice, amount: int, fund: Slot, on: date, key: str) -> Receipt:
    """A fund pays a part of an invoice, at most what is due; fund: its account.

    key: of a payment that the caller makes once. Raises Refused("not_an_invoice"), Refused("amount_not_due"), or
    Refused("debit_on_its_way") for what the bank is collecting already.
    """
    require(act, Verb.AIDS_SETTLE)
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


def pass_extra_on(*, act: Act, invoice: Invoice, amount: int, fund: Slot, on: date, key: str) -> Receipt:
    """What a client paid with an invoice for a fund goes there, or, below nothing, comes back from it, in cents."""
    require(act, Verb.PAYMENTS_RECEIVE)
    wait_for(people=[invoice.client_id])
    return _with_fund(act, invoice, -amount, fund, on, how="gift", key=key)


def _with_fund(act: Act, invoice: Invoice, amount: int, fund: Slot, on: date, *, how: str, key: str) -> Receipt:
    moves = fund_moves(invoice.client_id, amount, fund, f"{invoice.number}, {invoice.client.full_name}")
    cause = "gift" if how == "gift" else "receipt"
    entry = book(act=act, key=f"receipt:{key}", on=on, cause=cause, cause_id=invoice.id, moves=moves)
    receipt = Receipt.objects.create(invoice=invoice, how=how, amount=amount, received_on=on, entry=entry, key=key)
    data = {"number": invoice.number, "amount": amount}
    record(act=act, type="invoice_met_fund", thing="invoice", thing_id=invoice.id, data=data)
    return receipt


def _clients(found: Match, entry: Entry, claims: OpenClaims, taught: Sequence[Taught]) -> set[UUID]:
    """Whose invoices a line may settle."""
    if found.confidence != "sure":
        return set()
    trusted = trusted_client(entry, claims, taught)
    return {claim.client for claim in found.claims} | ({trusted} if trusted else set())


def _look_again(lines: Sequence[BankLine], claims: OpenClaims, clients: Collection[UUID]) -> None:
    """Another transaction may have settled a line or an invoice while this one waited. Three questions."""
    fresh = BankLine.objects.select_for_update().filter(id__in=[line.id for line in lines]).order_by("id")
    known = {one: (state, undone) for one, state, undone in fresh.values_list("id", "state", "undone")}
    for line in lines:
        line.state, line.undone = known[line.id]
    owed = {claim.id: claim.due for client in clients for claim in claims.of_client(client, "EUR")}
    due = dues(invoices=list(Invoice.objects.filter(id__in=owed))) if owed else {}
    for claim, before in owed.items():
        if due[claim] != before:
            claims.correct(claim, due[claim])


def _take(act: Act, sure: Sequence[tuple[BankLine, Match]]) -> None:
    """These lines pay these claims, whole."""
    rows = Invoice.objects.select_related("client").filter(id__in=[c.id for _, match in sure for c in match.claims])
    invoices = {row.id: row for row in rows} if sure else {}
    taken = [Taken(line, invoices[claim.id], claim.due, match.reason) for line, match in sure for claim in match.claims]
    entries = {one.line.id: receipt.entry for one, receipt in zip(taken, _keep_all(act, taken), strict=True)}
    for line, match in sure:
        line.state, line.reason, line.entry = "matched", match.reason, entries[line.id]
    payments.mark_lines(act=act, lines=[line for line, _ in sure])


def _by_hand(act: Act, line: BankLine, parts: Mapping[Invoice, int]) -> list[Receipt]:
    """Whose money it is is remembered, when it is one client's."""
    line.refresh_from_db(fields=["state", "undone"])
    if line.state != "unmatched" or line.amount <= 0:
        raise Refused("not_now", {"thing": "bank line", "state": line.state, "verb": "match"})
    receipts = _keep_all(act, [Taken(line, invoice, amount, "by_hand") for invoice, amount in parts.items()])
    payments.mark_line(act=act, line=line, state="matched", reason="by_hand", entry=receipts[-1].entry)
    clients = {invoice.client_id: invoice.client for invoice in parts}
    if len(clients) == 1:
        payments.teach(act=act, line=line, client=next(iter(clients.values())))
    return receipts


def _must_be_an_invoice(invoice: Invoice, where: str = "number") -> None:
    if invoice.kind != Invoice.Kind.INVOICE:
        raise Refused("not_an_invoice", {"number": invoice.number}, where=where)


def _keep_all(act: Act, taken: Sequence[Taken]) -> list[Receipt]:
    """Each with its entry and its fact, in as many statements as for one. An invoice is named once."""
    keys = [f"{one.line.id}:{one.invoice.id}{again(one.line)}" for one in taken]
    labels = [f"{one.invoice.number}, {one.invoice.client.full_name}" for one in taken]
    entries = book_many(
        act=act,
        bookings=[
            Booking(
                key=f"receipt:line:{key}",
                on=one.line.booked_on,
                cause="receipt",
                cause_id=one.invoice.id,
                moves=receipt_moves(one.invoice.client_id, one.amount, "transfer", label),
            )
            for one, key, label in zip(taken, keys, labels, strict=True)
        ],
    )
    receipts = Receipt.objects.bulk_create(
        Receipt(
            invoice=one.invoice,
            line=one.line,
            how="transfer",
            amount=one.amount,
            received_on=one.line.booked_on,
            entry=entry,
            key=f"line:{key}",
        )
        for one, key, entry in zip(taken, keys, entries, strict=True)
    )
    data = {
        one.invoice.id: {"number": one.invoice.number, "amount": one.amount, "how": "transfer", "reason": one.reason}
        for one in taken
    }
    record_many(act=act, type="payment_received", thing="invoice", data=data)
    return receipts


def _keep(act: Act, invoice: Invoice, amount: int, on: date, *, how: str, key: str) -> Receipt:
    client = invoice.client
    moves = receipt_moves(client.id, amount, how, f"{invoice.number}, {client.full_name}")
    entry = book(act=act, key=f"receipt:{key}", on=on, cause="receipt", cause_id=invoice.id, moves=moves)
    receipt = Receipt.objects.create(invoice=invoice, how=how, amount=amount, received_on=on, entry=entry, key=key)
    data = {"number": invoice.number, "amount": amount, "how": how, "reason": ""}
    record(act=act, type="payment_received", thing="invoice", thing_id=invoice.id, data=data)
    return receipt
