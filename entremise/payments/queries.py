from uuid import UUID

from entremise.payments.models import BankAccount, BankFile, BankLine
from entremise.payments.rules import Entry


def bank_account_of(*, person: UUID) -> BankAccount | None:
    """Where this person is paid now."""
    return BankAccount.objects.filter(person_id=person).order_by("-since", "-id").first()


def bank_accounts_of(*, people: list[UUID]) -> dict[UUID, BankAccount]:
    """The account in use of each of these people, in one query."""
    rows = BankAccount.objects.filter(person_id__in=people).order_by("since", "id")
    return {row.person_id: row for row in rows}


def line(*, line: UUID) -> BankLine:
    return BankLine.objects.get(id=line)


def unmatched_lines(*, limit: int = 2000) -> list[BankLine]:
    """Movements that nobody explained yet, in or out, oldest first."""
    return list(BankLine.objects.filter(state="unmatched").order_by("booked_on", "id")[:limit])


def lines_of(*, file: UUID) -> list[BankLine]:
    return list(BankLine.objects.filter(file_id=file).order_by("booked_on", "id"))


def files(*, way: str, limit: int = 50) -> list[BankFile]:
    """Without their content, newest first."""
    return list(BankFile.objects.filter(way=way).defer("content").order_by("-at")[:limit])


def file(*, file: UUID) -> BankFile:
    return BankFile.objects.get(id=file)


def as_entry(*, line: BankLine) -> Entry:
    """A stored line as the matching rule reads it."""
    return Entry(
        booked_on=line.booked_on,
        value_on=line.booked_on,
        amount=line.amount,
        currency=line.asset,
        text=line.text,
        structured=line.reference,
        counterparty=line.counterparty,
        counterparty_iban=line.counterparty_iban,
        reversal=line.reversal,
    )
