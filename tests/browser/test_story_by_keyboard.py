"""A small job on the site by keyboard alone, with something wrong in every form on the way.

What is wrong has the focus, its first line leads to the first field that is meant, and what has the focus is in view.
"""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from entremise.agreements.models import Feedback
from entremise.doors.frame import visit
from entremise.jobs.models import Mission, Request
from entremise.messaging.models import Letter
from entremise.people.models import Person
from tests.browser.test_site_pages import At, at_the_door

__all__ = ["at_the_door"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("inside", "hedge", "place", "legal")]

NAME = """() => {
  const one = document.activeElement
  const said = one.getAttribute("aria-label") || one.labels?.[0]?.innerText || one.innerText || ""
  return said.replace(/\\s+/g, " ").trim()
}"""
IN_VIEW = """() => {
  const one = document.activeElement, seen = (one.closest("label") || one).getBoundingClientRect()
  return one.matches(":focus-visible") && seen.bottom > 0 && seen.top < innerHeight
}"""
MEANT = """() => {
  const error = document.querySelector("main .error"), one = document.activeElement
  return one !== document.body && error.closest(".field, fieldset").contains(one)
}"""
KARIM, YVES = "+33639982001", "+33639985501"
FURTHEST = 40  # Keys to the next thing that somebody wants on a page.


class Hands:
    """Somebody without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, page.keyboard

    def to(self, name: str) -> None:
        for _press in range(FURTHEST):
            self.keys.press("Tab")
            if self.page.evaluate(NAME).startswith(name):
                self.page.wait_for_function(IN_VIEW)  # The browser scrolls to what has the focus.
                return
        raise AssertionError(f"« {name} » is not reached with {FURTHEST} keys")

    def send(self, name: str = "") -> None:
        """Enter, on the button of this name or where the focus is."""
        if name:
            self.to(name)
        with self.page.expect_navigation():
            self.keys.press("Enter")

    def corrected(self, text: str = "") -> None:
        """The summary has the focus; from there to the first field that is meant, and something better in it."""
        expect(self.page.locator(".errors")).to_be_focused()
        self.keys.press("Tab")
        self.keys.press("Enter")
        self.page.wait_for_function(MEANT)
        self.page.wait_for_function(IN_VIEW)
        if text:
            self.keys.press("Control+a")
            self.keys.type(text)

    def fill(self, name: str, text: str) -> None:
        self.to(name)
        self.keys.press("Control+a")
        self.keys.type(text)

    def told(self, said: str) -> None:
        self.page.get_by_text(said).first.wait_for()


def asked_for(hands: Hands) -> int:
    """From the home page to the number of the request."""
    hands.to("Aller au contenu")
    hands.keys.press("Enter")
    expect(hands.page.locator("#contenu")).to_be_focused()
    hands.keys.press("Tab")
    assert "Appelez, on s’occupe de tout" in hands.page.evaluate(NAME)
    hands.send("En ligne, 2 minutes Demander")
    hands.send("Continuer")
    hands.corrected()
    hands.keys.press("Space")
    hands.send("Continuer")
    hands.send("Continuer")
    hands.corrected()
    hands.keys.press("ArrowDown")
    hands.send()
    hands.send("Continuer")
    hands.corrected()
    hands.keys.press("ArrowDown")
    hands.fill("Un autre jour", "hier")
    hands.send()
    hands.corrected("jeudi 26 novembre à 10 h")
    hands.send()
    hands.fill("Votre nom", "Yves Dupont")
    hands.fill("Votre téléphone", "12")
    hands.fill("L’adresse", "3, rue du Four")
    hands.fill("La commune", "Valmarelle")
    hands.send("Continuer")
    hands.corrected("06 39 98 55 01")
    hands.to("Je suis d’accord")
    hands.keys.press("Space")
    hands.send("Continuer")
    hands.send("Envoyer ma demande")
    hands.told("est envoyée")
    return Request.objects.get().listing.number


def entered(page: Page, phone: str) -> Hands:
    hands = Hands(page)
    hands.fill("Votre téléphone", "06")
    hands.send()
    hands.corrected(phone)
    hands.send()
    letters = Letter.objects.filter(template="entry_code", person__contacts__value=phone)
    code = re.findall(r"\d{6}", letters.order_by("id").reverse()[0].body)[0]
    hands.fill("Le code reçu", "12")
    hands.send()
    hands.corrected(code)
    hands.send()
    return hands


def signed(hands: Hands) -> None:
    hands.send("Lire et signer")
    hands.send("Signer ce contrat")
    hands.told("C’est signé")


def later(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(visit, "now", lambda: moment)


def test_a_job_by_keyboard_alone(
    at_the_door: At, coordination: Client, karim: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = asked_for(Hands(at_the_door("/")))
    coordination.post(f"/bureau/demandes/{number}/identite", {"person": "new"})
    coordination.post(f"/bureau/demandes/{number}/propositions", {"workers": [str(karim.id)]})

    worker = entered(at_the_door("/entrer"), KARIM)
    worker.send("OUI")
    worker.told("C’est noté : OUI")
    signed(worker)
    client = entered(at_the_door("/entrer"), YVES)
    signed(client)

    mission = Mission.objects.get()
    later(monkeypatch, mission.ends_at + timedelta(minutes=20))
    worker = entered(at_the_door("/entrer"), KARIM)
    worker.fill("Heures faites", "beaucoup")
    worker.send()
    worker.corrected("1 h 30")
    worker.send()
    worker.told("Heures envoyées")

    client = entered(at_the_door("/entrer"), YVES)
    client.fill("Sinon, combien d’heures", "moins")
    client.send()
    client.corrected("1 h 30")
    client.send()
    mission.refresh_from_db()
    assert mission.state == "confirmed"
    client.send("Donner mon avis")
    client.send("Envoyer mon avis")
    client.corrected()
    client.keys.press("Space")
    client.send("Envoyer mon avis")
    client.told("Merci")
    assert Feedback.objects.filter(writer__family_name="Dupont").exclude(written_at=None).exists()


def test_the_menu_covers_nothing_that_has_the_focus(at_the_door: At) -> None:
    hands = Hands(at_the_door("/missions/"))
    menu = hands.page.locator(".head details")
    hands.to("Menu")
    hands.keys.press("Enter")
    hands.to("Mon espace")
    hands.keys.press("Escape")
    expect(menu.locator("summary")).to_be_focused()
    expect(menu).not_to_have_attribute("open", "")
    hands.keys.press("Enter")
    hands.to("Quel travail")
    expect(menu).not_to_have_attribute("open", "")
