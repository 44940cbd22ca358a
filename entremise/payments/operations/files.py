import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from entremise.history.operations import record, record_many
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.payments import rules
from entremise.payments.adapters.camt import read_statements
from entremise.payments.adapters.iban import bic_of, check_iban
from entremise.payments.adapters.pain import Payment, transfers_file
from entremise.payments.adapters.pain002 import read_status
from entremise.payments.adapters.pain008 import Collection, Creditor, debits_file
from entremise.payments.adapters.sepa import PostalAddress
from entremise.payments.models import BankAccount, BankFile, BankLine, Mandate
from entremise.payments.rules import Entry, StatusReport
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.tenancy.operations import next_number
from entremise.tenancy.queries import legal_identity

BATCH = 1000


@dataclass(frozen=True)
class DebitPayment:
    """amount: cents. end_to_end: our reference on the debit, at most 35 characters. address: of whoever pays."""

    mandate: Mandate
    amount: int
    end_to_end: str
    text: str
    collect_on: date


@dataclass(frozen=True)
class TransferPayment:
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


def import_notice(*, act: Act, name: str, content: bytes) -> tuple[BankFile, list[Entry]]:
    """Read a camt.054 file; returns it and the movements it tells of, each with its reason.

    They make no bank lines: the statement alone says what moved, and brings the same movements, alone or in a sum.
    Raises Refused("bank_file_not_understood") or Refused("statement_of_another_account").
    """
    require(act, Verb.STATEMENTS_IMPORT)
    notices = _ours(read_statements(io.BytesIO(content), notices=True))
    entries = [entry for notice in notices for entry in notice.entries]
    message_id, total = notices[0].id if notices else "", sum(entry.amount for entry in entries)
    lines = len(entries)
    file, before = keep_file(act, name, content, message="camt.054", message_id=message_id, lines=lines, total=total)
    if not before:
        data = {"lines": file.lines, "message": file.message}
        record(act=act, type="bank_notice_read", thing="bank_file", thing_id=file.id, data=data)
    return file, entries


def import_status(*, act: Act, name: str, content: bytes) -> tuple[BankFile, StatusReport]:
    """Read a pain.002 file: what the bank says of a file of ours. Raises Refused("bank_file_not_understood")."""
    require(act, Verb.STATEMENTS_IMPORT)
    report = read_status(content)
    lines = len(report.words)
    file, before = keep_file(act, name, content, message="pain.002", message_id=report.id, lines=lines)
    if not before:
        data = {"lines": file.lines, "message": file.message}
        record(act=act, type="bank_notice_read", thing="bank_file", thing_id=file.id, data=data)
    return file, report


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


def mark_lines(*, act: Act, lines: Sequence[BankLine]) -> None:
    """What became of lines that this transaction locked while they were unmatched: their state, reason and entry.

    As many questions as reasons."""
    alike = defaultdict(list)
    for line in lines:
        alike[line.state, line.reason[:60]].append(line.id)
    for (state, reason), ids in alike.items():
        settled = {"settled_at": act.at, "settled_by": act.by.person}
        BankLine.objects.filter(id__in=ids).update(state=state, reason=reason, **settled)
    BankLine.objects.bulk_update(lines, ["entry"], batch_size=BATCH)
    data = {line.id: {"state": line.state, "reason": line.reason} for line in lines}
    record_many(act=act, type="bank_line_settled", thing="bank_line", data=data)


def reopen_line(*, act: Act, line: BankLine, reason: str) -> BankLine:
    """A person takes back what a line was said to be: it waits again, and for a person only. reason: a code.

    Whoever comes second gets Refused("not_now").
    """
    explained = BankLine.objects.filter(id=line.id, undone=line.undone).exclude(state="unmatched")
    back = {"state": "unmatched", "entry": None, "settled_at": None, "settled_by": None}
    if not explained.update(reason=reason, undone=line.undone + 1, **back):
        raise Refused("not_now", {"thing": "bank line", "state": line.state, "verb": "reopen"})
    line.refresh_from_db()
    data = {"reason": reason}
    record(act=act, type="bank_line_reopened", thing="bank_line", thing_id=line.id, data=data)
    return line


def note_doubts(*, doubts: Mapping[UUID, str]) -> None:
    """Why lines could not be matched by themselves, for whoever looks at them. As many questions as reasons."""
    for reason in sorted(set(doubts.values())):
        lines = [line for line, why in doubts.items() if why == reason]
        BankLine.objects.filter(id__in=lines, state="unmatched", undone=0).update(reason=reason[:60])


def make_transfers_file(
    *, act: Act, payments: Sequence[TransferPayment], execution_on: date, what: str = "PAIE"
) -> BankFile:
    """The pain.001.001.09 file of these transfers, kept as it was made. Nothing leaves: a person hands it to the bank.

    what: begins the name of the file, at most 5 letters.
    Raises Refused("nothing_to_pay"), Refused("own_iban_missing") or Refused("iban_not_understood").
    """
    require(act, Verb.PAYOUTS_ORDER)
    ours = legal_identity()
    if ours is None or not ours.iban:
        raise Refused("own_iban_missing")
    message_id = f"{what}-{act.at:%Y%m%d}-{next_number(series='wages-file'):05d}"
    content = transfers_file(
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
    data = {"lines": file.lines, "total": file.total, "name": file.name}
    record(act=act, type="transfers_file_made", thing="bank_file", thing_id=file.id, data=data)
    return file


def make_debits_file(*, act: Act, debits: Sequence[DebitPayment]) -> BankFile:
    """The pain.008.001.08 file of these debits, kept as it was made, and their mandates used. Nothing leaves: a person
    hands it to the bank.

    Raises Refused("nothing_to_collect"), Refused("own_iban_missing"), Refused("creditor_id_missing") or
    Refused("iban_not_understood").
    """
    require(act, Verb.DEBITS_ORDER)
    creditor = _creditor()
    message_id = f"PRLV-{act.at:%Y%m%d}-{next_number(series='debits-file'):05d}"
    content = debits_file(
        creditor=creditor,
        collections=[_collection(debit) for debit in debits],
        message_id=message_id,
        created_at=act.at,
    )
    file = BankFile.objects.create(
        way=BankFile.Way.OUT,
        message="pain.008",
        name=f"{message_id}.xml",
        message_id=message_id,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        lines=len(debits),
        total=sum(debit.amount for debit in debits),
        at=act.at,
        by=act.by.person,
    )
    for debit in debits:
        Mandate.objects.filter(id=debit.mandate.id).update(last_used_on=debit.collect_on)
    data = {"lines": file.lines, "total": file.total}
    record(act=act, type="debits_file_made", thing="bank_file", thing_id=file.id, data=data)
    return file


def _creditor() -> Creditor:
    ours = legal_identity()
    if ours is None or not ours.iban:
        raise Refused("own_iban_missing")
    if not ours.creditor_id:
        raise Refused("creditor_id_missing")
    address = PostalAddress(ours.street, "", ours.postcode, ours.town) if ours.town else None
    return Creditor(ours.legal_name, ours.iban, ours.creditor_id, ours.bic, address)


def _collection(debit: DebitPayment) -> Collection:
    mandate, person = debit.mandate, debit.mandate.person
    place = person.place
    return Collection(
        name=mandate.holder,
        iban=mandate.iban,
        bic=mandate.bic,
        amount=debit.amount,
        end_to_end=debit.end_to_end,
        text=debit.text,
        mandate=mandate.reference,
        signed_on=mandate.signed_on,
        collect_on=debit.collect_on,
        address=PostalAddress(person.street, "", place.postcode, place.name) if place else None,
    )


def _ours(statements: Iterable[rules.Statement]) -> list[rules.Statement]:
    """Raises Refused("statement_of_another_account")."""
    read = list(statements)
    must_be_ours(one.iban for one in read)
    return read


def must_be_ours(ibans: Iterable[str]) -> None:
    """Raises Refused("statement_of_another_account") when one is not the organisation's account."""
    ours = legal_identity()
    if ours and ours.iban and any(iban and iban != ours.iban for iban in ibans):
        raise Refused("statement_of_another_account", where="file")


def keep_file(
    act: Act, name: str, content: bytes, *, message: str, message_id: str, lines: int, total: int = 0
) -> tuple[BankFile, bool]:
    """The file as it came, and whether it had come before."""
    digest = hashlib.sha256(content).hexdigest()
    before = BankFile.objects.filter(way=BankFile.Way.IN, sha256=digest).first()
    if before:
        return before, True
    file = BankFile.objects.create(
        way=BankFile.Way.IN,
        message=message,
        name=name[:120],
        message_id=message_id[:60],
        sha256=digest,
        content=content,
        lines=lines,
        total=total,
        at=act.at,
        by=act.by.person,
    )
    return file, False
