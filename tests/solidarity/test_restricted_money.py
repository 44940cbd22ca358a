"""Money given for one purpose serves no other, whatever a program forgets to ask: the database refuses the row."""

from collections.abc import Callable

import pytest
from django.db import Error, connection, transaction

from entremise.kernel.act import Act
from entremise.people.models import Person
from entremise.solidarity import operations, queries
from entremise.solidarity.models import Award, AwardPayment, Fund, Seat
from entremise.tenancy import walls
from tests.solidarity.conftest import DAY, agreed, ask, give


def refuses(happens: Callable[[], object]) -> str:
    """What the database answers; empty when it did as it was told."""
    try:
        with transaction.atomic():
            happens()
    except Error as error:
        return str(error)
    return ""


def change(table: str, column: str, value: object, row: Award | Fund) -> None:
    """Raw SQL, as somebody would write it who knows no rule of ours."""
    with connection.cursor() as cursor:
        one = row.id if connection.vendor == "postgresql" else row.id.hex
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, one])


@pytest.fixture
def bus(desk: Act) -> Fund:
    """A town's grant for buses and nothing else, of 100 €."""
    fund = operations.open_fund(act=desk, name="Bus", purpose="Bus", origin="grant", purposes=["transport"])
    give(desk, fund, 10000, key="bus", kind="grant", reference="C1")
    return fund


@pytest.fixture
def ride(desk: Act, bus: Fund, seats: list[Seat], aline: Person) -> Award:
    award = agreed(desk, ask(desk, aline, "transport"))
    return operations.grant(act=desk, award=award, fund=bus, amount=3000)


def pay(award: Award, amount: int = 1000) -> AwardPayment:
    """A row that no operation made."""
    return AwardPayment.objects.create(
        award=award, amount=amount, how="cash", paid_on=DAY, entry=award.id, key=f"k{amount}", paid_at=award.asked_at
    )


def test_an_award_for_what_its_fund_takes_is_paid(desk: Act, ride: Award) -> None:
    assert refuses(lambda: pay(ride)) == ""


def test_an_award_cannot_change_its_purpose(ride: Award) -> None:
    assert "restricted_money" in refuses(lambda: change("solidarity_award", "purpose", "home_help", ride))


def test_an_award_cannot_be_moved_to_a_fund_for_something_else(ride: Award, desk: Act, aline: Person) -> None:
    other = ask(desk, aline, "home_help")
    fund = ride.fund_id if connection.vendor == "postgresql" else ride.fund_id.hex
    assert "restricted_money" in refuses(lambda: change("solidarity_award", "fund_id", fund, other))


def test_an_award_that_lost_its_fund_is_paid_by_nobody(desk: Act, aline: Person) -> None:
    assert "restricted_money" in refuses(lambda: pay(ask(desk, aline)))


def test_what_its_fund_no_longer_takes_is_not_paid_but_may_come_back(ride: Award, bus: Fund) -> None:
    change("solidarity_fund", "purposes", '["tools"]', bus)
    assert "restricted_money" in refuses(lambda: pay(ride))
    assert refuses(lambda: pay(ride, -1000)) == ""


def test_a_fund_for_everything_takes_every_purpose(desk: Act, fund: Fund, seats: list[Seat], aline: Person) -> None:
    give(desk, fund, 10000)
    award = operations.grant(act=desk, award=agreed(desk, ask(desk, aline)), fund=fund, amount=3000)
    assert refuses(lambda: pay(award)) == ""
    assert queries.balance_of(fund=fund) == (7000, 3000)


def test_a_guard_that_is_down_is_found(ride: Award) -> None:
    walls.take_down()
    assert refuses(lambda: change("solidarity_award", "purpose", "home_help", ride)) == ""
    assert "solidarity_award" in walls.fallen()
