"""A hundred thousand lines of a bank against twenty thousand open invoices, through the clock's own way: against the
same file only parsed, and as many rows only put into their tables.
"""

import time
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from random import Random
from uuid import UUID

from entremise.documents.models import Document
from entremise.doors.clock import banking
from entremise.doors.clock.demo.bank import TAIL, entry, head
from entremise.doors.clock.demo.founding import Cast, found
from entremise.doors.clock.watch import Watch
from entremise.history.models import Fact
from entremise.kernel.ids import new_id
from entremise.ledger.models import Transfer
from entremise.payments import operations as payments
from entremise.payments.adapters.camt import walk
from entremise.payments.models import BankFile, BankLine, LineRule
from entremise.people.models import Person
from entremise.settlement.models import Invoice, Receipt
from entremise.settlement.operations.booking import Booking, book_many
from entremise.settlement.queries import line_page
from entremise.settlement.rules.books_fr import invoice_moves
from entremise.tenancy import scope
from tests.bench.measure import line, seconds_of

OPENING, LATER = datetime(2026, 1, 5, 7, 30, tzinfo=UTC), datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
EACH = 4  # Invoices of a client.


def run(*, lines: int, invoices: int) -> None:
    cast = found(opening=OPENING, scale=1, chance=Random(1), slug="banque")
    act = cast.treasury(LATER)
    with scope.writing(cast.organisation.id):
        owed = _owed(cast, invoices)
        content = _statement(lines, owed)
    started = time.perf_counter()
    with scope.writing(cast.organisation.id):
        kept, _ = payments.import_statement(act=act, name="annee.xml", content=content)
    assert banking.carry_on(Watch(), cast.organisation) == 1
    took = time.perf_counter() - started
    with scope.reading(cast.organisation.id):
        assert BankFile.objects.get(id=kept.id).state == "done"
        rows = {model: model.objects.filter() for model in (BankLine, Receipt, Fact, Transfer)}
        paid = rows[Receipt].count()
        assert rows[BankLine].count() == lines
        assert paid > invoices * 0.6
    bare = _bare(cast, content, lines, paid)
    size = f"{lines} lines, {len(content) // 1_000_000} MB, {paid} of {invoices} invoices paid"
    line(f"bank statement of {size}, read and matched", lines / took, lines / bare, "lines/s")
    with scope.reading(cast.organisation.id):
        one = BankLine.objects.filter(state="unmatched", amount__gt=0)[0].id
        page = seconds_of(lambda: line_page(line=one))
        one_query = seconds_of(lambda: list(Invoice.objects.values_list("id", "number", "total")[:invoices]))
    line(f"suggestions for one line among {invoices - paid} open invoices", page * 1000, one_query * 1000, "ms")


def _owed(cast: Cast, count: int) -> list[tuple[str, int, str]]:
    """(number, cents, client) of invoices that are owed, their entries and what prints them made short."""
    people = [
        Person(given_name=f"Paul{n}", family_name=f"Lelong{n}", known_since=OPENING) for n in range(count // EACH)
    ]
    Person.objects.bulk_create(people, batch_size=500)
    paper = Document.objects.create(
        kind="invoice", number="X", template="invoice", data={}, issued_at=OPENING, person=people[0]
    )
    rows, chance = [], Random(3)
    for number in range(count):
        day = date(2026, 1, 31) + timedelta(days=number * 290 // count)
        rows.append(
            Invoice(
                number=f"FA-2025-{number + 10_000}",
                client=people[number // EACH],
                month=day.replace(day=1),
                issued_on=day,
                due_on=day,
                total=2_450 * chance.randint(1, 6),
                document=paper,
                entry=new_id(),
                issued_at=LATER,
            )
        )
    Invoice.objects.bulk_create(rows, batch_size=500)
    bookings = [_billed(one.number, one.client_id, one.total, one.issued_on) for one in rows]
    for first in range(0, count, 500):
        book_many(act=cast.treasury(OPENING), bookings=bookings[first : first + 500])
    return [(one.number, one.total, one.client.full_name) for one in rows]


def _billed(number: str, client: UUID, total: int, on: date) -> Booking:
    return Booking(f"bench:{number}", on, "invoice", None, invoice_moves(client, total, number))


def _statement(lines: int, owed: list[tuple[str, int, str]]) -> bytes:
    """Most invoices are cited and paid, a tenth in part; the other lines are of people whom nobody knows, and fees."""
    chance, parts = Random(4), [head(date(2026, 11, 1))]
    for number in range(lines):
        day = date(2026, 1, 1) + timedelta(days=number * 320 // lines)
        if number * len(owed) // lines != (number - 1) * len(owed) // lines and chance.random() < 0.8:
            cited, due, payer = owed[number * len(owed) // lines]
            due = due if chance.random() < 0.9 else due // 2
            parts.append(entry(day, number, due, "CRDT", payer, f"Facture {cited} merci"))
        elif chance.random() < 0.2:
            parts.append(entry(day, number, chance.randint(100, 900), "DBIT", "", "FRAIS TENUE DE COMPTE"))
        else:
            payer = f"M OU MME {chance.choice('ABCDEFGH')}{chance.randint(1, 9000)}"
            parts.append(entry(day, number, 2_450 * chance.randint(1, 6), "CRDT", payer, "Virement, merci"))
    return "".join([*parts, TAIL]).encode()


def _bare(cast: Cast, content: bytes, lines: int, paid: int) -> float:
    """The file parsed, and as many rows put into one table as lines and their consequences are, no thought spent."""
    started = time.perf_counter()
    for _ in walk(BytesIO(content)):
        pass
    rows = lines + 4 * paid  # A line; a receipt, a transfer, and two facts of what it pays.
    with scope.writing(cast.organisation.id):
        for first in range(0, rows, 1_000):
            LineRule.objects.bulk_create(
                LineRule(iban=f"{number}", came_in=True, what="other", said="x", taught_at=LATER)
                for number in range(first, min(rows, first + 1_000))
            )
    return time.perf_counter() - started
