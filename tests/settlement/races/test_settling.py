import time
from datetime import timedelta
from threading import Event, Thread
from typing import Any
from uuid import UUID

import pytest

from entremise.documents import operations as documents
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission, Worker
from entremise.kernel.act import STAFF, Act, Actor, Door, Role
from entremise.kernel.time import Period
from entremise.people import operations as people
from entremise.people.models import Person, Place
from entremise.settlement import operations, queries
from entremise.settlement.models import Invoice, Item, Payslip, Run
from entremise.settlement.operations import runs
from entremise.settlement.operations.invoicing import issue_invoice
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.conftest import TODAY
from tests.jobs import conftest as cast
from tests.races import rivals
from tests.settlement.conftest import DECEMBER_4, NOVEMBER

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def month() -> tuple[Organisation, Act]:
    """Four clients with confirmed hours, and a treasurer."""
    organisation = Organisation.objects.create(slug="races", name="Races")
    with scope.writing(organisation.id):
        cast.legal.__wrapped__(None)
        staff = Person.objects.create(given_name="Solène", family_name="Oudin", known_since=TODAY)
        act = Act(by=Actor(staff.id, STAFF), at=TODAY, door=Door.PHONE)
        place = Place.objects.create(code="1", postcode="1", name="V", latitude=44.6, longitude=-0.2, search_text="v")
        hedge = cast.hedge.__wrapped__(act, None)
        worker = cast.new_worker(act, place, "Karim", "Belkacem", "06 39 98 20 01")
        for number in range(4):
            client = people.add_person(
                act=act, family_name=f"C{number}", street="1, rue Haute", place=place, roles=[Role.CLIENT]
            )
            starts = TODAY + timedelta(days=1, hours=3 * number - 2)
            request = jobs.post_request(act=act, client=client, activity=hedge, starts_at=starts, minutes=60)
            (proposal,) = jobs.propose(act=act, request=request, workers=[worker.id])
            jobs.answer(act=act, proposal=proposal, yes=True)
        for mission in Mission.objects.select_related("agreement", "client", "request__listing"):
            for role in ("client", "worker"):
                jobs.sign(act=act, agreement=mission.agreement, role=role, how="screen")
            mission.refresh_from_db()
            after = cast.later(act, days=2)
            jobs.log_hours(act=after, mission=mission, minutes=60, key=str(mission.id))
            jobs.confirm_hours(act=after, mission=mission)
        treasurer = Act(by=Actor(staff.id, STAFF), at=DECEMBER_4, door=Door.DESK)
        operations.open_run(act=treasurer, month=NOVEMBER)
    return organisation, treasurer


def test_eight_processes_settle_a_month_once(month: tuple[Organisation, Act]) -> None:
    organisation, treasurer = month
    with scope.writing(organisation.id):
        items = [item.id for item in Item.objects.all()]

    def everything(_: int) -> int:
        made = 0
        for item in items:
            row = Item.objects.select_related("run").get(id=item)
            made += operations.settle_item(act=treasurer, item=row) is not None
        return made

    answers = rivals(8, organisation.id, everything)
    assert sum(answer for answer in answers if isinstance(answer, int)) == len(items)
    with scope.writing(organisation.id):
        assert (Invoice.objects.count(), Payslip.objects.count()) == (4, 1)
        assert [i.number for i in Invoice.objects.order_by("number")] == [f"FA-2026-000{n}" for n in (1, 2, 3, 4)]
        assert queries.items_to_do(run=Item.objects.values_list("run_id", flat=True)[0]) == []


def test_a_month_opened_by_two_at_once_is_opened_once(month: tuple[Organisation, Act]) -> None:
    organisation, treasurer = month

    def opened(_: int) -> Run:
        run = operations.open_run(act=treasurer, month=Period.month(2026, 10))
        time.sleep(0.3)  # Neither sees what the other has not committed.
        return run

    answers = rivals(2, organisation.id, opened)
    assert len({one.id for one in answers if isinstance(one, Run)}) == 1, answers
    assert not [one for one in answers if isinstance(one, Exception)], answers


def test_numbers_of_eight_threads_have_no_gap_and_no_double() -> None:
    organisation = Organisation.objects.create(slug="races", name="Races")
    numbers = rivals(8, organisation.id, lambda _: documents.reserve_number(prefix="FA", year=2026))
    assert sorted(str(number) for number in numbers) == [f"FA-2026-000{n}" for n in range(1, 9)]


def test_what_is_being_billed_is_not_waived_meanwhile(
    month: tuple[Organisation, Act], monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation, treasurer = month
    with scope.writing(organisation.id):
        item, mission = _billed_for_nobody_there(treasurer)
    seen, said = Event(), list[object]()

    def waive() -> None:
        seen.wait(timeout=20)
        said.extend(
            rivals(1, organisation.id, lambda _: jobs.waive(act=treasurer, mission=_again(mission), reason="geste"))
        )

    def after_reading(**asked: Any) -> Invoice:
        seen.set()
        waiver.join(timeout=2)  # It waits for this commit, and not the other way round.
        return issue_invoice(**asked)

    monkeypatch.setattr(runs, "issue_invoice", after_reading)
    waiver = Thread(target=waive)
    waiver.start()
    with scope.writing(organisation.id):
        operations.settle_item(act=treasurer, item=Item.objects.select_related("run").get(id=item))
    waiver.join()
    assert [getattr(one, "code", one) for one in said] == ["forfeit_settled"]


def _billed_for_nobody_there(treasurer: Act) -> tuple[UUID, UUID]:
    """An item of a client who was not there, and the visit."""
    act, client, karim = cast.later(treasurer, days=-11), Person.objects.get(family_name="C0"), Worker.objects.get()
    starts, hedge = act.at + timedelta(days=2), Activity.objects.get()
    request = jobs.post_request(act=act, client=client, activity=hedge, starts_at=starts, minutes=60)
    (proposal,) = jobs.propose(act=act, request=request, workers=[karim.person_id])
    jobs.answer(act=act, proposal=proposal, yes=True)
    mission = Mission.objects.get(request=request)
    cast.sign_all(act, _again(mission.id).agreement)
    jobs.report_absence(act=cast.later(act, days=3), mission=_again(mission.id), who="client", fee=2450)
    return Item.objects.get(person=client).id, mission.id


def _again(mission: UUID) -> Mission:
    return Mission.objects.select_related("agreement", "client", "worker", "request__listing").get(id=mission)
