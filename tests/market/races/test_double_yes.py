from datetime import timedelta

import pytest

from entremise.kernel.act import STAFF, Act, Actor, Door
from entremise.kernel.refused import Refused
from entremise.market import operations
from entremise.market.models import Listing, Proposal
from entremise.people.models import Person
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.conftest import TODAY
from tests.races import rivals

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_eight_people_say_yes_at_once_and_one_has_the_job() -> None:
    organisation = Organisation.objects.create(slug="races", name="Races")
    act = Act(by=Actor(None, STAFF), at=TODAY, door=Door.PHONE)
    with scope.writing(organisation.id):
        people = [Person.objects.create(family_name=f"P{n}", known_since=TODAY) for n in range(9)]
        listing = operations.publish(
            act=act,
            side="request",
            what="haie",
            title="Haie",
            person=people[8],
            where=operations.Where(),
            starts_at=TODAY,
            ends_at=TODAY + timedelta(hours=2),
        )
        asked = [operations.Asked(person, "text") for person in people[:8]]
        made = operations.propose(act=act, listing=listing, asked=asked, deadline=TODAY + timedelta(hours=1))
        ids = [proposal.id for proposal in made]

    def accept(number: int) -> Proposal:
        return operations.accept(act=act, proposal=Proposal.objects.get(id=ids[number]))

    answers = rivals(8, organisation.id, accept)
    assert len([answer for answer in answers if isinstance(answer, Proposal)]) == 1
    assert {a.code for a in answers if isinstance(a, Refused)} == {"already_taken"}
    with scope.writing(organisation.id):
        assert Proposal.objects.filter(state="accepted").count() == 1
        assert Listing.objects.get().state == "filled"
