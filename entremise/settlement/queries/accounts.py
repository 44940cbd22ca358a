"""What stands between a person and us, over all services: what they have with us, owe and are owed, line by line."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from django.db.models import Q, Sum

from entremise.ledger import queries as ledger
from entremise.ledger.models import Account, Transfer
from entremise.settlement.models import Invoice, MemberAccount, Withdrawal
from entremise.settlement.queries.owed import left
from entremise.settlement.rules.books_fr import CLIENTS, MEMBERS, STAFF, TIPS


@dataclass(frozen=True)
class StatementLine:
    """One thing that happened. code: of the account of the chart; cause: of the entry; piece: its paper's number.

    amount: cents, positive in favour of the person; nothing when their own money only changed its place (moved says how
    much then). balance: of all that stands between them and us, after it.
    """

    on: date
    code: str
    cause: str
    piece: str
    amount: int
    moved: int
    balance: int


@dataclass(frozen=True)
class Statement:
    """lines: newest first. free: cents on their account that nothing holds; held: asked back and not yet paid.
    owes, owed: what they owe us, and what we owe them for work; overpaid: paid too much for invoices.
    """

    account: MemberAccount | None
    free: int
    held: int
    owes: int
    owed: int
    overpaid: int
    withdrawals: list[Withdrawal]
    lines: list[StatementLine]

    @property
    def balance(self) -> int:
        return self.lines[0].balance if self.lines else 0

    @property
    def debt(self) -> int:
        """In all, what they owe us beyond what we owe them."""
        return max(0, -self.balance)


def statement(*, person: UUID) -> Statement:
    """Everything of one person. A constant number of queries."""
    lines = _lines(person)
    balances: dict[str, int] = {}
    for code, amount in _balances(person):
        balances[code] = balances.get(code, 0) + amount
    asked = Withdrawal.objects.filter(person_id=person).order_by("-asked_at", "-id")
    held = asked.filter(state__in=["asked", "ordered"]).aggregate(total=Sum("amount"))["total"] or 0
    on_account, clients = balances.get(MEMBERS[0], 0), balances.get(CLIENTS[0], 0)
    too_much = sum(amount for _, amount in overpaid(person=person))
    return Statement(
        account=MemberAccount.objects.filter(person_id=person).first(),
        free=on_account - held,
        held=held,
        owes=too_much - clients,
        owed=balances.get(STAFF[0], 0) + balances.get(TIPS[0], 0),
        overpaid=too_much,
        withdrawals=list(asked[:12]),
        lines=lines,
    )


def free_on_account(*, person: UUID) -> int:
    """Cents that somebody may spend or take back now."""
    account = ledger.account(code=MEMBERS[0], holder=person)
    if account is None:
        return 0
    balance = ledger.balance(account=account.id)
    return -(balance.posted + balance.pending_in)


def overpaid(*, person: UUID) -> list[tuple[Invoice, int]]:
    """Invoices of a client for which more came in than they ask for, after credit notes; cents too much of each."""
    invoices = list(Invoice.objects.filter(client_id=person, kind=Invoice.Kind.INVOICE).order_by("issued_on", "number"))
    still = left(invoices=invoices)
    return [(one, -still[one.id]) for one in invoices if still[one.id] < 0]


def _balances(person: UUID) -> Iterable[tuple[str, int]]:
    """(code, credit less debit) of each account of theirs."""
    rows = Transfer.objects.filter(phase__in=ledger.FINAL).order_by()
    for side, sign in (("credit", 1), ("debit", -1)):
        mine = rows.filter(**{f"{side}__holder": person, f"{side}__asset": "EUR"})
        for code, amount in mine.values_list(f"{side}__code").annotate(total=Sum("amount")):
            yield code, sign * amount


def _lines(person: UUID) -> list[StatementLine]:
    """An entry of several transfers, a payslip for one, is one line for each kind of account that it touches."""
    accounts = dict(Account.objects.filter(holder=person, asset="EUR").values_list("id", "code"))
    rows = Transfer.objects.filter(Q(debit__in=accounts) | Q(credit__in=accounts), phase__in=ledger.FINAL)
    lines: list[StatementLine] = []
    balance = 0
    ordered = rows.order_by("effective_on", "recorded_at", "entry", "line")
    for _, group in groupby(ordered, key=lambda row: row.entry):
        transfers = list(group)
        for code, amount, moved in _sums(transfers, accounts):
            balance += amount
            first = transfers[0]
            piece = first.label.split(",")[0]
            lines.append(StatementLine(first.effective_on, code, first.cause, piece, amount, moved, balance))
    return lines[::-1]


def _sums(transfers: list[Transfer], accounts: dict[UUID, str]) -> list[tuple[str, int, int]]:
    """(code, in favour of the person, moved between their own accounts) of one entry."""
    sums: dict[str, int] = {}
    moved = 0
    for row in transfers:
        debit, credit = accounts.get(row.debit_id), accounts.get(row.credit_id)
        if debit and credit:
            moved += row.amount
        elif credit:
            sums[credit] = sums.get(credit, 0) + row.amount
        elif debit:
            sums[debit] = sums.get(debit, 0) - row.amount
    lines = [(code, amount, 0) for code, amount in sums.items() if amount]
    return [*lines, (MEMBERS[0], 0, moved)] if moved else lines


def withdrawal(*, withdrawal: UUID) -> Withdrawal | None:
    return Withdrawal.objects.select_related("person").filter(id=withdrawal).first()


def withdrawals_on_their_way() -> list[Withdrawal]:
    """In a file, and the bank has not said that they left."""
    rows = Withdrawal.objects.filter(state="ordered").select_related("person", "file").defer("file__content")
    return list(rows.order_by("asked_at", "id"))
