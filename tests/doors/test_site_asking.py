"""A request on the web, page by page."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from entremise.doors.clock import watch
from entremise.doors.clock.upkeep import forget_unsent_requests
from entremise.doors.clock.watch import Watch
from entremise.doors.frame import visit
from entremise.jobs.models import Activity, Request, TerritoryPlace, UnsentRequest
from entremise.jobs.operations import add_activity, asking
from entremise.jobs.rules.consent import WEB_WORDING
from entremise.kernel.act import Act, Actor, Door
from entremise.messaging.models import Letter, Task
from entremise.people.models import Consent, Person, Place
from entremise.people.operations import stop_texts
from entremise.people.queries import people_with_phone
from entremise.tenancy.models import Organisation
from tests.conftest import TODAY
from tests.doors.conftest import HOST, Visitor, questions
from tests.jobs.conftest import hedge, karim, legal, odile, place

__all__ = ["hedge", "karim", "legal", "odile", "place"]

NEED = {"activity": "haie", "words": "ma haie est trop haute"}
DETAILS = {"length": "120", "note": "Portail vert"}
DAY = {"how": "day", "said": "mardi 24 novembre à 14 h"}
YOU = {
    "name": "Odile Marsan",
    "phone": "06 39 98 14 27",
    "street": "12, rue des Tilleuls",
    "place": "Valmarelle",
    "agreed": "on",
}
ANSWERS = {"besoin": NEED, "details": DETAILS, "quand": DAY, "vous": YOU}


def answer(client: Client, **changed: object) -> None:
    for page, typed in {**ANSWERS, **changed}.items():
        given = client.post(f"/demander/{page}/", typed)
        assert given.status_code == 302, given.content.decode()


def send(client: Client) -> Request:
    assert client.post("/demander/verifier/").headers["Location"] == "/demander/envoyee/"
    return Request.objects.select_related("listing", "client").latest("posted_at", "id")


def text(client: Client, address: str) -> str:
    given = client.get(address)
    assert given.status_code == 200, given.headers.get("Location")
    return given.content.decode().replace("\u00a0", " ")


def test_each_answer_leads_to_the_next_question(visitor: Client, hedge: Activity, place: Place) -> None:
    steps = [visitor.post(f"/demander/{page}/", typed).headers["Location"] for page, typed in ANSWERS.items()]
    assert steps == [f"/demander/{page}/" for page in ("details", "quand", "vous", "verifier")]
    page = text(visitor, "/demander/verifier/")
    assert "Vérifiez et envoyez votre demande" in page
    assert "Mardi 24 novembre, 14 h" in page
    assert "06 39 98 14 27" in page
    assert "Salaire de la personne" in page


def test_nobody_is_written_down_before_it_is_sent(visitor: Client, hedge: Activity, place: Place) -> None:
    answer(visitor)
    assert not Person.objects.filter(family_name="Marsan").exists()
    assert not Request.objects.exists()
    sent = send(visitor)
    assert (sent.state, sent.posted_door, sent.posted_by) == ("claimed", "site", None)
    assert (sent.client.given_name, sent.client.family_name) == ("Odile", "Marsan")
    assert (sent.price, sent.minutes, sent.note) == (4900, 120, "Portail vert")
    consent = Consent.objects.get(person=sent.client)
    assert (consent.given, consent.wording, consent.how) == (True, WEB_WORDING, "site")


def test_it_says_its_number_and_when_we_call(visitor: Client, hedge: Activity, place: Place) -> None:
    answer(visitor)
    sent = send(visitor)
    page = text(visitor, "/demander/envoyee/")
    assert f"Votre demande {sent.listing.number} est envoyée" in page
    assert "avant mardi 24 novembre, 12 h" in page
    letter = Letter.objects.get(template="request_noted")
    assert (letter.channel, letter.address, letter.person) == ("text", "+33639981427", sent.client)


def test_a_double_click_sends_it_once(visitor: Client, hedge: Activity, place: Place) -> None:
    answer(visitor)
    send(visitor)
    send(visitor)
    assert Request.objects.count() == 1
    assert visitor.get("/demander/verifier/").headers["Location"] == "/demander/envoyee/"


def test_of_what_was_sent_nothing_stays_beside(visitor: Client, hedge: Activity, place: Place) -> None:
    answer(visitor)
    send(visitor)
    kept = UnsentRequest.objects.get()
    assert (kept.name, kept.phone, kept.street, kept.note, kept.typed) == ("", "", "", "", {})


def test_a_change_comes_back_to_the_check(visitor: Client, hedge: Activity, place: Place) -> None:
    answer(visitor)
    assert text(visitor, "/demander/verifier/").count("?verifier=1") == 6
    page = text(visitor, "/demander/quand/?verifier=1")
    assert 'value="mardi 24 novembre à 14 h"' in page
    changed = visitor.post("/demander/quand/?verifier=1", {"how": "soon"})
    assert changed.headers["Location"] == "/demander/verifier/"
    assert "Dès que possible" in text(visitor, "/demander/verifier/")


def test_a_question_too_early_leads_to_the_first(visitor: Client, hedge: Activity, place: Place) -> None:
    for page in ("details", "quand", "vous", "verifier", "envoyee"):
        asked = visitor.get(f"/demander/{page}/", follow=True)
        assert asked.redirect_chain[-1][0] == "/demander/besoin/", page
    answered = visitor.post("/demander/verifier/", follow=True)
    assert answered.redirect_chain[-1][0] == "/demander/besoin/"
    visitor.post("/demander/besoin/", NEED)
    assert visitor.get("/demander/", follow=True).redirect_chain[-1][0] == "/demander/details/"


BAD = (
    ("besoin", {}, "Choisissez une image"),
    ("besoin", {"activity": "zzz"}, "Choisissez une image"),
    ("besoin", {"words": "xyzzy"}, "vos mots sont gardés"),
    ("besoin", {"activity": "haie", "words": "x" * 201}, "200"),
    ("details", {}, "Choisissez une durée"),
    ("details", {"length": "-5"}, "Écrivez la durée"),
    ("details", {"length": "other", "other": "un certain temps"}, "Écrivez la durée"),
    ("details", {"length": "other", "other": "90 h"}, "entre 15 minutes et 12"),
    ("details", {"length": "120", "note": "x" * 301}, "300"),
    ("quand", {}, "Choisissez une réponse"),
    ("quand", {"how": "jamais"}, "Choisissez une réponse"),
    ("quand", {"how": "day"}, "Choisissez un jour à venir"),
    ("quand", {"how": "day", "days": ["2020-01-01"]}, "Choisissez un jour à venir"),
    ("quand", {"how": "day", "said": "le 3 mars 2020"}, "Choisissez un jour à venir"),
    ("quand", {"how": "day", "said": "aujourd’hui à 9 h"}, "Ce moment est passé"),
    ("quand", {"how": "day", "said": "n’importe quoi"}, "Choisissez un jour à venir"),
    ("quand", {"how": "weekly"}, "Choisissez un jour de la semaine"),
    ("quand", {"how": "weekly", "weekdays": ["XX"]}, "XX"),
    ("vous", {**YOU, "name": "!!"}, "Écrivez votre prénom"),
    ("vous", {**YOU, "name": "\0Odile"}, "nul"),
    ("vous", {**YOU, "name": "Odile " + "x" * 90}, "Écrivez votre prénom"),
    ("vous", {**YOU, "phone": "06 12"}, "Le numéro « 06 12 » n’est pas complet"),
    ("vous", {**YOU, "phone": ""}, "Écrivez votre numéro"),
    ("vous", {**YOU, "street": " "}, "Écrivez le numéro et la rue"),
    ("vous", {**YOU, "place": "Atlantide"}, "n’est pas dans la liste"),
    ("vous", {**YOU, "place": ""}, "Écrivez la commune"),
    ("vous", {key: value for key, value in YOU.items() if key != "agreed"}, "Cochez pour"),
)


@pytest.mark.parametrize(("page", "typed", "said"), BAD)
def test_nonsense_is_answered_beside_its_field(
    visitor: Client, hedge: Activity, place: Place, page: str, typed: dict[str, object], said: str
) -> None:
    for before in list(ANSWERS)[: list(ANSWERS).index(page)]:
        visitor.post(f"/demander/{before}/", ANSWERS[before])
    kept = list(UnsentRequest.objects.values())
    refused = visitor.post(f"/demander/{page}/", typed)
    assert refused.status_code == 422
    assert said in refused.content.decode().replace("\u00a0", " ")
    assert list(UnsentRequest.objects.values()) == kept
    assert not Request.objects.exists()


def test_a_place_outside_the_territory_is_refused(visitor: Client, hedge: Activity, place: Place) -> None:
    far = Place.objects.create(
        code="75056", postcode="75001", name="Paris", latitude=48.9, longitude=2.3, search_text="paris"
    )
    TerritoryPlace.objects.create(place=place)
    visitor.post("/demander/besoin/", NEED)
    refused = visitor.post("/demander/vous/", {**YOU, "place": far.name})
    assert "Nous n’intervenons pas à Paris" in refused.content.decode()
    assert visitor.post("/demander/vous/", YOU).status_code == 302


def test_a_day_that_passes_meanwhile_is_refused_on_sending(
    visitor: Client, hedge: Activity, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(visitor)
    monkeypatch.setattr(visit, "now", lambda: TODAY + timedelta(days=2))
    refused = visitor.post("/demander/verifier/")
    assert refused.status_code == 422
    assert "Ce moment est passé" in refused.content.decode()
    assert not Person.objects.filter(family_name="Marsan").exists()


TUESDAY_NINE, TUESDAYS = "2026-11-24T09:00", "FREQ=WEEKLY;INTERVAL=1;BYDAY=TU"
WISHES = (
    ({"how": "soon"}, "dès que possible", "2026-11-26T09:00", ""),
    ({"how": "unknown"}, "jour à convenir", "2026-11-26T09:00", ""),
    (
        {"how": "day", "days": ["2026-11-25"], "moment": "afternoon"},
        "mercredi 25 novembre, l’après-midi",
        "2026-11-25T14:00",
        "",
    ),
    (
        {"how": "day", "days": ["2026-11-26", "2026-11-25"]},
        "mercredi 25 novembre ou jeudi 26 novembre",
        "2026-11-25T09:00",
        "",
    ),
    ({"how": "day", "said": "3 décembre à 14 h 30"}, "", "2026-12-03T14:30", ""),
    ({"how": "day", "said": "tous les mardis à 14 h 30"}, "", "2026-11-24T14:30", TUESDAYS),
    (
        {"how": "weekly", "weekdays": ["TH", "TU"], "every": "2", "part": "morning"},
        "toutes les 2 semaines, mardi et jeudi, le matin",
        TUESDAY_NINE,
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH",
    ),
)


@pytest.mark.parametrize(("typed", "wish", "first", "rule"), WISHES)
def test_when_is_taken_as_people_say_it(
    visitor: Client, hedge: Activity, place: Place, typed: dict[str, object], wish: str, first: str, rule: str
) -> None:
    answer(visitor, quand=typed)
    sent = send(visitor)
    assert sent.unsettled.replace("\u00a0", " ") == (f"{wish}, 2 h" if wish else "")
    local = timezone.localtime(sent.listing.starts_at, ZoneInfo("Europe/Paris"))
    assert local.isoformat(timespec="minutes").startswith(first)
    assert sent.listing.recurrence == rule


def test_whoever_does_not_know_how_long_says_so(visitor: Client, hedge: Activity, place: Place) -> None:
    answer(visitor, details={"length": "unknown"})
    sent = send(visitor)
    assert sent.minutes == 120
    assert sent.unsettled.replace("\u00a0", " ") == "mardi 24 novembre, 14 h, durée à voir ensemble"
    assert "14 h, durée à voir ensemble, 49,00" in Letter.objects.get(template="request_noted").body


def test_words_are_enough_to_say_the_need(visitor: Client, hedge: Activity, place: Place) -> None:
    answer(visitor, besoin={"words": "ma haie est trop haute"}, details={"length": "60"})
    assert send(visitor).activity == hedge


def test_the_words_of_the_need_are_found_again_among_what_to_know(
    visitor: Client, hedge: Activity, place: Place
) -> None:
    visitor.post("/demander/besoin/", NEED)
    assert "ma haie est trop haute" in text(visitor, "/demander/details/")


# Whose telephone it is


def test_a_known_telephone_shows_and_changes_nothing_of_its_owner(
    visitor: Client, hedge: Activity, odile: Person
) -> None:
    before = Person.objects.filter(id=odile.id).values().get()
    answer(visitor, vous={**YOU, "name": "Jean Inconnu", "street": "1, rue Haute"})
    sent = send(visitor)
    assert sent.client != odile
    assert "Tilleuls" not in text(visitor, "/demander/envoyee/")
    assert Person.objects.filter(id=odile.id).values().get() == before
    assert people_with_phone(phone="+33639981427") == [odile]


def test_the_same_pages_whether_the_telephone_is_known_or_not(visitor: Client, hedge: Activity, odile: Person) -> None:
    stranger, pages = Client(headers={"host": HOST}), []
    for client, phone in ((visitor, "06 39 98 14 27"), (stranger, "06 39 98 14 28")):
        answer(client, vous={**YOU, "phone": phone})
        number = send(client).listing.number
        pages.append(text(client, "/demander/envoyee/").replace(str(number), "N"))
    assert pages[0] == pages[1]


def test_a_number_that_wants_no_texts_gets_none(visitor: Client, hedge: Activity, odile: Person) -> None:
    stop_texts(act=Act(by=Actor(odile.id), at=TODAY, door=Door.TEXT), phone="+33639981427")
    answer(visitor)
    send(visitor)
    assert Letter.objects.get(template="request_noted").channel == "post"


def test_somebody_who_signed_in_is_not_asked_who_they_are(inside_as: Visitor, hedge: Activity, odile: Person) -> None:
    client = inside_as(odile)
    for page in ("besoin", "details", "quand"):
        given = client.post(f"/demander/{page}/", ANSWERS[page])
    assert given.headers["Location"] == "/demander/verifier/"
    assert "12, rue des Tilleuls" in text(client, "/demander/verifier/")
    sent = send(client)
    assert (sent.client, sent.state, sent.posted_by) == (odile, "open", odile.id)
    assert not Task.objects.exists()


def test_whoever_works_for_us_may_ask_too(inside_as: Visitor, karim: Person) -> None:
    client = inside_as(karim)
    for page in ("besoin", "details", "quand"):
        client.post(f"/demander/{page}/", ANSWERS[page])
    assert send(client).client == karim
    assert karim.memberships.filter(role="client", until__isnull=True).exists()


def test_what_one_visitor_began_no_other_sees(
    visitor: Client, inside_as: Visitor, hedge: Activity, odile: Person
) -> None:
    visitor.post("/demander/besoin/", NEED)
    begun = visitor.session["unsent"]
    other = inside_as(odile)
    session = other.session
    session["unsent"] = begun
    session.save()
    assert other.get("/demander/details/").headers["Location"] == "/demander/besoin/"


# Limits


def test_a_flood_is_stopped(visitor: Client, hedge: Activity, place: Place) -> None:
    visitor.post("/demander/besoin/", NEED)
    given = [visitor.post("/demander/vous/", YOU).status_code for _ in range(6)]
    assert given == [302] * 5 + [429]


def test_what_nobody_finishes_is_forgotten(
    visitor: Client, hedge: Activity, place: Place, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(visitor)
    monkeypatch.setattr(watch, "now", lambda: TODAY + timedelta(days=2))
    assert forget_unsent_requests(Watch(), organisation)
    assert UnsentRequest.objects.exists()
    monkeypatch.setattr(watch, "now", lambda: TODAY + timedelta(days=3, seconds=1))
    forget_unsent_requests(Watch(), organisation)
    assert not UnsentRequest.objects.exists()


def test_when_every_code_is_taken_the_telephone_remains(
    visitor: Client, hedge: Activity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "CODES", 0)
    refused = visitor.post("/demander/besoin/", NEED)
    assert refused.status_code == 422
    assert "Appelez-nous" in refused.content.decode()


def test_an_activity_without_price_is_not_offered(visitor: Client, hedge: Activity, act: Act) -> None:
    hedge.dangerous = True
    hedge.save()
    assert "Appelez-nous" in text(visitor, "/demander/besoin/")


def test_the_home_page_leads_to_it(visitor: Client, hedge: Activity) -> None:
    page = text(visitor, "/")
    assert 'href="/demander/"' in page
    assert 'href="/demander/besoin/?activite=haie"' in page
    assert 'value="haie" id="id_activity_0" checked' in text(visitor, "/demander/besoin/?activite=haie")


def test_its_pages_ask_few_questions(visitor: Client, hedge: Activity, place: Place, act: Act) -> None:
    answer(visitor)
    pages = [f"/demander/{page}/" for page in (*ANSWERS, "verifier")]
    before = [questions(visitor, page) for page in pages]
    for number in range(12):
        add_activity(act=act, code=f"autre-{number}", name=f"Autre {number}", pictogram="jardin", words=[])
    assert [questions(visitor, page) for page in pages] == before
    assert max(before) <= 14
