"""A payment file before it is made: who is in it, what it moves, and whether a second person has to agree."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from entremise.figures import queries as figures
from entremise.kernel.money import half_up
from entremise.payments.models import BankAccount
from entremise.payments.queries import bank_accounts_of, mandates_of
from entremise.people.models import Person
from entremise.settlement.models import Approval, Debit, Payslip, Withdrawal
from entremise.settlement.queries.debits import for_the_file, left_of_instalments
from entremise.settlement.queries.owed import dues, unpaid_payslips
from entremise.settlement.rules.runs import digest


@dataclass(frozen=True)
class WagesToOrder:
    """rows: each wage with the account it goes to. without: workers who have no account, each once."""

    rows: list[tuple[Payslip, BankAccount]]
    without: list[Person]

    @property
    def total(self) -> int:
        return sum(payslip.paid for payslip, _ in self.rows)

    @property
    def digest(self) -> str:
        return digest((payslip.id, payslip.paid, account.iban) for payslip, account in self.rows)


@dataclass(frozen=True)
class DebitsToOrder:
    """rows: each announced debit with what is left to collect of it, in cents. dropped: with why it is left out."""

    rows: list[tuple[Debit, int]]
    dropped: list[tuple[Debit, str]]

    @property
    def total(self) -> int:
        return sum(amount for _, amount in self.rows)

    @property
    def digest(self) -> str:
        return digest((debit.id, amount, debit.mandate.iban) for debit, amount in self.rows)


@dataclass(frozen=True)
class WithdrawalsToOrder:
    rows: list[Withdrawal]

    @property
    def total(self) -> int:
        return sum(one.amount for one in self.rows)

    @property
    def digest(self) -> str:
        return digest((one.id, one.amount, one.iban) for one in self.rows)


def wages_to_order() -> WagesToOrder:
    """What the next transfer file takes. Two queries."""
    waiting = unpaid_payslips()
    accounts = bank_accounts_of(people=[payslip.worker_id for payslip in waiting])
    return WagesToOrder(
        rows=[(one, accounts[one.worker_id]) for one in waiting if one.worker_id in accounts],
        without=list({one.worker_id: one.worker for one in waiting if one.worker_id not in accounts}.values()),
    )


def debits_to_order(*, on: date) -> DebitsToOrder:
    """What was announced and is near: never more than was announced, is still due, or is still to come of its
    instalment; and only by a mandate that holds. A constant number of queries.
    """
    waiting = list(for_the_file(on=on))
    people = {one.invoice.client_id for one in waiting}
    mandates = {one.id for one in mandates_of(on=on, people=people).values()}
    due, parts = dues(invoices=[one.invoice for one in waiting]), left_of_instalments(debits=waiting, on=on)
    rows, dropped = [], []
    for one in waiting:
        left = min(one.amount, due[one.invoice_id])
        if one.instalment_id:
            left = min(left, parts.get(one.instalment_id, 0))
        if left and one.mandate_id in mandates:
            rows.append((one, left))
            if one.instalment_id:
                parts[one.instalment_id] -= left
        else:
            dropped.append((one, "no_mandate" if left else "paid"))
    return DebitsToOrder(rows, dropped)


def withdrawals_to_order() -> WithdrawalsToOrder:
    """What people asked for and no file holds yet, the oldest first."""
    rows = Withdrawal.objects.filter(state="asked").select_related("person").order_by("asked_at", "id")
    return WithdrawalsToOrder(list(rows))


def waiting_approval(*, kind: str) -> Approval | None:
    """The file of this kind that waits for a second person, if one does."""
    return Approval.objects.filter(kind=kind, state="waiting").first()


def approval(*, approval: UUID) -> Approval | None:
    return Approval.objects.filter(id=approval).first()


def second_person_above(*, on: date, by: UUID | None) -> int:
    """Cents in one file beyond which a second person agrees, when `by` orders it.

    Nobody lifts the limit for themselves: for whoever raised it, what others had set goes on.
    """
    key = "payments.second_person_above"
    limit = figures.table().at(key, on)
    if by:
        limit = min(limit, figures.table_without(person=by).at(key, on))
    return half_up(limit * 100)
