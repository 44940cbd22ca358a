from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from entremise.kernel.act import Act
from entremise.payments import operations as payments
from entremise.payments.models import BankFile, BankLine
from entremise.payments.queries import lines_to_match, message_of, rules_for, states_of
from entremise.payments.rules.suggestions import trusted_what
from entremise.people.rules.may import Verb, require
from entremise.settlement.operations.bill_payments import heed_bills, recognise_bills
from entremise.settlement.operations.booking import Booking, again, book_many
from entremise.settlement.operations.collecting import Expected, heed_notice, heed_status, recognise_debits
from entremise.settlement.operations.debits import today
from entremise.settlement.operations.payer_lines import recognise_shares
from entremise.settlement.operations.payouts import WagesSpokenOf, recognise_payouts
from entremise.settlement.operations.receipts import receive_lines
from entremise.settlement.operations.withdrawing import recognise_withdrawals
from entremise.settlement.queries import claims_open, shares_open
from entremise.settlement.rules.books_fr import line_moves

CHUNK = 500  # Lines in one transaction, and in one set of questions.


@dataclass(frozen=True)
class Brought:
    """What the bank sent: of a statement, how many lines it added and how many of its lines are explained now; of a
    notice or a status, how many things it told, and how many changed something.
    """

    file: BankFile
    new: int
    matched: int


def explain_line(*, act: Act, line: BankLine, what: str, note: str = "", always: bool = False) -> BankLine:
    """A movement that pays no invoice and no wage, as a person knows it. what: a key of `books_fr.EXPLAINED`; always:
    the next such lines are that too.

    Raises Refused("not_now") when the line was explained before, or Refused("not_enough") for more than the till has.
    """
    require(act, Verb.PAYMENTS_RECEIVE)
    line.refresh_from_db(fields=["undone"])
    (entry,) = book_many(act=act, bookings=[_explained(line, what, note)])
    if always:
        payments.teach(act=act, line=line, what=what)
    return payments.mark_line(act=act, line=line, state="set_aside", reason=note or what, entry=entry)


def explain_lines(*, act: Act, lines: Sequence[BankLine]) -> int:
    """Set aside what people taught to set aside, of lines that nothing else explains. As many questions for a thousand
    as for one; returns how many.
    """
    require(act, Verb.PAYMENTS_RECEIVE)
    taught = rules_for(lines=lines)
    said = {line.id: rule for line in lines if (rule := trusted_what(taught[line.id]))}
    fresh = BankLine.objects.select_for_update().filter(id__in=said, state="unmatched", undone=0).order_by("id")
    waiting = list(fresh) if said else []
    entries = book_many(act=act, bookings=[_explained(line, said[line.id].what) for line in waiting])
    for line, entry in zip(waiting, entries, strict=True):
        line.state, line.reason, line.entry = "set_aside", said[line.id].what, entry
    payments.mark_lines(act=act, lines=waiting)
    payments.count_uses(act=act, uses=Counter(said[line.id].id for line in waiting))
    return len(waiting)


def _explained(line: BankLine, what: str, note: str = "") -> Booking:
    moves = line_moves(what, line.amount, f"Relevé du {line.booked_on:%d/%m/%Y}, {note or line.text or what}")
    return Booking(f"bank:{line.id}{again(line)}", line.booked_on, "bank_line", line.id, moves)


def bring_in(*, act: Act, name: str, content: bytes) -> Brought:
    """Read what the bank sent, and settle what it surely says: a camt.053 statement, a camt.054 notice or a pain.002
    status of a file of ours. Imported again, it adds and settles nothing twice.

    Raises Refused("bank_file_not_understood") or Refused("statement_of_another_account").
    """
    message = message_of(content=content)
    if message == "pain.002":
        status, report = payments.import_status(act=act, name=name, content=content)
        return Brought(status, status.lines, heed_status(act=act, report=report) + heed_bills(act=act, report=report))
    if message == "camt.054":
        notice, entries = payments.import_notice(act=act, name=name, content=content)
        return Brought(notice, notice.lines, len(heed_notice(act=act, entries=entries)))
    file, new = payments.import_statement(act=act, name=name, content=content)
    if file.state != "done":
        return Brought(file, new, 0)
    against, through = Matching(on=today(act)), 0
    while lines := lines_to_match(file=file.id, after=through, limit=CHUNK):
        _explain(act, lines, against)
        through += len(lines)
    states = states_of(file=file.id)
    return Brought(file, new, sum(states.values()) - states.get("unmatched", 0))


class Matching:
    """What lines may pay or settle, read once for a whole statement."""

    def __init__(self, *, on: date) -> None:
        self.claims, self.shares = claims_open(), shares_open()
        self.expected = Expected(on=on)


def match_on(*, act: Act, file: BankFile, against: Matching) -> int:
    """Explain the next lines of a long statement; returns how many, none when that is done.

    Raises Refused("not_now") when another clock did.
    """
    lines = lines_to_match(file=file.id, after=file.through, limit=CHUNK)
    payments.matched_on(act=act, file=file, lines=len(lines))
    _explain(act, lines, against)
    return len(lines)


def _explain(act: Act, lines: Sequence[BankLine], against: Matching) -> None:
    """What a line names comes before what its sum alone may mean, and that before what was taught. As many questions
    for a chunk as for a line, but for debits and wages that are found.
    """
    expected = against.expected
    left = [line for line in lines if line.state == "unmatched" and not line.undone]
    left = [line for line in left if not recognise_debits(act=act, line=line, expected=expected, named=True)]
    came = recognise_shares(act=act, lines=[line for line in left if line.amount > 0], owed=against.shares)
    receive_lines(act=act, lines=came, claims=against.claims)
    left = [line for line in left if line.state == "unmatched"]
    wages = WagesSpokenOf(lines=left)
    for line in left:
        if not recognise_debits(act=act, line=line, expected=expected, named=False):
            recognise_payouts(act=act, line=line, wages=wages)
    recognise_withdrawals(act=act, lines=[line for line in left if line.state == "unmatched"])
    recognise_bills(act=act, lines=[line for line in left if line.state == "unmatched"])
    explain_lines(act=act, lines=[line for line in left if line.state == "unmatched"])
