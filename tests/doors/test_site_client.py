"""A client's own pages."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from entremise.agreements.models import Confirmation, Signature
from entremise.doors.frame import visit
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission, Request
from entremise.kernel.act import Act, Role
from entremise.market.models import Proposal
from entremise.messaging.models import Task
from entremise.people import operations as people
from entremise.people.models import Person
from tests.conftest import TODAY
from tests.doors.conftest import Visitor, questions
from tests.jobs.conftest import asked, by_text, hedge, karim, legal, mission, nadege, odile, place, request_

__all__ = ["asked", "hedge", "karim", "legal", "mission", "nadege", "odile", "place", "request_"]

AFTER = TODAY + timedelta(days=1, hours=3)


@pytest.fixture
def worked(act: Act, mission: Mission, karim: Person, monkeypatch: pytest.MonkeyPatch) -> Mission:
    """Karim wrote two hours down on Tuesday."""
    jobs.log_hours(act=by_text(karim, at=AFTER), mission=mission, minutes=120, key="sms")
    monkeypatch.setattr(visit, "now", lambda: AFTER)
    return mission


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode().replace("\u00a0", " ")


def test_a_client_sees_what_is_looked_for(inside_as: Visitor, odile: Person, request_: Request) -> None:
    page = text(inside_as(odile), "/moi/")
    assert "Nous cherchons pour vous" in page
    assert f"Demande {request_.listing.number}, 49,00 €" in page


def test_a_client_sees_who_comes_and_when(inside_as: Visitor, odile: Person, mission: Mission) -> None:
    page = text(inside_as(odile), "/moi/")
    assert "mardi 24 novembre, 10 h" in page
    assert "Karim" in page
    assert "Belkacem" not in page


def test_it_is_right_in_one_tap(inside_as: Visitor, odile: Person, worked: Mission) -> None:
    client = inside_as(odile)
    assert "Karim a fait 2 heures" in text(client, "/moi/")
    answer = client.post(f"/moi/missions/{worked.id}/confirmation", follow=True)
    assert "Merci, c’est confirmé" in answer.content.decode()
    confirmation = Confirmation.objects.get()
    assert (confirmation.answer, confirmation.door, confirmation.by) == ("agreed", "site", odile.id)


def test_another_count_becomes_a_call(inside_as: Visitor, odile: Person, worked: Mission) -> None:
    client = inside_as(odile)
    client.post(f"/moi/missions/{worked.id}/confirmation", {"minutes": "1h30"})
    assert Confirmation.objects.get().answer == "differs"
    assert Task.objects.filter(kind="hours_differ").exists()
    page = text(client, "/moi/")
    assert "Karim a noté 2 h, vous avez dit 1 h 30" in page


def test_a_count_nobody_can_read_comes_back(inside_as: Visitor, odile: Person, worked: Mission) -> None:
    answer = inside_as(odile).post(f"/moi/missions/{worked.id}/confirmation", {"minutes": "un peu"})
    assert answer.status_code == 422
    assert "Exemple\u00a0: 2\u00a0h\u00a030" in answer.content.decode()
    assert not Confirmation.objects.exists()


def test_somebody_elses_hours_are_not_there(inside_as: Visitor, act: Act, worked: Mission, karim: Person) -> None:
    neighbour = people.add_person(act=act, family_name="Aubry", roles=[Role.CLIENT])
    for person in (neighbour, karim):
        assert inside_as(person).post(f"/moi/missions/{worked.id}/confirmation").status_code == 404
    assert not Confirmation.objects.exists()


def test_the_placement_agreement_is_signed(
    inside_as: Visitor, odile: Person, karim: Person, asked: list[Proposal]
) -> None:
    jobs.answer(act=by_text(karim), proposal=asked[0], yes=True)
    client = inside_as(odile)
    link = re.search(r'href="(/moi/papiers/[0-9a-f-]+/)"', text(client, "/moi/"))[1]
    page = text(client, link)
    assert "24,50 € de l’heure" in page
    assert "12,31" not in page, "the worker's wage is not the client's paper"
    client.post(f"{link}signature")
    assert Signature.objects.get(party__person=odile).how == "link"


def test_invoices_say_what_is_due(inside_as: Visitor, odile: Person, mission: Mission) -> None:
    page = text(inside_as(odile), "/moi/factures/")
    assert "0,00 €" in page
    assert "Aucune facture" in page


def test_whoever_works_and_hosts_sees_both(inside_as: Visitor, act: Act, odile: Person, mission: Mission) -> None:
    people.give_role(act=act, person=odile, role=Role.WORKER, since=TODAY.date())
    client = inside_as(odile)
    page = text(client, "/moi/")
    assert "Chez moi" in page
    assert "Pas de mission pour le moment" in page
    assert "Karim" in text(client, "/moi/visites/")


def test_questions_do_not_grow_with_the_visits(
    inside_as: Visitor, act: Act, odile: Person, karim: Person, hedge: Activity, worked: Mission
) -> None:
    def more(days: range) -> None:
        for day in days:
            starts = TODAY + timedelta(days=day)
            request = jobs.post_request(act=act, client=odile, activity=hedge, starts_at=starts, minutes=120)
            if day % 2:
                proposal = jobs.propose(act=act, request=request, workers=[karim.id])[0]
                jobs.answer(act=by_text(karim), proposal=proposal, yes=True)

    client, pages = inside_as(odile), {"/moi/": 16, "/moi/factures/": 20, "/moi/papiers/": 7}
    more(range(3, 5))
    before = {page: questions(client, page) for page in pages}
    more(range(5, 9))
    assert {page: questions(client, page) for page in pages} == before
    assert {page for page, most in pages.items() if before[page] > most} == set(), before
