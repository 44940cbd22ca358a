from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.ledger import operations as ledger
from entremise.ledger import queries as ledger_queries
from entremise.ledger.rules import Line, Posting
from entremise.payments.models import BankLine
from entremise.people.operations.waiting import wait_for as wait_for
from entremise.settlement.rules.books_fr import CASH, DEPOSITS, GIFT_VOUCHERS, MEMBERS, Move, Slot
from entremise.tenancy.models import LegalIdentity
from entremise.tenancy.queries import legal_identity


def book(
    *, act: Act, key: str, on: date, cause: str, cause_id: UUID | None, moves: Sequence[Move], held: bool = False
) -> UUID:
    """Post (or hold) these moves as one entry, opening accounts as they are first used; returns the entry.

    What comes to light after its day was shut is dated the first open day.
    """
    opened = _accounts({slot for move in moves for slot in (move.debit, move.credit)})
    lines = [Line(opened[move.debit], opened[move.credit], move.amount, move.label) for move in moves]
    write = ledger.hold if held else ledger.post
    day = ledger_queries.first_open(on=on)
    return write(key=key, at=act.at, effective_on=day, cause=cause, cause_id=cause_id, lines=lines).id


@dataclass(frozen=True)
class Booking:
    key: str
    on: date
    cause: str
    cause_id: UUID | None
    moves: Sequence[Move]


def book_many(*, act: Act, bookings: Sequence[Booking]) -> list[UUID]:
    """`book` for each of these, posted, in as many statements as for one."""
    if not bookings:
        return []
    opened = _accounts({slot for one in bookings for move in one.moves for slot in (move.debit, move.credit)})
    earliest = ledger_queries.first_open(on=date.min)
    postings = [
        Posting(
            key=one.key,
            effective_on=max(one.on, earliest),
            cause=one.cause,
            cause_id=one.cause_id,
            lines=[Line(opened[move.debit], opened[move.credit], move.amount, move.label) for move in one.moves],
        )
        for one in bookings
    ]
    return [entry.id for entry in ledger.post_many(at=act.at, postings=postings)]


def again(line: BankLine) -> str:
    """What a key of a line ends with once a person took back what the line had been said to be."""
    return f":{line.undone}" if line.undone else ""


def who_we_are() -> LegalIdentity:
    """What every invoice and payslip must say of us. Raises Refused("no_legal_identity") while it says too little."""
    legal = legal_identity()
    if legal is None or not legal.siret:
        raise Refused("no_legal_identity")
    return legal


def _accounts(slots: Collection[Slot]) -> dict[Slot, UUID]:
    """One question for those that are open, which after the first days is all of them."""
    codes, holders = {slot.chart[0] for slot in slots}, {slot.holder for slot in slots if slot.holder}
    known = ledger_queries.accounts(codes=codes, holders=holders)
    # Always in the same order: two entries that open the same accounts must queue, not deadlock.
    ordered = sorted(slots, key=lambda slot: (slot.chart, str(slot.holder)))
    return {slot: known.get((slot.chart[0], slot.holder)) or _open(slot) for slot in ordered}


def _open(slot: Slot) -> UUID:
    code, name = slot.chart
    floor = 0 if slot.chart == CASH else None  # A till never holds less than nothing.
    # Nobody takes more from us than they have with us, and no voucher pays more than is left of it.
    ceiling = 0 if slot.chart in (MEMBERS, DEPOSITS, GIFT_VOUCHERS) else None
    return ledger.open_account(code=code, name=name, holder=slot.holder, floor=floor, ceiling=ceiling).id
