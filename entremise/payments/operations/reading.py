from collections.abc import Sequence
from io import BytesIO

from django.db.models import F

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.payments.adapters.camt import walk
from entremise.payments.models import BankFile, BankLine
from entremise.payments.operations.files import BATCH, keep_file, must_be_ours
from entremise.payments.queries import movements_of
from entremise.payments.rules import Entry
from entremise.people.rules.may import Verb, require
from entremise.tenancy import scope

LONG = 2000  # Lines. Of more, the clock reads them on, a chunk at a time.


def import_statement(*, act: Act, name: str, content: bytes) -> tuple[BankFile, int]:
    """Read a camt.053 file; returns it and how many of its lines are new. Imported again, it adds nothing.

    All of it is looked at before anything is kept. A long one is kept `reading`: `read_on` brings its lines.
    Raises Refused("bank_file_not_understood"), ("statement_does_not_add_up") or ("statement_of_another_account").
    """
    require(act, Verb.STATEMENTS_IMPORT)
    ids, ibans, lines, total = dict[str, None](), set[str](), 0, 0
    for statement, entry in walk(BytesIO(content)):
        ids[statement.id] = None
        ibans.add(statement.iban)
        if entry:
            lines, total = lines + 1, total + entry.amount
    must_be_ours(ibans)
    message_id = next(iter(ids), "")
    file, before = keep_file(act, name, content, message="", message_id=message_id, lines=lines, total=total)
    if before:
        return file, 0
    if lines > LONG:
        file.state = "reading"
        file.save(update_fields=["state"])
        record(act=act, type="statement_kept", thing="bank_file", thing_id=file.id, data={"lines": lines})
        return file, 0
    for chunk in movements_of(content=content):
        _bring(file, chunk)
    return file, _read(act, file)


def read_on(*, act: Act, file: BankFile, entries: Sequence[tuple[str, Entry]]) -> BankFile:
    """The next lines of a long statement, as `queries.rest_of` gives them, with their keys; none when all are read,
    and they are then to be matched. Raises Refused("not_now") when another clock read them.
    """
    require(act, Verb.STATEMENTS_IMPORT)
    here = BankFile.objects.filter(id=file.id, state="reading", through=file.through)
    change = {"through": F("through") + len(entries)} if entries else {"state": "matching", "through": 0}
    if not here.update(**change):
        raise Refused("not_now", {"thing": "bank file", "state": file.state, "verb": "read"})
    _bring(file, entries)
    file.refresh_from_db(fields=["state", "through"])
    if not entries:
        _read(act, file)
    return file


def matched_on(*, act: Act, file: BankFile, lines: int) -> BankFile:
    """So many more lines of a long statement were looked at; none when that is done. Raises Refused("not_now")."""
    require(act, Verb.STATEMENTS_IMPORT)
    here = BankFile.objects.filter(id=file.id, state="matching", through=file.through)
    if not here.update(**({"through": F("through") + lines} if lines else {"state": "done"})):
        raise Refused("not_now", {"thing": "bank file", "state": file.state, "verb": "match"})
    file.refresh_from_db(fields=["state", "through"])
    if not lines:
        record(act=act, type="statement_matched", thing="bank_file", thing_id=file.id, data={"lines": file.through})
    return file


def _bring(file: BankFile, entries: Sequence[tuple[str, Entry]]) -> None:
    """Lines that another file brought stay that file's."""
    rows = [_line(file, entry, key) for key, entry in entries]
    BankLine.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


def _read(act: Act, file: BankFile) -> int:
    new = BankLine.objects.filter(file=file).count()
    data = {"lines": file.lines, "new": new}
    record(act=act, type="statement_imported", thing="bank_file", thing_id=file.id, data=data)
    return new


def _line(file: BankFile, entry: Entry, key: str) -> BankLine:
    return BankLine(
        id=new_id(),
        organisation_id=scope.current(),
        file=file,
        key=key,
        booked_on=entry.booked_on,
        amount=entry.amount,
        asset=entry.currency[:8],
        reference=(entry.structured or entry.end_to_end or entry.batch)[:140],
        text=entry.text[:500],
        counterparty=entry.counterparty[:140],
        counterparty_iban=entry.counterparty_iban[:34],
        reversal=entry.reversal,
        return_code=entry.return_code[:35],
    )
