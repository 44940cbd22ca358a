"""Many at once: the last box goes to one household, and no pledge slips through a door that shuts."""

from datetime import timedelta
from uuid import UUID

import pytest

from entremise.campaigns import operations, queries
from entremise.campaigns.models import Campaign, Lot, Pledge
from entremise.campaigns.operations import LotDraft, Said
from entremise.campaigns.rules import Wish
from entremise.kernel.act import STAFF, THE_CLOCK, Act, Actor, Door
from entremise.kernel.refused import Refused
from entremise.people.models import Person
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.campaigns.conftest import begun, household
from tests.conftest import TODAY
from tests.races import rivals

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

CLIENTS = 64

Stage = tuple[Organisation, UUID, list[UUID]]


def staged(capacity: int | None, people: int) -> Stage:
    organisation = Organisation.objects.create(slug="races", name="Races")
    with scope.writing(organisation.id):
        act = Act(by=Actor(household("Oudin").id, STAFF), at=TODAY, door=Door.DESK)
        campaign = begun(act, lots=(LotDraft("Caisse", capacity=capacity),))
        return organisation, campaign.id, [household(f"C{n}").id for n in range(people)]


def pledge(campaign: UUID, person: UUID, quantity: int) -> Pledge:
    act = Act(by=Actor(person), at=TODAY + timedelta(days=9, hours=23), door=Door.SITE)
    wish = Wish(Lot.objects.get(campaign_id=campaign).id, quantity, 0, 600)
    return operations.pledge(
        act=act,
        campaign=Campaign.objects.get(id=campaign),
        person=Person.objects.get(id=person),
        said=Said([wish], "later"),
    )


def test_of_64_who_want_one_of_ten_boxes_ten_have_it() -> None:
    organisation, campaign, people = staged(10, CLIENTS)
    answers = rivals(CLIENTS, organisation.id, lambda number: pledge(campaign, people[number], 1))
    refused = [one for one in answers if isinstance(one, Refused)]
    assert {one.code for one in refused} == {"lot_taken"}
    assert len(answers) - len(refused) == 10
    with scope.reading(organisation.id):
        assert Lot.objects.get().taken == queries.progress(campaign=campaign).units == 10


def test_who_says_twice_at_once_what_they_want_has_one_pledge() -> None:
    organisation, campaign, people = staged(None, 1)
    answers = rivals(8, organisation.id, lambda number: pledge(campaign, people[0], 1 + number))
    assert not [one for one in answers if isinstance(one, Exception)]
    with scope.reading(organisation.id):
        last = Pledge.objects.get()
        assert sum(step.quantity for step in queries.queue_of(campaign=campaign)) == last.lines.get().quantity


def test_whoever_was_not_refused_is_there_when_it_is_shut() -> None:
    organisation, campaign, people = staged(None, 12)
    clock = Act(by=THE_CLOCK, at=TODAY + timedelta(days=10), door=Door.CLOCK)
    there: list[int] = []

    def one(number: int) -> object:
        if number < len(people):
            return pledge(campaign, people[number], 1)
        shut = operations.shut(act=clock, campaign=Campaign.objects.get(id=campaign))
        there.append(queries.progress(campaign=campaign).pledges)
        return shut

    answers = rivals(len(people) + 1, organisation.id, one)
    taken = [one for one in answers if isinstance(one, Pledge)]
    others = [one for one in answers if not isinstance(one, Pledge | Campaign)]
    assert there == [len(taken)]
    assert all(isinstance(one, Refused) and one.code == "campaign_over" for one in others)
