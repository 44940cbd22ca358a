"""Bills of suppliers on their way: in a transfer file or handed over, paid on the bank's word, come back."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db.models import Q

from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.ledger import operations as ledger
from entremise.ledger import queries as ledger_queries
from entremise.messaging import operations as messaging
from entremise.payments import operations as payments
from entremise.payments.models import BankAccount, BankFile, BankLine
from entremise.payments.operations import TransferPayment
from entremise.payments.queries import as_entry
from entremise.payments.rules import Claim, OpenClaims, StatusReport, match
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Approval, SupplierBill
from entremise.settlement.operations.approving import Prepared, agreed
from entremise.settlement.operations.bills import move_bill
from entremise.settlement.operations.booking import book, wait_for
from entremise.settlement.operations.debits import today
from entremise.settlement.queries.bills import bills_to_order
from entremise.settlement.rules.books_fr import bill_paid_moves


@dataclass(frozen=True)
class BillsOrdered:
    """The transfer file, or the approval that it waits for, and the suppliers who lack an account to be in it."""

    file: BankFile | None
    without: list[Person]
    approval: Approval | None = None


def order_bills(*, act: Act, execution_on: date, seen: str | None = None) -> BillsOrdered:
    """Put every approved bill into one transfer file. Beyond the organisation's limit a second person agrees first.

    seen: the digest of the preview that was looked at. Raises Refused("day_past"), Refused("nothing_to_pay"),
    Refused("own_iban_missing"), Refused("payouts_stopped"), or what `approving.agreed` raises.
    """
    require(act, Verb.PAYOUTS_ORDER)
    ledger.require_proved()
    on = today(act)
    if execution_on < on:
        raise Refused("day_past", where="on")
    wait_for(people=[bill.supplier_id for bill, _ in bills_to_order().rows])
    found = bills_to_order()
    if not found.rows:
        raise Refused("nothing_to_pay")
    file = Prepared("bills", found.digest, len(found.rows), found.total, on, execution_on, seen)
    approval = agreed(act=act, file=file)
    if approval:
        return BillsOrdered(None, found.without, approval)
    transfers = [_transfer(bill, account) for bill, account in found.rows]
    made = payments.make_transfers_file(act=act, payments=transfers, execution_on=execution_on, what="ACHA")
    for bill, account in found.rows:
        bill.hold = _book(act, bill, "transfer", on, held=True)
        bill.file, bill.iban, bill.how = made, account.iban, "transfer"
        move_bill(act, bill, "order")
    return BillsOrdered(made, found.without)


def hand_over_bill(*, act: Act, bill: SupplierBill, how: str) -> SupplierBill:
    """Paid today in coins or by a cheque of ours. Raises Refused("not_now") unless it is approved and in no file,
    Refused("not_enough") for more coins than the till has, or Refused("payouts_stopped").
    """
    require(act, Verb.PAYOUTS_ORDER)
    ledger.require_proved()
    if how not in ("cash", "cheque"):
        raise ValueError(f"a bill is not handed over by {how}")
    wait_for(people=[bill.supplier_id])
    bill.how, bill.paid_on = how, today(act)
    move_bill(act, bill, "hand")
    bill.hold = _book(act, bill, how, bill.paid_on, held=False)
    SupplierBill.objects.filter(id=bill.id).update(hold=bill.hold)
    return bill


def bill_paid(*, act: Act, bill: SupplierBill, on: date) -> SupplierBill:
    """The bank says that it left: what was held becomes final. Said again, nothing changes."""
    require(act, Verb.PAYOUTS_CONFIRM)
    bill.refresh_from_db(fields=["state", "hold"])
    if bill.state == "paid":
        return bill
    held, bill.paid_on = _held(bill), on
    day = ledger_queries.first_open(on=on)
    move_bill(act, bill, "confirm")
    entry = ledger.settle_hold(key=f"bill-paid:{held}", at=act.at, effective_on=day, entry=held)
    bill.hold = entry.id
    SupplierBill.objects.filter(id=bill.id).update(hold=entry.id)
    return bill


def send_bill_back(*, act: Act, bill: SupplierBill, on: date) -> SupplierBill:
    """Its money came back, before or after the bank had said that it left, or it was noted as handed over by mistake:
    it is owed again, and leaves with the next file. Somebody is asked to look at the account.

    Raises Refused("not_now") when it came back before.
    """
    require(act, Verb.PAYOUTS_CONFIRM)
    bill.refresh_from_db(fields=["state", "hold", "how", "approved_by"])
    before, how, held = bill.state, bill.how, _held(bill)
    bill.file, bill.hold, bill.paid_on, bill.how, bill.iban = None, None, None, "", ""
    move_bill(act, bill, "reject" if before == "ordered" else "return")
    if before == "ordered":
        ledger.release(key=f"bill-rejected:{held}", at=act.at, entry=held)
    else:
        day = ledger_queries.first_open(on=on)
        ledger.reverse(key=f"bill-returned:{held}", at=act.at, effective_on=day, entry=held, cause="bill_paid")
    if how == "transfer":
        params = {"number": bill.number}
        key = f"bill-returned:{held}"
        messaging.add_task(act=act, kind="bill_returned", key=key, person=bill.supplier, params=params)
    return bill


def recognise_bills(*, act: Act, lines: Sequence[BankLine]) -> list[SupplierBill]:
    """Debits of a statement that pay bills: each names one, or is a whole file by what is left of it; and credits that
    name one which was paid: it came back. One question when there is nothing of either.
    """
    meant = [line for line in lines if line.state == "unmatched" and not line.reversal]
    came_back = Q(state="paid", how="transfer", total__in={line.amount for line in meant if line.amount > 0})
    known = SupplierBill.objects.filter(Q(state="ordered") | came_back).select_related("supplier")
    rows = {one.id: one for one in known} if meant else {}
    done: list[SupplierBill] = []
    for line in meant:
        state = "paid" if line.amount > 0 else "ordered"
        there = {key: one for key, one in rows.items() if one.state == state}
        found = _named(line, there) or (_whole_file(line, there.values()) if line.amount < 0 else [])
        done += _settle(act, line, found)
    return done


def bill_by_hand(*, act: Act, line: BankLine, number: str) -> bool:
    """A person says which bill, or file of bills, this line pays or brings back; False when none is meant.

    Raises Refused("line_differs") when the amounts differ, or Refused("not_now") when the line was explained before.
    """
    require(act, Verb.PAYOUTS_CONFIRM)
    rows = SupplierBill.objects.filter(state="paid" if line.amount > 0 else "ordered", how="transfer")
    rows = rows.select_related("supplier")
    found = list(rows.filter(reference__iexact=number)) or list(rows.filter(file__message_id__iexact=number))
    total = sum(one.total for one in found)
    if found and total != abs(line.amount):
        raise Refused("line_differs", {"due": total}, where="number")
    return bool(_settle(act, line, found))


def heed_bills(*, act: Act, report: StatusReport) -> int:
    """What the bank refused of a file of bills; how many."""
    refused = 0
    ordered = SupplierBill.objects.filter(file__message_id=report.original, state="ordered")
    for bill in ordered.select_related("supplier").order_by("id"):
        if report.refusal(batch=report.original, end_to_end=bill.reference) is not None:
            send_bill_back(act=act, bill=bill, on=today(act))
            refused += 1
    return refused


def _settle(act: Act, line: BankLine, bills: Sequence[SupplierBill]) -> list[SupplierBill]:
    if not bills:
        return []
    came_back = line.amount > 0
    reason = "bill_returned" if came_back else "supplier_bill"
    payments.mark_line(act=act, line=line, state="matched", reason=reason, entry=bills[0].hold)
    say = send_bill_back if came_back else bill_paid
    return [say(act=act, bill=bill, on=line.booked_on) for bill in bills]


def _named(line: BankLine, bills: Mapping[UUID, SupplierBill]) -> list[SupplierBill]:
    claims = OpenClaims(Claim(one.id, one.reference, one.total) for one in bills.values())
    found = match(replace(as_entry(line=line), amount=abs(line.amount), reversal=False), claims)
    return [bills[claim.id] for claim in found.claims] if found.confidence == "sure" else []


def _whole_file(line: BankLine, bills: Iterable[SupplierBill]) -> list[SupplierBill]:
    files: defaultdict[UUID | None, list[SupplierBill]] = defaultdict(list)
    for one in bills:
        files[one.file_id].append(one)
    fitting = [part for part in files.values() if sum(one.total for one in part) == -line.amount]
    return fitting[0] if len(fitting) == 1 else []


def _book(act: Act, bill: SupplierBill, how: str, on: date, *, held: bool) -> UUID:
    """A bill that came back is paid anew: its own id would not make the key unique."""
    moves = bill_paid_moves(bill.supplier_id, bill.total, f"{bill.reference}, {bill.supplier.full_name}", how)
    key = f"bill-payment:{new_id()}"
    return book(act=act, key=key, on=on, cause="bill_paid", cause_id=bill.id, moves=moves, held=held)


def _held(bill: SupplierBill) -> UUID:
    if bill.hold is None:
        raise Refused("not_now", {"thing": "supplier bill", "state": bill.state, "verb": "return"})
    return bill.hold


def _transfer(bill: SupplierBill, account: BankAccount) -> TransferPayment:
    return TransferPayment(
        name=account.holder,
        iban=account.iban,
        bic=account.bic,
        amount=bill.total,
        end_to_end=bill.reference,
        text=f"{bill.number} {bill.reference}",
    )
