"""Prepaid vouchers (CESU préfinancé) over the counter: taken for an invoice, or handed back."""

from collections.abc import Sequence

from entremise.figures import queries as figures
from entremise.history.operations import record, record_many
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.ledger import operations as ledger
from entremise.ledger import queries as ledger_queries
from entremise.messaging import operations as messaging
from entremise.messaging.models import Task
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Invoice, Receipt, Voucher
from entremise.settlement.operations.booking import Booking, book_many, wait_for
from entremise.settlement.operations.debits import today
from entremise.settlement.queries.vouchers import Payable, accepted_until, payable_by_voucher, vouchers_held
from entremise.settlement.rules.books_fr import voucher_moves
from entremise.settlement.rules.vouchers import ISSUERS, VOUCHER, Given, twice
from entremise.tenancy import scope

NEAR = "vouchers_to_claim"


def take_vouchers(*, act: Act, invoice: Invoice, vouchers: Sequence[Given], key: str) -> list[Voucher]:
    """A client pays with vouchers, whole: no change is given. The same key again is the same payment.

    Raises, beside `numbers`, Refused("nothing_chosen"), ("voucher_not_understood"), ("voucher_taken") for a number of
    the same issuer that was taken before, ("vouchers_not_for_this") where they pay nothing, ("vouchers_too_much")
    beyond what they may pay; beside `vintage`, ("voucher_over") or ("voucher_to_come"); ("debit_on_its_way") for what
    the bank collects already.
    """
    require(act, Verb.CASH_RECEIVE)
    wait_for(people=[invoice.client_id])
    same = list(Voucher.objects.filter(key=key).order_by("number"))
    if same:
        return same
    _must_be_good(act, vouchers)
    may = payable_by_voucher(invoice=invoice)
    if may.services <= 0 or may.due <= 0:
        raise Refused("vouchers_not_for_this", where="numbers")
    total = sum(one.amount for one in vouchers)
    if total > may.amount and not _surplus_kept(act, total - vouchers[-1].amount, may):
        if may.coming and total <= min(may.services, may.due):
            raise Refused("debit_on_its_way", {"due": may.coming})
        raise Refused("vouchers_too_much", {"due": may.amount}, where="numbers")
    taken = _kept(act, invoice, vouchers, key)
    data = {"number": invoice.number, "amount": total, "how": "cesu", "reason": ""}
    record(act=act, type="payment_received", thing="invoice", thing_id=invoice.id, data=data)
    return taken


def hand_back_voucher(*, act: Act, voucher: Voucher, reason: str) -> Voucher:
    """It was mistyped, or is the client's again: what it had paid is due. Its number may come back.

    Raises Refused("reason_needed"), or Refused("not_now") once it was claimed.
    """
    require(act, Verb.CASH_RECEIVE)
    return undo_voucher(act=act, voucher=voucher, verb="hand_back", reason=reason)


def undo_voucher(*, act: Act, voucher: Voucher, verb: str, reason: str) -> Voucher:
    """Its entry is reversed and its invoice is due again. verb: hand_back or refuse; the caller asked whether it may.

    Raises Refused("reason_needed") or Refused("not_now").
    """
    if not reason.strip():
        raise Refused("reason_needed", where="reason")
    invoice = voucher.invoice
    wait_for(people=[invoice.client_id])
    voucher = Voucher.objects.select_related("invoice__client").select_for_update(of=["self"]).get(id=voucher.id)
    voucher.state, fact = VOUCHER.step(voucher.state, verb)
    if voucher.entry is None:
        raise Refused("not_posted")
    voucher.reason, key = reason.strip()[:200], f"voucher-back:{voucher.id}"
    voucher.save(update_fields=["state", "reason"])
    on = ledger_queries.first_open(on=today(act))
    entry = ledger.reverse(key=key, at=act.at, effective_on=on, entry=voucher.entry, cause="voucher")
    Receipt.objects.create(
        invoice=invoice, how="cesu", amount=-voucher.amount, received_on=on, entry=entry.id, key=f"receipt:{key}"
    )
    data = {"amount": voucher.amount, "invoice": invoice.number}
    record(act=act, type=fact, thing="voucher", thing_id=voucher.id, data=data)
    return voucher


def mind_vouchers(*, act: Act) -> Task | None:
    """A person is asked once to claim what is soon too old to be claimed; None when nothing is."""
    require(act, Verb.TASKS_ADD)
    held = vouchers_held(on=today(act))
    if not held.soon or held.claim_by is None:
        return None
    return messaging.add_task(
        act=act,
        kind=NEAR,
        key=f"vouchers:{held.claim_by.isoformat()}",
        params={"last": held.claim_by.isoformat()},
    )


def _must_be_good(act: Act, vouchers: Sequence[Given]) -> None:
    if not vouchers:
        raise Refused("nothing_chosen", where="numbers")
    on = today(act)
    for one in vouchers:
        if one.issuer not in ISSUERS or not 0 < len(one.spelled) <= 40 or one.amount <= 0:
            raise Refused("voucher_not_understood", {"number": one.number}, where="numbers")
        if one.vintage > on.year + 1:
            raise Refused("voucher_to_come", {"year": one.vintage}, where="vintage")
        last = accepted_until(vintage=one.vintage, on=on)
        if last < on:
            raise Refused("voucher_over", {"year": one.vintage, "last": last}, where="vintage")
    again = twice(vouchers)
    if again:
        raise Refused("voucher_taken", {"number": again}, where="numbers")


def _surplus_kept(act: Act, others: int, may: Payable) -> bool:
    """Whether the last one may go beyond what is due: as the organisation decided, and as long as it is needed."""
    return bool(figures.table().at("cesu.surplus_kept", today(act))) and others < may.amount and not may.coming


def _kept(act: Act, invoice: Invoice, vouchers: Sequence[Given], key: str) -> list[Voucher]:
    """Rows, entries, receipts and facts, in as many statements as for one."""
    rows, on = _rows(act, invoice, vouchers, key), today(act)
    label = f"{invoice.number}, {invoice.client.full_name}, CESU"
    bookings = [
        Booking(
            key=f"voucher:{one.id}",
            on=on,
            cause="voucher",
            cause_id=invoice.id,
            moves=voucher_moves(invoice.client_id, one.amount, f"{label} {one.number}"),
        )
        for one in rows
    ]
    for one, entry in zip(rows, book_many(act=act, bookings=bookings), strict=True):
        one.entry = entry
    Voucher.objects.bulk_update(rows, ["entry"])
    Receipt.objects.bulk_create(
        Receipt(
            invoice=invoice, how="cesu", amount=one.amount, received_on=on, entry=one.entry, key=f"voucher:{one.id}"
        )
        for one in rows
    )
    data = {one.id: {"amount": one.amount, "invoice": invoice.number, "vintage": one.vintage} for one in rows}
    record_many(act=act, type="voucher_taken", thing="voucher", data=data)
    return rows


def _rows(act: Act, invoice: Invoice, vouchers: Sequence[Given], key: str) -> list[Voucher]:
    """Whoever takes the same number elsewhere at this moment is waited for, and seen."""
    state, _ = VOUCHER.step("", "take")
    rows = [
        Voucher(
            id=new_id(),
            organisation_id=scope.current(),
            invoice=invoice,
            form=one.form,
            issuer=one.issuer,
            number=one.spelled,
            vintage=one.vintage,
            amount=one.amount,
            state=state,
            key=key,
            taken_at=act.at,
            taken_by=act.by.person,
        )
        for one in vouchers
    ]
    Voucher.objects.bulk_create(rows, ignore_conflicts=True)
    there = set(Voucher.objects.filter(id__in=[one.id for one in rows]).values_list("id", flat=True))
    missing = next((one for one in rows if one.id not in there), None)
    if missing:
        raise Refused("voucher_taken", {"number": missing.number}, where="numbers")
    return rows
