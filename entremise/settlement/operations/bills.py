"""Bills of suppliers: written down as they come, approved by somebody else when large, disputed, taken back."""

from collections.abc import Sequence
from datetime import date

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.ledger import operations as ledger
from entremise.ledger import queries as ledger_queries
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import SupplierBill, SupplierBillLine
from entremise.settlement.operations.booking import book, wait_for
from entremise.settlement.operations.debits import today
from entremise.settlement.queries.orders import second_person_above
from entremise.settlement.rules.bills import Bought
from entremise.settlement.rules.books_fr import bill_moves
from entremise.settlement.rules.goods import AGENT, OWN_SALE
from entremise.settlement.rules.runs import SUPPLIER_BILL
from entremise.tenancy.operations import next_number


def write_bill(
    *,
    act: Act,
    supplier: Person,
    number: str,
    dated_on: date,
    due_on: date,
    lines: Sequence[Bought],
    role: str = OWN_SALE,
) -> SupplierBill:
    """Write down what a supplier bills: it is owed from now on. number: theirs. role: own_sale, we bought it; agent,
    their clients bought it, and paid it through us.

    Raises Refused("bill_known") for a number of that supplier that is there, ("number_needed"), ("amount_needed"),
    ("bill_vat_wrong"), ("day_to_come"), or ("bill_due_early") for a day to pay before that of the bill.
    """
    require(act, Verb.BILLS_WRITE)
    wait_for(people=[supplier.id])
    number, on = number.strip()[:60], today(act)
    _must_be_good(supplier, number, lines, role)
    if dated_on > on:
        raise Refused("day_to_come", where="dated_on")
    if due_on < dated_on:
        raise Refused("bill_due_early", where="due_on")
    state, fact = SUPPLIER_BILL.step("", "write")
    bill = SupplierBill(
        id=new_id(),
        supplier=supplier,
        number=number,
        reference=f"AC-{on.year}-{next_number(series='supplier_bill'):04d}",
        dated_on=dated_on,
        due_on=due_on,
        role=role,
        state=state,
        written_by=act.by.person,
        written_at=act.at,
    )
    _keep(act, bill, lines)
    record(act=act, type=fact, thing="supplier_bill", thing_id=bill.id, data=told(bill))
    return bill


def _keep(act: Act, bill: SupplierBill, lines: Sequence[Bought]) -> None:
    """With its lines and its entry."""
    moves = bill_moves(
        bill.supplier_id,
        f"{bill.reference}, {bill.supplier.full_name}, {bill.number}",
        agent=bill.role == AGENT,
        net=sum(line.net for line in lines),
        vats=[(line.vat_rate, line.vat) for line in lines],
    )
    key, bill.total = f"supplier-bill:{bill.id}", sum(line.total for line in lines)
    bill.entry = book(act=act, key=key, on=bill.dated_on, cause="supplier_bill", cause_id=bill.id, moves=moves)
    bill.save(force_insert=True)
    SupplierBillLine.objects.bulk_create(
        SupplierBillLine(bill=bill, label=line.label[:160], vat_rate=line.vat_rate, net=line.net, vat=line.vat)
        for line in lines
    )


def approve_bill(*, act: Act, bill: SupplierBill) -> SupplierBill:
    """What it bills was received, and is to be paid. Above the amount from which payments need two people, whoever
    wrote it down does not approve it: Refused("bill_needs_another"). Raises Refused("not_now").
    """
    require(act, Verb.BILLS_APPROVE)
    wait_for(people=[bill.supplier_id])
    limit = second_person_above(on=today(act), by=act.by.person)
    if bill.total > limit and act.by.person == bill.written_by:
        raise Refused("bill_needs_another", {"total": bill.total})
    bill.approved_by = act.by.person
    return move_bill(act, bill, "approve")


def dispute_bill(*, act: Act, bill: SupplierBill, reason: str) -> SupplierBill:
    """It is not paid until that is settled. Raises Refused("reason_needed") or Refused("not_now")."""
    require(act, Verb.BILLS_WRITE)
    wait_for(people=[bill.supplier_id])
    bill.reason, bill.approved_by = _reason(reason), None
    return move_bill(act, bill, "dispute")


def resume_bill(*, act: Act, bill: SupplierBill) -> SupplierBill:
    """The dispute is over: it waits to be approved. Raises Refused("not_now")."""
    require(act, Verb.BILLS_WRITE)
    wait_for(people=[bill.supplier_id])
    bill.reason = ""
    return move_bill(act, bill, "resume")


def withdraw_bill(*, act: Act, bill: SupplierBill, reason: str) -> SupplierBill:
    """Written down by mistake, or taken back by its supplier: nothing is owed for it, and its number may come again.

    Raises Refused("reason_needed") or Refused("not_now").
    """
    require(act, Verb.BILLS_APPROVE)
    wait_for(people=[bill.supplier_id])
    bill.reason = _reason(reason)
    move_bill(act, bill, "withdraw")
    day = ledger_queries.first_open(on=today(act))
    key = f"supplier-bill:{bill.id}:withdrawn"
    ledger.reverse(key=key, at=act.at, effective_on=day, entry=bill.entry, cause="supplier_bill")
    return bill


def move_bill(act: Act, bill: SupplierBill, verb: str) -> SupplierBill:
    """Take one edge, with what changes on the way. Whoever comes second gets Refused("not_now")."""
    before = bill.state
    state, fact = SUPPLIER_BILL.step(before, verb)
    changed = ("how", "iban", "file", "hold", "paid_on", "approved_by", "reason")
    rows = SupplierBill.objects.filter(id=bill.id, state=before)
    if not rows.update(state=state, **{name: getattr(bill, name) for name in changed}):
        raise Refused("not_now", {"thing": "supplier bill", "state": before, "verb": verb})
    bill.state = state
    record(act=act, type=fact, thing="supplier_bill", thing_id=bill.id, data=told(bill))
    return bill


def told(bill: SupplierBill) -> dict[str, object]:
    return {"reference": bill.reference, "number": bill.number, "total": bill.total}


def _must_be_good(supplier: Person, number: str, lines: Sequence[Bought], role: str) -> None:
    if role not in (OWN_SALE, AGENT):
        raise ValueError(f"goods are bought by us or by clients of their supplier, not as {role}")
    if not number:
        raise Refused("number_needed", where="number")
    known = SupplierBill.objects.filter(supplier=supplier, number__iexact=number).exclude(state="withdrawn").first()
    if known:
        raise Refused("bill_known", {"number": number, "reference": known.reference}, where="number")
    if not all(line.adds_up for line in lines):
        raise Refused("bill_vat_wrong", where="vat")
    if sum(line.total for line in lines) <= 0:
        raise Refused("amount_needed", where="amount")


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Refused("reason_needed", where="reason")
    return reason.strip()[:200]
