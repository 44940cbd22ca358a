from datetime import timedelta
from uuid import UUID

import pytest

from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission, Offer, Request, TakenQuarter
from entremise.jobs.operations import picking
from entremise.jobs.operations.offers import Terms
from entremise.kernel.act import STAFF, Act, Actor, Door, Role
from entremise.kernel.refused import Refused
from entremise.people import operations as people
from entremise.people.models import Person, Place
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.conftest import TODAY
from tests.jobs import conftest as cast
from tests.races import rivals

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

WEDNESDAY = TODAY + timedelta(days=2)
Stage = tuple[Organisation, UUID, list[UUID]]


@pytest.fixture
def stage() -> Stage:
    """An offer that may be booked on Wednesday morning, and six clients."""
    organisation = Organisation.objects.create(slug="races", name="Races")
    with scope.writing(organisation.id):
        cast.legal.__wrapped__(None)
        staff = Person.objects.create(given_name="Solène", family_name="Oudin", known_since=TODAY)
        act = Act(by=Actor(staff.id, STAFF), at=TODAY, door=Door.PHONE)
        place = Place.objects.create(code="1", postcode="1", name="V", latitude=44.6, longitude=-0.2, search_text="v")
        hedge = cast.hedge.__wrapped__(act, None)
        worker = cast.new_worker(act, place, "Karim", "Belkacem", "06 39 98 20 01")
        jobs.set_free_times(act=act, person=worker, weekly=[(2, "08:00", "12:00")])
        offer = jobs.put_up(act=act, person=worker, activity=hedge, terms=Terms(reach_km=5, bookable=True))
        clients = [
            people.add_person(act=act, family_name=f"C{n}", street="1, rue Haute", place=place, roles=[Role.CLIENT]).id
            for n in range(6)
        ]
    return organisation, offer.id, clients


def book_all(stage: Stage) -> list[Mission | Exception]:
    organisation, offer, clients = stage

    def book(number: int) -> Mission:
        client = Person.objects.select_related("place").get(id=clients[number])
        return jobs.book(
            act=Act(by=Actor(client.id, frozenset({Role.CLIENT})), at=TODAY, door=Door.SITE),
            offer=Offer.objects.select_related("listing", "person", "activity").get(id=offer),
            client=client,
            starts_at=WEDNESDAY - timedelta(minutes=30 * (number % 3)),  # The same moment, and others that overlap.
            minutes=120,
        )

    return rivals(len(clients), organisation.id, book)


def one_has_it(stage: Stage, answers: list[Mission | Exception]) -> None:
    assert len([answer for answer in answers if isinstance(answer, Mission)]) == 1, answers
    assert [answer.code for answer in answers if isinstance(answer, Refused)] == ["moment_taken"] * 5
    with scope.writing(stage[0].id):
        assert (Mission.objects.count(), Request.objects.count(), TakenQuarter.objects.count()) == (1, 1, 8)


def test_six_clients_book_at_once_and_one_has_the_moment(stage: Stage) -> None:
    one_has_it(stage, book_all(stage))


def test_the_constraint_alone_keeps_a_moment_for_one(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if nobody had locked and looked before."""
    monkeypatch.setattr(picking, "hold_still", lambda offer: None)
    monkeypatch.setattr(picking, "is_free", lambda **_: True)
    monkeypatch.setattr(picking, "blocks_for", lambda **_: ())
    one_has_it(stage, book_all(stage))
