"""Long statements: read and matched by the clock, chunk by chunk, whatever comes between."""

from threading import Event

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entremise.doors.clock import banking
from entremise.doors.clock.watch import Watch
from entremise.history.models import Fact
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.ledger import queries as ledger
from entremise.payments import operations as payments
from entremise.payments.models import BankFile, BankLine
from entremise.payments.operations import reading
from entremise.payments.queries import rest_of
from entremise.settlement.models import Invoice, Receipt
from entremise.settlement.operations import statements
from entremise.settlement.operations.statements import Matching, match_on
from entremise.tenancy.models import Organisation
from tests.doors.desk.conftest import desk, treasury
from tests.doors.desk.pages import text
from tests.doors.desk.test_money import december, settled
from tests.jobs.conftest import asked, hedge, karim, legal, mission, nadege, odile, place, request_
from tests.settlement.conftest import ENTRY, STATEMENT, treasurer, worked
from tests.settlement.test_lines import DUPLICATE, another

__all__ = [
    "asked", "december", "desk", "hedge", "karim", "legal", "mission", "nadege", "odile", "place", "request_",
    "settled", "treasurer", "treasury", "worked",
]  # fmt: skip

pytestmark = pytest.mark.usefixtures("inside")


def content(lines: int) -> bytes:
    """Every tenth line cites an invoice by its number, from the second on; the others say nothing, of the same 10 €."""
    said = (
        ENTRY.format(
            amount="10.00",
            way="CRDT",
            ref=f"L{number}",
            text=DUPLICATE.format(number // 10 + 2) if number % 10 == 0 else "merci",
        )
        for number in range(lines)
    )
    return STATEMENT.format(entries="".join(said)).encode()


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty lines are many, and ten are a chunk."""
    monkeypatch.setattr(reading, "LONG", 20)
    monkeypatch.setattr(statements, "CHUNK", 10)


@pytest.fixture
def file(long: None, treasury: Client, settled: Invoice) -> BankFile:
    """45 lines, of which five pay an invoice; the desk has just brought them."""
    for number in range(2, 7):
        another(settled, number, 1000)
    statement = SimpleUploadedFile("annee.xml", content(45), "text/xml")
    answer = treasury.post(reverse("desk:bank"), {"file": statement})
    (kept,) = BankFile.objects.all()
    assert answer["Location"] == reverse("desk:statement", args=[kept.id])
    assert (kept.state, kept.lines, BankLine.objects.count()) == ("reading", 45, 0)
    return kept


def test_a_long_statement_is_read_and_matched_by_the_clock(
    file: BankFile, organisation: Organisation, treasury: Client
) -> None:
    address = reverse("desk:statement", args=[file.id])
    page = text(treasury.get(address))
    assert "0 ligne sur 45" in page
    assert "data-poll=" in page
    assert 'http-equiv="refresh"' in page
    assert banking.carry_on(Watch(), organisation) == 1
    file.refresh_from_db()
    assert (file.state, BankLine.objects.count(), Receipt.objects.count()) == ("done", 45, 5)
    page = text(treasury.get(address))
    assert "Reconnues : 5 lignes sur 45" in page
    assert "data-poll=" not in text(treasury.get(reverse("desk:statement_progress", args=[file.id])))
    assert Fact.objects.get(type="statement_matched").data == {"lines": 45}
    assert ledger.verify() == []
    assert banking.carry_on(Watch(), organisation) == 0


def test_brought_again_a_long_statement_adds_nothing(
    file: BankFile, organisation: Organisation, treasury: Client
) -> None:
    banking.carry_on(Watch(), organisation)
    treasury.post(reverse("desk:bank"), {"file": SimpleUploadedFile("annee.xml", content(45), "text/xml")})
    treasury.post(reverse("desk:bank"), {"file": SimpleUploadedFile("plus.xml", content(46), "text/xml")})
    banking.carry_on(Watch(), organisation)
    assert (BankLine.objects.count(), Receipt.objects.count()) == (46, 5)


class Interrupted(Event):
    """Is set when it has been asked so many times."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.left = after

    def is_set(self) -> bool:
        self.left -= 1
        return self.left < 0


@pytest.mark.parametrize("after", range(1, 12))
def test_a_clock_that_ends_in_the_middle_leaves_the_rest_to_the_next(
    file: BankFile, organisation: Organisation, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr("entremise.payments.queries.CHUNK", 10)
    banking.carry_on(Watch(stop=Interrupted(after)), organisation)
    file.refresh_from_db()
    assert after > 9 or file.state != "done"
    banking.carry_on(Watch(), organisation)
    file.refresh_from_db()
    assert (file.state, BankLine.objects.count(), Receipt.objects.count()) == ("done", 45, 5)


def test_a_clock_that_comes_late_leaves_the_lines_to_the_first(file: BankFile, treasurer: Act) -> None:
    stale = BankFile.objects.get(id=file.id)
    chunk = next(rest_of(file=file))
    payments.read_on(act=treasurer, file=file, entries=chunk)
    with pytest.raises(Refused, match="not_now"):
        payments.read_on(act=treasurer, file=stale, entries=chunk)
    payments.read_on(act=treasurer, file=file, entries=[])
    stale = BankFile.objects.get(id=file.id)
    against = Matching(on=treasurer.at.date())
    assert match_on(act=treasurer, file=file, against=against) == 10
    with pytest.raises(Refused, match="not_now"):
        match_on(act=treasurer, file=stale, against=against)


def test_a_chunk_of_many_lines_asks_as_much_as_one_of_few(treasury: Client, treasurer: Act, settled: Invoice) -> None:
    for number in range(2, 202):
        another(settled, number, 1000)
    kept, _ = payments.import_statement(act=treasurer, name="x.xml", content=content(2000))
    BankFile.objects.filter(id=kept.id).update(state="matching")
    kept.refresh_from_db()
    against = Matching(on=treasurer.at.date())

    def asked(lines: int) -> tuple[int, int]:
        before = Receipt.objects.count()
        with pytest.MonkeyPatch.context() as patch, CaptureQueriesContext(connection) as seen:
            patch.setattr(statements, "CHUNK", lines)
            assert match_on(act=treasurer, file=kept, against=against) == lines
        return len(seen), Receipt.objects.count() - before

    asked(100)  # Accounts are opened, and what never changes is read.
    few, some = asked(100)
    many, more = asked(900)
    assert 0 < some < 30 < more
    assert many == few < 30
