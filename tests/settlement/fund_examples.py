"""The worked examples of docs/accounting.md about funds."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from entremise.kernel.act import STAFF, Act, Actor
from entremise.settlement import operations as settlement
from entremise.settlement.models import Invoice
from entremise.solidarity import operations
from entremise.solidarity.models import Fund
from entremise.solidarity.operations.prices import _their_price
from entremise.solidarity.queries.contributions import to_book
from tests.settlement.conftest import settle, statement
from tests.solidarity.conftest import JANUARY, agreed, ask, committee, give
from tests.solidarity.test_prices import FIRST, LAST, THE


def begun(act: Act) -> tuple[Act, Fund, Invoice]:
    """A month, and a fund that received 100 € in coins."""
    settle(act)
    everything = replace(act, by=Actor(act.by.person, STAFF))
    committee(everything)
    fund = operations.open_fund(act=everything, name="Coup de pouce", purpose="Aider.", origin="public")
    give(everything, fund, 10000, how="cash", on=act.at.date())
    return everything, fund, Invoice.objects.select_related("client").get(kind="invoice")


def a_help(treasurer: Act) -> None:
    act, fund, invoice = begun(treasurer)
    award = operations.grant(act=act, award=agreed(act, ask(act, invoice.client)), fund=fund, amount=4000)
    operations.pay_invoice(act=act, award=award, invoice=invoice, amount=2450, key="help")


def an_own_price(treasurer: Act) -> None:
    act, fund, invoice = begun(treasurer)
    band = operations.open_band(act=act, fund=fund, first=FIRST, last=LAST, percent=20, places=1, reserve=3000)
    operations.ask_place(act=act, person=invoice.client, band=band)
    _their_price(THE, invoice)


def half_taken_back(treasurer: Act) -> None:
    an_own_price(treasurer)
    invoice = Invoice.objects.select_related("client").get()
    operations.credit(act=treasurer, invoice=invoice, key="half", reason="Une heure de trop", amount=2450)


def an_hour_given(treasurer: Act) -> None:
    act, fund, invoice = begun(treasurer)
    give(act, fund, 2450, key="hour", kind="suspended", item="1 heure", how="cheque", on=act.at.date())
    operations.take_item(act=act, invoice=invoice, item="1 heure", key="taken")


def a_little_more(treasurer: Act) -> None:
    act, fund, invoice = begun(treasurer)
    operations.set_contribution(act=act, person=invoice.client, fund=fund, hourly=200)
    _their_price(THE, invoice)
    (line,) = statement(act, ("53.00", "CRDT", "R1", "merci"))
    settlement.receive_by_hand(act=act, line=line, invoice=invoice)
    (addition,) = to_book()
    operations.book_addition(act=act, addition=addition)


def a_year(treasurer: Act) -> None:
    a_help(treasurer)
    everything = replace(treasurer, by=Actor(treasurer.by.person, STAFF), at=JANUARY)
    operations.state_year(act=everything, year=date(2026, 12, 31).year)


FUNDS: Final[Mapping[str, Callable[[Act], None]]] = {
    "A fund helps to pay": a_help,
    "A price of one's own": an_own_price,
    "A credit note of what a fund paid in part": half_taken_back,
    "An hour given, and taken": an_hour_given,
    "A little more than the invoice": a_little_more,
    "The year of a fund": a_year,
}
