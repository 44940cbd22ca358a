from dataclasses import dataclass

from entremise.kernel.act import Act
from entremise.payments import operations as payments
from entremise.payments.models import BankFile, BankLine
from entremise.payments.queries import lines_of, message_of
from entremise.payments.rules import OpenClaims
from entremise.people.rules.may import Verb, require
from entremise.settlement.operations.booking import book
from entremise.settlement.operations.collecting import Expected, heed_notice, heed_status, recognise_debits
from entremise.settlement.operations.debits import today
from entremise.settlement.operations.payouts import recognise_payouts
from entremise.settlement.operations.receipts import claims_open, receive_line
from entremise.settlement.operations.withdrawing import recognise_withdrawals
from entremise.settlement.rules.books_fr import line_moves


@dataclass(frozen=True)
class Brought:
    """What the bank sent: of a statement, how many lines it added and how many of its lines are explained now; of a
    notice or a status, how many things it told, and how many changed something.
    """

    file: BankFile
    new: int
    matched: int


def explain_line(*, act: Act, line: BankLine, what: str, note: str = "") -> BankLine:
    """A movement that pays no invoice and no wage, as a person knows it. what: a key of `books_fr.EXPLAINED`.

    Raises Refused("not_now") when the line was explained before, or Refused("not_enough") for more than the till has.
    """
    require(act, Verb.PAYMENTS_RECEIVE)
    moves = line_moves(what, line.amount, f"Relevé du {line.booked_on:%d/%m/%Y}, {note or line.text or what}")
    entry = book(act=act, key=f"bank:{line.id}", on=line.booked_on, cause="bank_line", cause_id=line.id, moves=moves)
    return payments.mark_line(act=act, line=line, state="set_aside", reason=note or what, entry=entry)


def bring_in(*, act: Act, name: str, content: bytes) -> Brought:
    """Read what the bank sent, and settle what it surely says: a camt.053 statement, a camt.054 notice or a pain.002
    status of a file of ours. Imported again, it adds and settles nothing twice.

    Raises Refused("bank_file_not_understood") or Refused("statement_of_another_account").
    """
    message = message_of(content=content)
    if message == "pain.002":
        status, report = payments.import_status(act=act, name=name, content=content)
        return Brought(status, status.lines, heed_status(act=act, report=report))
    if message == "camt.054":
        notice, entries = payments.import_notice(act=act, name=name, content=content)
        return Brought(notice, notice.lines, len(heed_notice(act=act, entries=entries)))
    file, new = payments.import_statement(act=act, name=name, content=content)
    open_ones, expected, matched = claims_open(), Expected(on=today(act)), 0
    for line in lines_of(file=file.id):
        if line.state == "unmatched":
            _explain(act, line, open_ones, expected)
        matched += line.state == "matched"
    return Brought(file, new, matched)


def _explain(act: Act, line: BankLine, claims: OpenClaims, expected: Expected) -> None:
    """What a line names comes before what its sum alone may mean."""
    if recognise_debits(act=act, line=line, expected=expected, named=True):
        return
    if line.amount > 0 and receive_line(act=act, line=line, claims=claims).confidence == "sure":
        return
    if not recognise_debits(act=act, line=line, expected=expected, named=False):
        recognise_payouts(act=act, line=line) or recognise_withdrawals(act=act, line=line)
