"""A neighbour asks on a telephone, with scripts and without: at most five questions."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from entremise.jobs.models import Request
from entremise.tenancy.models import Organisation
from tests.browser.test_site_pages import At, at_the_door

__all__ = ["at_the_door"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("hedge", "place")]


@pytest.fixture
def without_scripts(
    browser: Browser, live_server: LiveServer, settings: Settings, organisation: Organisation
) -> Iterator[Page]:
    settings.MIDDLEWARE = ["tests.browser.conftest.OneAtATime", *settings.MIDDLEWARE]
    base = f"http://{organisation.slug}.localhost:{live_server.url.rpartition(':')[2]}"
    context = browser.new_context(
        base_url=base, locale="fr-FR", java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    yield context.new_page()
    context.close()


def onward(page: Page) -> None:
    page.get_by_role("button", name="Continuer").click()


def ask(page: Page) -> int:
    """From the home page to the number of the request; returns how many questions were asked."""
    asked = set()
    page.goto("/")
    page.get_by_role("link", name="Demander").first.click()
    page.get_by_text("Tailler une haie").click()
    asked.add(page.get_by_role("heading", level=1).inner_text())
    onward(page)
    page.get_by_text("2 heures").first.click()
    asked.add(page.get_by_role("heading", level=1).inner_text())
    onward(page)
    page.get_by_text("Un jour précis").click()
    page.get_by_label("Un autre jour, ou une heure précise").fill("jeudi 26 novembre à 10 h")
    asked.add(page.get_by_role("heading", level=1).inner_text())
    onward(page)
    page.get_by_label("Votre nom").fill("Yves Dupont")
    page.get_by_label("Votre téléphone").fill("06.39.98.55.01")
    page.get_by_label("L’adresse où il faut venir").fill("3, rue du Four")
    page.get_by_label("La commune").fill("Valmarelle")
    page.get_by_label("Je suis d’accord").check()
    asked.add(page.get_by_role("heading", level=1).inner_text())
    onward(page)
    page.get_by_role("heading", name="Vérifiez et envoyez votre demande").wait_for()
    page.get_by_role("link", name="Changer le jour").click()
    page.get_by_label("Un autre jour, ou une heure précise").fill("vendredi 27 novembre à 9 h")
    onward(page)
    page.get_by_text("Vendredi 27 novembre, 9").first.wait_for()
    page.get_by_role("button", name="Envoyer ma demande").click()
    page.get_by_role("heading", name="est envoyée").wait_for()
    number = Request.objects.get().listing.number
    page.get_by_role("heading", name=f"Votre demande {number} est envoyée").wait_for()
    return len(asked)


def test_at_most_five_questions_with_scripts(at_the_door: At) -> None:
    page = at_the_door("/")
    assert ask(page) <= 5
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_at_most_five_questions_without_scripts(without_scripts: Page) -> None:
    assert ask(without_scripts) <= 5


def test_the_telephone_is_on_every_page(without_scripts: Page) -> None:
    page = without_scripts
    for address in ("/demander/besoin/", "/demander/envoyee/"):
        page.goto(address)
        assert page.locator("header a[href^='tel:']").bounding_box()
