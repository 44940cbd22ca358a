"""Where the money is, who owes what since when, and what is open before the books are shut."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entremise.jobs.models import Mission
from entremise.kernel.act import Act
from entremise.kernel.time import Period
from entremise.ledger import queries as ledger
from entremise.payments.operations import set_bank_account
from entremise.settlement import operations, queries
from entremise.settlement.models import Invoice, Payslip
from entremise.settlement.operations.statements import explain_line
from tests.settlement.conftest import DECEMBER_4, settle, statement

TODAY = DECEMBER_4.date()
LATER = date(2026, 12, 31)  # The bank's lines are of the days after.
DECEMBER = Period.month(2026, 12)


@pytest.fixture
def billed(treasurer: Act, worked: Mission) -> Invoice:
    settle(treasurer)
    return Invoice.objects.get()


def test_money_is_where_it_came_to(treasurer: Act, billed: Invoice) -> None:
    operations.receive_cash(act=treasurer, invoice=billed, amount=2000, how="cash", on=TODAY, key="one")
    operations.receive_cash(act=treasurer, invoice=billed, amount=900, how="cheque", on=TODAY, key="two")
    seen = queries.treasury(on=TODAY)
    assert {place.code: place.amount for place in seen.places} == {"530000": 2000, "511200": 900}
    assert (seen.total, seen.due) == (2900, 2000)


def test_what_moves_between_our_own_places_came_from_nowhere(treasurer: Act, billed: Invoice) -> None:
    operations.receive_cash(act=treasurer, invoice=billed, amount=2000, how="cheque", on=TODAY, key="one")
    (line,) = statement(treasurer, ("20.00", "CRDT", "R1", "remise de chèques"))
    explain_line(act=treasurer, line=line, what="cheques", note="")
    seen = queries.treasury(on=LATER)
    assert [(flow.month, flow.came, flow.went) for flow in seen.flows if flow.came or flow.went] == [
        (date(2026, 12, 1), 2000, 0)
    ]
    assert len(seen.flows) == 12
    assert {place.code: place.amount for place in seen.places if place.amount} == {"512000": 2000}


def test_what_we_owe_says_to_whom_and_since_when(treasurer: Act, billed: Invoice) -> None:
    payslip = Payslip.objects.get()
    owed = {one.account.code: one for one in queries.owing(on=TODAY)}
    assert owed["421000"].person == payslip.worker
    assert owed["421000"].amount == payslip.paid
    assert owed["421000"].since == date(2026, 11, 30)
    assert owed["431000"].person is None


def test_a_client_who_paid_too_much_is_owed_it(treasurer: Act, billed: Invoice) -> None:
    (line,) = statement(treasurer, ("60.00", "CRDT", "R1", "merci"))
    operations.receive_by_hand(act=treasurer, line=line, invoice=billed)
    (credit,) = [one for one in queries.owing(on=LATER) if one.account.code == "411000"]
    assert (credit.person, credit.amount) == (billed.client, 1100)


def test_the_oldest_is_paid_first_when_it_is_asked_since_when(treasurer: Act, billed: Invoice) -> None:
    operations.receive_cash(act=treasurer, invoice=billed, amount=2000, how="cash", on=TODAY, key="one")
    (client,) = [one for one in ledger.standing(starting="411", up_to=TODAY) if one.account.holder]
    assert (client.amount, client.since) == (2900, billed.issued_on)


def test_an_account_opens_where_it_was_left(treasurer: Act, billed: Invoice) -> None:
    for at in ("one", "two"):
        operations.receive_cash(act=treasurer, invoice=billed, amount=1000, how="cash", on=TODAY, key=at)
    till = queries.account_page(code="530000", month=DECEMBER)
    assert till
    assert (till.opening, [line.balance for line in till.lines], till.closing) == (0, [1000, 2000], 2000)
    assert [(line.other.code, line.came, line.went) for line in till.lines] == [("411000", 1000, None)] * 2
    after = queries.account_page(code="530000", month=Period.month(2027, 1))
    assert after
    assert (after.opening, after.lines, after.closing) == (2000, [], 2000)
    assert queries.account_page(code="999", month=DECEMBER) is None


def test_the_journal_balances_and_is_the_fec_of_the_month(treasurer: Act, billed: Invoice) -> None:
    operations.receive_cash(act=treasurer, invoice=billed, amount=2000, how="cash", on=TODAY, key="one")
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    rows = [row for number in range(1, 13) for row in queries.journal(period=Period.month(2026, number))]
    assert sum(row.debit for row in rows) == sum(row.credit for row in rows) > 0
    assert len(rows) == len(list(queries.fec_lines(period=year))) - 1
    assert {row.journal for row in rows} == {"VE", "PA", "CA"}


def test_a_year_adds_up_to_its_papers_and_its_money(treasurer: Act, billed: Invoice) -> None:
    operations.receive_cash(act=treasurer, invoice=billed, amount=2000, how="cash", on=TODAY, key="one")
    operations.credit(act=treasurer, invoice=billed, key="half", reason="trop", amount=900)
    year = queries.year(year=2026, on=TODAY)
    assert len(year.months) == 12
    november, december = year.months[10], year.months[11]
    assert (november.invoices, november.billed, november.vat, november.exempt) == (1, 4900 - 900, 0, 4000)
    assert (november.workers, november.gross) == (1, Payslip.objects.get().gross)
    assert (december.received, december.paid) == (2000, 0)
    assert year.total.billed == 4000
    assert queries.year(year=2027, on=TODAY).months == []


def test_what_is_open_is_named_before_the_books_are_shut(treasurer: Act, billed: Invoice) -> None:
    statement(treasurer, ("20.00", "CRDT", "R1", "merci"))
    seen = queries.to_close(up_to=LATER)
    assert (seen.lines, seen.runs, seen.wages, seen.on_their_way, seen.ready) == (1, [], 1, 0, False)
    operations.order_payouts(act=treasurer, execution_on=date(2026, 12, 7))
    seen = queries.to_close(up_to=LATER)
    assert (seen.wages, seen.on_their_way) == (0, 1)
    assert queries.to_close(up_to=date(2026, 10, 31)).ready


def test_money_on_its_way_back_is_open_before_a_closing(treasurer: Act, billed: Invoice) -> None:
    client = billed.client
    operations.pay_in(act=treasurer, person=client, amount=1000, how="cash", key="in")
    set_bank_account(act=treasurer, person=client, iban="FR7630006000011234567890189")
    operations.withdraw(act=treasurer, person=client, amount=500, how="transfer", key="back")
    before = queries.to_close(up_to=LATER).on_their_way
    operations.order_withdrawals(act=treasurer, execution_on=date(2026, 12, 7))
    assert queries.to_close(up_to=LATER).on_their_way == before + 1


def test_the_room_asks_as_often_for_much_as_for_little(treasurer: Act, billed: Invoice) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.treasury(on=TODAY)
        return len(captured)

    little = asked()
    for number in range(8):
        operations.receive_cash(act=treasurer, invoice=billed, amount=100, how="cash", on=TODAY, key=f"k{number}")
    assert asked() <= little + 1  # The till was opened meanwhile.
