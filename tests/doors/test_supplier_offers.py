"""Somebody on their own account puts up an offer at their price; everybody reads whose price it is."""

import re

import pytest
from django.test import Client

from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission, Offer, Request
from entremise.jobs.operations.offers import Terms
from entremise.kernel.act import Act, Role
from entremise.people import operations as people
from entremise.people.models import Person, Place
from tests.conftest import TODAY
from tests.doors.conftest import Visitor, questions
from tests.doors.desk.conftest import Desk, desk
from tests.doors.test_site_offers import picking, text
from tests.jobs.conftest import bruno, hedge, legal, odile, place
from tests.jobs.test_offers import WEDNESDAY
from tests.jobs.test_offers_of_suppliers import BY_QUOTE, gardener

__all__ = ["bruno", "desk", "gardener", "hedge", "legal", "odile", "place"]

TERMS = {"activity": "haie", "hourly_price": "34,50", "reach_km": "10", "named": "on", "details": "Avec mes outils."}


def fields(page: str) -> set[str]:
    return set(re.findall(r'<input[^>]* name="(\w+)"', page)) - {"csrfmiddlewaretoken"}


def test_a_supplier_writes_sees_and_takes_down_their_own(inside_as: Visitor, bruno: Person) -> None:
    client = inside_as(bruno)
    assert "Annonces et heures libres" in text(client, "/moi/")
    page = text(client, "/moi/annonces/nouvelle")
    assert fields(page) == {"activity", "hourly_price", "reach_km", "named", "details", "until"}
    assert "garde 10 %" in page
    assert client.post("/moi/annonces/nouvelle", TERMS).headers["Location"] == "/moi/annonces/"
    offer = Offer.objects.select_related("listing").get()
    assert (offer.mode, offer.hourly_price, offer.bookable, offer.listing.state) == (BY_QUOTE, 3450, False, "draft")
    assert "34,50 €" in text(client, "/moi/annonces/")
    client.post(f"/moi/annonces/{offer.listing.number}/retrait")
    offer.listing.refresh_from_db()
    assert offer.listing.state == "closed"


@pytest.mark.parametrize("price", ["0", "beaucoup", "99999", "-3"])
def test_an_odd_price_comes_back_beside_its_field(inside_as: Visitor, bruno: Person, price: str) -> None:
    answer = inside_as(bruno).post("/moi/annonces/nouvelle", {**TERMS, "hourly_price": price})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r'name="hourly_price"[^>]*aria-invalid="true"', page)
    assert "Avec mes outils." in page
    assert not Offer.objects.exists()


def test_the_price_is_changed_where_it_is_shown(inside_as: Visitor, gardener: Offer) -> None:
    client, address = inside_as(gardener.person), f"/moi/annonces/{gardener.listing.number}/"
    assert 'value="34,00"' in text(client, address)
    client.post(address, {"reach_km": "10", "hourly_price": ""})
    gardener.refresh_from_db()
    assert gardener.hourly_price is None
    assert "Sur devis" in text(client, "/moi/annonces/")


def test_whoever_works_both_ways_chooses_which(act: Act, inside_as: Visitor, bruno: Person) -> None:
    people.give_role(act=act, person=bruno, role=Role.WORKER, since=TODAY.date())
    client = inside_as(bruno)
    page = text(client, "/moi/annonces/")
    assert "Une annonce comme salarié de l’association" in page
    assert "Une annonce à mon compte" in page
    assert "bookable" in fields(text(client, "/moi/annonces/nouvelle"))
    assert "hourly_price" in fields(text(client, f"/moi/annonces/nouvelle?mode={BY_QUOTE}"))
    client.post(f"/moi/annonces/nouvelle?mode={BY_QUOTE}", TERMS)
    assert Offer.objects.get().mode == BY_QUOTE


def test_everybody_reads_whose_price_it_is_and_where_it_goes(visitor: Client, gardener: Offer) -> None:
    card = text(visitor, "/coups-de-main/")
    assert "Bruno C." in card
    assert "34,00 €" in card
    assert "l’heure, son prix" in card
    page = text(visitor, f"/coups-de-main/{gardener.listing.number}/?duree=120")
    for said in ("68,00 €", "61,20 €", "6,80 €", "Avec Bruno C., à son compte.", "Vous la payez directement."):
        assert said in page
    for never in ("de l’équipe", "24,50", "crédit d’impôt", "Cotisations sociales", "73282932000074", "Corvaisier"):
        assert never not in page


def test_without_a_price_the_page_says_that_a_quote_comes(visitor: Client, act: Act, gardener: Offer) -> None:
    jobs.revise_offer(act=act, offer=gardener, terms=Terms(10, named=False))
    page = text(visitor, f"/coups-de-main/{gardener.listing.number}/")
    assert "donne son prix dans un devis" in page
    assert "Sur devis" in text(visitor, "/coups-de-main/")
    assert "Avec une personne à son compte." in page


def test_picking_a_free_moment_asks_for_a_quote(inside_as: Visitor, gardener: Offer, odile: Person) -> None:
    client = inside_as(odile)
    assert f"{WEDNESDAY:%H}" in text(client, f"/coups-de-main/{gardener.listing.number}/")
    page = text(client, picking(gardener, "demande"))
    assert "Demander un devis" in page
    sent = {"day": f"{WEDNESDAY:%Y-%m-%d}", "hour": "10:00", "note": "", "otherwise": "nobody"}
    answer = client.post(picking(gardener, "demande"), sent, follow=True)
    assert "Nous vous envoyons son devis" in answer.content.decode()
    assert Request.objects.get().mode == BY_QUOTE


def test_nobody_books_whoever_works_by_quote(inside_as: Visitor, gardener: Offer, odile: Person) -> None:
    answer = inside_as(odile).post(picking(gardener, "reservation"), {"note": ""})
    assert answer.status_code == 422
    assert not Mission.objects.exists()


def test_a_supplier_touches_no_offer_of_another(inside_as: Visitor, gardener: Offer, act: Act, place: Place) -> None:
    other = people.add_person(act=act, family_name="Voisin", place=place)
    jobs.describe_supplier(act=act, person=other, siret="90000000100017")
    client, base = inside_as(other), f"/moi/annonces/{gardener.listing.number}/"
    assert client.get(base).status_code == 404
    for verb in ("", "pause", "retrait"):
        assert client.post(base + verb, {"reach_km": "5"}).status_code == 404
    gardener.refresh_from_db()
    assert gardener.hourly_price == 3400


def test_the_desk_notes_it_on_the_telephone(desk: Desk, bruno: Person) -> None:
    coordination, address = desk(Role.COORDINATOR), f"/bureau/personnes/{bruno.id}/annonces"
    page = text(coordination, address)
    assert "hourly_price" in fields(page)
    assert coordination.post(address, {**TERMS, "hourly_price": "x"}).status_code == 422
    assert coordination.post(address, TERMS).status_code == 302
    number = Offer.objects.select_related("listing").get().listing.number
    assert "34,50 €" in text(coordination, f"/bureau/annonces/{number}/")


def test_questions_do_not_grow_with_the_offers_of_suppliers(
    visitor: Client, act: Act, gardener: Offer, bruno: Person
) -> None:
    before = questions(visitor, "/coups-de-main/")
    for code in ("vitres", "courses", "cuisine"):
        more: Activity = jobs.add_activity(act=act, code=code, name=code, pictogram="jardin")
        terms = Terms(reach_km=5, hourly_price=3000)
        jobs.put_up(act=act, person=bruno, activity=more, terms=terms, mode=BY_QUOTE)
    assert questions(visitor, "/coups-de-main/") == before
