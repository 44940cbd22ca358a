"""What people add to their invoices for others: of their own will, a gift once it was paid, owed to nobody."""

from entremise.kernel.act import Act
from entremise.messaging.models import Letter
from entremise.people.models import Person
from entremise.settlement.models import Invoice
from entremise.settlement.operations import receive_by_hand
from entremise.settlement.queries import surplus
from entremise.solidarity import operations
from entremise.solidarity.models import Addition, Contribution, Fund, Gift, Seat
from entremise.solidarity.operations.prices import _their_price
from entremise.solidarity.queries import contributions as queries
from tests.settlement.conftest import statement
from tests.solidarity.conftest import due, give, held, refused
from tests.solidarity.test_prices import FIRST, LAST, THE, asks, home, worked


def adds(act: Act, person: Person, fund: Fund, hourly: int) -> Contribution | None:
    return operations.set_contribution(act=act, person=person, fund=fund, hourly=hourly)


def beyond(act: Act, invoice: Invoice, amount: str) -> None:
    """A transfer that a person says is for this invoice."""
    (line,) = statement(act, (amount, "CRDT", "R1", "x"))
    receive_by_hand(act=act, line=line, invoice=invoice)


def test_people_raise_their_own_and_staff_alone_lower_it(desk: Act, fund: Fund, aline: Person) -> None:
    mine = home(aline)
    assert adds(mine, aline, fund, 200) == adds(mine, aline, fund, 200)
    adds(mine, aline, fund, 300)
    refused("contribution_lower", lambda: adds(mine, aline, fund, 200))
    refused("contribution_lower", lambda: adds(mine, aline, fund, 0))
    adds(desk, aline, fund, 100)
    assert [one.hourly for one in queries.contributions()] == [100]
    assert adds(desk, aline, fund, 0) is None
    assert queries.contribution_of(person=aline.id) is None
    assert Contribution.objects.count() == 3


def test_a_contribution_is_within_the_grid(desk: Act, fund: Fund, aline: Person) -> None:
    for hourly in (49, 1001):
        refused("contribution_out_of_grid", lambda hourly=hourly: adds(home(aline), aline, fund, hourly))
    operations.close_fund(act=desk, fund=fund)
    refused("fund_closed", lambda: adds(home(aline), aline, fund, 200))


def test_nobody_sets_what_another_adds(desk: Act, fund: Fund, aline: Person) -> None:
    refused("not_allowed", lambda: adds(home(aline), Person.objects.exclude(id=aline.id)[0], fund, 200))


def test_it_is_asked_with_the_invoice_and_given_once_it_was_paid(desk: Act, fund: Fund, aline: Person) -> None:
    adds(home(aline), aline, fund, 200)
    invoice = worked(aline)
    assert _their_price(THE, invoice) == -400
    assert due(invoice) == 4900
    addition = Addition.objects.get()
    assert queries.to_book() == []
    beyond(desk, invoice, "49.00")
    assert queries.to_book() == []
    assert operations.book_addition(act=THE, addition=addition).gift is None


def test_what_was_paid_beyond_the_invoice_is_the_funds_and_the_rest_stays_theirs(
    desk: Act, fund: Fund, aline: Person
) -> None:
    adds(home(aline), aline, fund, 200)
    invoice = worked(aline)
    _their_price(THE, invoice)
    beyond(desk, invoice, "54.00")
    (addition,) = queries.to_book()
    for _ in range(2):
        operations.book_addition(act=THE, addition=addition)
    gift = Gift.objects.get()
    assert (gift.amount, gift.kind, gift.giver) == (400, "surplus", aline)
    assert surplus(invoice=invoice) == 100
    assert held(fund) == (400, 0)
    assert Letter.objects.filter(template="gift_thanks").count() == 1
    given = queries.given_by(person=aline.id)
    assert (given.amount, given.hourly, given.minutes) == (400, 2450, 9)


def test_who_pays_a_lower_price_adds_nothing(desk: Act, fund: Fund, seats: list[Seat], aline: Person) -> None:
    give(desk, fund, 10000)
    adds(home(aline), aline, fund, 200)
    season = {"first": FIRST, "last": LAST, "percent": 20, "places": 1, "reserve": 3000}
    asks(aline, operations.open_band(act=desk, fund=fund, **season))
    assert _their_price(THE, worked(aline)) == 980
    assert not Addition.objects.exists()
