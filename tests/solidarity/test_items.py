"""An hour that somebody gave is taken once, by somebody who need not say why."""

from datetime import date
from functools import partial

import pytest

from entremise.kernel.act import STAFF, Act, Actor, Door
from entremise.people.models import Person
from entremise.solidarity import operations
from entremise.solidarity.models import AwardPayment, Fund, Gift, Seat
from entremise.solidarity.queries.items import Item, items
from tests.solidarity.conftest import AT, due, give, held, owe, refused

HOUR = "1 heure de ménage"


@pytest.fixture
def hours(desk: Act, fund: Fund, seats: list[Seat]) -> list[Gift]:
    """Two, the second older, and another kind."""
    one = partial(give, desk, fund, kind="suspended")
    return [
        one(2450, key="young", item=HOUR),
        one(2000, key="old", item=HOUR, on=date(2026, 11, 1)),
        one(3000, key="other", item="1 heure de jardin"),
    ]


def take(act: Act, person: Person, key: str = "k", total: int = 4900, item: str = HOUR) -> AwardPayment:
    return operations.take_item(act=act, invoice=owe(act, person, total), item=item, key=key)


def test_the_oldest_hour_pays_and_is_taken(desk: Act, fund: Fund, hours: list[Gift], aline: Person) -> None:
    invoice = owe(desk, aline, 4900)
    again = partial(operations.take_item, act=desk, invoice=invoice, item=HOUR, key="k")
    payment = again()
    assert again() == payment
    assert (payment.amount, payment.award.item, payment.award.state) == (2000, hours[1], "paid")
    assert (payment.award.decided_by, payment.award.need) == ("item", "")
    assert due(invoice) == 2900
    assert held(fund) == (5450, 0)
    assert items() == [Item("1 heure de jardin", 1, 0), Item(HOUR, 2, 1)]


def test_when_all_are_taken_there_is_none_left(desk: Act, hours: list[Gift], aline: Person) -> None:
    take(desk, aline, "a")
    take(desk, aline, "b")
    refused("nothing_left_of_it", lambda: take(desk, aline, "c"))
    refused("nothing_left_of_it", lambda: take(desk, aline, "d", item="x"))


def test_no_more_is_taken_than_is_due(desk: Act, fund: Fund, hours: list[Gift], aline: Person) -> None:
    assert take(desk, aline, total=1500).amount == 1500
    assert held(fund) == (5950, 0)


def test_what_was_taken_by_mistake_is_there_again(desk: Act, fund: Fund, hours: list[Gift], aline: Person) -> None:
    operations.take_payment_back(act=desk, payment=take(desk, aline))
    assert items()[1] == Item(HOUR, 2, 0)
    assert held(fund) == (7450, 0)
    assert take(desk, aline, "again").award.item == hours[1]


def test_a_gift_that_bounced_is_no_hour(desk: Act, hours: list[Gift], aline: Person) -> None:
    operations.take_back(act=desk, gift=hours[1])
    assert take(desk, aline).award.item == hours[0]


def test_an_hour_is_not_there_once_other_help_used_the_fund_up(
    desk: Act, fund: Fund, hours: list[Gift], aline: Person
) -> None:
    for number in range(2):
        near = Person.objects.create(family_name=f"N{number}", known_since=AT)
        award = operations.ask_help(act=desk, person=near, purpose="home_help", need="x")
        seats = {one.id: "for" for one in Seat.objects.all()}
        operations.vote(act=desk, on=award, answers=seats)
        operations.grant(act=desk, award=award, fund=fund, amount=3700)
    refused("not_enough", lambda: take(desk, aline))


def test_nobody_takes_an_hour_for_themselves(desk: Act, hours: list[Gift], aline: Person) -> None:
    refused("own_case", lambda: take(Act(by=Actor(aline.id, STAFF), at=AT, door=Door.DESK), aline))


def test_an_hour_is_there_again_once_all_that_it_paid_is_credited(desk: Act, hours: list[Gift], aline: Person) -> None:
    invoice = take(desk, aline).invoice
    assert invoice
    operations.credit(act=desk, invoice=invoice, key="a", reason="trop", amount=1000)
    assert items()[1] == Item(HOUR, 2, 1)
    operations.credit(act=desk, invoice=invoice, key="b", reason="tout")
    assert items()[1] == Item(HOUR, 2, 0)
