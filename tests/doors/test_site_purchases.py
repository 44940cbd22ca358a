"""A group purchase as everybody sees it, and ways to tell others."""

import re
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from entremise.buying.models import Purchase
from entremise.buying.operations import ArticleDraft
from entremise.buying.rules.tiers import Tier
from entremise.campaigns import operations as campaigns
from entremise.doors.site import purchases
from entremise.kernel.act import Act
from entremise.people.models import Person
from entremise.tenancy.models import Organisation
from tests.buying.conftest import OIL, PELLETS, SOAP, Ask, Offer, ask, household, offer, planned
from tests.doors.conftest import Visitor, questions
from tests.jobs.conftest import odile, place

__all__ = ["ask", "odile", "offer", "place"]


@pytest.fixture
def pellets(offer: Offer) -> Purchase:
    return offer(PELLETS)


def at(purchase: Purchase, what: str = "") -> str:
    return f"/ensemble/{purchase.campaign.number}/{what}"


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return plain(answer.content)


def plain(content: bytes) -> str:
    words = re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<head>.*?</head>", "", content.decode()))
    return " ".join(words.replace("\u00a0", " ").replace("\u202f", " ").split())


# Seeing


def test_the_list_says_how_far_each_is_in_words(visitor: Client, pellets: Purchase, ask: Ask) -> None:
    for number in range(5):
        ask(pellets, household(number), (2, 0, 620))
    page = text(visitor, "/ensemble/")
    assert "Aujourd’hui : 5,75 € par sac de 15 kg. Encore 2 foyers pour payer 5,40 €." in page
    assert "Seuil atteint : il fallait 3 foyers." in page


def test_nothing_that_runs_is_said_with_a_way_on(visitor: Client, act: Act, offer: Offer) -> None:
    planned(act, PELLETS)
    assert "Pas d’achat groupé en ce moment" in text(visitor, "/ensemble/")


def test_a_page_says_prices_parts_place_days_and_what_if(visitor: Client, pellets: Purchase) -> None:
    page = text(visitor, at(pellets))
    assert "Premier prix : 6,20 € par sac de 15 kg. Encore 3 foyers pour y arriver." in page
    assert "au producteur ou au fournisseur 5,50 € au transport 0,45 € à l’association, pour organiser 0,25 €" in page
    assert "Au local, 14, rue du Lavoir" in page
    assert "Encore 3 foyers pour que la commande parte : il en faut 3 foyers." in page
    assert "La commande ne part pas. Personne ne paie rien." in page


def test_the_ladder_is_read_aloud(visitor: Client, pellets: Purchase, ask: Ask) -> None:
    for number in range(5):
        ask(pellets, household(number), (1, 0, 620))
    said = "6,20 € dès 3 foyers, dépassé ; 5,75 € dès 5 foyers, atteint, prix d’aujourd’hui ; 5,40 € dès 7 foyers."
    assert said in text(visitor, at(pellets))


def test_the_box_that_was_begun_is_said(visitor: Client, offer: Offer, ask: Ask) -> None:
    purchase = offer(OIL)
    ask(purchase, household(1), (4, 1, 700))
    assert "Encore 1 unité pour remplir le carton commencé." in text(visitor, at(purchase))


def test_the_deadline_is_told_as_clocks_in_town_show_it(
    visitor: Client, pellets: Purchase, organisation: Organisation
) -> None:
    here = text(visitor, at(pellets))
    assert "Jusqu’au samedi 5 décembre, 10 h" in here
    organisation.timezone = "Indian/Reunion"
    organisation.save()
    assert "Jusqu’au samedi 5 décembre, 13 h" in text(visitor, at(pellets))


def test_a_plan_is_nobodys_business(visitor: Client, inside_as: Visitor, act: Act, odile: Person) -> None:
    purchase = planned(act, PELLETS)
    for what in ("", "avancee", "cadre", "affiche.pdf", "au-plus"):
        assert visitor.get(at(purchase, what)).status_code == 404
    assert inside_as(odile).get(at(purchase, "commande")).status_code == 404
    assert visitor.get(f"/e/{purchase.campaign.number}").status_code == 404


def test_nothing_tells_who_takes_part(visitor: Client, inside_as: Visitor, pellets: Purchase, ask: Ask) -> None:
    ask(pellets, household(731), (2, 0, 620), budget=99_100)
    for what in ("", "avancee", "cadre"):
        for client in (visitor, inside_as(household(2))):
            page = client.get(at(pellets, what)).content.decode()
            assert "731" not in page
            assert "991" not in page


def test_another_organisation_sees_nothing_of_it(pellets: Purchase, odile: Person) -> None:
    Organisation.objects.create(slug="ailleurs", name="Ailleurs")
    other = Client(headers={"host": "ailleurs.localhost"})
    assert "Pas d’achat groupé en ce moment" in text(other, "/ensemble/")
    for what in ("", "avancee", "cadre", "affiche.pdf", "au-plus"):
        assert other.get(at(pellets, what)).status_code == 404


def test_how_far_it_is_can_be_asked_for_alone(visitor: Client, pellets: Purchase, ask: Ask, act: Act) -> None:
    address = at(pellets, "avancee")
    assert f'data-poll="{address}"' in visitor.get(at(pellets)).content.decode()
    before = text(visitor, address)
    ask(pellets, household(1), (2, 0, 620))
    assert text(visitor, address) != before
    campaigns.call_off(act=act, campaign=pellets.campaign, reason="Le fournisseur ferme.")
    assert "data-poll" not in visitor.get(address).content.decode(), "nothing more to wait for"


def test_a_failure_is_said_without_fuss(visitor: Client, pellets: Purchase, act: Act) -> None:
    campaigns.call_off(act=act, campaign=pellets.campaign, reason="Le fournisseur ferme.")
    page = text(visitor, at(pellets))
    assert "Le fournisseur ferme. Personne ne paie rien." in page
    assert "Je m’inscris" not in page


def test_questions_do_not_grow_with_those_who_take_part(
    visitor: Client, inside_as: Visitor, offer: Offer, ask: Ask, odile: Person
) -> None:
    first = offer(OIL, SOAP)
    ask(first, odile, (2, 1, 700), (1, 0, 150))
    client = inside_as(odile)
    addresses = ("/ensemble/", at(first), at(first, "avancee"))
    before = [questions(visitor, address) for address in addresses]
    mine = [questions(client, address) for address in (at(first, "commande"), "/moi/commandes/")]
    for number in range(4):
        ask(first, household(number), (2, 1, 700), (1, 0, 150))
        ask(offer(OIL, SOAP), odile, (2, 1, 700), (1, 0, 150))
    assert [questions(visitor, address) for address in addresses] == before
    assert [questions(client, address) for address in (at(first, "commande"), "/moi/commandes/")] == mine
    assert max(before + mine) <= 14


# Telling others


def test_search_engines_find_what_runs(visitor: Client, pellets: Purchase, act: Act) -> None:
    address = f"<loc>http://pas-de-porte.localhost{at(pellets)}</loc>"
    assert address in visitor.get("/sitemap.xml").content.decode()
    campaigns.call_off(act=act, campaign=pellets.campaign, reason="Le fournisseur ferme.")
    assert address not in visitor.get("/sitemap.xml").content.decode()


def test_a_short_address_a_square_and_a_card_lead_to_it(visitor: Client, pellets: Purchase) -> None:
    number = pellets.campaign.number
    assert visitor.get(f"/e/{number}").headers["Location"] == at(pellets)
    page = visitor.get(at(pellets)).content.decode()
    assert f'<meta property="og:url" content="http://pas-de-porte.localhost/e/{number}">' in page
    assert '<meta property="og:title" content="Ensemble">' in page
    assert "Carré à photographier" in page


def test_the_poster_is_one_page_whatever_is_on_offer(
    visitor: Client, offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [
        ArticleDraft(f"Article {n}", "paquet de 500 g", [Tier(1, 200), Tier(9, 100)], OIL.vat_rate) for n in range(20)
    ]
    for articles, said in (((PELLETS,), "5,75 €"), (many, "autres articles")):
        purchase = offer(*articles)
        answer = visitor.get(at(purchase, "affiche.pdf"))
        assert answer["Content-Type"] == "application/pdf"
        (page,) = PdfReader(BytesIO(answer.content)).pages
        words = page.extract_text().replace("\u00a0", " ").replace("\n", "")
        assert said in words
        assert f"/e/{purchase.campaign.number}" in words


def test_posters_are_not_drawn_without_end(visitor: Client, pellets: Purchase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purchases, "drawn", lambda **said: b"%PDF")
    answers = [visitor.get(at(pellets, "affiche.pdf")).status_code for _ in range(purchases.POSTERS.most + 1)]
    assert answers[-2:] == [200, 429]


def test_only_the_frame_may_stand_in_another_site(
    visitor: Client, inside_as: Visitor, pellets: Purchase, ask: Ask, odile: Person
) -> None:
    ask(pellets, odile, (4, 0, 620))
    frame = inside_as(odile).get(at(pellets, "cadre"))
    assert "frame-ancestors *" in frame["Content-Security-Policy"]
    assert "X-Frame-Options" not in frame
    assert "<form" not in frame.content.decode()
    assert frame.content == visitor.get(at(pellets, "cadre")).content, "it tells nobody who looks"
    for what in ("", "avancee", "commande"):
        answer = inside_as(odile).get(at(pellets, what))
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "DENY"
