"""Offers in a real browser: a client who books a moment on a small telephone, and every new page in every light."""

import pytest
from django.db import transaction
from playwright.sync_api import expect

from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission, Offer
from entremise.kernel.act import Act
from entremise.people.models import Person
from tests.browser.conftest import faults
from tests.browser.test_site_pages import At, at_the_door
from tests.doors.conftest import Visitor, inside_as
from tests.jobs.test_offers import WEDNESDAY, offer, waiting

__all__ = ["at_the_door", "inside_as", "offer", "waiting"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_client_books_a_moment_at_390_pixels(
    at_the_door: At, inside_as: Visitor, offer: Offer, odile: Person
) -> None:
    page = at_the_door("/coups-de-main/", inside_as(odile))
    assert faults(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("link", name="Tailler une haie").last.click()
    page.get_by_role("link", name="3 h", exact=True).click()
    expect(page.get_by_text("Vous payez").locator("xpath=following-sibling::dd")).to_contain_text("73,50")
    page.get_by_role("link", name="mercredi 25 novembre, 9 h").click()
    assert faults(page) == []
    page.get_by_label("À savoir").fill("Portail vert")
    page.get_by_role("button", name="Réserver, 73,50 €").click()
    page.get_by_text("C’est réservé : mercredi 25 novembre, 9 h").wait_for()
    page.get_by_role("button", name="Signer ce contrat").wait_for()
    mission = Mission.objects.get()
    assert (WEDNESDAY - mission.starts_at).total_seconds() == 3600


def test_a_moment_that_somebody_else_took_is_said_on_the_page(
    at_the_door: At, inside_as: Visitor, offer: Offer, odile: Person, act: Act
) -> None:
    page = at_the_door(f"/coups-de-main/{offer.listing.number}/", inside_as(odile))
    page.get_by_role("link", name="mercredi 25 novembre, 10 h").click()
    with transaction.atomic():
        jobs.book(act=act.for_person(odile.id), offer=offer, client=odile, starts_at=WEDNESDAY, minutes=120)
    page.get_by_role("button", name="Réserver").click()
    page.get_by_text("Ce moment n’est plus libre").first.wait_for()
    assert faults(page) == []


def test_a_worker_puts_up_an_offer_by_ticking_at_390_pixels(at_the_door: At, inside_as: Visitor, karim: Person) -> None:
    page = at_the_door("/moi/annonces/", inside_as(karim))
    page.get_by_role("group", name="Mardi").get_by_text("8 h – 12 h").click()
    page.get_by_role("button", name="Garder ces heures").click()
    page.get_by_text("Vos heures libres sont notées").wait_for()
    page.get_by_role("link", name="Écrire une annonce").click()
    page.get_by_label("Tailler une haie").check()
    page.get_by_role("button", name="Envoyer l’annonce").click()
    page.get_by_text("Bientôt en ligne").wait_for()
    assert Offer.objects.get().reach_km == 5
