"""Two at the same moment, of the same request: one after the other, neither by half, and nobody waits for ever."""

import time
from datetime import timedelta
from uuid import UUID

import pytest

from entremise.agreements.models import Agreement
from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission, Request
from entremise.jobs.operations import requests
from entremise.kernel.act import STAFF, Act, Actor, Door, Role
from entremise.kernel.refused import Refused
from entremise.market.models import Proposal
from entremise.messaging.models import Task
from entremise.people import operations as people
from entremise.people.models import Person, Place
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.conftest import TODAY
from tests.jobs import conftest as cast
from tests.races import rivals

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


class Stage:
    """A client, two workers, and the desk."""

    def __init__(self) -> None:
        self.organisation = Organisation.objects.create(slug="races", name="Races")
        with scope.writing(self.organisation.id):
            cast.legal.__wrapped__(None)
            staff = Person.objects.create(given_name="Solène", family_name="Oudin", known_since=TODAY)
            self.act = Act(by=Actor(staff.id, STAFF), at=TODAY, door=Door.PHONE)
            place = Place.objects.create(
                code="1", postcode="1", name="V", latitude=44.6, longitude=-0.2, search_text="v"
            )
            self.hedge = cast.hedge.__wrapped__(self.act, None)
            self.workers = [
                cast.new_worker(self.act, place, "Karim", "Belkacem", "06 39 98 20 01"),
                cast.new_worker(self.act, place, "Nadège", "Tissot", "06 39 98 20 02"),
            ]
            self.client = people.add_person(
                act=self.act, family_name="C", street="1, rue Haute", place=place, roles=[Role.CLIENT]
            )

    def ask(self, *, slots: int = 1, recurrence: str = "") -> list[UUID]:
        """The proposals to both workers of a new request."""
        with scope.writing(self.organisation.id):
            wanted = jobs.post_request(
                act=self.act,
                client=self.client,
                activity=self.hedge,
                starts_at=cast.TOMORROW,
                minutes=120,
                slots=slots,
                recurrence=recurrence,
            )
            made = jobs.propose(act=self.act, request=wanted, workers=[one.id for one in self.workers])
            return [one.id for one in made]

    def answer(self, proposal: UUID, *, yes: bool) -> Proposal:
        row = Proposal.objects.select_related("listing", "person").get(id=proposal)
        return jobs.answer(act=cast.by_text(row.person), proposal=row, yes=yes)


@pytest.fixture
def stage() -> Stage:
    return Stage()


def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever calls off has the request and does not go on for a while."""
    before = requests.nobody_wanted

    def nobody_wanted(*, act: Act, request: Request, template: str) -> None:
        time.sleep(0.5)
        before(act=act, request=request, template=template)

    monkeypatch.setattr(requests, "nobody_wanted", nobody_wanted)


def test_a_yes_while_the_client_calls_it_off(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    karims, _ = stage.ask()
    slowly(monkeypatch)

    def act(number: int) -> object:
        if number:
            return jobs.cancel(act=stage.act, request=Request.objects.select_related("listing").get())
        time.sleep(0.2)
        return stage.answer(karims, yes=True)

    answers = rivals(2, stage.organisation.id, act)
    assert not [one for one in answers if isinstance(one, Exception)], answers
    with scope.writing(stage.organisation.id):
        assert Request.objects.get().state == "cancelled"
        assert not Mission.objects.filter(state="agreed").exists()


def test_the_last_two_say_no_at_once_and_the_desk_hears_of_it(stage: Stage) -> None:
    asked = stage.ask()

    def decline(number: int) -> Proposal:
        answered = stage.answer(asked[number], yes=False)
        time.sleep(0.3)  # Neither sees what the other has not committed.
        return answered

    answers = rivals(2, stage.organisation.id, decline)
    assert not [one for one in answers if isinstance(one, Exception)], answers
    with scope.writing(stage.organisation.id):
        assert Request.objects.get().state == "open"
        assert Task.objects.filter(kind="nobody_left").count() == 1


def test_both_log_their_hours_at_once_and_the_job_is_done(stage: Stage) -> None:
    asked = stage.ask(slots=2)
    with scope.writing(stage.organisation.id):
        for proposal in asked:
            stage.answer(proposal, yes=True)
        for agreement in Agreement.objects.all():
            cast.sign_all(stage.act, agreement)
        missions = list(Mission.objects.values_list("id", flat=True))
    after = cast.later(stage.act, days=2)

    def log(number: int) -> None:
        row = Mission.objects.select_related("agreement", "request__listing", "client").get(id=missions[number])
        jobs.log_hours(act=after, mission=row, minutes=120, key=str(number))
        time.sleep(0.3)

    answers = rivals(2, stage.organisation.id, log)
    assert not [one for one in answers if isinstance(one, Exception)], answers
    with scope.writing(stage.organisation.id):
        assert Request.objects.get().state == "done"


def test_asked_to_go_on_twice_at_once_there_is_one_season_more(stage: Stage) -> None:
    karims, _ = stage.ask(recurrence="FREQ=WEEKLY")
    with scope.writing(stage.organisation.id):
        stage.answer(karims, yes=True)
        cast.sign_all(stage.act, Agreement.objects.get())
    the_end = cast.later(stage.act, weeks=11)

    def renew(_: int) -> list[Agreement]:
        wanted = Request.objects.select_related("listing", "client", "activity").get()
        return jobs.renew(act=the_end, request=wanted)

    answers = rivals(2, stage.organisation.id, renew)
    assert [one.code for one in answers if isinstance(one, Refused)] == ["not_running_out"], answers
    assert len([one for one in answers if isinstance(one, list)]) == 1


def test_the_same_worker_is_asked_twice_at_once(stage: Stage) -> None:
    with scope.writing(stage.organisation.id):
        jobs.post_request(
            act=stage.act,
            client=stage.client,
            activity=stage.hedge,
            starts_at=cast.TOMORROW + timedelta(days=1),
            minutes=120,
        )

    def propose(_: int) -> list[Proposal]:
        wanted = Request.objects.select_related("listing", "client", "activity").get()
        return jobs.propose(act=stage.act, request=wanted, workers=[stage.workers[0].id])

    answers = rivals(2, stage.organisation.id, propose)
    assert not [one for one in answers if isinstance(one, Exception)], answers
    with scope.writing(stage.organisation.id):
        assert Proposal.objects.count() == 1
