"""A worker's own pages."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from entremise.agreements.models import Fulfilment, Signature
from entremise.doors.frame import visit
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission, Request
from entremise.kernel.act import Act
from entremise.market.models import Proposal
from entremise.messaging.models import Task
from entremise.people.models import Person
from tests.conftest import TODAY
from tests.doors.conftest import Visitor, questions
from tests.jobs.conftest import asked, by_text, hedge, karim, legal, mission, nadege, odile, place, request_

__all__ = ["asked", "hedge", "karim", "legal", "mission", "nadege", "odile", "place", "request_"]

AFTER = TODAY + timedelta(days=1, hours=3)


@pytest.fixture
def afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tuesday noon: the mission of the morning is over."""
    monkeypatch.setattr(visit, "now", lambda: AFTER)


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_proposal_is_answered_with_one_big_button(inside_as: Visitor, karim: Person, asked: list[Proposal]) -> None:
    client = inside_as(karim)
    page = text(client, "/moi/")
    assert "Tailler une haie, mardi 24 novembre, 10 h" in page.replace("\u00a0", " ")
    assert "27,08 € brut" in page.replace("\u00a0", " ")
    answer = client.post(f"/moi/propositions/{asked[0].id}/reponse", {"answer": "yes"}, follow=True)
    assert "C’est noté\u00a0: OUI" in answer.content.decode()
    asked[0].refresh_from_db()
    assert (asked[0].state, asked[0].answered_door) == ("accepted", "site")


def test_no_costs_nothing(inside_as: Visitor, karim: Person, asked: list[Proposal]) -> None:
    answer = inside_as(karim).post(f"/moi/propositions/{asked[0].id}/reponse", {"answer": "no"}, follow=True)
    assert "ne change rien pour la suite" in answer.content.decode()
    asked[0].refresh_from_db()
    assert asked[0].state == "declined"


def test_a_second_yes_is_told_the_job_is_taken(
    inside_as: Visitor, karim: Person, nadege: Person, asked: list[Proposal]
) -> None:
    jobs.answer(act=by_text(karim), proposal=asked[0], yes=True)
    answer = inside_as(nadege).post(f"/moi/propositions/{asked[1].id}/reponse", {"answer": "yes"}, follow=True)
    assert "vient d’être prise" in answer.content.decode()


def test_a_yes_to_a_job_that_is_off_is_told_so(
    act: Act, inside_as: Visitor, karim: Person, request_: Request, asked: list[Proposal]
) -> None:
    jobs.cancel(act=act, request=request_)
    answer = inside_as(karim).post(f"/moi/propositions/{asked[0].id}/reponse", {"answer": "yes"}, follow=True)
    assert "n’a plus lieu" in answer.content.decode()


def test_somebody_elses_proposal_is_not_there(inside_as: Visitor, nadege: Person, asked: list[Proposal]) -> None:
    assert inside_as(nadege).post(f"/moi/propositions/{asked[0].id}/reponse", {"answer": "yes"}).status_code == 404
    asked[0].refresh_from_db()
    assert asked[0].state == "offered"


def test_the_contract_is_read_and_signed(inside_as: Visitor, karim: Person, asked: list[Proposal]) -> None:
    jobs.answer(act=by_text(karim, at=TODAY + timedelta(microseconds=7)), proposal=asked[0], yes=True)
    client = inside_as(karim)
    link = re.search(r'href="(/moi/papiers/[0-9a-f-]+/)"', text(client, "/moi/"))[1]
    page = text(client, link).replace("\u00a0", " ")
    assert "12,31 € brut de l’heure" in page
    assert "24,50" not in page, "the client's price is not the worker's paper"
    pdf = client.get(re.search(r'href="(/moi/documents/[0-9a-f-]+\.pdf)"', page)[1])
    assert pdf.content.startswith(b"%PDF")
    assert client.post(f"{link}signature").headers["Location"] == "/moi/papiers/"
    assert Signature.objects.get(party__person=karim).how == "link"
    assert "Vous avez signé" in text(client, link)


def test_a_stranger_to_a_contract_cannot_see_or_sign_it(
    inside_as: Visitor, karim: Person, nadege: Person, asked: list[Proposal]
) -> None:
    jobs.answer(act=by_text(karim), proposal=asked[0], yes=True)
    address = f"/moi/papiers/{Mission.objects.get().agreement_id}/"
    assert inside_as(nadege).get(address).status_code == 404
    assert inside_as(nadege).post(f"{address}signature").status_code == 404


def test_the_next_mission_says_where_and_how(inside_as: Visitor, karim: Person, mission: Mission) -> None:
    page = text(inside_as(karim), "/moi/").replace("\u00a0", " ")
    assert "mardi 24 novembre, 10 h" in page
    assert "12, rue des Tilleuls, Valmarelle. Portail vert" in page
    assert 'href="geo:' in page
    assert 'href="tel:+33536491200"' in page


def test_running_late_reaches_the_desk_once(inside_as: Visitor, karim: Person, mission: Mission) -> None:
    client = inside_as(karim)
    for _ in range(2):
        assert client.post(f"/moi/missions/{mission.id}/retard").status_code == 302
    task = Task.objects.get(kind="running_late")
    assert (task.person, task.params) == (karim, {"number": mission.number})


@pytest.mark.usefixtures("afterwards")
def test_hours_are_written_down_and_sent_again_harmlessly(inside_as: Visitor, karim: Person, mission: Mission) -> None:
    client = inside_as(karim)
    page = text(client, "/moi/")
    assert "Vos heures de mardi" in page
    assert 'value="2\u00a0h"' in page
    sent = {"minutes": "2 h 30", "key": uuid4().hex}
    for _ in range(2):
        assert client.post(f"/moi/missions/{mission.id}/heures", sent).headers["Location"] == "/moi/"
    assert [(one.minutes, one.door) for one in Fulfilment.objects.all()] == [(150, "site")]
    assert "En attente" in text(client, "/moi/heures/")


@pytest.mark.usefixtures("afterwards")
def test_hours_may_be_corrected_until_the_client_speaks(
    inside_as: Visitor, karim: Person, odile: Person, mission: Mission, act: Act
) -> None:
    client = inside_as(karim)
    for typed in ("2 h", "2 h 30"):
        client.post(f"/moi/missions/{mission.id}/heures", {"minutes": typed, "key": uuid4().hex})
    assert "Corriger vos heures" in text(client, "/moi/heures/")
    inside_as(odile).post(f"/moi/missions/{mission.id}/confirmation")
    assert "Corriger vos heures" not in text(client, "/moi/heures/")
    late = client.post(f"/moi/missions/{mission.id}/heures", {"minutes": "4 h", "key": uuid4().hex})
    assert late.status_code == 422
    assert "sont confirmées" in late.content.decode()


@pytest.mark.usefixtures("afterwards")
def test_hours_nobody_can_read_come_back_with_a_sentence(inside_as: Visitor, karim: Person, mission: Mission) -> None:
    answer = inside_as(karim).post(f"/moi/missions/{mission.id}/heures", {"minutes": "longtemps", "key": "k"})
    assert answer.status_code == 422
    assert "Exemple\u00a0: 2\u00a0h\u00a030" in answer.content.decode()
    assert 'value="longtemps"' in answer.content.decode()


def test_hours_wait_for_the_mission(inside_as: Visitor, karim: Person, mission: Mission) -> None:
    answer = inside_as(karim).post(f"/moi/missions/{mission.id}/heures", {"minutes": "2 h", "key": "k"})
    assert answer.status_code == 422
    assert "n’a pas commencé" in answer.content.decode()


@pytest.mark.usefixtures("afterwards")
def test_pay_is_told_before_and_after_contributions(inside_as: Visitor, karim: Person, mission: Mission) -> None:
    client = inside_as(karim)
    client.post(f"/moi/missions/{mission.id}/heures", {"minutes": "2 h", "key": "k"})
    page = text(client, "/moi/paie/").replace("\u00a0", " ")
    assert "Soit 27,08 € brut" in page
    assert "environ, sur votre compte" in page
    assert re.search(r"2[01],\d\d €</span>", page)


def test_documents_are_for_their_owner_only(inside_as: Visitor, karim: Person, odile: Person, mission: Mission) -> None:
    mine = re.findall(r"/moi/documents/[0-9a-f-]+\.pdf", text(inside_as(karim), "/moi/papiers/"))
    assert mine
    assert {inside_as(odile).get(address).status_code for address in mine} == {404}


def test_a_client_does_not_see_the_workers_pages(inside_as: Visitor, odile: Person) -> None:
    assert {inside_as(odile).get(page).status_code for page in ("/moi/heures/", "/moi/paie/")} == {404}


def test_the_page_stays_light(inside_as: Visitor, karim: Person, mission: Mission) -> None:
    assert len(inside_as(karim).get("/moi/").content) < 20_000


def test_questions_do_not_grow_with_the_missions(
    inside_as: Visitor, karim: Person, odile: Person, hedge: Activity, mission: Mission, act: Act
) -> None:
    def more(days: range) -> None:
        for day in days:
            starts = TODAY + timedelta(days=day)
            request = jobs.post_request(act=act, client=odile, activity=hedge, starts_at=starts, minutes=120)
            proposal = jobs.propose(act=act, request=request, workers=[karim.id])[0]
            if day % 2:
                jobs.answer(act=by_text(karim), proposal=proposal, yes=True)

    client, pages = inside_as(karim), {"/moi/": 18, "/moi/heures/": 7, "/moi/paie/": 11, "/moi/papiers/": 7}
    more(range(2, 4))
    before = {page: questions(client, page) for page in pages}
    more(range(4, 8))
    assert {page: questions(client, page) for page in pages} == before
    assert {page for page, most in pages.items() if before[page] > most} == set(), before
