from collections.abc import Iterator
from uuid import UUID

from entremise.kernel.time import Period
from entremise.ledger import queries as ledger
from entremise.ledger.models import Account, Transfer
from entremise.people.models import Person
from entremise.settlement.rules import fec
from entremise.tenancy.queries import legal_identity

JOURNALS = {
    "invoice": ("VE", "Ventes"),
    "credit_note": ("VE", "Ventes"),
    "payslip": ("PA", "Paie"),
    "receipt": ("BQ", "Banque"),
    "payout": ("BQ", "Banque"),
}
MISCELLANEOUS = ("OD", "Opérations diverses")


def fec_file_name(*, period: Period) -> str:
    legal = legal_identity()
    return fec.file_name((legal.siret if legal else "")[:9], period.last)


def fec_lines(*, period: Period) -> Iterator[str]:
    """The FEC of a period, header first; two lines a transfer, entries numbered without gaps. Bounded memory."""
    yield fec.HEADER
    names: dict[UUID, str] = {}
    for line in ledger.journal(period=period):
        transfer = line.transfer
        yield _row(transfer, line.number, transfer.debit, transfer.amount, 0, names).line
        yield _row(transfer, line.number, transfer.credit, 0, transfer.amount, names).line


def _row(transfer: Transfer, number: int, account: Account, debit: int, credit: int, names: dict[UUID, str]) -> fec.Row:
    code, title = JOURNALS.get(transfer.cause, MISCELLANEOUS)
    return fec.Row(
        journal=code,
        journal_name=title,
        number=str(number),
        on=fec.day(transfer.effective_on),
        account=account.code,
        account_name=account.name,
        aux=str(account.holder.int % 10**12).zfill(12) if account.holder else "",
        aux_name=_name(account.holder, names) if account.holder else "",
        piece=transfer.label.split(",")[0] or transfer.key,
        piece_on=fec.day(transfer.effective_on),
        label=transfer.label or transfer.cause,
        debit=fec.amount(debit),
        credit=fec.amount(credit),
        valid_on=fec.day(transfer.recorded_at.date()),
    )


def _name(holder: UUID, names: dict[UUID, str]) -> str:
    if holder not in names:
        if not names:
            names.update(
                {person.id: person.full_name for person in Person.objects.only("id", "given_name", "family_name")}
            )
        names.setdefault(holder, str(holder))
    return names[holder]
