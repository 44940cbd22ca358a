from dataclasses import dataclass

from entremise.kernel.act import Act
from entremise.payments import operations as payments
from entremise.payments.models import BankFile
from entremise.payments.queries import lines_of
from entremise.settlement.operations.payouts import recognise_payouts
from entremise.settlement.operations.receipts import claims_open, receive_line


@dataclass(frozen=True)
class Brought:
    """A statement that was read: how many lines it added, and how many of its lines are explained now."""

    file: BankFile
    new: int
    matched: int


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
