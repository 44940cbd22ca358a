from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from entremise.figures import queries as figures
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.money import half_up
from entremise.kernel.refused import Refused
from entremise.ledger import operations as ledger
from entremise.ledger import queries as ledger_queries
from entremise.messaging import operations as messaging
from entremise.payments import operations as payments
from entremise.payments.models import BankAccount, BankFile, BankLine
from entremise.payments.operations import TransferPayment
from entremise.payments.queries import as_entry
from entremise.payments.rules import Claim, OpenClaims, match
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Approval, Payout, Payslip
from entremise.settlement.operations.approving import Prepared, agreed
from entremise.settlement.operations.booking import book, wait_for
from entremise.settlement.queries import unpaid_payslips
from entremise.settlement.queries.orders import wages_to_order
from entremise.settlement.rules.books_fr import payout_moves
from entremise.settlement.rules.runs import PAYOUT
from entremise.tenancy.queries import here


@dataclass(frozen=True)
class Ordered:
    """The transfer file, or the approval that it waits for, and the workers who lack an account to be in it."""

    file: BankFile | None
    without_account: list[Person]
    approval: Approval | None = None


def order_payouts(*, act: Act, execution_on: date, seen: str | None = None) -> Ordered:
    """Put every wage still to be paid into one transfer file, and hold the money until the bank says it left.

    Beyond the organisation's limit the file waits until a second person orders the same. seen: the digest of the
    preview that was looked at. Raises Refused("day_past"), Refused("nothing_to_pay"), Refused("own_iban_missing"),
    Refused("payouts_stopped"), or what `approving.agreed` raises.
    """
    require(act, Verb.PAYOUTS_ORDER)
    ledger.require_proved()
    today = act.at.astimezone(ZoneInfo(here().timezone)).date()
    if execution_on < today:  # Banks refuse the whole file.
        raise Refused("day_past", where="on")
    wait_for(people=[payslip.worker_id for payslip in unpaid_payslips()])
    found = wages_to_order()
    if not found.rows:
        raise Refused("nothing_to_pay")
    approval = agreed(
        act=act, file=Prepared("wages", found.digest, len(found.rows), found.total, today, execution_on, seen)
    )
    if approval:
        return Ordered(None, found.without, approval)
    file = payments.make_transfers_file(
        act=act, payments=[_wage(payslip, account) for payslip, account in found.rows], execution_on=execution_on
    )
    for payslip, account in found.rows:
        _order(act, payslip, account, file)
    for person in found.without:
        messaging.add_task(act=act, kind="no_bank_account", key=f"no-account:{file.id}:{person.id}", person=person)
    return Ordered(file, found.without)


def paid_out(*, act: Act, payout: Payout, on: date) -> Payout:
    """The bank says that this wage left: what was held becomes final."""
    require(act, Verb.PAYOUTS_CONFIRM)
    payout.refresh_from_db(fields=["state"])
    if payout.state == "paid":
        return payout
    _move(act, payout, "confirm")
    day = ledger_queries.first_open(on=on)
    ledger.settle_hold(key=f"paid:{payout.id}", at=act.at, effective_on=day, entry=_held(payout))
    return payout


def hand_over(*, act: Act, payslip: Payslip, how: str) -> Payout:
    """A wage paid today in coins or by cheque, to somebody without a bank account. The same again changes nothing.

    Raises Refused("cash_wage_too_large") beyond what the law lets be paid in coins, Refused("already_ordered") when
    the wage is in a transfer file, or Refused("payouts_stopped").
    """
    require(act, Verb.PAYOUTS_ORDER)
    ledger.require_proved()
    wait_for(people=[payslip.worker_id])
    before = payslip.payouts.filter(state__in=["ordered", "paid"]).first()
    if before and before.state == "paid" and before.how == how:
        return before
    if before:
        raise Refused("already_ordered", {"number": payslip.number})
    on = act.at.astimezone(ZoneInfo(payslip.organisation.timezone)).date()
    ceiling = half_up(figures.table().at("wage_cash_ceiling", on) * 100)
    if how == "cash" and payslip.paid > ceiling:
        raise Refused("cash_wage_too_large", {"ceiling": ceiling}, where="how")
    state, fact = PAYOUT.step("", "hand")
    payout = new_id()
    moves = payout_moves(payslip.worker_id, payslip.paid, f"{payslip.number}, {payslip.worker.full_name}", how)
    book(act=act, key=f"paid:{payout}", on=on, cause="payout", cause_id=payslip.id, moves=moves)
    data = {"number": payslip.number, "amount": payslip.paid, "how": how}
    record(act=act, type=fact, thing="payout", thing_id=payout, data=data)
    return Payout.objects.create(
        id=payout,
        payslip=payslip,
        amount=payslip.paid,
        how=how,
        state=state,
        ordered_at=act.at,
        paid_at=act.at,
    )


def send_back(*, act: Act, payout: Payout, on: date) -> Payout:
    """This wage came back, before or after the bank had said that it left: it is owed again.

    It leaves with the next transfer file, so somebody is asked to check the account. A wage noted as handed over by
    mistake is taken back the same way. Raises Refused("not_now") when it came back before.
    """
    require(act, Verb.PAYOUTS_CONFIRM)
    payout.refresh_from_db(fields=["state"])
    if payout.state == "ordered":
        reject_payout(act=act, payout=payout)
    else:
        _move(act, payout, "return")
        entry = ledger_queries.entry_of(key=f"paid:{payout.id}")
        if entry is None:
            raise Refused("not_posted")
        day = ledger_queries.first_open(on=on)
        ledger.reverse(key=f"returned:{payout.id}", at=act.at, effective_on=day, entry=entry, cause="payout")
    if payout.how == "transfer":
        person = payout.payslip.worker
        messaging.add_task(act=act, kind="wage_returned", key=f"wage-returned:{payout.id}", person=person)
    return payout


def reject_payout(*, act: Act, payout: Payout) -> Payout:
    """The bank sent this wage back: it is owed again, and goes into the next transfer file."""
    require(act, Verb.PAYOUTS_CONFIRM)
    _move(act, payout, "reject")
    ledger.release(key=f"rejected:{payout.id}", at=act.at, entry=_held(payout))
    return payout


class WagesSpokenOf:
    """Wages of which these lines may speak, found by what a bank writes; read once, and again after one was settled."""

    def __init__(self, *, lines: Sequence[BankLine]) -> None:
        self._came_in = {line.amount for line in lines if line.amount > 0}
        self.forget()

    def forget(self) -> None:
        self._rows: dict[str, dict[UUID, Payout]] = {}
        self._claims: dict[str, OpenClaims] = {}

    def of(self, line: BankLine) -> list[Payout]:
        """Those booked one by one, by the payslip's number on them; else the file of which this is what is left."""
        state = "paid" if line.amount > 0 else "ordered"
        if state not in self._rows:
            rows = Payout.objects.filter(state=state).select_related("payslip__worker")
            rows = rows.filter(amount__in=self._came_in) if state == "paid" else rows
            self._rows[state] = {payout.id: payout for payout in rows}
            self._claims[state] = OpenClaims(Claim(one.id, one.payslip.number, one.amount) for one in rows)
        found = match(replace(as_entry(line=line), amount=abs(line.amount), reversal=False), self._claims[state])
        if found.confidence == "sure":
            return [self._rows[state][claim.id] for claim in found.claims]
        return self._whole_file(line) if state == "ordered" else []

    def _whole_file(self, line: BankLine) -> list[Payout]:
        files: defaultdict[UUID | None, list[Payout]] = defaultdict(list)
        for payout in self._rows["ordered"].values():
            files[payout.file_id].append(payout)
        fitting = [part for part in files.values() if sum(one.amount for one in part) == -line.amount]
        return fitting[0] if len(fitting) == 1 else []


def recognise_payouts(*, act: Act, line: BankLine, wages: WagesSpokenOf | None = None) -> list[Payout]:
    """A debit of the statement that is our wages: one that names its payslip, or a whole file by what is left of it.

    A total counts only when exactly one file of it still waits; else a person says so. A credit that names a payslip,
    to the cent, is its wage that came back, once the debit is known. wages: kept from line to line.
    """
    if line.state != "unmatched" or (line.amount <= 0 and line.reversal):
        return []
    wages = wages or WagesSpokenOf(lines=[line])
    settled = _settle_line(act, line, wages.of(line))
    if settled:
        wages.forget()
    return settled


def wages_by_hand(*, act: Act, line: BankLine, number: str) -> list[Payout]:
    """A person says whose wages left or came back with this line, by the number of a payslip or of a transfer file.

    Raises Refused("number_unknown") when none of it waits, Refused("line_differs") when the amounts differ, or
    Refused("not_now") when the line was explained before.
    """
    require(act, Verb.PAYOUTS_CONFIRM)
    state = "paid" if line.amount > 0 else "ordered"
    named = Q(payslip__number__iexact=number) | Q(file__message_id__iexact=number)
    wages = list(Payout.objects.filter(named, state=state).select_related("payslip__worker"))
    if not wages:
        raise Refused("number_unknown", {"number": number}, where="number")
    total = sum(payout.amount for payout in wages)
    if total != abs(line.amount):
        raise Refused("line_differs", {"due": total}, where="number")
    return _settle_line(act, line, wages)


def _settle_line(act: Act, line: BankLine, wages: Sequence[Payout]) -> list[Payout]:
    if not wages:
        return []
    came_back = line.amount > 0
    reason = "wage_returned" if came_back else "wages_file"
    payments.mark_line(act=act, line=line, state="matched", reason=reason, entry=wages[0].hold)
    move = send_back if came_back else paid_out
    return [move(act=act, payout=payout, on=line.booked_on) for payout in wages]


def _order(act: Act, payslip: Payslip, account: BankAccount, file: BankFile) -> Payout:
    state, fact = PAYOUT.step("", "order")
    moves = payout_moves(payslip.worker_id, payslip.paid, f"{payslip.number}, {payslip.worker.full_name}")
    payout = new_id()  # A wage that came back is held anew: its payslip would not make the key unique.
    hold = book(
        act=act,
        key=f"payout:{payout}",
        on=act.at.date(),
        cause="payout",
        cause_id=payslip.id,
        moves=moves,
        held=True,
    )
    data = {"number": payslip.number, "amount": payslip.paid}
    record(act=act, type=fact, thing="payout", thing_id=payout, data=data)
    return Payout.objects.create(
        id=payout,
        payslip=payslip,
        file=file,
        amount=payslip.paid,
        iban=account.iban,
        state=state,
        hold=hold,
        ordered_at=act.at,
    )


def _move(act: Act, payout: Payout, verb: str) -> None:
    """Take one edge. Whoever comes second gets Refused("not_now")."""
    before = payout.state
    payout.state, fact = PAYOUT.step(before, verb)
    payout.paid_at = act.at if payout.state == "paid" else payout.paid_at
    rows = Payout.objects.filter(id=payout.id, state=before)
    if not rows.update(state=payout.state, paid_at=payout.paid_at):
        raise Refused("not_now", {"thing": "payout", "state": before, "verb": verb})
    data = {"number": payout.payslip.number, "amount": payout.amount}
    record(act=act, type=fact, thing="payout", thing_id=payout.id, data=data)


def _held(payout: Payout) -> UUID:
    if payout.hold is None:
        raise Refused("not_held")
    return payout.hold


def _wage(payslip: Payslip, account: BankAccount) -> TransferPayment:
    return TransferPayment(
        name=account.holder,
        iban=account.iban,
        bic=account.bic,
        amount=payslip.paid,
        end_to_end=payslip.number,
        text=f"Paie {payslip.month:%m/%Y} {payslip.number}",
    )
