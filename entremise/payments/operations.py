import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.payments import rules
from entremise.payments.adapters.camt import read_statements
from entremise.payments.adapters.iban import bic_of, check_iban
from entremise.payments.adapters.pain import Payment, wages_file
from entremise.payments.models import BankAccount, BankFile, BankLine
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.tenancy import scope
from entremise.tenancy.operations import next_number
from entremise.tenancy.queries import legal_identity

BATCH = 1000


@dataclass(frozen=True)
class WagePayment:
    """amount: cents. end_to_end: our reference on the transfer, at most 35 characters."""

    name: str
    iban: str
    bic: str
    amount: int
    end_to_end: str
    text: str


def set_bank_account(*, act: Act, person: Person, iban: str, holder: str = "") -> BankAccount:
    """Where someone is paid from now on. Raises Refused("iban_not_understood") beside the field `iban`."""
    require(act, Verb.BANK_ACCOUNTS_SET, owner=person.id)
    compact = check_iban(iban)
    account = BankAccount.objects.create(
        person=person, iban=compact, bic=bic_of(compact), holder=holder or person.full_name, since=act.at
    )
    record(act=act, type="bank_account_set", thing="person", thing_id=person.id)
    return account


def import_statement(*, act: Act, name: str, content: bytes) -> tuple[BankFile, int]:
    """Read a camt.053 file; returns it and how many of its lines are new. Imported again, it adds nothing.

    Raises Refused("bank_file_not_understood") or Refused("statement_of_another_account").
    """
    require(act, Verb.STATEMENTS_IMPORT)
    statements = list(read_statements(io.BytesIO(content)))
    ours = legal_identity()
    if ours and ours.iban and any(s.iban and s.iban != ours.iban for s in statements):
        raise Refused("statement_of_another_account", where="file")
    digest = hashlib.sha256(content).hexdigest()
    before = BankFile.objects.filter(way=BankFile.Way.IN, sha256=digest).first()
    if before:
        return before, 0
    file = BankFile.objects.create(
        way=BankFile.Way.IN,
        name=name[:120],
        message_id=(statements[0].id if statements else "")[:60],
        sha256=digest,
        content=content,
        lines=sum(len(s.entries) for s in statements),
        total=sum(entry.amount for s in statements for entry in s.entries),
        at=act.at,
        by=act.by.person,
    )
    known = BankLine.objects.count()
    entries = (entry for statement in statements for entry in statement.entries)
    rows = [_line(file, entry, key) for entry, key in zip(entries, rules.line_keys(statements), strict=True)]
    BankLine.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    new = BankLine.objects.count() - known
    data = {"lines": file.lines, "new": new}
    record(act=act, type="statement_imported", thing="bank_file", thing_id=file.id, data=data)
    return file, new


def mark_line(*, act: Act, line: BankLine, state: str, reason: str, entry: UUID | None = None) -> BankLine:
    """What became of a bank line: `matched` to something owed, or `set_aside` by a person with a reason.

    Only an unmatched line changes; whoever comes second gets Refused("not_now").
    """
    changed = BankLine.objects.filter(id=line.id, state="unmatched").update(
        state=state, reason=reason[:60], entry=entry, settled_at=act.at, settled_by=act.by.person
    )
    if not changed:
        raise Refused("not_now", {"thing": "bank line", "state": line.state, "verb": state})
    line.refresh_from_db()
    data = {"state": state, "reason": reason[:60]}
    record(act=act, type="bank_line_settled", thing="bank_line", thing_id=line.id, data=data)
    return line


def note_doubt(*, line: BankLine, reason: str) -> None:
    """Why a line could not be matched by itself, for whoever looks at it."""
    BankLine.objects.filter(id=line.id, state="unmatched").update(reason=reason[:60])


def make_wages_file(*, act: Act, payments: Sequence[WagePayment], execution_on: date) -> BankFile:
    """The pain.001.001.09 file of these wages, kept as it was made. Nothing leaves: a person hands it to the bank.

    Raises Refused("nothing_to_pay"), Refused("own_iban_missing") or Refused("iban_not_understood").
    """
    require(act, Verb.PAYOUTS_ORDER)
    ours = legal_identity()
    if ours is None or not ours.iban:
        raise Refused("own_iban_missing")
    message_id = f"PAIE-{act.at:%Y%m%d}-{next_number(series='wages-file'):05d}"
    content = wages_file(
        debtor=ours.legal_name,
        iban=ours.iban,
        bic=ours.bic,
        execution_date=execution_on,
        payments=[Payment(p.name, p.iban, p.amount, p.end_to_end, p.text, p.bic) for p in payments],
        message_id=message_id,
        created_at=act.at,
    )
    file = BankFile.objects.create(
        way=BankFile.Way.OUT,
        name=f"{message_id}.xml",
        message_id=message_id,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        lines=len(payments),
        total=sum(payment.amount for payment in payments),
        at=act.at,
        by=act.by.person,
    )
    data = {"lines": file.lines, "total": file.total}
    record(act=act, type="wages_file_made", thing="bank_file", thing_id=file.id, data=data)
    return file


def _line(file: BankFile, entry: rules.Entry, key: str) -> BankLine:
    return BankLine(
        id=new_id(),
        organisation_id=scope.current(),
        file=file,
        key=key,
        booked_on=entry.booked_on,
        amount=entry.amount,
        asset=entry.currency[:8],
        reference=(entry.structured or entry.end_to_end)[:140],
        text=entry.text[:500],
        counterparty=entry.counterparty[:140],
        counterparty_iban=entry.counterparty_iban[:34],
        reversal=entry.reversal,
    )
