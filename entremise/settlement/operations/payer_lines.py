"""One transfer of a payer for several shares, as a person ticks them or as it surely says."""

from collections.abc import Sequence
from uuid import UUID

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.payments import operations as payments
from entremise.payments.models import BankLine
from entremise.payments.queries import as_entry
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import PayerShare, Receipt
from entremise.settlement.operations.booking import again, book, wait_for
from entremise.settlement.queries.payer_lines import payers_of_lines, shares_due
from entremise.settlement.rules.books_fr import receipt_moves
from entremise.settlement.rules.payer_lines import OpenShares, ShareGroup, groups, poured


def receive_shares(*, act: Act, line: BankLine, shares: Sequence[UUID], reason: str = "by_hand") -> list[Receipt]:
    """A line pays these shares of one payer, the oldest first; the last of them may be paid in part.

    Raises Refused("nothing_ticked"), Refused("several_payers"), Refused("shares_differ") beside `shares` when the line
    is more than they owe, or does not reach the last, and Refused("not_now") when the line was explained before.
    """
    require(act, Verb.PAYMENTS_RECEIVE)
    rows = PayerShare.objects.filter(id__in=shares).select_related("invoice__client", "undertaking__payer__person")
    found = {one.id: one for one in rows}
    payers = {one.undertaking.payer.person_id: one.undertaking.payer.person for one in found.values()}
    if not found:
        raise Refused("nothing_ticked", where="shares")
    if len(payers) > 1:
        raise Refused("several_payers", where="shares")
    wait_for(people={*payers, *(one.invoice.client_id for one in found.values())})
    line.refresh_from_db(fields=["state", "undone"])
    if line.state != "unmatched" or line.amount <= 0:
        raise Refused("not_now", {"thing": "bank line", "state": line.state, "verb": "match"})
    owed = shares_due(shares=shares)
    amounts = poured(line.amount, [one.due for one in owed])
    if not amounts or len(owed) < len(found):
        total = sum(one.due for one in owed)
        raise Refused(
            "shares_differ", {"sum": total, "of_line": line.amount, "gap": abs(total - line.amount)}, "shares"
        )
    receipts = [_keep(act, line, found[one.id], part) for one, part in zip(owed, amounts, strict=True)]
    payments.mark_line(act=act, line=line, state="matched", reason=reason, entry=receipts[-1].entry)
    if reason == "by_hand":
        payments.teach(act=act, line=line, client=next(iter(payers.values())))
    return receipts


def recognise_shares(*, act: Act, lines: Sequence[BankLine], owed: OpenShares) -> list[BankLine]:
    """Settle what lines surely pay of what payers owe; returns those that pay, or name, no share.

    owed: kept from chunk to chunk of a statement. What a line names of shares is never taken for the client's invoice,
    whose number is a part of it.
    """
    if not owed:
        return list(lines)
    left, sure, known = [], list[tuple[BankLine, ShareGroup]](), payers_of_lines(lines=lines)
    for line in lines:
        best = next(iter(groups(as_entry(line=line), owed, known[line.id])), None)
        if best and best.step == "sure":
            sure.append((line, best))
            owed.paid(best.shares)
        elif best and best.reasons[0] == "shares_cited":
            payments.note_doubts(doubts={line.id: "shares_differ"})
        else:
            left.append(line)
    wait_for(people={who for _, best in sure for one in best.shares for who in (one.payer, one.client)})
    for line, best in sure:
        ids = [one.id for one in best.shares]
        if set(shares_due(shares=ids)) == set(best.shares):  # Else somebody settled one while this waited.
            receive_shares(act=act, line=line, shares=ids, reason=best.reasons[0])
    return left


def _keep(act: Act, line: BankLine, share: PayerShare, amount: int) -> Receipt:
    key, payer, on = f"line:{line.id}:{share.id}{again(line)}", share.undertaking.payer.person, line.booked_on
    moves = receipt_moves(payer.id, amount, "transfer", f"{share.reference}, {payer.full_name}")
    entry = book(act=act, key=f"receipt:{key}", on=on, cause="receipt", cause_id=share.invoice_id, moves=moves)
    data = {"number": share.reference, "amount": amount, "how": "transfer", "reason": ""}
    record(act=act, type="payment_received", thing="invoice", thing_id=share.invoice_id, data=data)
    return Receipt.objects.create(
        invoice=share.invoice,
        share=share,
        line=line,
        how="transfer",
        amount=amount,
        received_on=on,
        entry=entry,
        key=key,
    )
