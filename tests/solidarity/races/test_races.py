from functools import partial

import pytest

from entremise.figures.operations import load_shipped
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.ledger import queries as ledger
from entremise.settlement.queries import dues
from entremise.solidarity import operations, queries
from entremise.solidarity.models import Award, AwardPayment, Band, Fund, FundYear, Gift, Place
from entremise.solidarity.operations.prices import _relieve
from entremise.tenancy import scope
from entremise.tenancy.models import LegalIdentity, Organisation
from tests.races import rivals
from tests.solidarity import test_prices as priced
from tests.solidarity.conftest import JANUARY, agreed, ask, committee, give, later, owe, somebody, staff

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
RIVALS = 8


@pytest.fixture
def town() -> tuple[Organisation, Act, Fund]:
    organisation = Organisation.objects.create(slug="races", name="Races")
    load_shipped()
    with scope.writing(organisation.id):
        LegalIdentity.objects.create(legal_name="R", siret="73282932000074")
        act = staff()
        committee(act, emergencies=1)
        fund = operations.open_fund(act=act, name="Fonds", purpose="x", origin="public")
        give(act, fund, 3000, how="cash")
    return organisation, act, fund


def codes(answers: list[object]) -> list[str]:
    assert all(isinstance(one, Refused) for one in answers if isinstance(one, Exception)), answers
    return sorted(one.code for one in answers if isinstance(one, Refused))


def test_the_last_euros_of_a_fund_go_to_exactly_as_many_as_there_are(town: tuple[Organisation, Act, Fund]) -> None:
    organisation, act, fund = town
    with scope.writing(organisation.id):
        awards = [agreed(act, ask(act, somebody(f"P{n}"))) for n in range(RIVALS)]

    def grant(number: int) -> Award:
        return operations.grant(act=act, award=awards[number], fund=fund, amount=1000)

    assert codes(rivals(RIVALS, organisation.id, grant)) == ["not_enough"] * (RIVALS - 3)
    with scope.writing(organisation.id):
        assert queries.balance_of(fund=fund) == (0, 3000)
        assert Award.objects.filter(state="granted").count() == 3
        assert ledger.verify() == []


def test_one_request_is_granted_once(town: tuple[Organisation, Act, Fund]) -> None:
    organisation, act, fund = town
    with scope.writing(organisation.id):
        award = agreed(act, ask(act, somebody("P")))
    answers = rivals(4, organisation.id, lambda n: operations.grant(act=act, award=award, fund=fund, amount=1000))
    assert codes(answers) == ["not_now"] * 3
    with scope.writing(organisation.id):
        assert queries.balance_of(fund=fund) == (2000, 1000)


def test_an_award_is_paid_once_however_many_pay_it(town: tuple[Organisation, Act, Fund]) -> None:
    organisation, act, fund = town
    with scope.writing(organisation.id):
        person = somebody("P")
        award = operations.grant(act=act, award=agreed(act, ask(act, person)), fund=fund, amount=1000)
        invoice = owe(act, person, 5000)

    def pay(number: int) -> AwardPayment:
        key = f"k{number % 2}"  # Two forms, each sent twice.
        return operations.pay_invoice(act=act, award=award, invoice=invoice, amount=1000, key=key)

    assert codes(rivals(4, organisation.id, pay)) == ["not_now"] * 2
    with scope.writing(organisation.id):
        assert AwardPayment.objects.count() == 1
        assert dues(invoices=[invoice])[invoice.id] == 4000
        assert queries.balance_of(fund=fund) == (2000, 0)


def test_an_emergency_a_year_is_one(town: tuple[Organisation, Act, Fund]) -> None:
    organisation, act, fund = town
    with scope.writing(organisation.id):
        person = somebody("P")
    hurry = partial(operations.help_at_once, act=act, person=person, purpose="transport", fund=fund, amount=500)
    assert codes(rivals(4, organisation.id, lambda n: hurry(need=f"Besoin {n}"))) == ["emergencies_used"] * 3


def test_a_gift_and_what_takes_it_back_happen_once(town: tuple[Organisation, Act, Fund]) -> None:
    organisation, act, fund = town
    with scope.writing(organisation.id):
        gift = Gift.objects.get()
    answers = rivals(4, organisation.id, lambda n: operations.take_back(act=act, gift=gift))
    assert codes(answers) == ["already_reversed"] * 3
    with scope.writing(organisation.id):
        assert queries.balance_of(fund=fund) == (0, 0)


def test_a_year_is_stated_once(town: tuple[Organisation, Act, Fund]) -> None:
    organisation, act, _fund = town
    answers = rivals(4, organisation.id, lambda n: operations.state_year(act=later(act, JANUARY), year=2026))
    assert codes(answers) == []
    assert len({one.id for one in answers}) == 1
    with scope.writing(organisation.id):
        assert FundYear.objects.count() == 1


def test_giving_granting_and_paying_at_once_never_wait_in_a_ring(town: tuple[Organisation, Act, Fund]) -> None:
    organisation, act, fund = town
    with scope.writing(organisation.id):
        people = [somebody(f"P{n}") for n in range(2)]
        paid = [operations.grant(act=act, award=agreed(act, ask(act, one)), fund=fund, amount=500) for one in people]
        more = [agreed(act, ask(act, one, need="Encore")) for one in people]
        owed = [owe(act, one, 5000) for one in people]

    def happens(number: int) -> object:
        turn, which = divmod(number, 2)
        return (
            lambda: operations.pay_cash(act=act, award=paid[which], amount=100, key=f"c{which}"),
            lambda: operations.pay_invoice(
                act=act, award=paid[which], invoice=owed[which], amount=100, key=f"i{number}"
            ),
            lambda: operations.grant(act=act, award=more[which], fund=fund, amount=500),
            lambda: give(act, fund, 100, key=f"g{which}", how="cash"),
        )[turn]()

    assert codes(rivals(8, organisation.id, happens)) == []
    with scope.writing(organisation.id):
        assert queries.balance_of(fund=fund) == (1200, 1600)
        assert ledger.verify() == []


def band(act: Act, fund: Fund, places: int, reserve: int = 1000, percent: int = 20) -> Band:
    season = {"first": priced.FIRST, "last": priced.LAST}
    return operations.open_band(act=act, fund=fund, percent=percent, places=places, reserve=reserve, **season)


def states() -> list[str]:
    return sorted(Place.objects.values_list("state", flat=True))


def test_the_last_place_of_a_price_is_one_persons(town: tuple[Organisation, Act, Fund]) -> None:
    organisation, act, fund = town
    with scope.writing(organisation.id):
        one, people = band(act, fund, 1), [somebody(f"P{n}") for n in range(RIVALS)]
    assert codes(rivals(RIVALS, organisation.id, lambda n: priced.asks(people[n], one))) == []
    with scope.writing(organisation.id):
        assert states() == ["held"] + ["waiting"] * (RIVALS - 1)
        assert queries.balance_of(fund=fund) == (2000, 1000)


def test_the_last_euros_of_a_fund_keep_as_many_places_as_they_can(town: tuple[Organisation, Act, Fund]) -> None:
    organisation, act, fund = town
    with scope.writing(organisation.id):
        steps = [band(act, fund, RIVALS, percent=20), band(act, fund, RIVALS, percent=40)]
        people = [somebody(f"P{n}") for n in range(RIVALS)]
    assert codes(rivals(RIVALS, organisation.id, lambda n: priced.asks(people[n], steps[n % 2]))) == []
    with scope.writing(organisation.id):
        assert states() == ["held"] * 3 + ["waiting"] * (RIVALS - 3)
        assert queries.balance_of(fund=fund) == (0, 3000)
        assert ledger.verify() == []


def test_a_place_that_comes_free_is_given_once(town: tuple[Organisation, Act, Fund]) -> None:
    organisation, act, fund = town
    with scope.writing(organisation.id):
        one = band(act, fund, 1)
        first, *waiting = [priced.asks(somebody(f"P{n}"), one) for n in range(3)]
        operations.leave_place(act=act, place=first)

    def give_one(number: int) -> Place:
        return operations.give_place(act=priced.THE, place=waiting[number % 2])

    assert codes(rivals(4, organisation.id, give_one)) == []
    with scope.writing(organisation.id):
        assert states() == ["held", "left", "waiting"]
        assert queries.balance_of(fund=fund) == (2000, 1000)


def test_invoices_made_at_once_never_spend_a_place_twice(town: tuple[Organisation, Act, Fund]) -> None:
    organisation, act, fund = town
    with scope.writing(organisation.id):
        person = somebody("P")
        priced.asks(person, band(act, fund, 1))
        invoices = [priced.worked(person, amount=2000) for _ in range(4)]
    borne = rivals(8, organisation.id, lambda n: _relieve(priced.THE, invoices[n % 4]))
    assert codes(borne) == []
    with scope.writing(organisation.id):
        assert queries.balance_of(fund=fund) == (2000, 0)
        assert sum(AwardPayment.objects.values_list("amount", flat=True)) == 1000
        assert ledger.verify() == []


def test_an_hour_that_was_given_is_taken_by_one(town: tuple[Organisation, Act, Fund]) -> None:
    organisation, act, fund = town
    with scope.writing(organisation.id):
        give(act, fund, 1000, key="hour", kind="suspended", item="1 h", how="cash")
        owed = [owe(act, somebody(f"P{n}"), 5000) for n in range(4)]

    def take(number: int) -> AwardPayment:
        return operations.take_item(act=act, invoice=owed[number], item="1 h", key=f"k{number}")

    assert codes(rivals(4, organisation.id, take)) == ["nothing_left_of_it"] * 3
    with scope.writing(organisation.id):
        assert queries.balance_of(fund=fund) == (3000, 0)
