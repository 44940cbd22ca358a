from collections.abc import Sequence
from datetime import date
from uuid import UUID

from entremise.kernel.act import Act
from entremise.ledger import operations as ledger
from entremise.ledger.rules import Line
from entremise.settlement.rules.books_fr import Move, Slot


def book(
    *, act: Act, key: str, on: date, cause: str, cause_id: UUID | None, moves: Sequence[Move], held: bool = False
) -> UUID:
    """Post (or hold) these moves as one entry, opening accounts as they are first used; returns the entry."""
    accounts = {slot: _account(slot) for move in moves for slot in (move.debit, move.credit)}
    lines = [Line(accounts[move.debit], accounts[move.credit], move.amount, move.label) for move in moves]
    write = ledger.hold if held else ledger.post
    return write(key=key, at=act.at, effective_on=on, cause=cause, cause_id=cause_id, lines=lines).id


def _account(slot: Slot) -> UUID:
    code, name = slot.chart
    return ledger.open_account(code=code, name=name, holder=slot.holder).id
