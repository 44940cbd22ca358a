"""What is promised is paid once, or free again; and a year is stated."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime

from entremise.kernel.act import Act
from entremise.kernel.time import Period
from entremise.ledger import operations as books_of
from entremise.ledger.models import Account
from entremise.ledger.rules import Problem
from entremise.people.models import Person
from entremise.settlement import operations as settlement
from entremise.settlement.models import Invoice
from entremise.settlement.queries import fec_lines
from entremise.solidarity import operations, queries
from entremise.solidarity.models import Award, Fund, FundYear
from tests.settlement.conftest import statement
from tests.solidarity.conftest import (
    JANUARY,
    agreed,
    ask,
    books,
    due,
    give,
    held,
    later,
    owe,
    refused,
    somebody,
)

# Paying


def test_an_award_pays_a_part_of_an_invoice_and_keeps_the_rest(
    desk: Act, fund: Fund, granted: Callable[[int], Award], aline: Person
) -> None:
    award, invoice = granted(5000), owe(desk, aline, 3000)
    for _ in range(2):  # Pressed twice.
        operations.pay_invoice(act=desk, award=award, invoice=invoice, amount=2000, key="k")
    assert (due(invoice), held(fund), books("411000")) == (1000, (5000, 3000), 1000)
    award.refresh_from_db()
    assert (award.state, queries.left_of(award=award)) == ("granted", 3000)


def test_an_award_pays_no_more_than_is_due_or_left_nor_for_others(
    desk: Act, granted: Callable[[int], Award], aline: Person
) -> None:
    award, small, large = granted(5000), owe(desk, aline, 3000), owe(desk, aline, 9000)

    def pay(invoice: Invoice, amount: int) -> object:
        return operations.pay_invoice(act=desk, award=award, invoice=invoice, amount=amount, key="k")

    refused("amount_not_due", lambda: pay(small, 3001))
    refused("award_too_small", lambda: pay(large, 5001))
    refused("not_their_invoice", lambda: pay(owe(desk, somebody("Autre"), 3000), 100))


def test_a_credit_note_gives_back_what_is_the_funds_to_the_cent_and_no_mistake_is_taken_back_twice(
    desk: Act, fund: Fund, granted: Callable[[int], Award], aline: Person
) -> None:
    award, invoice = granted(5000), owe(desk, aline, 3000)
    paid = [
        operations.pay_invoice(act=desk, award=award, invoice=invoice, amount=amount, key=str(amount))
        for amount in (1000, 501)
    ]
    operations.take_payment_back(act=desk, payment=paid[0])
    operations.credit(act=desk, invoice=invoice, key="a", reason="trop", amount=1000)
    assert (due(invoice), held(fund)) == (1666, (6167, 3499))
    refused("already_reversed", lambda: operations.take_payment_back(act=desk, payment=paid[1]))
    operations.credit(act=desk, invoice=invoice, key="b", reason="tout")
    assert (due(invoice), held(fund), books("411000")) == (0, (6501, 3499), 0)


def test_money_for_the_bus_pays_no_invoice_of_ours(
    desk: Act, fund: Fund, granted: Callable[[int], Award], aline: Person
) -> None:
    granted(1000)
    ride = agreed(desk, ask(desk, aline, "transport"))
    operations.grant(act=desk, award=ride, fund=fund, amount=1000)
    invoice = owe(desk, aline, 3000)
    refused(
        "invoice_not_for_this",
        lambda: operations.pay_invoice(act=desk, award=ride, invoice=invoice, amount=1000, key="k"),
    )


def test_coins_are_handed_over_out_of_the_till(desk: Act, fund: Fund, granted: Callable[[int], Award]) -> None:
    award = granted(1000)
    refused("not_enough", lambda: operations.pay_cash(act=desk, award=award, amount=1000, key="k"))
    give(desk, fund, 1000, key="coins", how="cash")
    operations.pay_cash(act=desk, award=award, amount=1000, key="k")
    award.refresh_from_db()
    assert (award.state, held(fund), books("530000")) == ("paid", (10000, 0), 0)


def test_no_coins_leave_while_the_books_do_not_add_up(desk: Act, fund: Fund, granted: Callable[[int], Award]) -> None:
    award = granted(1000)
    books_of.note_proof(at=desk.at, transfers=1, facts=1, found=[Problem("unbalanced", "EUR")])
    refused("payouts_stopped", lambda: operations.pay_cash(act=desk, award=award, amount=1, key="k"))


def test_a_transfer_that_left_was_the_award(desk: Act, fund: Fund, granted: Callable[[int], Award]) -> None:
    award = granted(3000)
    (line,) = statement(desk, ("30.00", "DBIT", "R1", "Garage"))
    operations.pay_by_line(act=desk, award=award, line=line)
    assert (held(fund), books("512000")) == ((7000, 0), -3000)


def test_what_was_paid_by_mistake_is_the_funds_again(
    desk: Act, fund: Fund, granted: Callable[[int], Award], aline: Person
) -> None:
    award, invoice = granted(2000), owe(desk, aline, 3000)
    payment = operations.pay_invoice(act=desk, award=award, invoice=invoice, amount=2000, key="k")
    operations.take_payment_back(act=desk, payment=payment)
    assert (due(invoice), held(fund)) == (3000, (10000, 0))
    refused("already_reversed", lambda: operations.take_payment_back(act=desk, payment=payment))


def test_what_a_fund_paid_is_not_given_back_to_the_client(
    desk: Act, granted: Callable[[int], Award], aline: Person
) -> None:
    award, invoice = granted(2000), owe(desk, aline, 3000)
    operations.pay_invoice(act=desk, award=award, invoice=invoice, amount=2000, key="k")
    (line,) = statement(desk, ("20.00", "DBIT", "R1", "x"))
    refused("line_differs", lambda: settlement.give_back(act=desk, line=line, invoice=invoice))


def test_what_is_left_is_free_for_somebody_else(desk: Act, fund: Fund, granted: Callable[[int], Award]) -> None:
    award = granted(4000)
    assert operations.release(act=desk, award=award).state == "released"
    assert held(fund) == (10000, 0)
    refused("not_now", lambda: operations.release(act=desk, award=award))


def test_a_fund_closes_when_it_is_empty(desk: Act, fund: Fund) -> None:
    gift = give(desk, fund, 100)
    refused("fund_not_empty", lambda: operations.close_fund(act=desk, fund=fund))
    operations.take_back(act=desk, gift=gift)
    operations.close_fund(act=desk, fund=fund)
    refused("fund_closed", lambda: give(desk, fund, 100, key="late"))


# The year


def test_a_year_is_stated_once_and_carries_what_is_left(
    desk: Act, fund: Fund, granted: Callable[[int], Award], aline: Person
) -> None:
    award, invoice = granted(4000), owe(desk, aline, 3000)
    operations.pay_invoice(act=desk, award=award, invoice=invoice, amount=3000, key="k")
    refused("day_to_come", lambda: operations.state_year(act=desk, year=2026))
    new_year = later(desk, JANUARY)
    document = operations.state_year(act=new_year, year=2026)
    assert operations.state_year(act=new_year, year=2026) == document
    row = FundYear.objects.get()
    assert (row.opening, row.received, row.used, row.carried) == (0, 10000, 3000, 7000)
    assert (books("196000"), books("657100"), books("754000"), books("689600")) == (-7000, 3000, -10000, 7000)
    assert document.data["funds"][0]["promised"] == 1000


def test_a_year_that_used_more_than_it_received_takes_out_of_what_was_kept(
    desk: Act, fund: Fund, granted: Callable[[int], Award], aline: Person
) -> None:
    award, invoice = granted(4000), owe(desk, aline, 4000)
    new_year = later(desk, JANUARY)
    operations.state_year(act=new_year, year=2026)
    operations.pay_invoice(act=new_year, award=award, invoice=invoice, amount=4000, key="k")
    operations.state_year(act=later(desk, datetime(2028, 1, 5, tzinfo=UTC)), year=2027)
    row = FundYear.objects.get(year=2027)
    assert (row.opening, row.used, row.carried) == (10000, 4000, 6000)
    assert (books("196000"), books("789600")) == (-6000, -4000)


def test_nothing_is_given_into_a_year_that_is_stated(desk: Act, fund: Fund) -> None:
    give(desk, fund, 1000)
    new_year = later(desk, JANUARY)
    operations.state_year(act=new_year, year=2026)
    refused("year_stated", lambda: give(new_year, fund, 1000, key="late", on=date(2026, 12, 31)))


def test_years_are_stated_in_their_order(desk: Act, fund: Fund) -> None:
    give(desk, fund, 1000)
    much_later = later(desk, datetime(2028, 1, 5, tzinfo=UTC))
    refused("earlier_year_open", lambda: operations.state_year(act=much_later, year=2027))


def test_a_year_whose_books_are_shut_is_not_stated_any_more(desk: Act, fund: Fund) -> None:
    give(desk, fund, 1000)
    new_year = later(desk, JANUARY)
    settlement.close_books(act=new_year, up_to=date(2026, 12, 31))
    refused("period_closed", lambda: operations.state_year(act=new_year, year=2026))


def test_the_file_of_entries_names_a_fund_as_people_do(desk: Act, fund: Fund) -> None:
    give(desk, fund, 1000)
    lines = "\n".join(fec_lines(period=Period(date(2026, 1, 1), date(2026, 12, 31))))
    assert "Fonds dédiés, générosité du public : Coup de pouce" in lines
    assert str(fund.id) not in lines


def test_the_funds_are_asked_for_in_a_constant_number_of_queries(
    desk: Act, fund: Fund, django_assert_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    for name in ("Deux", "Trois"):
        operations.open_fund(act=desk, name=name, purpose="x", origin="grant")
    assert Account.objects.count() == 3
    with django_assert_num_queries(2):
        assert len(queries.funds()) == 3
