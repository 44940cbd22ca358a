"""A worker at the public list: « je veux y aller », « me prévenir »."""

import re

import pytest
from django.test import Client

from entremise.jobs.models import Interest, Request, SavedSearch
from entremise.people.models import ContactPoint, Paper, Person
from tests.doors.conftest import Visitor, questions
from tests.doors.desk.conftest import hedge, karim, legal, nadege, odile, place, request_

__all__ = ["hedge", "karim", "legal", "nadege", "odile", "place", "request_"]


@pytest.fixture
def his(inside_as: Visitor, karim: Person, request_: Request) -> Client:
    return inside_as(karim)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def test_a_worker_says_that_they_would_go_and_changes_their_mind(his: Client, request_: Request) -> None:
    job = f"/missions/{request_.listing.number}/"
    assert "Je veux y aller" in text(his, job)
    answered = his.post(f"{job}reponse", {"answer": "yes"}, follow=True)
    assert "C’est noté : vous voulez y aller" in answered.content.decode().replace("\u00a0", " ")
    assert Interest.objects.get().state == "shown"
    assert "Tailler une haie" in text(his, "/moi/recherches/")
    his.post(f"{job}reponse", {"answer": "no"})
    assert "Je veux y aller" in text(his, job)


def test_what_stands_against_it_is_said_in_plain_words(his: Client, request_: Request, karim: Person) -> None:
    Paper.objects.filter(person=karim).delete()
    job = f"/missions/{request_.listing.number}/"
    page = text(his, job)
    assert "Il vous faut un PASS IAE. Nous le demandons avec vous." in page
    assert "Je veux y aller" not in page
    refused = his.post(f"{job}reponse", {"answer": "yes"})
    assert refused.status_code == 422
    assert not Interest.objects.exists()


def test_a_visitor_is_told_how_to_begin(visitor: Client, request_: Request) -> None:
    job = f"/missions/{request_.listing.number}/"
    page = text(visitor, job)
    assert "Entrer pour répondre" in page
    assert "05 36 49 12 00" in page
    assert visitor.post(f"{job}reponse", {"answer": "yes"}).status_code == 302
    assert not Interest.objects.exists()


def test_a_search_is_kept_from_the_list_with_one_button(his: Client) -> None:
    listing = text(his, "/missions/?q=haies&ou=Valmarelle&km=5&moment=matin&du=2026-11-24")
    kept = re.search(r'name="filtres" value="([^"]*)"', listing)
    assert kept
    his.post("/missions/recherche", {"filtres": kept[1].replace("&amp;", "&")})
    page = text(his, "/moi/recherches/")
    assert "« haies » · jusqu’à 5 km de Valmarelle · Le matin" in page
    assert "?q=haies&amp;ou=33490+Valmarelle&amp;km=5&amp;moment=matin" in page


def test_a_search_is_changed_and_removed(his: Client, karim: Person) -> None:
    ContactPoint.objects.create(person=karim, kind="email", value="karim@exemple.fr")
    his.post("/missions/recherche", {"filtres": "q=haie"})
    search = SavedSearch.objects.get()
    his.post(f"/moi/recherches/{search.id}/", {"channel": "email", "every_days": "7"})
    search.refresh_from_db()
    assert (search.channel, search.every_days) == ("email", 7)
    bad = his.post(f"/moi/recherches/{search.id}/", {"channel": "pigeon", "every_days": "3"})
    assert bad.status_code == 422
    assert bad.content.decode().count("Choisissez dans la liste.") == 4  # Beside each field and above the page.
    his.post(f"/moi/recherches/{search.id}/fin")
    assert "Aucune recherche enregistrée" in text(his, "/moi/recherches/")


@pytest.mark.parametrize("filters", ["", "ou=Zzyzx&q=haie", "%%%", "q=" + "x" * 3000, "activite=rien&km=abc"])
def test_nonsense_is_kept_as_far_as_it_makes_sense(his: Client, filters: str) -> None:
    assert his.post("/missions/recherche", {"filtres": filters}).status_code == 302
    assert SavedSearch.objects.count() == 1


def test_a_search_is_its_owners_alone(his: Client, inside_as: Visitor, nadege: Person) -> None:
    his.post("/missions/recherche", {"filtres": "q=haie"})
    search = SavedSearch.objects.get()
    other = inside_as(nadege)
    assert other.post(f"/moi/recherches/{search.id}/fin").status_code == 404
    assert "haie" not in text(other, "/moi/recherches/")


def test_questions_do_not_grow_with_searches(his: Client) -> None:
    his.post("/missions/recherche", {"filtres": "q=haie&ou=Valmarelle"})
    few = questions(his, "/moi/recherches/")
    for word in ("vitres", "bois", "linge"):
        his.post("/missions/recherche", {"filtres": f"q={word}&ou=Valmarelle&activite=haie"})
    assert questions(his, "/moi/recherches/") == few
