"""Offers as everybody sees them, a client who picks one, a worker who puts theirs up."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.http import urlencode

from entremise.agreements.models import Agreement
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, FreeMoment, Mission, Offer, Request, Worker
from entremise.jobs.operations.offers import Terms
from entremise.kernel.act import Act
from entremise.market.models import Proposal
from entremise.people.models import Consent, Person, Place
from tests.doors.conftest import Visitor, questions
from tests.jobs.conftest import hedge, karim, legal, nadege, new_worker, odile, place
from tests.jobs.test_offers import WEDNESDAY, WEEK, offer, waiting

__all__ = ["hedge", "karim", "legal", "nadege", "odile", "offer", "place", "waiting"]

MOMENT = {"debut": WEDNESDAY.isoformat(), "duree": "120"}


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode().replace("\u00a0", " ")


def picking(offer: Offer, how: str, **asked: str) -> str:
    return f"/coups-de-main/{offer.listing.number}/{how}?{urlencode(asked or MOMENT)}"


# Seeing


def test_everybody_sees_open_offers_and_their_price(visitor: Client, offer: Offer) -> None:
    page = text(visitor, "/coups-de-main/")
    assert "Karim B." in page
    assert "24,50 €" in page
    assert "mer. 25 nov." in page
    assert "Belkacem" not in page


def test_whoever_did_not_agree_is_one_of_the_team(visitor: Client, offer: Offer, act: Act) -> None:
    jobs.revise_offer(act=act, offer=offer, terms=Terms(reach_km=5, named=False))
    for address in ("/coups-de-main/", f"/coups-de-main/{offer.listing.number}/"):
        page = text(visitor, address)
        assert "Karim" not in page
        assert "ne personne de l’équipe" in page


def test_an_offer_that_waits_or_pauses_is_seen_by_nobody(visitor: Client, waiting: Offer, act: Act) -> None:
    address = f"/coups-de-main/{waiting.listing.number}/"
    assert "Karim" not in text(visitor, "/coups-de-main/")
    assert visitor.get(address).status_code == 410
    jobs.open_offer(act=act, offer=waiting)
    assert visitor.get(address).status_code == 200
    jobs.pause_offer(act=act, offer=waiting)
    assert visitor.get(address).status_code == 410
    assert visitor.get("/coups-de-main/999/").status_code == 404


def test_the_price_of_a_moment_is_that_of_its_day(inside_as: Visitor, offer: Offer, odile: Person, act: Act) -> None:
    jobs.set_tariff(
        act=act, activity=None, client_kind="", hourly_price=2900, hourly_wage=1231, minimum_minutes=60, travel_fee=0,
        valid_from=WEDNESDAY.date(),
    )  # fmt: skip
    assert "58,00 €" in text(inside_as(odile), picking(offer, "reservation"))
    assert "49,00 €" in text(inside_as(odile), f"/coups-de-main/{offer.listing.number}/?duree=120")


@pytest.mark.parametrize("moment", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", "2001-01-01T10:00+01:00", "x"])
def test_a_moment_out_of_reason_shows_the_offer_as_it_is(visitor: Client, offer: Offer, moment: str) -> None:
    address = f"/coups-de-main/{offer.listing.number}/?{urlencode({'debut': moment, 'duree': '120'})}"
    assert "49,00 €" in text(visitor, address)


def test_offers_are_found_by_work_and_place(visitor: Client, offer: Offer, place: Place) -> None:
    Place.objects.create(code="2", postcode="2", name="Loin", latitude=45, longitude=-0.2, search_text="loin")
    assert "Karim B." in text(visitor, "/coups-de-main/?quoi=haie&ou=Valmarelle")
    assert "Karim B." not in text(visitor, "/coups-de-main/?ou=Loin")
    assert "Karim B." not in text(visitor, "/coups-de-main/?quoi=courses")
    assert "n’est pas dans la liste" in text(visitor, "/coups-de-main/?ou=Nullepart")


def test_the_price_says_where_each_euro_goes_and_follows_the_length(visitor: Client, offer: Offer) -> None:
    address = f"/coups-de-main/{offer.listing.number}/"
    assert "49,00 €" in text(visitor, address)
    page = text(visitor, f"{address}?duree=180")
    assert "73,50 €" in page
    assert "Accompagnement vers l’emploi" in page
    assert "49,00 €" in text(visitor, f"{address}?duree=longtemps")


def test_free_moments_are_a_list_of_days(visitor: Client, offer: Offer, odile: Person, act: Act) -> None:
    address = f"/coups-de-main/{offer.listing.number}/"
    before = text(visitor, address)
    assert re.findall(r'class="slot".*?</span>([^<]+)</a>', before)[:3] == ["8 h", "9 h", "10 h"]
    jobs.book(act=act.for_person(odile.id), offer=offer, client=odile, starts_at=WEDNESDAY, minutes=120)
    assert re.findall(r'class="slot".*?</span>([^<]+)</a>', text(visitor, address))[:2] == ["8 h", "8 h"]


def test_questions_do_not_grow_with_the_offers(visitor: Client, offer: Offer, act: Act, place: Place) -> None:
    def more(count: int) -> None:
        for _ in range(count):
            number = Offer.objects.count()
            person = new_worker(act, place, f"P{number}", "Autre", f"06 39 98 21 {number:02}")
            jobs.set_free_times(act=act, person=person, weekly=WEEK)
            jobs.put_up(act=act, person=person, activity=offer.activity, terms=Terms(reach_km=5, named=True))

    more(1)
    before = questions(visitor, "/coups-de-main/")
    more(4)
    assert questions(visitor, "/coups-de-main/") == before
    assert before <= 13


# Picking


@pytest.mark.parametrize("how", ["demande", "reservation"])
def test_a_visitor_is_led_to_the_entrance_and_back(visitor: Client, offer: Offer, how: str) -> None:
    answer = visitor.get(picking(offer, how))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/entrer?next=%2Fcoups-de-main%2F")


def test_whoever_has_no_space_yet_is_led_to_the_web_request(visitor: Client, offer: Offer) -> None:
    page = text(visitor, f"/coups-de-main/{offer.listing.number}/")
    address = re.search(r'href="(/demander/[^"]+)"', page)[1]
    assert "checked" in text(visitor, address), "the work is ticked already"


def test_a_worker_who_is_no_client_books_nothing(inside_as: Visitor, offer: Offer, nadege: Person) -> None:
    assert inside_as(nadege).post(picking(offer, "reservation")).status_code == 404
    assert not Request.objects.exists()


def test_a_client_books_a_moment_and_goes_on_to_sign(inside_as: Visitor, offer: Offer, odile: Person) -> None:
    client = inside_as(odile)
    page = text(client, picking(offer, "reservation"))
    assert "mercredi 25 novembre, 10 h, jusqu’à 12 h" in page
    assert "12, rue des Tilleuls, Valmarelle" in page
    assert "Réserver, 49,00 €" in page
    answer = client.post(picking(offer, "reservation"), {"note": "Portail vert"})
    agreement = Agreement.objects.get()
    assert answer.headers["Location"] == f"/moi/papiers/{agreement.id}/"
    assert Mission.objects.get().starts_at == WEDNESDAY
    assert Request.objects.get().note == "Portail vert"
    assert "C’est réservé" in text(client, answer.headers["Location"])


def test_a_moment_that_is_gone_says_so_and_keeps_the_note(
    inside_as: Visitor, offer: Offer, odile: Person, act: Act
) -> None:
    client = inside_as(odile)
    jobs.book(act=act.for_person(odile.id), offer=offer, client=odile, starts_at=WEDNESDAY, minutes=120)
    answer = client.post(picking(offer, "reservation"), {"note": "Portail vert"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Ce moment n’est plus libre" in page
    assert "Portail vert" in page
    assert Mission.objects.count() == 1


@pytest.mark.parametrize("moment", ["", "hier", "2026-13-40T10:00", "2026-11-25T10:00"])
def test_a_moment_nobody_can_read_leads_back_to_the_offer(
    inside_as: Visitor, offer: Offer, odile: Person, moment: str
) -> None:
    address = picking(offer, "reservation", debut=moment)
    for answer in (inside_as(odile).get(address), inside_as(odile).post(address)):
        assert answer.headers["Location"] == f"/coups-de-main/{offer.listing.number}/"


def test_a_client_asks_for_somebody_at_another_moment(inside_as: Visitor, offer: Offer, odile: Person) -> None:
    client = inside_as(odile)
    page = text(client, picking(offer, "demande", duree="120"))
    assert "Demander à Karim B." in page
    sent = {"day": "2026-11-27", "hour": "14:30", "note": "", "otherwise": "nobody"}
    answer = client.post(picking(offer, "demande", duree="120"), sent)
    assert answer.headers["Location"] == "/moi/visites/"
    request = Request.objects.select_related("listing").get()
    assert f"{request.listing.starts_at:%d %H:%M}" == "27 13:30"
    assert Proposal.objects.get().person == offer.person


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Écrivez la date ainsi"),
        ({"day": "demain", "hour": "9h"}, "Écrivez la date ainsi"),
        ({"day": "2026-11-20", "hour": "10:00", "otherwise": "another"}, "Ce moment est passé"),
    ],
)
def test_nonsense_comes_back_with_a_sentence(
    inside_as: Visitor, offer: Offer, odile: Person, sent: dict[str, str], said: str
) -> None:
    answer = inside_as(odile).post(picking(offer, "demande", duree="120"), {**sent, "note": "Portail vert"})
    assert answer.status_code == 422
    assert said in answer.content.decode().replace("\u00a0", " ")
    assert "Portail vert" in answer.content.decode()
    assert not Request.objects.exists()


# A worker's own


Sent = dict[str, str]
TERMS: Sent = {"activity": "haie", "reach_km": "5", "bookable": "on", "named": "on", "details": "Avec mon taille-haie."}


def test_a_worker_puts_up_an_offer_without_naming_a_price(inside_as: Visitor, karim: Person) -> None:
    client = inside_as(karim)
    page = text(client, "/moi/annonces/nouvelle")
    assert {"activity", "reach_km", "bookable", "named", "details", "until"} == set(
        re.findall(r'<input[^>]* name="(\w+)"', page)
    ) - {"csrfmiddlewaretoken"}
    answer = client.post("/moi/annonces/nouvelle", {**TERMS, "hourly_price": "1"})
    assert answer.headers["Location"] == "/moi/annonces/"
    offer = Offer.objects.select_related("listing").get()
    assert (offer.listing.state, offer.hourly_price, offer.mode) == ("draft", None, "placement_fr")
    assert Consent.objects.get(purpose="show_first_name").given
    assert "Bientôt en ligne" in text(client, "/moi/annonces/")


@pytest.mark.parametrize("odd", [{"activity": "voler"}, {"reach_km": "400"}, {"until": "2020-01-01"}, {"until": "x"}])
def test_an_odd_offer_comes_back(inside_as: Visitor, karim: Person, odd: Sent) -> None:
    answer = inside_as(karim).post("/moi/annonces/nouvelle", {**TERMS, **odd})
    assert answer.status_code == 422
    assert "Avec mon taille-haie." in answer.content.decode()
    assert not Offer.objects.exists()


def test_free_times_are_ticked_and_odd_hours_kept(inside_as: Visitor, karim: Person, act: Act) -> None:
    jobs.set_free_times(act=act, person=karim, weekly=[(0, "09:30", "11:00")])
    client = inside_as(karim)
    page = text(client, "/moi/annonces/")
    assert re.search(r'name="free-0" value="09:30-11:00"[^>]*checked', page)
    client.post("/moi/heures-libres", {"free-0": ["09:30-11:00", "14:00-18:00"], "free-2": "08:00-12:00"})
    assert Worker.objects.get(person=karim).free_times == [
        [0, "09:30", "11:00"], [0, "14:00", "18:00"], [2, "08:00", "12:00"],
    ]  # fmt: skip
    assert client.post("/moi/heures-libres", {"free-0": "00:00-99:00"}).status_code == 422


def test_a_single_day_is_added_and_taken_away(inside_as: Visitor, karim: Person, nadege: Person) -> None:
    client = inside_as(karim)
    day = {"moment-day": "2026-11-28", "moment-opens": "09:00", "moment-closes": "12:00"}
    assert client.post("/moi/heures-libres/jours", {**day, "moment-closes": "08:00"}).status_code == 422
    assert client.post("/moi/heures-libres/jours", {**day, "moment-day": "2026-11-01"}).status_code == 422
    client.post("/moi/heures-libres/jours", day)
    moment = FreeMoment.objects.get()
    assert moment.ends_at - moment.starts_at == timedelta(hours=3)
    address = f"/moi/heures-libres/jours/{moment.id}/retrait"
    assert inside_as(nadege).post(address).status_code == 404
    client.post(address)
    assert not FreeMoment.objects.exists()


def test_a_worker_pauses_resumes_changes_and_ends_their_own(inside_as: Visitor, offer: Offer, nadege: Person) -> None:
    client, base = inside_as(offer.person), f"/moi/annonces/{offer.listing.number}/"

    def state() -> str:
        offer.listing.refresh_from_db()
        return offer.listing.state

    for verb, after in (("pause", "paused"), ("reprise", "open")):
        client.post(f"{base}{verb}")
        assert state() == after
    assert client.post(f"{base}reprise").status_code == 422
    assert inside_as(nadege).post(f"{base}pause").status_code == 404
    assert inside_as(nadege).get(base).status_code == 404
    assert "Avec mon taille-haie." in text(client, base)
    client.post(base, {"reach_km": "10", "details": "À deux"})
    assert (state(), offer.listing.details) == ("draft", "À deux")
    client.post(f"{base}retrait")
    assert state() == "closed"


def test_an_offers_page_asks_as_much_for_many(inside_as: Visitor, offer: Offer, act: Act, hedge: Activity) -> None:
    client = inside_as(offer.person)
    before = questions(client, "/moi/annonces/")
    more: Callable[[str], Activity] = lambda code: jobs.add_activity(act=act, code=code, name=code, pictogram="jardin")  # noqa: E731  # One line.
    for code in ("vitres", "courses", "cuisine"):
        jobs.put_up(act=act, person=offer.person, activity=more(code), terms=Terms(reach_km=5))
    assert questions(client, "/moi/annonces/") == before
