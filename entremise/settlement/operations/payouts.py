from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.ledger import operations as ledger
from entremise.messaging import operations as messaging
from entremise.payments import operations as payments
from entremise.payments.models import BankAccount, BankFile, BankLine
from entremise.payments.operations import WagePayment
from entremise.payments.queries import as_entry, bank_accounts_of
from entremise.payments.rules import Claim, OpenClaims, match
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Payout, Payslip
from entremise.settlement.operations.booking import book
from entremise.settlement.queries import unpaid_payslips
from entremise.settlement.rules.books_fr import payout_moves
from entremise.settlement.rules.runs import PAYOUT


@dataclass(frozen=True)
class Ordered:
    """The transfer file, and the workers who could not be in it for want of a bank account."""

    file: BankFile
    without_account: list[Person]


def order_payouts(*, act: Act, execution_on: date) -> Ordered:
    """Put every wage still to be paid into one transfer file, and hold the money until the bank says it left.

    Raises Refused("nothing_to_pay") or Refused("own_iban_missing").
    """
    require(act, Verb.PAYOUTS_ORDER)
    waiting = unpaid_payslips()
    accounts = bank_accounts_of(people=[payslip.worker_id for payslip in waiting])
    ready = [payslip for payslip in waiting if payslip.worker_id in accounts]
    without = list({p.worker_id: p.worker for p in waiting if p.worker_id not in accounts}.values())
    if not ready:
        raise Refused("nothing_to_pay")
    file = payments.make_wages_file(
        act=act, payments=[_wage(p, accounts[p.worker_id]) for p in ready], execution_on=execution_on
    )
    for payslip in ready:
        _order(act, payslip, accounts[payslip.worker_id], file)
    for person in without:
        messaging.add_task(act=act, kind="no_bank_account", key=f"no-account:{file.id}:{person.id}", person=person)
    return Ordered(file, without)


def paid_out(*, act: Act, payout: Payout, on: date) -> Payout:
    """The bank says that this wage left: what was held becomes final."""
    require(act, Verb.PAYOUTS_CONFIRM)
    payout.refresh_from_db(fields=["state"])
    if payout.state == "paid":
        return payout
    hold = _move(act, payout, "confirm")
    ledger.settle_hold(key=f"paid:{payout.id}", at=act.at, effective_on=on, entry=hold)
    return payout


def reject_payout(*, act: Act, payout: Payout) -> Payout:
    """The bank sent this wage back: it is owed again, and goes into the next transfer file."""
    require(act, Verb.PAYOUTS_CONFIRM)
    hold = _move(act, payout, "reject")
    ledger.release(key=f"rejected:{payout.id}", at=act.at, entry=hold)
    return payout


def recognise_payouts(*, act: Act, line: BankLine) -> list[Payout]:
    """A debit of the statement that is our wages: one that names its payslip, or a whole file by its total.

    A total counts only when exactly one file of it still waits; else a person says so.
    """
    if line.state != "unmatched" or line.amount >= 0:
        return []
    left = _named(line) or _whole_file(line)
    if left:
        payments.mark_line(act=act, line=line, state="matched", reason="wages_file", entry=left[0].hold)
    return [paid_out(act=act, payout=payout, on=line.booked_on) for payout in left]


def _named(line: BankLine) -> list[Payout]:
    """The wages a bank booked one by one, found by the payslip's number on them."""
    waiting = {payout.id: payout for payout in Payout.objects.filter(state="ordered").select_related("payslip")}
    claims = OpenClaims(Claim(payout.id, payout.payslip.number, payout.amount) for payout in waiting.values())
    found = match(replace(as_entry(line=line), amount=-line.amount), claims)
    return [waiting[claim.id] for claim in found.claims] if found.confidence == "sure" else []


def _whole_file(line: BankLine) -> list[Payout]:
    waiting = BankFile.objects.filter(
        id__in=Payout.objects.filter(state="ordered").values("file"), total=-line.amount
    ).defer("content")
    if len(waiting) != 1:
        return []
    return list(Payout.objects.filter(file=waiting[0], state="ordered").select_related("payslip"))


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


def _move(act: Act, payout: Payout, verb: str) -> UUID:
    """Take one edge; returns the entry that was held. Whoever comes second gets Refused("not_now")."""
    before = payout.state
    payout.state, fact = PAYOUT.step(before, verb)
    payout.paid_at = act.at if payout.state == "paid" else None
    rows = Payout.objects.filter(id=payout.id, state=before)
    if not rows.update(state=payout.state, paid_at=payout.paid_at):
        raise Refused("not_now", {"thing": "payout", "state": before, "verb": verb})
    if payout.hold is None:
        raise Refused("not_held")
    data = {"number": payout.payslip.number, "amount": payout.amount}
    record(act=act, type=fact, thing="payout", thing_id=payout.id, data=data)
    return payout.hold


def _wage(payslip: Payslip, account: BankAccount) -> WagePayment:
    return WagePayment(
        name=account.holder,
        iban=account.iban,
        bic=account.bic,
        amount=payslip.paid,
        end_to_end=payslip.number,
        text=f"Paie {payslip.month:%m/%Y} {payslip.number}",
    )
