"""Every error is a problem document: a stable code, and what to do in the reader's language."""

import json
from datetime import timedelta

import pytest

from entremise.doors.api.door import LARGEST
from entremise.jobs.models import Request
from entremise.people.models import Person
from tests.conftest import TODAY
from tests.doors.api.conftest import Program

pytestmark = pytest.mark.usefixtures("inside", "hedge")
START = (TODAY + timedelta(days=1)).isoformat()
PROBLEM = "application/problem+json"


def raw(desk: Program, body: object, kind: str = "application/json", path: str = "/requests") -> object:
    headers = desk._headers({"Idempotency-Key": "one"})
    return desk.client.generic("POST", f"/api/v1{path}", body, content_type=kind, headers=headers)


@pytest.mark.parametrize("body", ["{", "[", '{"a": }', "\x00"])
def test_broken_json_is_said_so(desk: Program, body: str) -> None:
    answer = raw(desk, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_other_bodies_than_json_are_not_read(desk: Program, kind: str) -> None:
    answer = raw(desk, "{}", kind)
    assert (answer.status_code, answer.json()["code"]) == (415, "not_json")


def test_a_body_beyond_measure_is_not_read(desk: Program) -> None:
    answer = raw(desk, json.dumps({"note": "x" * LARGEST}))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_another_method_learns_which_there_are(desk: Program) -> None:
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"):
        answer = desk.client.generic(method, "/api/v1/requests", headers=desk._headers({}))
        assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
        assert answer.headers["Allow"] == "GET, POST"
    assert desk.client.head("/api/v1/requests", headers=desk._headers({})).status_code == 200


def test_what_does_not_exist_is_a_problem_too(desk: Program) -> None:
    for path in ("/requests/999", "/nothing", "/missions/0198c5a2-6f0e-7c31-9d5e-2f4b8a1c7e90", "/requests/"):
        answer = desk.get(path)
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, PROBLEM)
        assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize(
    ("language", "word"),
    [("fr", "passé"), ("en", "past"), ("en-GB,en;q=0.9", "past"), ("de", "passé"), ("*", "passé")],
)
def test_the_detail_is_in_the_language_that_is_asked_for(
    desk: Program, odile: Person, language: str, word: str
) -> None:
    body = {"client": str(odile.id), "activity": "haie", "starts_at": "2026-01-01T09:00:00Z", "minutes": 120}
    answer = desk.post("/requests", body, **{"Accept-Language": language})
    assert word in answer.json()["detail"]
    assert answer.headers["Content-Language"] == ("en" if word == "past" else "fr")
    assert "Accept-Language" in answer.headers["Vary"]


WRONG = [
    ({"minutes": "120"}, "/minutes"),
    ({"minutes": True}, "/minutes"),
    ({"minutes": 120.5}, "/minutes"),
    ({"minutes": 10**30}, "/minutes"),
    ({"minutes": 1e999}, "/minutes"),
    ({"minutes": None}, "/minutes"),
    ({"starts_at": "2026-11-24"}, "/starts_at"),
    ({"starts_at": "2026-11-24T09:00:00"}, "/starts_at"),
    ({"starts_at": "2026-02-30T09:00:00Z"}, "/starts_at"),
    ({"starts_at": "1999-11-24T09:00:00Z"}, "/starts_at"),
    ({"starts_at": "9999-11-24T09:00:00Z"}, "/starts_at"),
    ({"starts_at": 1_800_000_000}, "/starts_at"),
    ({"starts_at": "2026-11-24T09:60:00Z"}, "/starts_at"),
    ({"starts_at": "2026-11-24T09:00:00+01:60"}, "/starts_at"),
    ({"activity": "Haie!"}, "/activity"),
    ({"client": "odile"}, "/client"),
    ({"note": "a\x00b"}, "/note"),
    ({"note": "a\ud800b"}, "/note"),
    ({"note": "x" * 301}, "/note"),
    ({"slots": 0}, "/slots"),
    ({"hour": 9}, "/hour"),
]


@pytest.mark.parametrize(("wrong", "pointer"), WRONG, ids=str)
def test_each_field_that_does_not_fit_is_named(
    desk: Program, odile: Person, wrong: dict[str, object], pointer: str
) -> None:
    body = {"client": str(odile.id), "activity": "haie", "starts_at": START, "minutes": 120, **wrong}
    answer = desk.post("/requests", json.dumps(body))
    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, "not_valid")
    assert [(one["in"], one["pointer"]) for one in told["errors"]] == [("body", pointer)]
    assert not Request.objects.exists()


def test_what_is_missing_is_named_too(desk: Program) -> None:
    told = desk.post("/requests", {}).json()
    assert {one["pointer"] for one in told["errors"]} == {"/activity", "/starts_at", "/minutes"}
    assert {one["code"] for one in told["errors"]} == {"missing"}


def test_a_whole_number_may_be_written_with_its_zero(desk: Program, odile: Person) -> None:
    body = {"client": str(odile.id), "activity": "haie", "starts_at": START, "minutes": 120.0}
    assert desk.post("/requests", body).json()["minutes"] == 120


def test_a_leap_second_is_a_moment(desk: Program, odile: Person) -> None:
    body = {"client": str(odile.id), "activity": "haie", "starts_at": "2026-12-31T23:59:60Z", "minutes": 120}
    assert desk.post("/requests", body).json()["starts_at"] == "2026-12-31T23:59:59Z"


def test_a_filter_that_nobody_knows_is_no_filter(desk: Program) -> None:
    answer = desk.get("/requests?cleint=1&state=open")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/cleint")
    assert desk.post("/calls?dry_run=1", {"outcome": "nothing"}).status_code == 422


@pytest.mark.parametrize("path", ["/people?q=%00", "/places?q=" + "x" * 101, "/missions?person=%D8%00", "/places"])
def test_addresses_are_read_as_strictly(desk: Program, path: str) -> None:
    assert desk.get(path).status_code == 422


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/people", {"family_name": "Marsan", "phone": "06"}, "phone_not_understood"),
        ("/people", {"family_name": " "}, "name_missing"),
        ("/people", {"family_name": "Marsan", "email": "x"}, "email_not_understood"),
        ("/requests", {"activity": "magie", "starts_at": START, "minutes": 120}, "activity_not_found"),
        ("/offers", {"activity": "magie", "reach_km": 5}, "activity_not_found"),
    ],
)
def test_a_rule_that_says_no_has_its_code(desk: Program, path: str, body: dict[str, object], code: str) -> None:
    before = Person.objects.count()
    answer = desk.post(path, body)
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert Person.objects.count() == before
