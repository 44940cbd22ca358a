from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Sum

from entremise.kernel.time import Period
from entremise.ledger import queries as ledger
from entremise.ledger.models import Account, Transfer
from entremise.ledger.queries import TrialLine
from entremise.people.models import Person
from entremise.settlement.rules import books_fr, fec
from entremise.tenancy.queries import here, legal_identity

JOURNALS = {
    "invoice": ("VE", "Ventes"),
    "credit_note": ("VE", "Ventes"),
    "payslip": ("PA", "Paie"),
    "supplier_bill": ("AC", "Achats"),
    "bill_paid": ("BQ", "Banque"),
    "receipt": ("BQ", "Banque"),
    "payout": ("BQ", "Banque"),
    "bank_line": ("BQ", "Banque"),
}
TILL = ("CA", "Caisse")
MISCELLANEOUS = ("OD", "Opérations diverses")
OPENING = ("AN", "À-nouveaux")


def fec_file_name(*, period: Period) -> str:
    legal = legal_identity()
    return fec.file_name((legal.siret if legal else "")[:9], period.last)


def balance(*, up_to: date) -> list[TrialLine]:
    """The trial balance of the year of `up_to` until that day: expenses and income begin at nothing, and what earlier
    years left is carried forward, as in the FEC.
    """
    past = {line.code: line for line in ledger.trial_balance(up_to=date(up_to.year - 1, 12, 31)) if _of_result(line)}
    carried = sum(line.balance for line in past.values())
    lines = [_since(line, past.get(line.code)) for line in ledger.trial_balance(up_to=up_to)]
    if carried:
        code, name = books_fr.LOSS_BEFORE if carried > 0 else books_fr.PROFIT_BEFORE
        lines.append(TrialLine(code, name, "EUR", max(0, carried), max(0, -carried)))
    return sorted((line for line in lines if line.debit or line.credit), key=lambda line: line.code)


def _of_result(line: TrialLine) -> bool:
    return line.code.startswith(books_fr.RESULT)


def _since(line: TrialLine, past: TrialLine | None) -> TrialLine:
    return replace(line, debit=line.debit - past.debit, credit=line.credit - past.credit) if past else line


def fec_lines(*, period: Period) -> Iterator[str]:
    """The FEC of a year, header first: what earlier years left, as one entry, then two lines a transfer.

    Entries are numbered without gaps in the order they were recorded. Memory stays bounded by the number of accounts.
    """
    yield fec.HEADER
    zone = ZoneInfo(here().timezone)
    names: dict[UUID, str] = {}
    opening = [row.line for row in _opening(period, names)]
    yield from opening
    for line in ledger.journal(period=period):
        transfer, number = line.transfer, line.number + bool(opening)
        valid_on = transfer.recorded_at.astimezone(zone).date()
        yield _row(transfer, number, valid_on, transfer.debit, transfer.amount, 0, names).line
        yield _row(transfer, number, valid_on, transfer.credit, 0, transfer.amount, names).line


@dataclass(frozen=True)
class JournalRow:
    """One side of a transfer. debit, credit: cents, one of them nothing. number: of the entry, in its period."""

    journal: str
    journal_name: str
    number: int
    transfer: Transfer
    account: Account
    holder: str
    debit: int
    credit: int

    @property
    def piece(self) -> str:
        return self.transfer.label.split(",")[0] or self.transfer.key


def journal(*, period: Period) -> Iterator[JournalRow]:
    """Every entry of a period, two rows a transfer, in the order they were recorded; bounded memory."""
    names: dict[UUID, str] = {}
    for line in ledger.journal(period=period):
        transfer = line.transfer
        code, title = _journal(transfer)
        for account, debit, credit in ((transfer.debit, transfer.amount, 0), (transfer.credit, 0, transfer.amount)):
            yield JournalRow(
                code, title, line.number, transfer, account, _name(account.holder, names, account.name), debit, credit
            )


def _opening(period: Period, names: dict[UUID, str]) -> Iterator[fec.Row]:
    """What each account held when the year began; the results of the years before are carried forward in one sum."""
    left = _left_before(period)
    carried = 0
    for account in Account.objects.filter(asset="EUR").order_by("code", "id"):
        amount = left.get(account.id, 0)
        if account.code.startswith(books_fr.RESULT):
            carried += amount
        elif amount:
            yield _opening_row(period, account.code, account.name, account.holder, amount, names)
    if carried:
        code, name = books_fr.LOSS_BEFORE if carried > 0 else books_fr.PROFIT_BEFORE
        yield _opening_row(period, code, name, None, carried, names)


def _left_before(period: Period) -> dict[UUID, int]:
    """Debit less credit of every account before a period, in cents."""
    left: dict[UUID, int] = {}
    rows = Transfer.objects.filter(effective_on__lt=period.first, phase__in=ledger.FINAL)
    for side, sign in (("debit", 1), ("credit", -1)):
        for account, amount in rows.values_list(side).annotate(total=Sum("amount")):
            left[account] = left.get(account, 0) + sign * amount
    return left


def _opening_row(
    period: Period, code: str, name: str, holder: UUID | None, amount: int, names: dict[UUID, str]
) -> fec.Row:
    journal, title = OPENING
    first = fec.day(period.first)
    return fec.Row(
        journal=journal,
        journal_name=title,
        number="1",
        on=first,
        account=code,
        account_name=name,
        aux=_aux(holder),
        aux_name=_name(holder, names, name),
        piece=f"AN-{period.first.year}",
        piece_on=first,
        label="Reprise des soldes",
        debit=fec.amount(max(0, amount)),
        credit=fec.amount(max(0, -amount)),
        valid_on=first,
    )


def _row(
    transfer: Transfer, number: int, valid_on: date, account: Account, debit: int, credit: int, names: dict[UUID, str]
) -> fec.Row:
    journal, title = _journal(transfer)
    return fec.Row(
        journal=journal,
        journal_name=title,
        number=str(number),
        on=fec.day(transfer.effective_on),
        account=account.code,
        account_name=account.name,
        aux=_aux(account.holder),
        aux_name=_name(account.holder, names, account.name),
        piece=transfer.label.split(",")[0] or transfer.key,
        piece_on=fec.day(transfer.effective_on),
        label=transfer.label or transfer.cause,
        debit=fec.amount(debit),
        credit=fec.amount(credit),
        valid_on=fec.day(valid_on),
    )


def _journal(transfer: Transfer) -> tuple[str, str]:
    if books_fr.CASH[0] in (transfer.debit.code, transfer.credit.code):
        return TILL
    return JOURNALS.get(transfer.cause, MISCELLANEOUS)


def _aux(holder: UUID | None) -> str:
    return str(holder.int % 10**12).zfill(12) if holder else ""


def _name(holder: UUID | None, names: dict[UUID, str], otherwise: str) -> str:
    """otherwise: of the account, when its holder is no person but a fund."""
    if holder is None:
        return ""
    if holder not in names:
        if not names:
            names.update(
                {person.id: person.full_name for person in Person.objects.only("id", "given_name", "family_name")}
            )
        names.setdefault(holder, otherwise)
    return names[holder]
