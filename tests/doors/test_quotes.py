"""A quote through the doors: named on the web or by telephone, accepted by the client."""

from collections.abc import Callable

import pytest
from django.test import Client

from entremise.agreements.models import Agreement
from entremise.doors.frame import visit
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Request, SupplierQuote
from entremise.jobs.rules.modes.registry import with_pricing
from entremise.kernel.act import Act, Role
from entremise.market.models import Proposal
from entremise.people.models import Person
from tests.doors.conftest import Visitor, questions
from tests.doors.desk.conftest import desk
from tests.jobs.conftest import TOMORROW, bruno, hedge, karim, legal, nadege, odile, place
from tests.jobs.test_quotes import asked, wanted
from tests.jobs.test_recurring import to_the_end
from tests.jobs.test_recurring_quoted import weekly

__all__ = ["asked", "bruno", "desk", "hedge", "karim", "legal", "nadege", "odile", "place", "wanted", "weekly"]

Desk = Callable[..., Client]


@pytest.fixture
def coordination(desk: Desk) -> Client:
    return desk(Role.COORDINATOR)


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode().replace("\u00a0", " ")


def test_the_supplier_sees_the_split_before_naming_a_price(inside_as: Visitor, bruno: Person, asked: Proposal) -> None:
    page = text(inside_as(bruno), "/moi/")
    for amount in ("64,00 €", "57,60 €", "6,40 €", "13,57 €"):
        assert amount in page
    assert "12, rue des Tilleuls" in page
    assert "Marsan" not in page


def test_a_price_typed_on_the_web_becomes_a_quote(inside_as: Visitor, bruno: Person, asked: Proposal) -> None:
    answer = inside_as(bruno).post(f"/moi/propositions/{asked.id}/devis", {"price": "70", "per": "whole"}, follow=True)
    assert "Devis envoyé" in answer.content.decode()
    assert SupplierQuote.objects.get().price == 7000


@pytest.mark.parametrize(
    "typed", [{"price": "beaucoup", "per": "whole"}, {"price": "", "per": "whole"}, {"price": "70"}]
)
def test_a_price_that_says_nothing_comes_back(
    inside_as: Visitor, bruno: Person, asked: Proposal, typed: dict[str, str]
) -> None:
    answer = inside_as(bruno).post(f"/moi/propositions/{asked.id}/devis", typed)
    assert answer.status_code == 422
    assert typed["price"] in answer.content.decode()
    assert not SupplierQuote.objects.exists()


def test_nobody_else_names_a_price(inside_as: Visitor, karim: Person, odile: Person, asked: Proposal) -> None:
    for stranger in (karim, odile):
        answer = inside_as(stranger).post(f"/moi/propositions/{asked.id}/devis", {"price": "70", "per": "whole"})
        assert answer.status_code in (403, 404)


def test_the_client_sees_the_split_and_accepts(
    inside_as: Visitor, bruno: Person, odile: Person, asked: Proposal, act: Act
) -> None:
    quote = jobs.send_quote(act=act.for_person(bruno.id), proposal=asked, whole=7000)
    client = inside_as(odile)
    page = text(client, "/moi/")
    for said in ("70,00 €", "63,00 €", "7,00 €", "Bruno Corvaisier"):
        assert said in page
    answer = client.post(f"/moi/devis/{quote.id}/reponse", {"answer": "yes"}, follow=True)
    assert "La visite est prévue" in answer.content.decode()
    assert Agreement.objects.get().state == "active"


def test_a_stranger_does_not_answer(
    inside_as: Visitor, bruno: Person, nadege: Person, asked: Proposal, act: Act
) -> None:
    quote = jobs.send_quote(act=act.for_person(bruno.id), proposal=asked, whole=7000)
    for stranger in (bruno, nadege):
        answer = inside_as(stranger).post(f"/moi/devis/{quote.id}/reponse", {"answer": "yes"})
        assert answer.status_code in (403, 404)
    assert SupplierQuote.objects.get().state == "sent"


def test_all_of_it_by_telephone(coordination: Client, wanted: Request, bruno: Person, asked: Proposal) -> None:
    number = wanted.listing.number
    page = text(coordination, f"/bureau/demandes/{number}/")
    assert "sur devis" in page
    address = f"/bureau/demandes/{number}/propositions/{asked.id}/devis"
    assert coordination.post(address, {"price": "33", "per": "hour"}).status_code == 302
    page = text(coordination, f"/bureau/demandes/{number}/")
    assert "66,00 €" in page
    assert "Le client accepte" in page
    quote = SupplierQuote.objects.get()
    answer = coordination.post(f"/bureau/demandes/{number}/devis/{quote.id}/reponse", {"answer": "yes"})
    assert answer.status_code == 302
    assert Request.objects.get().state == "filled"
    assert "Accepté" in text(coordination, f"/bureau/demandes/{number}/")


def test_a_season_goes_on_by_another_quote_that_the_client_accepts(
    coordination: Client, inside_as: Visitor, act: Act, odile: Person, weekly: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, the_end = weekly.listing.number, to_the_end(act, weekly).at
    monkeypatch.setattr(visit, "now", lambda: the_end)
    assert "Un devis au même prix part au client" in text(coordination, f"/bureau/demandes/{number}/")
    answer = coordination.post(f"/bureau/demandes/{number}/suite", follow=True)
    assert "La suite est prévue quand le client dit oui." in answer.content.decode()
    client = inside_as(odile)
    assert "mardi 23 février" in text(client, "/moi/visites/")
    quote = SupplierQuote.objects.get(state="sent")
    assert client.post(f"/moi/devis/{quote.id}/reponse", {"answer": "yes"}).status_code == 302
    assert Agreement.objects.count() == 2
    assert "Un devis au même prix part" not in text(coordination, f"/bureau/demandes/{number}/")


def test_an_answer_at_another_requests_address_is_not_taken(
    coordination: Client, bruno: Person, odile: Person, hedge: Activity, asked: Proposal, act: Act
) -> None:
    other = jobs.post_request(act=act, client=odile, activity=hedge, starts_at=TOMORROW, minutes=60).listing.number
    proposal = f"/bureau/demandes/{other}/propositions/{asked.id}/"
    assert coordination.post(f"{proposal}reponse", {"answer": "no"}).status_code == 404
    assert coordination.post(f"{proposal}devis", {"price": "33", "per": "hour"}).status_code == 404
    quote = jobs.send_quote(act=act.for_person(bruno.id), proposal=asked, whole=7000)
    address = f"/bureau/demandes/{other}/devis/{quote.id}/reponse"
    assert coordination.post(address, {"answer": "yes"}).status_code == 404
    assert SupplierQuote.objects.get().state == "sent"


def test_the_call_screen_shows_what_each_asks(
    coordination: Client, odile: Person, bruno: Person, karim: Person
) -> None:
    typed = {"client": str(odile.id), "line": "haie mardi matin 2h", "by_quote": "on"}
    page = coordination.get("/bureau/appel/apercu", typed).content.decode().replace("\u00a0", " ")
    assert "Corvaisier" in page
    assert "Belkacem" not in page
    assert "64,00 €" in page
    posted = {**typed, "who": "Odile Marsan", "seen": "1", "do": "request"}
    assert coordination.post("/bureau/appel", posted).status_code == 302
    assert Request.objects.get().by_quote


def test_pages_ask_no_more_questions_with_more_quotes(
    inside_as: Visitor, act: Act, bruno: Person, odile: Person, hedge: Activity, asked: Proposal
) -> None:
    jobs.send_quote(act=act.for_person(bruno.id), proposal=asked, whole=7000)
    client, supplier = inside_as(odile), inside_as(bruno)
    before = questions(client, "/moi/"), questions(supplier, "/moi/")
    mode = with_pricing("quote").code
    for _ in range(3):
        more = jobs.post_request(act=act, client=odile, activity=hedge, starts_at=TOMORROW, minutes=120, mode=mode)
        (proposal,) = jobs.propose(act=act, request=more, workers=[bruno.id])
        jobs.send_quote(act=act.for_person(bruno.id), proposal=proposal, whole=7000)
    assert (questions(client, "/moi/"), questions(supplier, "/moi/")) == before
