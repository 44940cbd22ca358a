"""Orders of a group purchase taken at the desk, the preview of its closing, and how it ends."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entremise.buying import queries as buying
from entremise.buying.models import Purchase, Share
from entremise.campaigns import operations as campaigns
from entremise.campaigns.models import Campaign, Pledge, PledgeLine
from entremise.doors.frame import visit
from entremise.history.models import Fact
from entremise.kernel.act import Act, Role
from entremise.people import operations as people
from entremise.people.models import Person
from tests.buying.conftest import CLOCK, CLOSES, OIL, PELLETS, SOAP, Ask, Offer, ask, household, offer
from tests.doors.conftest import questions
from tests.doors.desk.conftest import Desk, coordination, desk
from tests.doors.desk.pages import text
from tests.doors.test_desk_together import address, fault, monday

__all__ = ["ask", "coordination", "desk", "monday", "offer"]

pytestmark = pytest.mark.usefixtures("inside")


# Orders


def said(purchase: Purchase, **more: str) -> dict[str, str]:
    return {"quantity_1": "40", "tolerance_1": "", "ceiling_1": "6,20", "means": "later", "door": "phone", **more}


def test_a_name_that_one_person_bears_leads_to_their_order(coordination: Client, act: Act, offer: Offer) -> None:
    purchase = offer(PELLETS)
    person, _ = (people.add_person(act=act, given_name=one, family_name="Marsan") for one in ("Odile", "Yves"))
    answer = coordination.get(address("together_one", purchase), {"who": "Odile M"})
    assert answer["Location"] == address("together_order", purchase, person.id)
    page = text(coordination.get(address("together_one", purchase), {"who": "Marsan"}))
    assert "Est-ce une de ces personnes" in page
    assert "Ajouter cette personne" in text(coordination.get(address("together_one", purchase), {"who": "Zzz"}))


def test_what_it_can_come_to_is_read_aloud_before_it_is_taken(coordination: Client, offer: Offer) -> None:
    purchase, person = offer(PELLETS), household(1)
    there = address("together_order", purchase, person.id)
    page = text(coordination.get(there, {**said(purchase, tolerance_1="5"), "relire": "1"}))
    assert "Vous paierez au plus 279,00 €" in page
    assert "40 × sac de 15 kg, et jusqu’à 5 de plus, à 6,20 € au plus" in page
    assert not Pledge.objects.exists()
    coordination.post(there, said(purchase, tolerance_1="5"))
    pledge, line = Pledge.objects.get(), PledgeLine.objects.get()
    assert (pledge.person_id, pledge.at_most, pledge.means) == (person.id, 27900, "later")
    assert (line.quantity, line.tolerance, line.ceiling) == (40, 5, 620)
    fact = Fact.objects.get(type="pledge_made")
    assert (fact.on_behalf_of, fact.door) == (person.id, "phone")
    assert "279,00 €" in text(coordination.get(address("together_one", purchase)))


def test_a_volunteer_takes_one_at_the_counter(desk: Desk, offer: Offer) -> None:
    purchase, person = offer(PELLETS), household(1)
    volunteer = desk(Role.SUPPORT_WORKER, given="Awa", family="Wane")
    volunteer.post(address("together_order", purchase, person.id), said(purchase, door="counter"))
    fact = Fact.objects.get(type="pledge_made")
    assert fact.by == Person.objects.get(given_name="Awa").id
    assert (fact.on_behalf_of, fact.door) == (person.id, "counter")


def test_an_order_is_changed_and_withdrawn_for_them(coordination: Client, offer: Offer, ask: Ask) -> None:
    purchase, person = offer(PELLETS), household(1)
    ask(purchase, person, (40, 5, 620))
    there = address("together_order", purchase, person.id)
    assert 'name="quantity_1" value="40"' in text(coordination.get(there))
    coordination.post(there, said(purchase, quantity_1="30"))
    assert PledgeLine.objects.get().quantity == 30
    coordination.post(address("withdraw_order", purchase, person.id))
    assert Pledge.objects.get().state == "withdrawn"
    assert coordination.post(address("withdraw_order", purchase, person.id)).status_code == 404


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("quantity_1", "", "Écrivez d’abord combien"),
        ("quantity_1", "deux", "nombre entier"),
        ("quantity_1", "99999", "nombre entier"),
        ("ceiling_1", "5,39", "le prix ne descendra pas sous 5,40"),
        ("ceiling_1", "beaucoup", "Écrivez"),
        ("budget", "100", "votre limite est de 100,00"),
        ("means", "kept", "Choisissez dans la liste"),
        ("means", "account", "Le solde ne suffit pas"),
        ("door", "pigeon", "Choisissez dans la liste"),
    ],
)
def test_an_order_that_needs_another_look_keeps_what_was_typed(
    coordination: Client, offer: Offer, field: str, typed: str, words: str
) -> None:
    purchase, person = offer(PELLETS), household(1)
    there = address("together_order", purchase, person.id)
    page = text(coordination.post(there, {**said(purchase, tolerance_1="7"), field: typed}), 422)
    assert words in fault(page, field)
    assert 'name="tolerance_1" value="7"' in page
    assert not Pledge.objects.exists()


def test_more_than_there_is_is_said_beside_its_article(coordination: Client, offer: Offer) -> None:
    purchase, person = offer(SOAP, replace(OIL, capacity=6)), household(1)
    typed = said(purchase, quantity_1="1", ceiling_1="1,50", quantity_2="7", ceiling_2="7")
    page = text(coordination.post(address("together_order", purchase, person.id), typed), 422)
    assert "Il en reste 6" in fault(page, "quantity_2")


def test_nothing_at_all_is_no_order(coordination: Client, offer: Offer) -> None:
    purchase, person = offer(PELLETS), household(1)
    there = address("together_order", purchase, person.id)
    page = text(coordination.get(there, {**said(purchase, quantity_1=""), "relire": "1"}))
    assert "Indiquez une quantité" in fault(page, "quantity_1")


def test_what_does_not_help_is_said_above(coordination: Client, offer: Offer, monkeypatch: pytest.MonkeyPatch) -> None:
    purchase, person = offer(OIL), household(1)
    monkeypatch.setattr(visit, "now", lambda: CLOSES - timedelta(hours=1))
    page = text(
        coordination.post(
            address("together_order", purchase, person.id), said(purchase, quantity_1="1", ceiling_1="7")
        ),
        422,
    )
    assert "Les derniers jours servent à remplir les cartons" in page


# Closed


@pytest.fixture
def over(offer: Offer, ask: Ask) -> Purchase:
    purchase = offer(PELLETS, threshold=3)
    for number in range(3):
        ask(purchase, household(number), (2, 0, 620))
    ask(purchase, household(3), (2, 0, 575))
    campaigns.shut(act=CLOCK, campaign=purchase.campaign)
    return purchase


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(seen|households|total)" value="([^"]*)"', page))


def test_the_preview_says_what_everybody_receives_and_why(coordination: Client, over: Purchase) -> None:
    page = text(coordination.get(address("together_closing", over)))
    assert "6,20 € l’unité : ce prix demande 3 foyers, sans ceux qui le trouvent trop cher." in page
    assert "plus cher que leur maximum" in page
    assert page.count("12,40 €") == 3
    assert "37,20 €" in page
    assert not Share.objects.exists()


def test_what_was_seen_comes_true(coordination: Client, over: Purchase) -> None:
    there = address("together_closing", over)
    answer = coordination.post(there, hidden(text(coordination.get(there))))
    assert answer["Location"] == address("together_one", over)
    assert sorted(Share.objects.values_list("amount", flat=True)) == [0, 1240, 1240, 1240]
    assert coordination.get(there)["Location"] == address("together_one", over)
    page = text(coordination.get(address("together_one", over)))
    assert "commande décidée" in page
    assert page.count('<td class="n">12,40 €</td>') == 3


def test_a_stale_preview_closes_nothing_and_says_what_changed(coordination: Client, over: Purchase, act: Act) -> None:
    there = address("together_closing", over)
    shown = hidden(text(coordination.get(there)))
    PledgeLine.objects.filter(pledge__at_most=1150).update(ceiling=620)  # They pay more after all.
    page = text(coordination.post(there, shown), 422)
    assert "Une inscription a changé entre-temps" in page
    assert "Vous aviez vu 3 foyers, 37,20 € en tout. C’est maintenant 4 foyers, 49,60 € en tout." in page
    assert not Share.objects.exists()
    coordination.post(there, hidden(page))
    assert Share.objects.count() == 4


def test_too_few_end_it_without_an_order(coordination: Client, offer: Offer, ask: Ask) -> None:
    purchase = offer(PELLETS, threshold=20)
    ask(purchase, household(1), (2, 0, 620))
    campaigns.shut(act=CLOCK, campaign=purchase.campaign)
    there = address("together_closing", purchase)
    page = text(coordination.get(there))
    assert "Clôturer ainsi" not in page
    assert "Le seuil n’est pas atteint" in page
    shown = {"seen": buying.preview(purchase=purchase).digest, "households": "0", "total": "0"}
    assert "n’est pas atteint" in text(coordination.post(there, shown), 422)
    coordination.post(address("fail_together", purchase))
    assert Campaign.objects.get().state == "failed"


def test_what_reached_its_threshold_does_not_fail(coordination: Client, over: Purchase) -> None:
    text(coordination.post(address("fail_together", over)), 422)
    assert Campaign.objects.get().state == "closing"


def test_nothing_closes_while_it_takes_orders(coordination: Client, offer: Offer, ask: Ask) -> None:
    purchase = offer(PELLETS)
    for number in range(3):
        ask(purchase, household(number), (2, 0, 620))
    there = address("together_closing", purchase)
    page = text(coordination.get(there))
    assert "tout peut changer" in page
    assert "Clôturer ainsi" not in page
    shown = {"seen": buying.preview(purchase=purchase).digest, "households": "3", "total": "1"}
    text(coordination.post(there, shown), 422)
    assert Campaign.objects.get().state == "open"


# How much they ask


def test_no_page_asks_more_for_many_orders(coordination: Client, offer: Offer, ask: Ask) -> None:
    purchase, person = offer(PELLETS, OIL), household(0)
    ask(purchase, person, (2, 0, 620), (6, 0, 700))
    pages = [
        reverse("desk:together"),
        address("together_one", purchase),
        address("together_order", purchase, person.id),
        address("together_closing", purchase),
        reverse("desk:person", args=[person.id]),
    ]
    before = [questions(coordination, one) for one in pages]
    offer(SOAP)
    for number in range(1, 60):
        ask(purchase, household(number), (2, 0, 620), (6, 0, 700))
    assert [questions(coordination, one) for one in pages] == before
    assert "Page 1 sur 2" in text(coordination.get(address("together_closing", purchase)))


def test_closing_asks_as_much_for_many_households(coordination: Client, offer: Offer, ask: Ask) -> None:
    """What is written goes hundreds of rows at a time."""
    asked = []
    for households in (3, 60):
        purchase = offer(PELLETS)
        for number in range(households):
            ask(purchase, household(number), (2, 0, 620))
        campaigns.shut(act=CLOCK, campaign=purchase.campaign)
        there = address("together_closing", purchase)
        shown = hidden(text(coordination.get(there)))
        with CaptureQueriesContext(connection) as made:
            assert coordination.post(there, shown).status_code == 302
        asked.append(len(made))
    assert asked[0] == asked[1]
