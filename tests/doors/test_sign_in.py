"""People come in by a code, a card or a link."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from entremise.doors.frame import visit
from entremise.kernel.act import Act
from entremise.messaging import operations as messaging
from entremise.messaging.models import Letter
from entremise.people import operations as people
from entremise.people.models import ContactPoint, EntryKey, Person
from entremise.tenancy.models import Organisation
from tests.conftest import TODAY
from tests.doors.conftest import HOST, Visitor
from tests.jobs.conftest import odile, place

__all__ = ["odile", "place"]

MOBILE = "06 39 98 14 27"
LANDLINE = "05 36 49 12 34"


def ask(visitor: Client, phone: str = MOBILE, wanted: str = "") -> object:
    return visitor.post("/entrer", {"phone": phone, "next": wanted})


def code_sent() -> str:
    body = Letter.objects.filter(template="entry_code").latest("queued_at", "id").body
    return re.search(r"\d{6}", body)[0]


def give(visitor: Client, code: str, **more: object) -> object:
    return visitor.post("/entrer/code", {"code": code, **more})


def test_a_code_by_text_opens_the_space(visitor: Client, odile: Person) -> None:
    assert ask(visitor, " 0639 98 14-27 ").headers["Location"] == "/entrer/code"
    code = code_sent()
    assert give(visitor, f"{code[:3]} {code[3:]}").headers["Location"] == "/moi/"
    assert "Odile Marsan" in visitor.get("/moi/").content.decode()


def test_a_code_leaves_at_once_even_at_night(visitor: Client, odile: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    night = TODAY.replace(hour=23)
    monkeypatch.setattr(visit, "now", lambda: night)
    ask(visitor)
    letter = Letter.objects.get(template="entry_code")
    assert (letter.channel, letter.address, letter.due_at) == ("text", "+33639981427", night)


def test_the_answer_is_the_same_for_a_number_nobody_has(visitor: Client, odile: Person) -> None:
    known, unknown = Client(headers={"host": HOST}), Client(headers={"host": HOST})
    answers = [ask(known), ask(unknown, "06 39 98 99 99")]
    assert [answer.status_code for answer in answers] == [302, 302]
    pages = [
        re.sub(
            r'value="[^"]*"|\d\d\xa0\d\d\xa0\d\d\xa0\d\d\xa0\d\d|Ligne \d+',
            "",
            page.get("/entrer/code").content.decode(),
        )
        for page in (known, unknown)
    ]
    assert pages[0] == pages[1]
    assert Letter.objects.count() == 1


def test_a_number_that_is_not_one_is_explained_and_kept(visitor: Client) -> None:
    answer = ask(visitor, "06 12")
    assert answer.status_code == 422
    assert "Exemple\u00a0: 06 39 98 14 27" in answer.content.decode()
    assert 'value="06 12"' in answer.content.decode()


def test_a_code_serves_once(visitor: Client, odile: Person) -> None:
    ask(visitor)
    code = code_sent()
    give(visitor, code)
    second = Client(headers={"host": HOST})
    ask(second, "06 39 98 99 99")  # Says another number; then its own, without asking for a new code.
    session = second.session
    session["entrance"] = {"phone": "+33639981427", "next": ""}
    session.save()
    answer = give(second, code)
    assert answer.status_code == 422
    assert "plus valable" in answer.content.decode()
    assert second.get("/moi/").status_code == 302


def test_a_wrong_code_is_told_and_counted(visitor: Client, odile: Person) -> None:
    ask(visitor)
    right = code_sent()
    wrong = f"{(int(right) + 1) % 10**6:06}"
    answers = [give(visitor, wrong) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {422}
    assert EntryKey.objects.get().tries == 5
    assert "Trop d’essais" in give(visitor, right).content.decode()
    assert visitor.get("/moi/").status_code == 302


def test_a_code_is_over_after_a_quarter_of_an_hour(
    visitor: Client, odile: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(visitor)
    monkeypatch.setattr(visit, "now", lambda: TODAY + timedelta(minutes=16))
    assert "plus valable" in give(visitor, code_sent()).content.decode()


def test_a_household_says_who_is_there(visitor: Client, odile: Person, act: Act) -> None:
    paul = people.add_person(act=act, given_name="Paul", family_name="Marsan", phones=[MOBILE])
    ask(visitor, wanted="/moi/papiers/")
    assert give(visitor, code_sent()).headers["Location"] == "/entrer/qui"
    assert "Paul Marsan" in visitor.get("/entrer/qui").content.decode()
    assert visitor.post("/entrer/qui", {"person": str(act.by.person)}).status_code == 422
    assert visitor.post("/entrer/qui", {"person": str(paul.id)}).headers["Location"] == "/moi/papiers/"
    assert visitor.get("/moi/papiers/").status_code == 200


def test_who_does_not_say_for_long_begins_again(
    visitor: Client, odile: Person, act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A screen left at that question must not open a space for whoever passes by."""
    paul = people.add_person(act=act, given_name="Paul", family_name="Marsan", phones=[MOBILE])
    ask(visitor)
    give(visitor, code_sent())
    monkeypatch.setattr(visit, "now", lambda: TODAY + timedelta(minutes=16))
    assert visitor.get("/entrer/qui").headers["Location"] == "/entrer"
    assert visitor.post("/entrer/qui", {"person": str(paul.id)}).headers["Location"] == "/entrer"
    assert visitor.get("/moi/").status_code == 302


def test_a_line_of_the_printed_card_opens_too(visitor: Client, odile: Person, act: Act) -> None:
    card = people.print_card(act=act, person=odile, secret_key=settings.SECRET_KEY)
    ask(visitor)
    page = visitor.get("/entrer/code").content.decode()
    line = int(re.search(r"Ligne (\d+)", page)[1])
    assert give(visitor, card[line - 1], position=line).headers["Location"] == "/moi/"


def test_who_has_no_mobile_gets_a_link_in_the_mailbox(visitor: Client, act: Act, inside: Organisation) -> None:
    person = people.add_person(act=act, family_name="Aubry", phones=[LANDLINE], email="aubry@exemple.fr")
    ask(visitor, LANDLINE, wanted="/moi/papiers/")
    letter = Letter.objects.get()
    assert (letter.template, letter.channel, letter.address) == ("entry_link", "email", "aubry@exemple.fr")
    path = re.search(r"http://pas-de-porte\.localhost(/l/\S+)", letter.body)[1]
    assert visitor.post(path).headers["Location"] == "/moi/papiers/"
    assert visitor.get("/moi/papiers/").status_code == 200
    assert EntryKey.objects.get(person=person).used_at


def link_for(act: Act, person: Person, leads_to: str = "/moi/papiers/") -> str:
    _, secret = people.make_entry_code(
        act=act,
        person=person,
        kind="link",
        lasting=timedelta(days=1),
        secret_key=settings.SECRET_KEY,
        leads_to=leads_to,
    )
    return f"/l/{secret}"


def test_a_preview_does_not_use_a_link_up(visitor: Client, odile: Person, act: Act) -> None:
    link = link_for(act, odile)
    for _ in range(3):
        page = Client(headers={"host": HOST}).get(link)
        assert page.status_code == 200
        assert "Marsan" not in page.content.decode()
    assert visitor.post(link).headers["Location"] == "/moi/papiers/"


def test_a_link_serves_once_and_then_leads_whoever_is_in(visitor: Client, odile: Person, act: Act) -> None:
    link = link_for(act, odile)
    visitor.post(link)
    assert visitor.get(link).headers["Location"] == "/moi/papiers/"
    late = Client(headers={"host": HOST}).post(link)
    assert late.status_code == 422
    assert "ne sert plus" in late.content.decode()


def test_nobody_is_led_to_another_site(visitor: Client, odile: Person) -> None:
    ask(visitor, wanted="//ailleurs.example/piege")
    assert give(visitor, code_sent()).headers["Location"] == "/moi/"


def test_a_page_of_the_space_leads_to_the_entrance_and_back(visitor: Client, odile: Person) -> None:
    answer = visitor.get("/moi/papiers/")
    assert answer.headers["Location"] == "/entrer?next=%2Fmoi%2Fpapiers%2F"
    assert 'value="/moi/papiers/"' in visitor.get(answer.headers["Location"]).content.decode()


def test_a_session_of_another_organisation_opens_nothing(
    inside_as: Visitor, odile: Person, organisation: Organisation, elsewhere: Organisation
) -> None:
    client = inside_as(odile)
    assert client.get("/moi/").status_code == 200
    assert client.get("/moi/", headers={"host": f"{elsewhere.slug}.localhost"}).status_code == 302


def test_staff_do_not_enter_the_desk_by_a_code(inside_as: Visitor, coordinator: Person) -> None:
    assert inside_as(coordinator).get("/bureau/").status_code == 404


def test_the_number_of_another_organisation_gets_no_code(
    visitor: Client, odile: Person, elsewhere: Organisation
) -> None:
    ask(Client(headers={"host": f"{elsewhere.slug}.localhost"}))
    assert not Letter.objects.exists()


def test_the_sixth_code_of_an_hour_has_to_wait(visitor: Client, odile: Person) -> None:
    for _ in range(5):
        assert ask(Client(headers={"host": HOST})).status_code == 302
    answer = ask(visitor, "+33 6 39 98 14 27")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "3600"
    assert "trop d’essais" in answer.content.decode()
    assert ask(visitor, "06 39 98 99 99").status_code == 302


def test_another_port_is_no_other_counter(visitor: Client, odile: Person) -> None:
    answers = [ask(Client(headers={"host": f"{HOST}:{port}"})).status_code for port in range(8000, 8006)]
    assert answers == [302] * 5 + [429]


def test_a_colleague_does_not_read_the_code_on_the_card(visitor: Client, odile: Person, act: Act) -> None:
    ask(visitor)
    letter = Letter.objects.get()
    assert code_sent() in letter.body
    assert letter.shown == ""
    assert messaging.carried(act=act, letter=letter, answer="sent").body == ""
    assert Letter.objects.get().body == ""


def test_signing_out_closes_the_space(inside_as: Visitor, odile: Person) -> None:
    client = inside_as(odile)
    assert client.post("/sortir").status_code == 302
    assert client.get("/moi/").status_code == 302


def test_leaving_everywhere_closes_every_device(inside_as: Visitor, odile: Person, act: Act) -> None:
    here, lost, link = inside_as(odile), inside_as(odile), link_for(act, odile)
    assert here.post("/sortir/partout").status_code == 302
    assert [client.get("/moi/").status_code for client in (here, lost)] == [302, 302]
    assert Client(headers={"host": HOST}).post(link).status_code == 422


def test_a_number_taken_off_the_card_opens_nothing_more(inside_as: Visitor, odile: Person, act: Act) -> None:
    client = inside_as(odile)
    people.remove_contact(act=act, contact=ContactPoint.objects.get(person=odile, kind="phone"))
    assert client.get("/moi/").status_code == 302


def test_a_session_opened_since_stays(visitor: Client, odile: Person, act: Act) -> None:
    people.end_visits(act=act, person=odile)
    ask(visitor)
    give(visitor, code_sent())
    assert visitor.get("/moi/").status_code == 200


def test_what_a_script_sends_without_session_is_refused_plainly(visitor: Client) -> None:
    answer = visitor.post("/sortir", headers={"X-Requested-With": "offline"})
    assert answer.status_code == 403
