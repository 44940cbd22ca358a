"""Money that people take back from their account: in coins, or by a transfer that somebody orders with the others."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.ledger import operations as ledger
from entremise.ledger import queries as ledger_queries
from entremise.payments import operations as payments
from entremise.payments.models import BankFile, BankLine
from entremise.payments.operations import TransferPayment
from entremise.payments.queries import as_entry, bank_account_of
from entremise.payments.rules import Claim, OpenClaims, match
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Approval, Withdrawal
from entremise.settlement.operations.approving import Prepared, agreed
from entremise.settlement.operations.booking import book, wait_for
from entremise.settlement.operations.debits import today
from entremise.settlement.queries.accounts import free_on_account
from entremise.settlement.queries.orders import withdrawals_to_order
from entremise.settlement.rules.books_fr import withdrawal_moves
from entremise.settlement.rules.runs import WITHDRAWAL
from entremise.tenancy.operations import next_number


@dataclass(frozen=True)
class Given:
    """The transfer file, or the approval that it waits for."""

    file: BankFile | None
    approval: Approval | None = None


def withdraw(*, act: Act, person: Person, amount: int, how: str, key: str) -> Withdrawal:
    """Somebody takes money back from their account. how: cash, over the counter now; or transfer, with the next file.

    amount: cents. What is asked for is held at once: it cannot be spent twice. The same key again is the same.
    Raises Refused("amount_needed"), Refused("account_too_low"), Refused("no_account_to_pay") without their IBAN,
    Refused("not_enough") for more coins than the till has, or Refused("payouts_stopped").
    """
    require(act, Verb.CASH_RECEIVE if how == "cash" else Verb.ACCOUNTS_WITHDRAW, owner=person.id)
    ledger.require_proved()
    wait_for(people=[person.id])
    same = Withdrawal.objects.filter(key=key).first()
    if same:
        return same
    if amount <= 0 or how not in ("cash", "transfer"):
        raise Refused("amount_needed", where="amount")
    free = free_on_account(person=person.id)
    if amount > free:
        raise Refused("account_too_low", {"left": free}, where="amount")
    goes_to = bank_account_of(person=person.id)
    if how == "transfer" and goes_to is None:
        raise Refused("no_account_to_pay", where="how")
    iban = goes_to.iban if goes_to and how == "transfer" else ""
    return _kept(act, person, amount, how, iban, key)


def drop_withdrawal(*, act: Act, withdrawal: Withdrawal) -> Withdrawal:
    """It is not wanted any more, or not right: the money stays on the account."""
    require(act, Verb.ACCOUNTS_WITHDRAW, owner=withdrawal.person_id)
    wait_for(people=[withdrawal.person_id])
    _move(act, withdrawal, "drop")
    ledger.release(key=f"withdrawal:{withdrawal.id}:dropped", at=act.at, entry=withdrawal.hold)
    return withdrawal


def order_withdrawals(*, act: Act, execution_on: date, seen: str | None = None) -> Given:
    """Put what people asked for into one transfer file. Beyond the organisation's limit a second person agrees first.

    seen: the digest of the preview that was looked at. Raises Refused("day_past"), Refused("nothing_to_pay"),
    Refused("own_iban_missing"), Refused("payouts_stopped"), or what `approving.agreed` raises.
    """
    require(act, Verb.PAYOUTS_ORDER)
    ledger.require_proved()
    on = today(act)
    if execution_on < on:
        raise Refused("day_past", where="on")
    wait_for(people=[one.person_id for one in withdrawals_to_order().rows])
    found = withdrawals_to_order()
    if not found.rows:
        raise Refused("nothing_to_pay")
    file = Prepared("withdrawals", found.digest, len(found.rows), found.total, on, execution_on, seen)
    approval = agreed(act=act, file=file)
    if approval:
        return Given(None, approval)
    made = payments.make_transfers_file(
        act=act, payments=[_transfer(one) for one in found.rows], execution_on=execution_on, what="RETR"
    )
    for one in found.rows:
        one.file = made
        _move(act, one, "order")
    return Given(made)


def withdrawal_paid(*, act: Act, withdrawal: Withdrawal, on: date) -> Withdrawal:
    """The bank says that it left: what was held becomes final."""
    require(act, Verb.PAYOUTS_CONFIRM)
    withdrawal.paid_on = on
    _move(act, withdrawal, "confirm")
    day = ledger_queries.first_open(on=on)
    ledger.settle_hold(key=f"withdrawal:{withdrawal.id}:paid", at=act.at, effective_on=day, entry=withdrawal.hold)
    return withdrawal


def reject_withdrawal(*, act: Act, withdrawal: Withdrawal) -> Withdrawal:
    """The bank did not carry it out: the money is on the account again."""
    require(act, Verb.PAYOUTS_CONFIRM)
    _move(act, withdrawal, "reject")
    ledger.release(key=f"withdrawal:{withdrawal.id}:rejected", at=act.at, entry=withdrawal.hold)
    return withdrawal


def recognise_withdrawals(*, act: Act, lines: Sequence[BankLine]) -> list[Withdrawal]:
    """Debits of a statement that are money given back: each names it, or is a whole file by what is left of it.

    One question when nothing of it waits.
    """
    waiting = {one.id: one for one in Withdrawal.objects.filter(state="ordered").select_related("person")}
    paid: list[Withdrawal] = []
    for line in lines:
        if not waiting or line.state != "unmatched" or line.amount >= 0 or line.reversal:
            continue
        found = _named(line, waiting) or _whole_file(line, waiting)
        if found:
            payments.mark_line(act=act, line=line, state="matched", reason="withdrawal", entry=found[0].hold)
        for one in found:
            paid.append(withdrawal_paid(act=act, withdrawal=waiting.pop(one.id), on=line.booked_on))
    return paid


def withdrawal_by_hand(*, act: Act, line: BankLine, number: str) -> bool:
    """A person says that this debit of the bank is what was given back under a number; False when there is none.

    Raises Refused("line_differs") when the amounts differ, or Refused("not_now") when the line was explained before.
    """
    require(act, Verb.PAYOUTS_CONFIRM)
    found = Withdrawal.objects.filter(state="ordered", reference__iexact=number).select_related("person").first()
    if found is None or line.amount >= 0:
        return False
    if found.amount != -line.amount:
        raise Refused("line_differs", {"due": found.amount}, where="number")
    payments.mark_line(act=act, line=line, state="matched", reason="withdrawal", entry=found.hold)
    withdrawal_paid(act=act, withdrawal=found, on=line.booked_on)
    return True


def _kept(act: Act, person: Person, amount: int, how: str, iban: str, key: str) -> Withdrawal:
    row, on = new_id(), today(act)
    reference = f"RT-{on.year}-{next_number(series='withdrawal'):04d}"
    moves = withdrawal_moves(person.id, amount, how, f"{reference}, {person.full_name}")
    entry = book(
        act=act,
        key=f"withdrawal:{row}",
        on=on,
        cause="withdrawal",
        cause_id=person.id,
        moves=moves,
        held=how == "transfer",
    )
    state, fact = WITHDRAWAL.step("", "hand" if how == "cash" else "ask")
    data = {"reference": reference, "amount": amount}
    record(act=act, type=fact, thing="withdrawal", thing_id=row, data=data)
    return Withdrawal.objects.create(
        id=row,
        person=person,
        reference=reference,
        amount=amount,
        how=how,
        state=state,
        iban=iban,
        hold=entry,
        key=key,
        asked_at=act.at,
        paid_on=on if how == "cash" else None,
    )


def _named(line: BankLine, waiting: Mapping[UUID, Withdrawal]) -> list[Withdrawal]:
    claims = OpenClaims(Claim(one.id, one.reference, one.amount) for one in waiting.values())
    found = match(replace(as_entry(line=line), amount=-line.amount, reversal=False), claims)
    return [waiting[claim.id] for claim in found.claims] if found.confidence == "sure" else []


def _whole_file(line: BankLine, waiting: Mapping[UUID, Withdrawal]) -> list[Withdrawal]:
    files: defaultdict[UUID | None, list[Withdrawal]] = defaultdict(list)
    for one in waiting.values():
        files[one.file_id].append(one)
    fitting = [part for part in files.values() if sum(one.amount for one in part) == -line.amount]
    return fitting[0] if len(fitting) == 1 else []


def _move(act: Act, withdrawal: Withdrawal, verb: str) -> None:
    """Take one edge. Whoever comes second gets Refused("not_now")."""
    before = withdrawal.state
    state, fact = WITHDRAWAL.step(before, verb)
    rows = Withdrawal.objects.filter(id=withdrawal.id, state=before)
    if not rows.update(state=state, paid_on=withdrawal.paid_on, file=withdrawal.file):
        raise Refused("not_now", {"thing": "withdrawal", "state": before, "verb": verb})
    withdrawal.state = state
    data = {"reference": withdrawal.reference, "amount": withdrawal.amount}
    record(act=act, type=fact, thing="withdrawal", thing_id=withdrawal.id, data=data)


def _transfer(one: Withdrawal) -> TransferPayment:
    return TransferPayment(
        name=one.person.full_name,
        iban=one.iban,
        bic="",
        amount=one.amount,
        end_to_end=one.reference,
        text=f"Remboursement {one.reference}",
    )
