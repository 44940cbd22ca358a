"""The treasurer's room: where the money is, what came and went, who owes what since when, a month's books."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from entremise.kernel.time import Period
from entremise.ledger import queries as ledger
from entremise.ledger.models import Account
from entremise.ledger.queries import AccountLine, Standing
from entremise.payments.models import BankLine
from entremise.people.models import Person
from entremise.settlement.models import Debit, Payout, SupplierBill, Withdrawal
from entremise.settlement.queries.months import open_runs
from entremise.settlement.queries.owed import open_invoices, unpaid_payslips
from entremise.settlement.queries.payers import payers_seen
from entremise.settlement.rules import books_fr
from entremise.settlement.rules.ages import Age, ages

MONEY = (books_fr.BANK, *books_fr.PROVIDERS.values(), books_fr.CHEQUES, books_fr.VOUCHERS, books_fr.CASH)
CODES = tuple(code for code, _ in MONEY)
MONTHS = 12
# Told by the age of the invoices; and what only stands against a debt of ours.
NOT_OWED = (books_fr.CLIENTS[0], books_fr.GIFTS_EARNED[0])


@dataclass(frozen=True)
class Place:
    """Where money lies. amount: cents."""

    code: str
    name: str
    amount: int


@dataclass(frozen=True)
class Flow:
    """What came in and what went out in a month, cents; between our own places nothing moved."""

    month: date
    came: int
    went: int


@dataclass(frozen=True)
class Debt:
    """What one account stands at. amount: cents, always positive. person: whose it is, when it is somebody's."""

    account: Account
    person: Person | None
    amount: int
    since: date


@dataclass(frozen=True)
class Group:
    """What we owe on one account of the chart, to everybody together. since: the oldest of it. amount: cents."""

    code: str
    name: str
    since: date
    people: int
    amount: int


@dataclass(frozen=True)
class Treasury:
    """ages: of what clients' invoices leave due, and of what others undertook to pay of them. by_us, to_us: by account,
    what the books say beyond those invoices.
    """

    places: list[Place]
    flows: list[Flow]
    ages: list[Age]
    by_us: list[Debt]
    to_us: list[Debt]

    @property
    def total(self) -> int:
        return sum(place.amount for place in self.places)

    @property
    def due(self) -> int:
        return sum(age.due for age in self.ages)

    @property
    def late(self) -> int:
        return sum(age.due for age in self.ages if age.from_days is not None)

    @property
    def debts(self) -> list[Group]:
        """What we owe by account of the chart, in order of codes."""
        found: dict[str, list[Debt]] = {}
        for one in self.by_us:
            found.setdefault(one.account.code, []).append(one)
        return [
            Group(
                code,
                rows[0].account.name,
                min(one.since for one in rows),
                sum(one.person is not None for one in rows),
                sum(one.amount for one in rows),
            )
            for code, rows in found.items()
        ]

    @property
    def owed_by_us(self) -> int:
        return sum(one.amount for one in self.by_us)

    @property
    def owed_to_us(self) -> int:
        return self.due + sum(one.amount for one in self.to_us)


def treasury(*, on: date) -> Treasury:
    """How the money stands on a day. A constant number of queries."""
    balances = {line.code: line.balance for line in ledger.trial_balance(up_to=on)}
    standing = ledger.standing(starting="4", up_to=on)
    people = Person.objects.in_bulk([one.account.holder for one in standing if one.account.holder])
    owing = [_owing(one, people.get(one.account.holder) if one.account.holder else None) for one in standing]
    first = _months_before(on, MONTHS - 1)
    moved = ledger.moved(codes=CODES, period=Period(first, on))
    owed = [(one.invoice.due_on, one.due) for one in open_invoices()]
    others = [(one.share.due_on, one.due) for payer in payers_seen() for one in payer.shares]
    return Treasury(
        places=[Place(code, name, balances.get(code, 0)) for code, name in MONEY if code in balances],
        flows=[Flow(month, *moved.get(month, (0, 0))) for month in _months(first, on)],
        ages=ages([*owed, *others], on=on),
        by_us=[one for one, seen in zip(owing, standing, strict=True) if seen.amount < 0],
        to_us=[
            one
            for one, seen in zip(owing, standing, strict=True)
            if seen.amount > 0 and one.account.code not in NOT_OWED
        ],
    )


def owing(*, on: date) -> list[Debt]:
    """What we owe, by account, and since when: the oldest first."""
    return sorted(treasury(on=on).by_us, key=lambda one: (one.since, one.account.code))


@dataclass(frozen=True)
class AccountPage:
    """One account over a month. opening, closing: cents, debit less credit."""

    code: str
    name: str
    month: Period
    opening: int
    closing: int
    lines: list[AccountLine]


def account_page(*, code: str, month: Period) -> AccountPage | None:
    account = Account.objects.filter(code=code, asset="EUR").order_by("holder").first()
    if account is None:
        return None
    opening, lines = ledger.account_lines(code=code, period=month)
    return AccountPage(code, account.name, month, opening, lines[-1].balance if lines else opening, lines)


@dataclass(frozen=True)
class ToClose:
    """What is still open of the days that would be shut: bank lines nobody explained, months whose documents are being
    made, wages that were never transferred, transfers and debits that the bank has not answered.
    """

    up_to: date
    lines: int
    runs: list[Period]
    wages: int
    on_their_way: int

    @property
    def ready(self) -> bool:
        return not (self.lines or self.runs or self.wages or self.on_their_way)


def to_close(*, up_to: date) -> ToClose:
    """What somebody would want to settle before the books are shut up to a day. A constant number of queries."""
    wages = [one for one in unpaid_payslips() if one.month <= up_to]
    leaving = Payout.objects.filter(state="ordered", ordered_at__date__lte=up_to).count()
    coming = Debit.objects.filter(state="ordered", collect_on__lte=up_to).count()
    to_suppliers = SupplierBill.objects.filter(state="ordered", dated_on__lte=up_to).count()
    going_back = Withdrawal.objects.filter(state="ordered", asked_at__date__lte=up_to).count()
    return ToClose(
        up_to=up_to,
        lines=BankLine.objects.filter(state="unmatched", booked_on__lte=up_to).count(),
        runs=[Period.month_of(run.month) for run in open_runs() if run.month <= up_to],
        wages=len(wages),
        on_their_way=leaving + coming + going_back + to_suppliers,
    )


def _owing(seen: Standing, person: Person | None) -> Debt:
    return Debt(seen.account, person, abs(seen.amount), seen.since)


def _months_before(on: date, count: int) -> date:
    month = on.year * 12 + on.month - 1 - count
    return date(month // 12, month % 12 + 1, 1)


def _months(first: date, last: date) -> Iterator[date]:
    month = first
    while month <= last:
        yield month
        month = Period.month_of(month).last + timedelta(days=1)
