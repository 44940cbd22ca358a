from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entremise.history.models import Fact
from entremise.jobs.models import Mission
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.kernel.time import Period
from entremise.settlement import operations, queries
from entremise.settlement.models import Invoice, Payout
from entremise.settlement.queries.books import balance
from entremise.settlement.rules import fec
from tests.settlement.conftest import DECEMBER_4, settle, statement

YEAR, NEXT_YEAR = Period(date(2026, 1, 1), date(2026, 12, 31)), Period(date(2027, 1, 1), date(2027, 12, 31))
JANUARY_5 = datetime(2027, 1, 5, 8, 0, tzinfo=UTC)
GOOD = fec.Row(
    journal="VE",
    journal_name="Ventes",
    number="1",
    on="20261204",
    account="411000",
    account_name="Clients",
    aux="000000000001",
    aux_name="Odile Marsan",
    piece="FA-2026-0001",
    piece_on="20261204",
    label="FA-2026-0001, Odile Marsan",
    debit="49,00",
    credit="0,00",
    valid_on="20261204",
)
OTHER_SIDE = replace(GOOD, account="706000", aux="", aux_name="", debit="0,00", credit="49,00")


def cells(lines: list[str]) -> list[dict[str, str]]:
    return [dict(zip(fec.COLUMNS, line.split("\t"), strict=True)) for line in lines[1:]]


def check(*rows: fec.Row) -> list[str]:
    return fec.problems([fec.HEADER, *(row.line for row in rows)])


def test_an_entry_as_it_must_be_passes() -> None:
    assert check(GOOD, OTHER_SIDE) == []


@pytest.mark.parametrize(
    "wrong",
    [
        replace(GOOD, journal=""),
        replace(GOOD, label=" "),
        replace(GOOD, valid_on=""),
        replace(GOOD, on="2026-12-04"),
        replace(GOOD, piece_on="20261304"),
        replace(GOOD, debit="49.00"),
        replace(GOOD, debit="-49,00"),
        replace(GOOD, credit="49,00"),
        replace(GOOD, debit="0,00"),
        replace(GOOD, number="2"),
        replace(GOOD, number="A1"),
        replace(GOOD, account="client"),
        replace(GOOD, aux_name=""),
        replace(GOOD, debit="49,01"),
    ],
)
def test_a_planted_fault_is_found(wrong: fec.Row) -> None:
    assert check(wrong, OTHER_SIDE)


def test_other_columns_are_found() -> None:
    assert fec.problems(["JournalCode\tJournalLib"])
    assert fec.problems([fec.HEADER, GOOD.line + "\t"])
    assert fec.problems([])


def test_a_number_that_is_left_out_is_found() -> None:
    third = [replace(row, number="3") for row in (GOOD, OTHER_SIDE)]
    assert check(GOOD, OTHER_SIDE, *third) == ["line 4: entry 3 follows 1"]


def test_tabs_and_line_breaks_in_a_name_do_not_shift_the_columns() -> None:
    assert check(replace(GOOD, aux_name="Odile\tMarsan\nfille"), OTHER_SIDE) == []


def test_amounts_have_a_decimal_comma_and_days_no_dash() -> None:
    assert [fec.amount(cents) for cents in (0, 5, 123450)] == ["0,00", "0,05", "1234,50"]
    assert fec.day(date(2026, 12, 4)) == "20261204"


def test_the_file_is_written_in_the_characters_of_the_law() -> None:
    line = "Cotisations à l’Urssaf\tŁucja Ayşe Œuvray 李\t10 €"
    assert b"".join(fec.encoded([line, "fin"])).decode("iso8859-15") == (
        "Cotisations à l'Urssaf\tLucja Ayse Œuvray ?\t10 €\r\nfin\r\n"
    )


def test_an_entry_made_after_midnight_is_valid_the_same_day(treasurer: Act, worked: Mission) -> None:
    settle(replace(treasurer, at=datetime(2026, 12, 4, 23, 30, tzinfo=UTC)))  # Half past midnight in Paris.
    rows = cells(list(queries.fec_lines(period=YEAR)))
    invoiced, paid = {("20261205", "20261205")}, {("20261130", "20261205")}  # A wage belongs to its month.
    assert {(row["EcritureDate"], row["ValidDate"]) for row in rows} == invoiced | paid


def test_every_document_and_payment_is_in_the_file(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    invoice = Invoice.objects.get()
    paid = {"how": "cash", "on": DECEMBER_4.date(), "key": "till"}
    operations.receive_cash(act=treasurer, invoice=invoice, amount=900, **paid)
    operations.credit(act=treasurer, key="note 1", invoice=invoice, reason="Geste", amount=1000)
    (line,) = statement(treasurer, ("30.00", "CRDT", "R1", "FA-2026-0001"))
    operations.receive_line(act=treasurer, line=line)
    lines = list(queries.fec_lines(period=YEAR))
    assert fec.problems(lines) == []
    assert {row["JournalCode"] for row in cells(lines)} == {"VE", "PA", "CA", "BQ"}
    assert {row["PieceRef"] for row in cells(lines)} == {"FA-2026-0001", "AV-2026-0001", "BP-2026-0001"}
    clients = [row for row in cells(lines) if row["CompteNum"] == "411000"]
    assert {row["CompAuxLib"] for row in clients} == {"Odile Marsan"}


def test_a_wage_still_on_its_way_is_not_in_the_books(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    before = list(queries.fec_lines(period=YEAR))
    operations.order_payouts(act=treasurer, execution_on=DECEMBER_4.date())
    assert list(queries.fec_lines(period=YEAR)) == before


def test_a_new_year_begins_with_what_the_old_one_left(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    invoice = Invoice.objects.get()
    later = replace(treasurer, at=JANUARY_5)
    operations.receive_cash(act=later, invoice=invoice, amount=4900, how="cheque", on=JANUARY_5.date(), key="cheque")
    lines = list(queries.fec_lines(period=NEXT_YEAR))
    assert fec.problems(lines) == []
    opening = [row for row in cells(lines) if row["JournalCode"] == "AN"]
    assert {row["EcritureNum"] for row in opening} == {"1"}
    assert {row["CompteNum"][0] for row in opening} <= {"1", "4", "5"}
    owed = next(row for row in opening if row["CompteNum"] == "411000")
    assert (owed["Debit"], owed["CompAuxLib"]) == ("49,00", "Odile Marsan")
    assert [row["EcritureNum"] for row in cells(lines) if row["JournalCode"] == "BQ"] == ["2", "2"]


def test_a_new_year_begins_its_balance_without_the_old_results(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    old = {line.code: line.balance for line in balance(up_to=date(2026, 12, 31))}
    new = {line.code: line.balance for line in balance(up_to=date(2027, 1, 31))}
    result = sum(left for code, left in old.items() if code[0] in "67")
    assert {code[0] for code in new} == {"1", "4"}
    assert new["110000" if result < 0 else "119000"] == result
    assert sum(new.values()) == 0
    assert {code: left for code, left in old.items() if code[0] == "4"} == {
        code: left for code, left in new.items() if code[0] == "4"
    }


def test_what_comes_to_light_after_its_day_was_shut_is_dated_the_first_open_day(
    treasurer: Act, worked: Mission
) -> None:
    settle(treasurer)
    later = replace(treasurer, at=JANUARY_5)
    operations.order_payouts(act=later, execution_on=JANUARY_5.date())
    with pytest.raises(Refused, match="day_to_come"):
        operations.close_books(act=later, up_to=JANUARY_5.date())
    for _ in range(2):
        assert operations.close_books(act=later, up_to=date(2026, 12, 31)) == date(2026, 12, 31)
    assert Fact.objects.filter(type="books_closed").count() == 1
    (line,) = statement(later, ("49.00", "CRDT", "R1", "FA-2026-0001"))  # Of 10 December.
    operations.receive_line(act=later, line=line)
    payout = Payout.objects.get()
    operations.paid_out(act=later, payout=payout, on=date(2026, 12, 10))
    operations.send_back(act=later, payout=payout, on=date(2026, 12, 11))
    days = {row["EcritureDate"] for row in cells(list(queries.fec_lines(period=NEXT_YEAR)))}
    assert days == {"20270101"}
    assert fec.problems(list(queries.fec_lines(period=NEXT_YEAR))) == []


def test_a_year_without_anything_is_its_header(inside: object) -> None:
    assert list(queries.fec_lines(period=YEAR)) == [fec.HEADER]


def test_more_entries_ask_no_more_questions(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    invoice = Invoice.objects.get()

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            list(queries.fec_lines(period=YEAR))
        return len(seen)

    before = asked()
    for number in range(5):
        operations.receive_cash(
            act=treasurer, invoice=invoice, amount=100, how="cash", on=DECEMBER_4.date(), key=f"till {number}"
        )
    assert asked() == before
