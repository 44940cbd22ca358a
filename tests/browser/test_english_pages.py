"""Every page in English, narrow and wide, light and dark: nothing that axe finds, nothing that words push out."""

import pytest
from django.test import Client
from django.urls import reverse, translate_url
from django.utils import translation
from playwright.sync_api import Page

from entremise.agreements.models import Fulfilment
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission
from entremise.kernel.act import Role
from entremise.market.models import Proposal
from entremise.people.models import Person
from tests.browser.conftest import Open, violations
from tests.browser.test_site_pages import TUESDAY_NOON, At, at_the_door, busy, inside_as
from tests.doors.conftest import Visitor
from tests.doors.desk.conftest import Desk
from tests.jobs.conftest import by_text
from tests.laws.test_urls import declared

__all__ = ["at_the_door", "busy", "inside_as"]

pytestmark = pytest.mark.django_db(transaction=True)

HOST = {"host": "pas-de-porte.localhost"}


def pages(client: Client, *, under: str = "/en/", but: str = "/none") -> list[str]:
    """The addresses without parameters that show this visitor a page."""
    with translation.override("fr"):
        known = [translate_url(f"/{one.route}", "en") for one in declared() if "GET" in one.ways and not one.parameters]
    return [address for address in known if address.startswith(under) and _shows(client, address, but)]


def _shows(client: Client, address: str, but: str) -> bool:
    if address.startswith(but):
        return False
    answer = client.get(address, headers=HOST)
    return answer.status_code == 200 and b"<html" in answer.getvalue()[:200]  # A fragment is part of a page.


def faulty(page: Page, addresses: list[str], base: str = "") -> list[str]:
    found = []
    for address in addresses:
        page.goto(base + address)
        if page.evaluate("document.documentElement.lang") != "en":
            found.append(f"{address} is not in English")
        for width, theme in ((390, "light"), (1280, "dark")):
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme=theme)
            found += [f"{address} {width} {theme} {one}" for one in violations(page)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{address} {width} {theme} overflows")
    return found


def test_the_desk_is_accessible_in_english(at_the_desk: Open, desk: Desk, mission: Mission) -> None:
    client = desk(Role.COORDINATOR, Role.TREASURER, Role.DIRECTOR)
    Person.objects.update(language="en")
    page, agreement = at_the_desk(client), mission.agreement
    assert agreement
    shown = pages(client, under="/bureau/", but="/bureau/sortir")
    assert len(shown) > 25
    shown += [
        reverse("desk:request", args=[mission.number]),
        reverse("desk:contract", args=[agreement.number]),
        reverse("desk:person", args=[mission.worker_id]),
        reverse("desk:person", args=[mission.client_id]),
        reverse("desk:worker", args=[mission.worker_id]),
    ]
    assert faulty(page, shown, page.url.removesuffix("/bureau/")) == []


def test_public_pages_are_accessible_in_english(at_the_door: At, hedge: Activity, asked: list[Proposal]) -> None:
    shown = pages(Client())
    assert len(shown) > 4
    extra = [f"/en/jobs/{asked[0].listing.number}/", "/en/l/token", "/en/nowhere", "/en/jobs/?vue=carte"]
    assert faulty(at_the_door("/en/"), [*shown, *extra]) == []


def test_a_workers_pages_are_accessible_in_english(
    at_the_door: At, inside_as: Visitor, busy: Mission, karim: Person
) -> None:
    client = inside_as(karim)
    shown = [*pages(client, under="/en/me/"), f"/en/me/papers/{busy.agreement_id}/"]
    assert faulty(at_the_door("/en/me/", client), shown) == []


@pytest.fixture
def logged(busy: Mission, karim: Person) -> Fulfilment:
    return jobs.log_hours(act=by_text(karim, at=TUESDAY_NOON), mission=busy, minutes=120, key="sms")


@pytest.mark.usefixtures("logged")
def test_a_clients_pages_are_accessible_in_english(at_the_door: At, inside_as: Visitor, odile: Person) -> None:
    client = inside_as(odile)
    assert faulty(at_the_door("/en/me/", client), pages(client, under="/en/me/")) == []
