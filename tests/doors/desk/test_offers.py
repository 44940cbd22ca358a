"""Offers at the desk: looked at, opened, said and booked on the telephone."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from entremise.history.models import Fact
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, FreeMoment, Mission, Offer, Worker
from entremise.jobs.operations.offers import Terms
from entremise.kernel.act import Act, Role
from entremise.messaging.models import Task
from entremise.people.models import Person, Place
from tests.conftest import TODAY
from tests.doors.desk.conftest import Desk
from tests.doors.desk.test_counts import questions
from tests.jobs.conftest import new_worker
from tests.jobs.test_offers import WEDNESDAY, offer, on_the_site, waiting

__all__ = ["offer", "waiting"]


def address(offer: Offer, verb: str = "") -> str:
    return f"/bureau/annonces/{offer.listing.number}/{verb}"


def state(offer: Offer) -> str:
    offer.listing.refresh_from_db()
    return offer.listing.state


def test_an_offer_is_found_from_its_task_looked_at_and_opened(coordination: Client, waiting: Offer) -> None:
    task = coordination.get(f"/bureau/taches/{Task.objects.get().id}/").content.decode()
    assert address(waiting) in task
    assert address(waiting) in coordination.get("/bureau/annonces/").content.decode()
    assert "Ouvrir au public" in coordination.get(address(waiting)).content.decode()
    assert coordination.post(address(waiting, "ouverture")).status_code == 302
    assert state(waiting) == "open"
    assert address(waiting) not in coordination.get("/bureau/annonces/").content.decode()
    assert address(waiting) in coordination.get("/bureau/annonces/?etat=en-ligne").content.decode()
    assert coordination.post(address(waiting, "ouverture")).status_code == 422, "once is enough"


def test_a_support_worker_notes_an_offer_and_a_coordinator_opens_it(desk: Desk, karim: Person) -> None:
    support = desk(Role.SUPPORT_WORKER, given="Nora", family="Adel")
    base = f"/bureau/personnes/{karim.id}/annonces"
    assert "Noter l’annonce" in support.get(base).content.decode()
    answer = support.post(base, {"activity": "haie", "reach_km": "5"})
    offer = Offer.objects.select_related("listing").get()
    assert answer.headers["Location"] == address(offer)
    assert (state(offer), Fact.objects.get(type="listing_drafted").on_behalf_of) == ("draft", karim.id)
    assert support.post(address(offer, "ouverture")).status_code == 404


def test_the_desk_pauses_changes_and_ends_for_somebody_on_the_phone(coordination: Client, offer: Offer) -> None:
    for verb, after in (("pause", "paused"), ("reprise", "open")):
        coordination.post(address(offer, verb))
        assert state(offer) == after
    coordination.post(address(offer), {"reach_km": "10", "details": "À deux"})
    assert (state(offer), offer.listing.details) == ("open", "À deux")
    assert coordination.post(address(offer), {"reach_km": "loin"}).status_code == 422
    coordination.post(address(offer, "retrait"))
    assert state(offer) == "closed"
    assert coordination.get(address(offer)).status_code == 200


def test_free_times_are_said_on_the_phone(coordination: Client, karim: Person) -> None:
    base = f"/bureau/personnes/{karim.id}/heures-libres"
    coordination.post(base, {"free-1": "08:00-12:00"})
    assert Worker.objects.get(person=karim).free_times == [[1, "08:00", "12:00"]]
    day = {"moment-day": "28/11/2026", "moment-opens": "09:00", "moment-closes": "12:00"}
    coordination.post(f"{base}/jours", day)
    assert coordination.post(f"{base}/jours", {**day, "moment-day": "samedi"}).status_code == 422
    moment = FreeMoment.objects.get()
    assert moment.starts_at - TODAY == timedelta(days=4, hours=23)
    coordination.post(f"{base}/jours/{moment.id}/retrait")
    assert not FreeMoment.objects.exists()


def test_a_client_on_the_phone_has_a_moment_booked(coordination: Client, offer: Offer, odile: Person) -> None:
    page = coordination.get(address(offer)).content.decode()
    assert f'value="{WEDNESDAY.isoformat()}"' in page
    answer = coordination.post(address(offer, "reservation"), {"who": "Marsan", "start": WEDNESDAY.isoformat()})
    mission = Mission.objects.select_related("request__listing").get()
    assert answer.headers["Location"] == f"/bureau/demandes/{mission.number}/"
    assert mission.client == odile
    page = coordination.get(answer.headers["Location"]).content.decode()
    assert "Karim Belkacem, moment réservé" in page


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"who": "Personne", "start": WEDNESDAY.isoformat()}, "une seule personne doit correspondre"),
        ({"who": "Marsan", "start": TODAY.isoformat()}, "Ce moment n’est plus libre"),
        ({"who": "Marsan", "picked": "new", "start": WEDNESDAY.isoformat()}, "Choisissez la personne dans la liste"),
        ({}, "Écrivez le nom ou le téléphone"),
    ],
)
def test_a_booking_that_is_odd_comes_back(
    coordination: Client, offer: Offer, odile: Person, sent: dict[str, str], said: str
) -> None:
    answer = coordination.post(address(offer, "reservation"), sent)
    assert answer.status_code == 422
    assert said in re.sub(r"\s+", " ", answer.content.decode())
    assert not Mission.objects.exists()


def test_a_direct_request_says_who_is_wanted(coordination: Client, offer: Offer, odile: Person, act: Act) -> None:
    act = on_the_site(odile)
    request = jobs.ask_person(act=act, offer=offer, client=odile, starts_at=WEDNESDAY, minutes=120, else_another=False)
    page = coordination.get(f"/bureau/demandes/{request.listing.number}/").content.decode()
    assert "Karim Belkacem, et personne d’autre" in page


def test_lists_ask_as_much_for_many_offers(
    coordination: Client, offer: Offer, act: Act, hedge: Activity, place: Place
) -> None:
    def more(count: int) -> None:
        for number in range(count):
            person = new_worker(act, place, "Ana", f"S{Offer.objects.count()}", f"06 39 98 22 {number:02}")
            jobs.put_up(act=act, person=person, activity=hedge, terms=Terms(reach_km=5))

    before = questions(lambda: coordination.get("/bureau/annonces/?etat=en-ligne"))
    more(4)
    assert questions(lambda: coordination.get("/bureau/annonces/?etat=en-ligne")) == before
