"""Prepaid vouchers on their way back to the centre that reimburses them."""

from collections.abc import Sequence
from uuid import UUID

from entremise.documents.operations import reserve_number
from entremise.history.operations import record, record_many
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.ledger import operations as ledger
from entremise.ledger import queries as ledger_queries
from entremise.payments import operations as payments
from entremise.payments.models import BankLine
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Voucher, VoucherBatch
from entremise.settlement.operations.booking import Booking, book, book_many
from entremise.settlement.operations.debits import today
from entremise.settlement.operations.vouchers import undo_voucher
from entremise.settlement.queries.vouchers import claimed_until, vouchers_held
from entremise.settlement.rules.books_fr import reimbursed_moves, voucher_lost_moves
from entremise.settlement.rules.vouchers import BATCH, VOUCHER


def claim_vouchers(*, act: Act, vouchers: Sequence[Voucher]) -> VoucherBatch:
    """One list of these goes to the centre. Raises Refused("nothing_chosen"), ("voucher_claim_over") for one whose last
    day has passed, or ("not_now") when one was claimed meanwhile.
    """
    require(act, Verb.PAYMENTS_RECEIVE)
    if not vouchers:
        raise Refused("nothing_chosen", where="vouchers")
    rows = list(Voucher.objects.select_for_update().filter(id__in=[one.id for one in vouchers]).order_by("id"))
    on = today(act)
    state, fact = BATCH.step("", "make")
    for one in rows:
        one.state, _ = VOUCHER.step(one.state, "claim")
        last = claimed_until(vintage=one.vintage, on=on)
        if last < on:
            raise Refused("voucher_claim_over", {"number": one.number, "last": last}, where="vouchers")
    batch = VoucherBatch.objects.create(
        reference=reserve_number(prefix="CESU", year=on.year), state=state, made_at=act.at, made_by=act.by.person
    )
    for one in rows:
        one.batch = batch
    Voucher.objects.bulk_update(rows, ["state", "batch"])
    data = {one.id: {"batch": batch.reference, "amount": one.amount} for one in rows}
    record_many(act=act, type="voucher_claimed", thing="voucher", data=data)
    said = {"reference": batch.reference, "count": len(rows), "total": sum(one.amount for one in rows)}
    record(act=act, type=fact, thing="voucher_batch", thing_id=batch.id, data=said)
    return batch


def write_off_vouchers(*, act: Act) -> list[Voucher]:
    """All that nobody claimed by their last day are lost: no centre pays them, and their clients have paid.

    Raises Refused("not_now") when there is none.
    """
    require(act, Verb.PAYMENTS_RECEIVE)
    on = today(act)
    over = [one.id for one in vouchers_held(on=on).over]
    rows = list(Voucher.objects.select_for_update().filter(id__in=over, state="held").order_by("id"))
    if not rows:
        raise Refused("not_now", {"thing": "voucher", "state": "held", "verb": "write_off"})
    bookings = [
        Booking(f"voucher-lost:{one.id}", on, "voucher", one.id, voucher_lost_moves(one.amount, f"CESU {one.number}"))
        for one in rows
    ]
    book_many(act=act, bookings=bookings)
    for one in rows:
        one.state, fact = VOUCHER.step(one.state, "write_off")
    Voucher.objects.bulk_update(rows, ["state"])
    data = {one.id: {"amount": one.amount, "vintage": one.vintage} for one in rows}
    record_many(act=act, type=fact, thing="voucher", data=data)
    return rows


def refuse_voucher(*, act: Act, voucher: Voucher, reason: str) -> Voucher:
    """The centre does not reimburse it: its invoice is due again. Raises Refused("reason_needed") or ("not_now")."""
    require(act, Verb.PAYMENTS_RECEIVE)
    if voucher.batch_id:
        _locked(voucher.batch_id)
    return undo_voucher(act=act, voucher=voucher, verb="refuse", reason=reason)


def pay_batch(*, act: Act, batch: VoucherBatch, line: BankLine, fee: int = 0) -> VoucherBatch:
    """The bank's line is what the centre paid for a batch; it kept fee (cents) for itself.

    Raises Refused("batch_differs") unless line and fee are what the batch comes to without what was refused of it, or
    ("not_now") when the batch was paid or the line explained before.
    """
    require(act, Verb.PAYMENTS_RECEIVE)
    batch = _locked(batch.id)
    batch.state, fact = BATCH.step(batch.state, "pay")
    rows = list(Voucher.objects.select_for_update().filter(batch=batch, state="claimed").order_by("id"))
    left = sum(one.amount for one in rows)
    line.refresh_from_db(fields=["state", "undone"])
    if fee < 0 or line.amount <= 0 or line.amount + fee != left:
        raise Refused("batch_differs", {"left": left, "due": line.amount}, where="fee")
    label = f"{batch.reference}, centre de remboursement"
    entry = book(
        act=act,
        key=f"batch:{batch.id}:{line.id}:{line.undone}",
        on=line.booked_on,
        cause="voucher_batch",
        cause_id=batch.id,
        moves=reimbursed_moves(line.amount, fee, label),
    )
    batch.line, batch.fee, batch.entry = line, fee, entry
    batch.save(update_fields=["state", "line", "fee", "entry"])
    _move(act, batch, rows, "pay")
    payments.mark_line(act=act, line=line, state="matched", reason="vouchers", entry=entry)
    data = {"reference": batch.reference, "amount": line.amount, "fee": fee}
    record(act=act, type=fact, thing="voucher_batch", thing_id=batch.id, data=data)
    return batch


def reopen_batch(*, act: Act, batch: VoucherBatch) -> VoucherBatch:
    """It was another line: the entry is reversed, and the line waits for a person. Raises Refused("not_now")."""
    require(act, Verb.PAYMENTS_RECEIVE)
    batch = _locked(batch.id)
    batch.state, fact = BATCH.step(batch.state, "reopen")
    line, entry = batch.line, batch.entry
    if line is None or entry is None:
        raise Refused("not_posted")
    payments.reopen_line(act=act, line=line, reason="not_a_payment")
    on = ledger_queries.first_open(on=line.booked_on)
    ledger.reverse(key=f"undone:{entry}", at=act.at, effective_on=on, entry=entry, cause="voucher_batch")
    batch.line, batch.fee, batch.entry = None, 0, None
    batch.save(update_fields=["state", "line", "fee", "entry"])
    _move(act, batch, list(Voucher.objects.filter(batch=batch, state="paid").order_by("id")), "reopen")
    data = {"reference": batch.reference}
    record(act=act, type=fact, thing="voucher_batch", thing_id=batch.id, data=data)
    return batch


def _locked(batch: UUID) -> VoucherBatch:
    """Before its vouchers: what is refused of a batch and its payment wait for each other."""
    return VoucherBatch.objects.select_for_update().get(id=batch)


def _move(act: Act, batch: VoucherBatch, rows: Sequence[Voucher], verb: str) -> None:
    fact = ""
    for one in rows:
        one.state, fact = VOUCHER.step(one.state, verb)
    Voucher.objects.bulk_update(rows, ["state"])
    if fact:
        data = {one.id: {"batch": batch.reference, "amount": one.amount} for one in rows}
        record_many(act=act, type=fact, thing="voucher", data=data)
