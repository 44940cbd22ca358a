"""A household orders with others: on a telephone, by keyboard alone, and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from entremise.buying.models import Purchase
from entremise.campaigns.models import Pledge
from entremise.people.models import Person
from tests.browser.conftest import Keys, faults, focused
from tests.browser.test_site_asking import without_scripts
from tests.browser.test_site_pages import At, at_the_door
from tests.buying.conftest import OIL, PELLETS, Ask, Offer, ask, household, offer
from tests.doors.conftest import Visitor, inside_as

__all__ = ["ask", "at_the_door", "inside_as", "offer", "without_scripts"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def oil(offer: Offer, ask: Ask) -> Purchase:
    purchase = offer(OIL)
    ask(purchase, household(1), (4, 0, 700))
    return purchase


def at(purchase: Purchase, what: str = "") -> str:
    return f"/ensemble/{purchase.campaign.number}/{what}"


def test_an_order_by_keyboard_alone(at_the_door: At, inside_as: Visitor, oil: Purchase, odile: Person) -> None:
    page = at_the_door(at(oil, "commande"), inside_as(odile), width=1280)
    keys = Keys(page)
    page.get_by_label("Huile, bouteille").focus()
    keys.press("Control+a")
    keys.type("12")
    expect(page.locator("#au-plus")).to_contain_text("84,00")
    keys.press("Tab", "Tab", "Enter", "Tab")
    focused(page, "#id_tolerance_1")
    keys.type("3")
    expect(page.locator("#au-plus")).to_contain_text("105,00")
    keys.press("Tab", "Tab")
    focused(page, "#id_budget")
    keys.type("20")
    keys.press("Enter")
    focused(page, ".errors")
    assert page.get_by_label("Huile, bouteille").input_value() == "12", "nothing is lost"
    keys.press("Tab", "Enter")
    focused(page, "#id_budget")
    keys.press("Control+a")
    keys.type("120")
    keys.press("Enter")
    page.get_by_text("C’est noté").first.wait_for()
    pledge = Pledge.objects.get(person=odile)
    assert (pledge.at_most, pledge.budget) == (15 * 700, 12000)


def test_an_order_at_390_pixels_changed_and_withdrawn(
    at_the_door: At, inside_as: Visitor, oil: Purchase, odile: Person
) -> None:
    page = at_the_door(at(oil), inside_as(odile))
    page.get_by_role("link", name="Je m’inscris").click()
    page.get_by_role("button", name="Plus : Huile").click()
    expect(page.locator("#au-plus")).to_contain_text("14,00")
    page.get_by_role("button", name="M’inscrire sans payer").click()
    page.get_by_role("heading", name="Mes commandes").wait_for()
    assert faults(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("link", name="Changer").click()
    page.get_by_role("button", name="Moins : Huile").click()
    page.get_by_role("button", name="Garder ce changement").click()
    page.get_by_text("Votre place dans la file est gardée").first.wait_for()
    page.locator("summary", has_text="Annuler").click()
    page.get_by_role("button", name="Oui, annuler").click()
    page.get_by_text("C’est annulé").first.wait_for()
    assert Pledge.objects.get(person=odile).state == "withdrawn"


def test_the_offer_has_no_fault_in_any_look(at_the_door: At, inside_as: Visitor, oil: Purchase, odile: Person) -> None:
    for what in ("", "commande", "cadre"):
        page = at_the_door(at(oil, what), inside_as(odile))
        assert faults(page) == [], what


def test_a_visitor_without_scripts_is_led_to_the_way_in(without_scripts: Page, offer: Offer) -> None:
    purchase, page = offer(PELLETS), without_scripts
    page.goto(at(purchase))
    page.get_by_role("textbox", name="Granulés de bois").fill("40")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Votre téléphone").wait_for()
    assert page.url.endswith(f"/entrer?next=%2Fensemble%2F{purchase.campaign.number}%2Fcommande")


def test_how_far_it_is_follows_by_itself(at_the_door: At, oil: Purchase, ask: Ask) -> None:
    page = at_the_door(at(oil))
    expect(page.locator(".sheet")).to_contain_text("Encore 2 unités pour remplir le carton commencé.")
    page.clock.install()
    page.reload()
    ask(oil, household(3), (2, 0, 700))
    page.clock.run_for(21_000)
    expect(page.locator(".sheet")).to_contain_text("Encore 2 cartons pour payer 6,20")
