import pytest
from django.db import OperationalError
from django.test import Client

from entremise.doors.api import health
from entremise.messaging.models import Letter
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.conftest import TODAY


def letter(key: str, **more: object) -> Letter:
    return Letter.objects.create(
        person=None, channel="text", template="x", body="x", key=key, queued_at=TODAY, due_at=TODAY, **more
    )


def test_health_tells_versions_and_the_outbox_of_all(organisation: Organisation, elsewhere: Organisation) -> None:
    for one, count in ((organisation, 2), (elsewhere, 1)):
        with scope.within(one.id):
            for number in range(count):
                letter(f"{number}")
    with scope.within(elsewhere.id):
        letter("lost", state="given_up")
    answer = Client().get("/healthz")
    told = answer.json()
    assert (answer.status_code, told["status"]) == (200, "ok")
    assert set(told["versions"]) == {"entremise", "django", "python", "database"}
    assert (told["outbox"]["waiting"], told["outbox"]["given_up"]) == (3, 1)
    assert "no-store" in answer.headers["Cache-Control"]


def test_health_asks_for_no_organisation(db: None) -> None:
    assert Client(headers={"host": "127.0.0.1"}).get("/healthz").status_code == 200


def test_health_says_when_the_database_is_out_of_reach(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> list[Organisation]:
        raise OperationalError("gone")

    monkeypatch.setattr(health, "all_organisations", gone)
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (503, "down")


def test_the_api_tells_public_facts(visitor: Client) -> None:
    facts = visitor.get("/api/v1/organisation").json()
    assert facts["name"] == "Le Pas de Porte"
    assert facts["phone"] == "+33536491200"
    assert facts["languages"] == ["fr", "en"]


def test_an_api_call_cannot_change_what_it_may_only_read(visitor: Client) -> None:
    assert visitor.post("/api/v1/organisation").status_code == 405
