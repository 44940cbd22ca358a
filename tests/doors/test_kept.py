"""Pages for everybody are made once, and made again as soon as something has happened."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client
from django.urls import path

from config.urls import urlpatterns as addresses
from entremise.doors.frame import kept
from entremise.doors.frame.visit import Inside, anyone, signed_in
from entremise.doors.frame.ways import Way, read
from entremise.jobs import operations as jobs
from entremise.jobs.models import Request
from entremise.kernel.act import Act
from entremise.people.models import Person
from entremise.tenancy.models import Organisation
from tests.buying.conftest import PELLETS, Ask, Offer, ask, household, offer
from tests.doors.conftest import HOST, Visitor, questions
from tests.doors.desk.conftest import hedge, legal, odile, place, request_
from tests.laws.callers import all_addresses

__all__ = ["ask", "hedge", "legal", "odile", "offer", "place", "request_"]
pytestmark = pytest.mark.urls(__name__)


@read(anyone, kept=True)
def with_form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_token(request))


made: list[str] = []


@read(anyone, kept=True)
def counted(request: Inside) -> HttpResponse:
    made.append(request.path)
    return HttpResponse(f"{request.visit.organisation.slug} {len(made)}")


urlpatterns = [path("formulaire", with_form), path("compte", counted), *addresses]


@pytest.fixture(autouse=True)
def process(settings: LazySettings) -> Iterator[None]:
    """The store of a web process, which other tests do without."""
    settings.CACHES = {**settings.CACHES, "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    caches["process"].clear()
    made.clear()
    yield
    caches["process"].clear()


def said(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_second_visitor_costs_two_questions(visitor: Client, request_: Request) -> None:
    first = said(visitor, "/missions/")
    assert questions(visitor, "/missions/") == 2  # Which organisation, and has anything happened.
    assert said(Client(headers={"host": HOST}), "/missions/") == first


def test_whatever_is_recorded_makes_the_page_anew(visitor: Client, act: Act, request_: Request) -> None:
    line = f'<a href="{request_.listing.number}/">'
    assert line in said(visitor, "/missions/")
    jobs.set_publicity(act=act, request=request_, listed=False, words="")
    assert line not in said(visitor, "/missions/")


def test_a_purchase_is_kept_until_somebody_orders(visitor: Client, offer: Offer, ask: Ask) -> None:
    purchase = offer(PELLETS)
    for what in ("", f"{purchase.campaign.number}/", f"{purchase.campaign.number}/avancee"):
        said(visitor, f"/ensemble/{what}")
        assert questions(visitor, f"/ensemble/{what}") == 2
    before = said(visitor, f"/ensemble/{purchase.campaign.number}/avancee")
    ask(purchase, household(1), (2, 0, 620))
    assert said(visitor, f"/ensemble/{purchase.campaign.number}/avancee") != before


def test_a_page_is_never_older_than_a_minute(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kept.SECONDS <= 60
    monkeypatch.setattr(kept, "SECONDS", 0)
    assert said(visitor, "/compte") != said(visitor, "/compte")


def test_whoever_has_a_session_is_given_a_page_of_their_own(visitor: Client, inside_as: Visitor, odile: Person) -> None:
    said(visitor, "/compte")
    assert said(inside_as(odile), "/compte").endswith("2")
    assert said(visitor, "/compte").endswith("1")


def test_every_organisation_and_language_has_its_own(visitor: Client, elsewhere: Organisation) -> None:
    said(visitor, "/compte")
    assert said(Client(headers={"host": f"{elsewhere.slug}.localhost"}), "/compte").startswith(elsewhere.slug)
    assert said(visitor, "/missions/") != said(visitor, "/en/jobs/")
    assert said(Client(headers={"host": HOST, "Save-Data": "on"}), "/compte").endswith("3")


def test_what_is_typed_is_not_kept(visitor: Client) -> None:
    assert said(visitor, "/compte?q=haie") != said(visitor, "/compte?q=haie")


def test_a_page_with_a_form_of_its_own_is_not_kept(visitor: Client) -> None:
    assert said(visitor, "/formulaire") != said(Client(headers={"host": HOST}), "/formulaire")


def test_a_form_made_for_whoever_has_its_secret_is_given_to_nobody_else(visitor: Client) -> None:
    said(visitor, "/formulaire")
    assert "csrftoken" in visitor.cookies
    assert said(visitor, "/formulaire") != said(Client(headers={"host": HOST}), "/formulaire")


def test_a_file_that_is_kept_keeps_its_name(visitor: Client) -> None:
    first, second = (visitor.get("/resultats/donnees.csv").headers for _ in range(2))
    assert 'filename="pas-de-porte' in first["Content-Disposition"]
    assert dict(second.items()) == dict(first.items()) | {"X-Request-ID": second["X-Request-ID"]}


def test_a_guarded_page_cannot_be_kept() -> None:
    with pytest.raises(ValueError, match="kept"):
        read(signed_in, kept=True)


def test_home_list_and_detail_are_kept() -> None:
    ways = {one.route: one.ways.get("GET", Way("read", anyone)).kept for one in all_addresses()}
    assert {route for route, is_kept in ways.items() if is_kept} >= {"", "missions/", "missions/<int:number>/"}
