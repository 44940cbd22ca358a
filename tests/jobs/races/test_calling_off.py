"""A visit called off by several at the same moment costs once."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from entremise.agreements.models import Agreement, Confirmation, Fulfilment
from entremise.history.models import Fact
from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission
from entremise.kernel.act import STAFF, Act, Actor, Door, Role
from entremise.kernel.refused import Refused
from entremise.messaging.models import Letter
from entremise.people import operations as people
from entremise.people.models import Person, Place
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.conftest import TODAY
from tests.jobs import conftest as cast
from tests.races import rivals

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

THIS_EVENING = TODAY + timedelta(hours=9)
FEE = 2450  # Half of two hours.
Stage = tuple[Organisation, UUID, UUID, UUID]


@pytest.fixture
def stage() -> Stage:
    """Tomorrow's visit, signed by everybody this morning."""
    organisation = Organisation.objects.create(slug="races", name="Races")
    with scope.writing(organisation.id):
        cast.legal.__wrapped__(None)
        staff = Person.objects.create(given_name="Solène", family_name="Oudin", known_since=TODAY)
        act = Act(by=Actor(staff.id, STAFF), at=TODAY, door=Door.PHONE)
        place = Place.objects.create(code="1", postcode="1", name="V", latitude=44.6, longitude=-0.2, search_text="v")
        hedge = cast.hedge.__wrapped__(act, None)
        worker = cast.new_worker(act, place, "Karim", "Belkacem", "06 39 98 20 01")
        client = people.add_person(act=act, family_name="C", street="1, rue Haute", place=place, roles=[Role.CLIENT])
        wanted = jobs.post_request(act=act, client=client, activity=hedge, starts_at=cast.TOMORROW, minutes=120)
        cast.say_yes(act, wanted, worker)
        cast.sign_all(act, Agreement.objects.get())
        return organisation, staff.id, client.id, Mission.objects.get().id


def mission_of(stage: Stage) -> Mission:
    rows = Mission.objects.select_related("agreement", "request__listing", "worker", "client", "organisation")
    return rows.get(id=stage[3])


def as_client(stage: Stage) -> Act:
    return Act(by=Actor(stage[2], frozenset({Role.CLIENT})), at=THIS_EVENING, door=Door.SITE)


def as_desk(stage: Stage) -> Act:
    return Act(by=Actor(stage[1], STAFF), at=THIS_EVENING, door=Door.PHONE, on_behalf_of=stage[2])


def costs_once(stage: Stage, answers: list[Mission | Exception], *, fact: str, fee: int) -> None:
    assert len([answer for answer in answers if isinstance(answer, Mission)]) == 1, answers
    refused = [answer.code for answer in answers if isinstance(answer, Refused)]
    assert refused == ["not_now"] * (len(answers) - 1), answers
    with scope.writing(stage[0].id):
        assert [(row.due, row.minutes) for row in Fulfilment.objects.all()] == [(fee, 120)]
        assert Confirmation.objects.count() == 1
        assert Fact.objects.filter(type=fact).count() == 1
        assert Fact.objects.filter(type="work_forfeited").count() == 1


def test_client_and_desk_call_it_off_at_once_and_it_costs_once(stage: Stage) -> None:
    def call_off(number: int) -> Mission:
        act = as_desk(stage) if number % 2 else as_client(stage)
        return jobs.cancel_mission(act=act, mission=mission_of(stage), fee=FEE)

    costs_once(stage, rivals(6, stage[0].id, call_off), fact="mission_cancelled", fee=FEE)
    with scope.writing(stage[0].id):
        told = list(Letter.objects.filter(template="visit_cancelled").values_list("person", flat=True))
        assert len(told) == len(set(told))


def test_the_visit_and_its_whole_request_are_called_off_at_once(stage: Stage) -> None:
    def call_off(number: int) -> Mission:
        mission = mission_of(stage)
        if number % 2:
            jobs.cancel(act=as_desk(stage), request=mission.request, fee=FEE)
            return mission
        return jobs.cancel_mission(act=as_client(stage), mission=mission, fee=FEE)

    answers = rivals(6, stage[0].id, call_off)
    assert any(isinstance(answer, Mission) for answer in answers), answers
    assert {answer.code for answer in answers if isinstance(answer, Refused)} <= {"not_now"}, answers
    with scope.writing(stage[0].id):
        assert [row.due for row in Fulfilment.objects.all()] == [FEE]
        assert Fact.objects.filter(type="mission_cancelled").count() == 1


def test_in_time_nobody_waits_for_the_other_and_nothing_is_due(stage: Stage) -> None:
    """Nothing is written down that would queue them: the agreement does."""
    soon = TODAY + timedelta(minutes=5)

    def call_off(number: int) -> Mission:
        mission = mission_of(stage)
        if number % 2:
            jobs.cancel(act=replace(as_desk(stage), at=soon), request=mission.request)
            return mission
        return jobs.cancel_mission(act=replace(as_client(stage), at=soon), mission=mission)

    answers = rivals(6, stage[0].id, call_off)
    codes = ["done" if isinstance(answer, Mission) else getattr(answer, "code", str(answer)) for answer in answers]
    assert set(codes) == {"done", "not_now"}, answers
    with scope.writing(stage[0].id):
        assert not Fulfilment.objects.exists()
        assert Fact.objects.filter(type="mission_cancelled").count() == 1


def test_an_absence_noted_twice_at_once_costs_once(stage: Stage) -> None:
    at = cast.TOMORROW + timedelta(hours=1)

    def note(number: int) -> Mission:
        act = Act(by=Actor(stage[1], STAFF), at=at, door=Door.PHONE)
        return jobs.report_absence(act=act, mission=mission_of(stage), who="client", fee=2 * FEE)

    costs_once(stage, rivals(4, stage[0].id, note), fact="mission_client_absent", fee=2 * FEE)
