from dataclasses import dataclass

from entremise.kernel.act import Act
from entremise.payments import operations as payments
from entremise.payments.models import BankFile, BankLine
from entremise.payments.queries import lines_of
from entremise.people.rules.may import Verb, require
from entremise.settlement.operations.booking import book
from entremise.settlement.operations.payouts import recognise_payouts
from entremise.settlement.operations.receipts import claims_open, receive_line
from entremise.settlement.rules.books_fr import line_moves


@dataclass(frozen=True)
class Brought:
    """A statement that was read: how many lines it added, and how many of its lines are explained now."""

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
    """Read a camt.053 statement and settle what it surely pays. Imported again, it adds and settles nothing twice.

    Raises Refused("bank_file_not_understood") or Refused("statement_of_another_account").
    """
    file, new = payments.import_statement(act=act, name=name, content=content)
    open_ones, matched = claims_open(), 0
    for line in lines_of(file=file.id):
        if line.state == "unmatched" and line.amount > 0:
            found = receive_line(act=act, line=line, claims=open_ones)
            if found.confidence != "sure":
                recognise_payouts(act=act, line=line)
        elif line.state == "unmatched":
            recognise_payouts(act=act, line=line)
        matched += line.state == "matched"
    return Brought(file, new, matched)
