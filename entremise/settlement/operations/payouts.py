from dataclasses import dataclass
from datetime import date

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.ledger import operations as ledger
from entremise.messaging import operations as messaging
from entremise.payments import operations as payments
from entremise.payments.models import BankAccount, BankFile, BankLine
from entremise.payments.operations import WagePayment
from entremise.payments.queries import bank_accounts_of
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
    if payout.state == "paid":
        return payout
    payout.state, fact = PAYOUT.step(payout.state, "confirm")
    if payout.hold is None:
        raise Refused("not_held")
    ledger.settle_hold(key=f"paid:{payout.id}", at=act.at, effective_on=on, entry=payout.hold)
    payout.paid_at = act.at
    payout.save(update_fields=["state", "paid_at"])
    data = {"number": payout.payslip.number, "amount": payout.amount}
    record(act=act, type=fact, thing="payout", thing_id=payout.id, data=data)
    return payout


def recognise_payouts(*, act: Act, line: BankLine) -> list[Payout]:
    """A debit of the statement that is one of our wage files, by its total: all its wages have left.

    Only when exactly one file of that total still waits; else a person says so.
    """
    if line.state != "unmatched" or line.amount >= 0:
        return []
    waiting = BankFile.objects.filter(
        id__in=Payout.objects.filter(state="ordered").values("file"), total=-line.amount
    ).defer("content")
    if len(waiting) != 1:
        return []
    left = list(Payout.objects.filter(file=waiting[0], state="ordered").select_related("payslip"))
    done = [paid_out(act=act, payout=payout, on=line.booked_on) for payout in left]
    payments.mark_line(act=act, line=line, state="matched", reason="wages_file")
    return done


def _order(act: Act, payslip: Payslip, account: BankAccount, file: BankFile) -> Payout:
    state, fact = PAYOUT.step("", "order")
    moves = payout_moves(payslip.worker_id, payslip.paid, f"{payslip.number}, {payslip.worker.full_name}")
    hold = book(
        act=act,
        key=f"payout:{payslip.number}",
        on=act.at.date(),
        cause="payout",
        cause_id=payslip.id,
        moves=moves,
        held=True,
    )
    payout = Payout.objects.create(
        payslip=payslip,
        file=file,
        amount=payslip.paid,
        iban=account.iban,
        state=state,
        hold=hold,
        ordered_at=act.at,
    )
    data = {"number": payslip.number, "amount": payslip.paid}
    record(act=act, type=fact, thing="payout", thing_id=payout.id, data=data)
    return payout


def _wage(payslip: Payslip, account: BankAccount) -> WagePayment:
    return WagePayment(
        name=account.holder,
        iban=account.iban,
        bic=account.bic,
        amount=payslip.paid,
        end_to_end=payslip.number,
        text=f"Paie {payslip.month:%m/%Y} {payslip.number}",
    )
