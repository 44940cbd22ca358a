"""The call screen, through the door."""

import pytest
from django.test import Client

from entremise.jobs.models import Request
from entremise.messaging.models import Call, Task
from entremise.people.models import Consent, ContactPoint, Person, Place
from tests.doors.desk.pages import text

pytestmark = pytest.mark.usefixtures("inside", "place", "hedge")

CALL = "/bureau/appel"
HEDGE = {"line": "haie mardi matin 2h", "seen": "1", "do": "request"}


def test_three_letters_find_the_caller(coordination: Client, odile: Person) -> None:
    page = text(coordination.get("/bureau/appelant", {"q": "odi"}))
    assert "<mark>Odi</mark>le Marsan" in page
    assert f'data-value="{odile.id}"' in page
    assert "12, rue des Tilleuls" in page


def test_the_end_of_a_telephone_finds_the_caller(coordination: Client, odile: Person) -> None:
    assert str(odile.id) in text(coordination.get("/bureau/appelant", {"q": "1427"}))


def test_a_ringing_number_brings_the_card_up(coordination: Client, odile: Person) -> None:
    page = text(coordination.get(CALL, {"tel": "0639981427"}))
    assert "Mme Odile Marsan" in page
    assert "Portail vert" in page


def test_the_preview_says_what_was_understood_with_its_price(coordination: Client, odile: Person) -> None:
    asked = {"client": str(odile.id), "line": "haie mardi matin 2h"}
    page = text(coordination.get("/bureau/appel/apercu", asked))
    assert "tailler une haie, demain mardi 24 novembre à 9 heures, 2 heures, chez vous 12, rue des Tilleuls" in page
    assert "49,00 €" in page
    assert 'data-fill="what" value="Tailler une haie"' in page
    assert "(heure à confirmer)" in page


def test_a_field_corrects_the_line(coordination: Client, odile: Person) -> None:
    asked = {"client": str(odile.id), "line": "haie mardi matin 2h", "when": "jeudi 14h", "length": "3h"}
    page = text(coordination.get("/bureau/appel/apercu", asked))
    assert "jeudi 26 novembre à 14 heures, 3 heures" in page


def test_a_call_ends_with_a_request(coordination: Client, odile: Person, karim: Person) -> None:
    answer = coordination.post(CALL, {**HEDGE, "client": str(odile.id), "who": "Odile Marsan"})
    made = Request.objects.get()
    assert answer["Location"] == f"/bureau/demandes/{made.listing.number}/"
    assert (made.client, made.minutes, made.price, made.posted_door) == (odile, 120, 4900, "phone")
    call = Call.objects.get()
    assert (call.outcome, call.about_id, call.person) == ("request", made.id, odile)
    assert "Proposer à Karim Belkacem" in text(coordination.get(answer["Location"]))


def test_a_form_sent_twice_is_one_request(coordination: Client, odile: Person) -> None:
    typed = {**HEDGE, "client": str(odile.id), "once_key": "01a20b42-968d-717d-a4e7-2852fc8930b9"}
    first, second = coordination.post(CALL, typed), coordination.post(CALL, typed)
    assert first["Location"] == second["Location"]
    assert Request.objects.count() == Call.objects.count() == 1


def test_without_scripts_the_first_post_shows_and_the_second_saves(coordination: Client, odile: Person) -> None:
    typed = {"client": str(odile.id), "line": "haie mardi matin 2h", "do": "request"}
    page = text(coordination.post(CALL, typed), 422)
    assert "demain mardi 24 novembre" in page
    assert 'name="seen" value="1"' in page
    assert not Request.objects.exists()
    assert coordination.post(CALL, {**typed, "seen": "1"}).status_code == 302


def test_a_new_caller_is_written_down_with_their_consent(coordination: Client, place: Place) -> None:
    typed = {"client": "new", "who": "M. Aubry Paul", "phone": "06 39 98 77 01", "place": "33490 Valmarelle"}
    assert coordination.post(CALL, {**HEDGE, **typed, "street": "3, rue du Four"}).status_code == 302
    client = Request.objects.get().client
    assert (client.called, client.place) == ("M. Paul Aubry", place)
    assert ContactPoint.objects.get(person=client).value == "+33639987701"
    consent = Consent.objects.get()
    assert (consent.person, consent.given, consent.how) == (client, True, "phone")


def test_a_name_that_somebody_has_asks_who_it_is(coordination: Client, odile: Person) -> None:
    page = text(coordination.post(CALL, {**HEDGE, "who": "Marsan"}), 422)
    assert "Est-ce une de ces personnes ?" in page
    assert "Choisissez la personne dans la liste" in page
    assert f'type="radio" name="client" value="{odile.id}"' in page
    assert not Request.objects.exists()


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(
    coordination: Client, odile: Person
) -> None:
    typed = {"client": str(odile.id), "what": "haie", "when": "un de ces jours", "note": "portail vert", "seen": "1"}
    page = text(coordination.post(CALL, {**typed, "do": "request"}), 422)
    assert "Quel jour ?" in page
    assert "Combien de temps ?" in page
    assert "un de ces jours" in page
    assert "portail vert" in page


def test_a_telephone_that_is_not_one_is_refused_kindly(coordination: Client) -> None:
    page = text(coordination.post(CALL, {**HEDGE, "client": "new", "who": "Aubry Paul", "phone": "12"}), 422)
    assert "Le numéro « 12 » n’est pas complet" in page
    assert not Person.objects.filter(family_name="Aubry").exists()


def test_to_call_back_is_a_task(coordination: Client, odile: Person) -> None:
    typed = {"client": str(odile.id), "line": "devis peinture", "do": "call_back"}
    assert coordination.post(CALL, typed)["Location"] == "/bureau/"
    task = Task.objects.get()
    assert (task.kind, task.person, task.params["note"]) == ("call_back", odile, "devis peinture")
    assert Call.objects.get().outcome == "call_back"
    page = text(coordination.get("/bureau/"))
    assert "Mme Odile Marsan" in page
    assert "devis peinture" in page


def test_to_call_back_somebody_unknown_needs_a_number(coordination: Client) -> None:
    assert "À quel numéro rappeler ?" in text(coordination.post(CALL, {"who": "Mairie", "do": "call_back"}), 422)
    coordination.post(CALL, {"who": "Mairie", "phone": "05 36 49 12 34", "do": "call_back"})
    assert Task.objects.get().params["name"] == "Mairie"


def test_a_call_without_anything_is_logged_too(coordination: Client) -> None:
    coordination.post(CALL, {"do": "nothing"})
    assert Call.objects.get().outcome == "nothing"


def test_the_same_again_takes_the_job_and_its_hour(coordination: Client, request_: Request, odile: Person) -> None:
    again = {"client": str(odile.id), "refaire": str(request_.listing.number)}
    page = text(coordination.get(CALL, again))
    assert 'value="Tailler une haie"' in page
    assert 'value="2 h"' in page
    typed = {"client": str(odile.id), "like": str(request_.listing.number), "what": "Tailler une haie", "length": "2 h"}
    coordination.post(CALL, {**typed, "when": "jeudi", "seen": "1", "do": "request"})
    made = Request.objects.exclude(id=request_.id).get()
    assert made.repeats == request_
    assert made.listing.starts_at is not None
    assert request_.listing.starts_at is not None
    assert (made.listing.starts_at.isoweekday(), made.listing.starts_at.time()) == (
        4,
        request_.listing.starts_at.time(),
    )


def test_a_recurring_job_is_read_back_with_its_rhythm(coordination: Client, odile: Person) -> None:
    asked = {"client": str(odile.id), "line": "haie tous les vendredis 14h 2h"}
    page = text(coordination.get("/bureau/appel/apercu", asked))
    assert "chaque vendredi, à partir de vendredi 27 novembre à 14 heures" in page
    assert "chaque fois" in page


def test_the_treasurer_takes_no_calls(treasury: Client) -> None:
    assert treasury.get(CALL).status_code == 404


@pytest.mark.parametrize(
    ("when", "said"), [("aujourd'hui 8h", "Ce moment est passé"), ("12/12/2020 9h", "Quel jour ?")]
)
def test_a_moment_that_is_over_is_said_beside_when(coordination: Client, odile: Person, when: str, said: str) -> None:
    typed = {**HEDGE, "client": str(odile.id), "line": "", "what": "haie", "when": when, "length": "2 h"}
    page = text(coordination.post(CALL, typed), 422)
    assert said in page
    assert Request.objects.count() == 0
