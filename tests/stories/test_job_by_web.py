"""A neighbour asks on the web at night; the desk calls in the morning, and the job goes on to confirmed hours."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from entremise.agreements.models import Agreement
from entremise.jobs.models import Mission, Request, UnsentRequest
from entremise.kernel.act import Role
from entremise.market.models import Listing
from entremise.messaging.models import Call, Incoming, Task
from entremise.people.models import ContactPoint, Person
from tests.stories.conftest import HOST, Time
from tests.stories.test_job_by_phone import alerts, photo

YVES, KARIM = "+33639985501", "+33639982001"
NIGHT = {"hour": 22, "minute": 40}


def begin(neighbour: Client, **pages: dict[str, object]) -> None:
    for page, typed in pages.items():
        answer = neighbour.post(f"/demander/{page}/", typed)
        assert answer.status_code == 302, alerts(answer)


@pytest.fixture
def neighbour(organisation: object) -> Client:
    return Client(headers={"host": HOST})


@pytest.mark.usefixtures("inside")
def test_a_request_by_web_at_night_to_confirmed_hours(
    time: Time, desk: object, neighbour: Client, karim: Person, nadege: Person, legal: None
) -> None:
    coordination: Client = desk(Role.COORDINATOR)  # type: ignore[operator]  # A fixture that signs staff in.

    # 1 · At night: four questions, a check, a number. Nobody is known before it is sent.
    time.to(time.now.replace(**NIGHT))
    begin(
        neighbour,
        besoin={"words": "ma haie est trop haute"},
        details={"length": "120", "note": "Le portail est vert"},
        quand={"how": "day", "days": ["2026-11-25", "2026-11-26"], "moment": "morning"},
        vous={
            "name": "Yves Dupont",
            "phone": "06.39.98.55.01",
            "street": "3, rue du Four",
            "place": "33490 Valmarelle",
            "agreed": "on",
        },
    )
    assert "49,00" in neighbour.get("/demander/verifier/").content.decode()
    assert not Person.objects.filter(family_name="Dupont").exists()
    for _click in range(2):
        assert neighbour.post("/demander/verifier/").headers["Location"] == "/demander/envoyee/"
    request = Request.objects.select_related("listing").get()
    number = request.listing.number
    assert f"Votre demande {number} est envoyée" in neighbour.get("/demander/envoyee/").content.decode()
    time.rounds()
    assert any(str(number) in text for text in time.texts_to(YVES))

    # 2 · No worker and no public list sees it; what comes from that number is not taken as theirs.
    assert Listing.objects.get().state == "draft"
    time.text_from(YVES, f"OUI {number}")
    assert Incoming.objects.get().person is None
    coordination.post(f"/bureau/demandes/{number}/propositions", {"workers": [str(karim.id)]})
    assert Request.objects.get().state == "claimed"

    # 3 · In the morning it waits among the calls to make, with its door; the desk calls, and says who it is.
    time.to((time.now + timedelta(days=1)).replace(hour=8, minute=30))
    board = coordination.get("/bureau/").content.decode()
    ticket = re.search(r'<a class="ticket" href="/bureau/demandes/\d+/"><b>(.*?)</a>', board, re.DOTALL)
    assert ticket
    assert "Yves Dupont" in ticket[1]
    assert "Internet" in ticket[1]
    page = coordination.get(f"/bureau/demandes/{number}/").content.decode().replace("\u00a0", " ")
    assert "Qui est-ce" in page
    assert "mercredi 25 novembre ou jeudi 26 novembre, le matin" in page
    answer = coordination.post(f"/bureau/demandes/{number}/identite", {"person": "new"})
    assert answer.status_code == 302, alerts(answer)
    assert not Task.objects.filter(kind="web_request", done_at__isnull=True).exists()
    assert not ContactPoint.objects.get(value=YVES).claimed
    settled = {"day": "26/11/2026", "start": "9:30", "minutes": "2 h", "note": "Le portail est vert"}
    answer = coordination.post(f"/bureau/demandes/{number}/modification", settled)
    assert answer.status_code == 302, alerts(answer)
    assert Request.objects.get().unsettled == ""

    # 4 · From here it is a job like any other: proposed, accepted by text, signed, done, confirmed by text.
    coordination.post(f"/bureau/demandes/{number}/propositions", {"workers": [str(karim.id), str(nadege.id)]})
    time.rounds()
    time.text_from(KARIM, f"OUI {number}")
    agreement = Agreement.objects.get()
    answer = coordination.post(f"/bureau/contrats/{agreement.number}/", {"role": "client", "read_aloud": "on"})
    assert answer.status_code == 302, alerts(answer)
    answer = coordination.post(f"/bureau/contrats/{agreement.number}/papier", {"role": "worker", "scan": photo()})
    assert answer.status_code == 302, alerts(answer)
    time.to(Mission.objects.get().ends_at + timedelta(minutes=20))
    time.text_from(KARIM, f"H {number} 2")
    time.to(time.now + timedelta(hours=1))
    time.text_from(YVES, f"OUI {number}")
    assert Mission.objects.get().state == "confirmed"


@pytest.mark.usefixtures("inside")
def test_a_known_neighbour_who_did_not_sign_in_is_recognised_by_the_desk(
    time: Time, desk: object, neighbour: Client, odile: Person, karim: Person, legal: None
) -> None:
    coordination: Client = desk(Role.COORDINATOR)  # type: ignore[operator]  # A fixture that signs staff in.
    begin(
        neighbour,
        besoin={"activity": "haie"},
        details={"length": "120"},
        quand={"how": "day", "said": "jeudi 26 novembre à 10 h"},
        vous={
            "name": "odile MARSAN",
            "phone": "0639981427",
            "street": "12 rue des Tilleuls",
            "place": "Valmarelle",
            "agreed": "on",
        },
    )
    neighbour.post("/demander/verifier/")
    request = Request.objects.select_related("listing", "client").get()
    visitor, number = request.client, request.listing.number
    assert visitor != odile
    page = coordination.get(f"/bureau/demandes/{number}/").content.decode()
    assert "même téléphone" in page
    answer = coordination.post(f"/bureau/demandes/{number}/identite", {"person": str(odile.id)})
    assert answer.status_code == 302, alerts(answer)
    request.refresh_from_db()
    assert (request.client, request.listing.person, request.state) == (odile, odile, "open")
    assert not visitor.contacts.exists()
    for shown in ("", "injoignables"):  # Of whom they turned out to be, the desk has one card.
        assert str(visitor.id) not in coordination.get("/bureau/personnes/", {"role": shown}).content.decode()
    answer = coordination.post(f"/bureau/demandes/{number}/identite", {"person": "new"})
    assert answer.status_code == 422


@pytest.mark.usefixtures("inside")
def test_a_neighbour_who_stops_finishes_by_telephone_with_a_code(
    time: Time, desk: object, neighbour: Client, legal: None, karim: Person
) -> None:
    coordination: Client = desk(Role.COORDINATOR)  # type: ignore[operator]  # A fixture that signs staff in.

    # 1 · Two answers, then the telephone: the page says a code.
    begin(neighbour, besoin={"activity": "haie"}, details={"length": "180", "note": "Le chien est gentil"})
    page = neighbour.get("/demander/quand/").content.decode()
    said = re.search(r'<b class="nw money">(\d\d) (\d\d)</b>', page)
    assert said
    code = said[1] + said[2]

    # 2 · The desk types it, with or without a space, in the search or where the caller's name goes.
    for address in (f"/bureau/chercher?q={said[1]}+{said[2]}", f"/bureau/appelant?q={code}"):
        assert f"/bureau/appel?code={code}" in coordination.get(address).content.decode(), address

    # 3 · The call screen continues with what was answered.
    page = coordination.get(f"/bureau/appel?code={code}").content.decode()
    for answered in ("Tailler une haie", "Le chien est gentil", "3\u00a0h"):
        assert answered in page, answered
    typed = {
        "client": "new",
        "who": "Yves Dupont",
        "phone": "06 39 98 55 01",
        "street": "3, rue du Four",
        "place": "Valmarelle",
        "what": "Tailler une haie",
        "when": "jeudi 9h",
        "length": "3 h",
        "note": "Le chien est gentil",
        "code": code,
        "seen": "1",
        "do": "request",
    }
    answer = coordination.post("/bureau/appel", typed)
    assert answer.status_code == 302, alerts(answer)
    request = Request.objects.select_related("listing").get()
    assert (request.posted_door, request.minutes, request.state) == ("phone", 180, "open")
    assert Call.objects.get().about_id == request.id

    # 4 · The page that stayed open says the same number, and sends nothing twice.
    assert UnsentRequest.objects.get().request_id == request.id
    neighbour.post("/demander/verifier/")
    assert Request.objects.count() == 1
    assert str(request.listing.number) in neighbour.get("/demander/envoyee/").content.decode()
    assert f"appel?code={code}" not in coordination.get(f"/bureau/chercher?q={code}").content.decode()
