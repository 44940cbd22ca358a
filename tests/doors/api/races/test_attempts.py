"""One attempt that arrives eight times at once is one request and eight equal answers."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse

from entremise.figures import operations as figures
from entremise.figures.rules import parse_toml
from entremise.jobs import operations as jobs
from entremise.jobs.models import Request
from entremise.kernel.act import STAFF, Act, Actor, Door, Role
from entremise.people.models import KeptAnswer, Membership, Person
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.conftest import TODAY
from tests.doors.api.conftest import Program, let_in

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

DATA = Path(__file__).resolve().parents[4] / "entremise" / "figures" / "data"
EIGHT = 8


@pytest.fixture
def desk() -> Program:
    organisation = Organisation.objects.create(slug="pas-de-porte", name="Races")
    with scope.writing(organisation.id):
        figures.load(figures=[one for file in sorted(DATA.glob("*.toml")) for one in parse_toml(file.read_text())])
        person = Person.objects.create(family_name="Oudin", known_since=TODAY)
        Membership.objects.create(person=person, role=Role.COORDINATOR.value, since=date(2025, 1, 1))
        act = Act(by=Actor(person.id, STAFF), at=TODAY, door=Door.DESK)
        jobs.add_activity(act=act, code="haie", name="Haie", pictogram="jardin")
        jobs.set_tariff(
            act=act,
            activity=None,
            client_kind="",
            hourly_price=2450,
            hourly_wage=1231,
            minimum_minutes=60,
            travel_fee=0,
            valid_from=date(2026, 1, 1),
        )
        return Program(let_in(person))


def at_once(desk: Program, bodies: list[dict[str, object]]) -> list[HttpResponse]:
    gate = threading.Barrier(len(bodies))

    def ask(body: dict[str, object]) -> HttpResponse:
        try:
            connection.ensure_connection()
            gate.wait(timeout=20)
            return Program(desk.key).post("/requests", body, attempt="one")
        finally:
            connection.close()

    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(ask, bodies))


def wanted(desk: Program, minutes: int = 120) -> dict[str, object]:
    return {"activity": "haie", "starts_at": (TODAY + timedelta(days=1)).isoformat(), "minutes": minutes}


def test_eight_times_the_same_attempt_is_one_request(desk: Program) -> None:
    cache.clear()
    answers = at_once(desk, [wanted(desk)] * EIGHT)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == EIGHT - 1
    with scope.writing(Organisation.objects.get().id):
        assert (Request.objects.count(), KeptAnswer.objects.count()) == (1, 1)


def test_one_name_for_two_things_is_one_of_them(desk: Program) -> None:
    cache.clear()
    answers = at_once(desk, [wanted(desk, 60), wanted(desk, 120)] * 2)
    done = [answer for answer in answers if answer.status_code == 201]
    refused = [answer.json()["code"] for answer in answers if answer.status_code == 422]
    assert (len(done), set(refused)) == (2, {"attempt_differs"})
    assert len({answer.content for answer in done}) == 1
