"""The two ways through a web door, and what surrounds them."""

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.test import Client
from django.urls import path

from config.urls import urlpatterns as addresses
from entremise.doors.clock import watch
from entremise.doors.clock.watch import clock_act
from entremise.doors.frame import logs, styles, visit
from entremise.doors.frame.limits import Limit, limited
from entremise.doors.frame.visit import Inside, Visit, anyone, signed_in
from entremise.doors.frame.ways import outside, read, write
from entremise.kernel.act import Act, Actor, Door
from entremise.kernel.refused import Refused
from entremise.people.models import Household, Person
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from entremise.tenancy.scope import WriteRefused
from tests.conftest import TODAY
from tests.doors.conftest import HOST, Visitor

pytestmark = pytest.mark.urls(__name__)


def said(request: Inside) -> HttpResponse:
    return HttpResponse(request.refusal or "rien")


@read(anyone)
def writes(request: Inside) -> HttpResponse:
    Household.objects.create(name="Marsan")
    return HttpResponse("écrit")


@write(anyone, again=said)
def adds(request: Inside) -> HttpResponse:
    Household.objects.create(name="Marsan")
    if "non" in request.POST:
        raise Refused("not_now")
    return HttpResponse("écrit")


def adds_nothing(request: Inside) -> HttpResponse:
    raise Refused("not_now")


@read(anyone)
def breaks(request: Inside) -> HttpResponse:
    raise RuntimeError("broken on purpose")


@outside
def machine(request: HttpRequest) -> HttpResponse:
    return HttpResponse("machine")


urlpatterns = [
    path("lit", writes),
    path("ajoute", adds),
    path("ailleurs", write(anyone, again=lambda request: redirect("/lit"))(adds_nothing)),
    path("dedans", read(signed_in)(said)),
    path("casse/<str:token>", breaks),
    path("style/machine", machine),
    path("compte", limited(Limit("three", 3, 60, lambda request: "all"))(write(anyone, again=said)(said))),
    *addresses,
]
handler404 = "entremise.doors.frame.errors.not_found"
handler500 = "entremise.doors.frame.errors.failed"


def test_a_page_cannot_write(visitor: Client, organisation: Organisation) -> None:
    with pytest.raises(WriteRefused):
        visitor.get("/lit")


def test_a_page_answers_get_only(visitor: Client) -> None:
    assert visitor.post("/lit").status_code == 405
    opened = visitor.get("/ajoute")
    assert (opened.status_code, opened["Allow"]) == (405, "POST")
    assert "Ce n’est pas une page" in opened.content.decode()
    assert visitor.post("/style/machine").status_code == 405


def test_an_action_writes_once(visitor: Client, inside: Organisation) -> None:
    assert visitor.post("/ajoute").content.decode() == "écrit"
    assert Household.objects.count() == 1


def test_a_refused_action_leaves_nothing_and_explains(visitor: Client, inside: Organisation) -> None:
    answer = visitor.post("/ajoute", {"non": ""})
    assert answer.status_code == 422
    assert "Rechargez la page" in answer.content.decode()
    assert not Household.objects.exists()


def test_a_page_that_is_gone_meanwhile_leads_elsewhere(visitor: Client) -> None:
    answer = visitor.post("/ailleurs", {"non": ""})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/lit")


def test_pages_about_people_are_kept_by_no_cache(
    visitor: Client, inside_as: Visitor, organisation: Organisation
) -> None:
    with scope.within(organisation.id):
        odile = Person.objects.create(given_name="Odile", family_name="Marsan", known_since=TODAY)
    signed_in = inside_as(odile)
    for client, address in ((signed_in, "/moi/aide/"), (signed_in, "/missions/"), (visitor, "/demander/besoin/")):
        assert "no-store" in client.get(address).headers["Cache-Control"], address
    assert "Cache-Control" not in visitor.get("/missions/").headers


def test_an_address_of_no_organisation_is_not_found(organisation: Organisation) -> None:
    answer = Client(headers={"host": "nulle-part.localhost"}).get("/")
    assert answer.status_code == 404
    assert "n’existe pas" in answer.content.decode()


def test_not_found_gives_the_number_of_somebody_who_answers(visitor: Client) -> None:
    answer = visitor.get("/nulle-part")
    assert answer.status_code == 404
    assert "tel:+33536491200" in answer.content.decode()


def test_the_api_speaks_problem_documents(visitor: Client) -> None:
    answer = visitor.get("/api/v1/nulle-part")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["code"] == "not_found"


def test_a_failure_says_so_without_the_database(visitor: Client) -> None:
    visitor.raise_request_exception = False
    answer = visitor.get("/casse/secret-123")
    assert answer.status_code == 500
    assert "n’a pas marché" in answer.content.decode()


def test_logs_never_hold_the_address_of_a_failed_request(visitor: Client, caplog: pytest.LogCaptureFixture) -> None:
    visitor.raise_request_exception = False
    with caplog.at_level(logging.ERROR, logger="django.request"):
        caplog.handler.addFilter(logs.WithoutAddress())
        visitor.get("/casse/secret-123")
    assert "request failed" in caplog.text
    assert "secret-123" not in caplog.records[0].getMessage()


def test_logs_never_hold_the_row_that_broke_a_constraint() -> None:
    said = 'IntegrityError: twice\nDETAIL:  Key (value)=(+33639981427) already exists.\nCONTEXT: row "Marsan"\nend'
    assert logs.without_rows(None, "error", {"exception": said})["exception"] == "IntegrityError: twice\nend"


def test_more_than_any_form_takes_is_not_read(visitor: Client) -> None:
    answer = visitor.generic("POST", "/ajoute", b"x", "application/octet-stream", CONTENT_LENGTH=str(1 << 30))
    assert answer.status_code == 413
    assert "trop lourd" in answer.content.decode()


def test_a_form_of_yesterday_says_what_to_do(organisation: Organisation) -> None:
    answer = Client(enforce_csrf_checks=True, headers={"host": HOST}).post("/ajoute")
    assert answer.status_code == 403
    assert "rechargez la page" in answer.content.decode()


def test_every_answer_carries_its_number(visitor: Client) -> None:
    assert len(visitor.get("/").headers["X-Request-ID"]) == 32
    assert visitor.get("/", headers={"X-Request-ID": "abc-12345"}).headers["X-Request-ID"] == "abc-12345"
    assert visitor.get("/", headers={"X-Request-ID": "a b<script>"}).headers["X-Request-ID"] != "a b<script>"


def test_a_limit_counts_and_then_refuses(visitor: Client) -> None:
    assert [visitor.post("/compte").status_code for _ in range(5)] == [200, 200, 200, 429, 429]


def test_the_stylesheet_is_kept_for_ever_under_its_own_address(organisation: Organisation) -> None:
    answer = Client().get(styles.style_url(328, 86))
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Save-Data" in answer.headers["Vary"]
    assert not Session.objects.exists()


def test_an_old_address_gives_todays_stylesheet_for_a_minute() -> None:
    answer = Client().get("/style/000000000000-10-200.css")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=60")


def test_who_saves_data_gets_no_fonts(db: None) -> None:
    address = styles.style_url(328, 86)
    assert b"@font-face" in Client().get(address).content
    assert b"@font-face" not in Client().get(address, headers={"Save-Data": "on"}).content


def test_the_scripts_are_one_file_kept_for_ever() -> None:
    answer = Client().get(styles.script_url())
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]


def test_the_policy_lets_nothing_in_from_outside(visitor: Client) -> None:
    policy = visitor.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http:" not in policy


def test_an_event_tells_the_route_never_the_path(
    visitor: Client, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[dict[str, object]] = []
    monkeypatch.setattr(logs, "write", lambda **event: events.append(event))
    visitor.get("/l/jeton-secret")
    assert [event["route"] for event in events] == ["l/<str:token>"]
    assert "jeton-secret" not in str(events)


@pytest.mark.parametrize("act", [lambda here: Visit(here, Actor(None)).act(Door.SITE), clock_act])
def test_what_is_done_after_midnight_is_done_on_that_day(
    organisation: Organisation, act: Callable[[Organisation], Act], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half past midnight in November, where it is still the evening before in Greenwich."""
    for door in (visit, watch):
        monkeypatch.setattr(door, "now", lambda: datetime(2026, 11, 30, 23, 30, tzinfo=UTC))
    assert act(organisation).at.date() == date(2026, 12, 1)
