"""Attempts to write: done once, whatever the line does."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command

from entremise.doors.clock.management.commands import clock
from entremise.doors.clock.upkeep import ANSWERS_KEPT
from entremise.history.models import Fact
from entremise.jobs.models import Request
from entremise.people import operations as people
from entremise.people.models import KeptAnswer, Person
from tests.conftest import TODAY
from tests.doors.api.conftest import ALL, Program, Programs

pytestmark = pytest.mark.usefixtures("inside", "hedge")
START = (TODAY + timedelta(days=1)).isoformat()


def wanted(odile: Person, **more: object) -> dict[str, object]:
    return {"client": str(odile.id), "activity": "haie", "starts_at": START, "minutes": 120, **more}


def test_the_same_attempt_is_done_once_and_answered_twice(desk: Program, odile: Person) -> None:
    first = desk.post("/requests", wanted(odile), attempt="one")
    again = desk.post("/requests", wanted(odile), attempt="one")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Request.objects.count() == 1


def test_another_attempt_is_another_request(desk: Program, odile: Person) -> None:
    for attempt in ("one", "two"):
        assert desk.post("/requests", wanted(odile), attempt=attempt).status_code == 201
    assert Request.objects.count() == 2


def test_the_same_name_for_something_else_is_refused(desk: Program, odile: Person) -> None:
    desk.post("/requests", wanted(odile), attempt="one")
    refused = desk.post("/requests", wanted(odile, minutes=60), attempt="one")
    assert (refused.status_code, refused.json()["code"]) == (422, "attempt_differs")
    elsewhere = desk.post("/calls", {"outcome": "nothing"}, attempt="one")
    assert elsewhere.json()["code"] == "attempt_differs"
    assert Request.objects.count() == 1


def test_two_programs_may_call_their_attempts_alike(desk: Program, program: Programs, odile: Person) -> None:
    other = program(*ALL)
    for one in (desk, other):
        assert one.post("/requests", wanted(odile), attempt="one").status_code == 201
    assert Request.objects.count() == 2


def test_a_no_is_not_kept(desk: Program, odile: Person) -> None:
    refused = desk.post("/requests", wanted(odile, starts_at="2026-01-01T09:00:00Z"), attempt="one")
    assert (refused.status_code, refused.json()["code"]) == (409, "moment_past")
    assert not KeptAnswer.objects.exists()
    assert desk.post("/requests", wanted(odile), attempt="one").status_code == 201


def test_what_a_no_had_begun_is_undone(desk: Program, odile: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("in the middle")

    before = Fact.objects.count()
    monkeypatch.setattr(people, "keep_answer", broken)
    desk.client.raise_request_exception = False
    answer = desk.post("/requests", wanted(odile))
    assert (answer.status_code, answer.json()["code"]) == (500, "failed")
    assert not Request.objects.exists()
    assert Fact.objects.count() == before


@pytest.mark.parametrize("name", ["", "é", "a b", "x" * 81])
def test_an_attempt_without_a_readable_name_is_not_begun(desk: Program, odile: Person, name: str) -> None:
    headers = {"Idempotency-Key": name} if name else {}
    body = json.dumps(wanted(odile))
    answer = desk.client.post("/api/v1/requests", body, content_type="application/json", headers=desk._headers(headers))
    assert (answer.status_code, answer.json()["code"]) == (400, "attempt_unnamed")
    assert not Request.objects.exists()


def test_answers_are_forgotten_after_some_days(desk: Program, odile: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.post("/requests", wanted(odile), attempt="one")
    KeptAnswer.objects.update(at=TODAY - ANSWERS_KEPT)
    call_command(clock.Command(), once=True)
    assert not KeptAnswer.objects.exists()
