"""Many at once: one closing whoever confirms it, each household in it once, and each pledge in it or refused."""

from dataclasses import replace
from uuid import UUID

import pytest

from entremise.buying import operations, queries
from entremise.buying.models import Purchase, Share
from entremise.buying.operations import Wants, closing
from entremise.campaigns import operations as campaigns
from entremise.campaigns.models import Campaign, Pledge
from entremise.history.models import Fact
from entremise.kernel.act import STAFF, Act, Actor, Door
from entremise.kernel.refused import Refused
from entremise.people.models import Person
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.buying.conftest import CLOCK, OIL, household, planned
from tests.conftest import TODAY
from tests.races import rivals

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

HOUSEHOLDS = 12
Stage = tuple[Organisation, Act, list[UUID]]


@pytest.fixture
def stage() -> Stage:
    """Twelve households have ordered six bottles each; as many more have not."""
    organisation = Organisation.objects.create(slug="races", name="Races")
    with scope.writing(organisation.id):
        act = Act(by=Actor(household(99).id, STAFF), at=TODAY, door=Door.DESK)
        campaigns.open_campaign(act=act, campaign=planned(act, OIL, threshold=1).campaign)
        people = [household(number) for number in range(2 * HOUSEHOLDS)]
        for person in people[:HOUSEHOLDS]:
            order(act, person)
    return organisation, act, [one.id for one in people[HOUSEHOLDS:]]


def order(act: Act, person: Person) -> Pledge:
    purchase = Purchase.objects.get()
    (article,) = queries.articles_of(purchase=purchase.id)
    return operations.order(act=act, purchase=purchase, person=person, wants=[Wants(article, 6, 0, 700)], means="later")


def close(act: Act) -> Purchase:
    seen = queries.preview(purchase=Purchase.objects.get()).digest
    return operations.close_purchase(act=act, purchase=Purchase.objects.get(), seen=seen)


def written() -> tuple[int, int, int]:
    """Shares, households with one, and how often it was said that it closed."""
    shares = Share.objects.values_list("pledge", flat=True)
    return len(shares), len(set(shares)), Fact.objects.filter(type="purchase_closed").count()


@pytest.mark.parametrize("chunk", [5, 300])
def test_confirmed_by_six_at_once_it_closes_once(stage: Stage, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    organisation, act, _others = stage
    monkeypatch.setattr(closing, "CHUNK", chunk)
    with scope.writing(organisation.id):
        campaigns.shut(act=CLOCK, campaign=Campaign.objects.get())
    late = replace(act, at=CLOCK.at)
    made = rivals(6, organisation.id, lambda _: close(late))
    assert all(isinstance(one, Purchase) for one in made), made

    def carry_on(_number: int) -> int:
        purchase = Purchase.objects.get()
        found = queries.preview(purchase=purchase)
        return operations.write_shares(act=CLOCK, purchase=purchase, found=found, limit=5)

    counts = rivals(6, organisation.id, carry_on)
    assert sorted(counts) == ([0, 0, 0, 2, 5, 5] if chunk == 5 else [0] * 6)
    with scope.reading(organisation.id):
        assert written() == (HOUSEHOLDS, HOUSEHOLDS, 1)
        assert Fact.objects.filter(type="purchase_decided").count() == 1
        assert Purchase.objects.get().state == "closed"


def test_a_pledge_that_comes_while_it_closes_is_in_it_or_refused(stage: Stage) -> None:
    organisation, act, others = stage

    def do(number: int) -> object:
        if number == HOUSEHOLDS // 2:
            campaigns.shut(act=CLOCK, campaign=Campaign.objects.get())
            return close(replace(act, at=CLOCK.at))
        return order(act, Person.objects.get(id=others[number]))

    made = rivals(HOUSEHOLDS, organisation.id, do)
    late = [one for one in made if isinstance(one, Exception)]
    assert {one.code for one in late if isinstance(one, Refused)} <= {"campaign_over"}, late
    assert all(isinstance(one, Refused) for one in late), late
    with scope.reading(organisation.id):
        pledges = Pledge.objects.count()
        assert pledges == HOUSEHOLDS + (HOUSEHOLDS - 1) - len(late)
        assert written() == (pledges, pledges, 1)


def test_called_off_while_it_closes_it_is_closed_or_off(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    organisation, act, _others = stage
    monkeypatch.setattr(closing, "CHUNK", 5)
    late = replace(act, at=CLOCK.at)
    with scope.writing(organisation.id):
        campaigns.shut(act=CLOCK, campaign=Campaign.objects.get())
        close(late)
        found = queries.preview(purchase=Purchase.objects.get())

    def do(number: int) -> object:
        if number == 1:
            return campaigns.call_off(act=late, campaign=Campaign.objects.get(), reason="Trop cher")
        return operations.write_shares(act=CLOCK, purchase=Purchase.objects.get(), found=found, limit=5)

    made = rivals(4, organisation.id, do)
    assert {one.code for one in made if isinstance(one, Refused)} <= {"not_now"}
    assert all(not isinstance(one, Exception) or isinstance(one, Refused) for one in made), made
    with scope.writing(organisation.id):
        operations.let_go(act=CLOCK, purchase=Purchase.objects.get())
        assert Purchase.objects.get().state == "off"
        assert Pledge.objects.filter(state="released").count() == HOUSEHOLDS
