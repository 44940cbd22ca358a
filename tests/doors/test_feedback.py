"""How it went, through the doors: page, text message and desk."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from entremise.agreements import operations as agreements
from entremise.agreements.models import Feedback
from entremise.agreements.queries import feedback_due
from entremise.doors.frame import visit
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission
from entremise.jobs.operations.texts import read_text
from entremise.jobs.queries.desk import mission as mission_of
from entremise.kernel.act import THE_CLOCK, Act, Actor, Door, Role
from entremise.kernel.ids import new_id
from entremise.messaging import operations as messaging
from entremise.messaging.models import Incoming, Letter, Task
from entremise.people.models import Person
from tests.conftest import TODAY
from tests.doors.conftest import Visitor, questions
from tests.doors.desk.conftest import desk
from tests.doors.desk.pages import text
from tests.jobs.conftest import asked, by_text, hedge, karim, later, legal, mission, nadege, odile, place, request_

__all__ = ["asked", "desk", "hedge", "karim", "legal", "mission", "nadege", "odile", "place", "request_"]

AFTER = TODAY + timedelta(days=1, hours=3)


@pytest.fixture
def done(act: Act, mission: Mission, karim: Person, odile: Person, monkeypatch: pytest.MonkeyPatch) -> Mission:
    """Hours written down and confirmed: both are asked."""
    jobs.log_hours(act=by_text(karim, at=AFTER), mission=mission, minutes=120, key="sms")
    confirmed = mission_of(mission=mission.id)
    assert confirmed
    jobs.confirm_hours(act=by_text(odile, role=Role.CLIENT, at=AFTER), mission=confirmed)
    monkeypatch.setattr(visit, "now", lambda: AFTER + timedelta(hours=1))
    return confirmed


@pytest.fixture
def coordination(desk: object) -> Client:
    return desk(Role.COORDINATOR)  # type: ignore[operator]  # A fixture that signs staff in.


def by(person: Person) -> Feedback:
    return Feedback.objects.get(writer=person, about__isnull=False)


def said_by_text(person: Person, words: str) -> str:
    at = AFTER + timedelta(hours=2)
    incoming = Incoming.objects.create(
        channel="text", sender="x", person=person, text=words, received_at=at, key=str(new_id())
    )
    return read_text(act=Act(by=Actor(person.id, frozenset({Role.WORKER})), at=at, door=Door.TEXT), incoming=incoming)


def test_both_are_asked_once_the_hours_are_confirmed(done: Mission, karim: Person, odile: Person) -> None:
    letters = Letter.objects.filter(template="feedback_asked")
    assert {one.person_id for one in letters} == {karim.id, odile.id}
    assert all(f"PAS BIEN {done.number}" in one.body and len(one.body) <= 160 for one in letters)


def test_it_stays_shut_on_every_page_until_both_have_spoken(
    inside_as: Visitor, coordination: Client, done: Mission, karim: Person, odile: Person
) -> None:
    client, worker, shut = inside_as(odile), inside_as(karim), reverse("desk:feedback", args=[done.id])
    assert "Donner mon avis" in text(client.get("/moi/visites/"))
    told = client.post(f"/moi/avis/{by(odile).id}", {"answer": "badly", "words": "Haie trop haute", "of_us": "well"})
    assert told.status_code == 302
    assert "Haie trop haute" in text(client.get("/moi/avis/"))
    assert "Haie trop haute" not in text(worker.get("/moi/avis/")) + text(coordination.get(shut))
    worker.post(f"/moi/avis/{by(karim).id}", {"answer": "well"})
    assert "Haie trop haute" in text(worker.get("/moi/avis/"))
    assert "Haie trop haute" in text(coordination.get(shut))
    assert Letter.objects.filter(template="feedback_open").count() == 2
    assert Feedback.objects.get(writer=odile, about=None).answer == "well"


def test_it_is_contested_and_decided(
    inside_as: Visitor, coordination: Client, done: Mission, karim: Person, odile: Person
) -> None:
    worker = inside_as(karim)
    inside_as(odile).post(f"/moi/avis/{by(odile).id}", {"answer": "badly", "words": "Parti trop tôt"})
    worker.post(f"/moi/avis/{by(karim).id}", {"answer": "fair"})
    about_me = by(odile)
    worker.post(f"/moi/avis/{about_me.id}/reponse", {"words": "J’avais prévenu"})
    assert "J’avais prévenu" in text(inside_as(odile).get("/moi/avis/"))
    worker.post(f"/moi/avis/{about_me.id}/contestation", {"words": "L’heure était convenue"})
    task = Task.objects.get(kind="feedback_contested")
    assert "Avis contesté" in text(coordination.get(reverse("desk:task", args=[task.id])))
    decide = reverse("desk:decide_feedback", args=[done.id, about_me.id])
    assert "Écrivez quelques mots" in text(coordination.post(decide, {"keep": "no", "words": ""}), 422)
    coordination.post(decide, {"keep": "no", "words": "Heure convenue avec l’accueil"})
    page = text(worker.get("/moi/avis/"))
    assert "Retiré" in page
    assert "Parti trop tôt" not in page
    assert "Heure convenue avec l’accueil" in page


def test_deciding_on_one_contest_leaves_the_other_to_be_heard(
    act: Act, done: Mission, karim: Person, odile: Person
) -> None:
    at = AFTER + timedelta(hours=1)
    for person, role in ((karim, Role.WORKER), (odile, Role.CLIENT)):
        jobs.give_feedback(act=by_text(person, role=role, at=at), mission=done, feedback=by(person), answer="badly")
    for person, other, role in ((karim, odile, Role.WORKER), (odile, karim, Role.CLIENT)):
        own = by_text(person, role=role, at=at)
        jobs.contest_feedback(act=own, mission=done, feedback=by(other), words="Ce n’est pas vrai")
    messaging.add_task(act=act, kind="absent_worker", key="x", about="mission", about_id=done.id)
    jobs.decide_feedback(act=act, feedback=by(odile), keep=True, reason="Les deux entendus")
    waiting = Task.objects.filter(done_at=None).exclude(kind="call")
    assert sorted(waiting.values_list("kind", "person")) == [("absent_worker", None), ("feedback_contested", odile.id)]


def test_a_text_says_it(done: Mission, karim: Person, odile: Person) -> None:
    assert said_by_text(karim, f"PAS BIEN {done.number}") == "opinion"
    assert by(karim).answer == "badly"
    assert said_by_text(odile, "bien") == "opinion"
    assert by(odile).state == "open"
    assert said_by_text(odile, "bien") == "task"


def test_the_desk_writes_down_what_is_said_on_the_phone(coordination: Client, done: Mission, odile: Person) -> None:
    coordination.post(reverse("desk:give_feedback", args=[done.id, by(odile).id]), {"answer": "fair", "words": "Bof"})
    assert (by(odile).answer, by(odile).state) == ("fair", "sealed")
    assert "Bof" not in text(coordination.get(reverse("desk:feedback", args=[done.id])))


def test_nobody_speaks_for_somebody_else(inside_as: Visitor, done: Mission, karim: Person, odile: Person) -> None:
    for person, other in ((karim, odile), (odile, karim)):
        assert inside_as(person).post(f"/moi/avis/{by(other).id}", {"answer": "well"}).status_code == 404
        assert inside_as(person).post(f"/moi/avis/{by(other).id}/reponse", {"words": "x"}).status_code == 404
    assert set(Feedback.objects.values_list("state", flat=True)) == {"asked"}


@pytest.mark.parametrize("sent", [{}, {"answer": "5"}, {"answer": "well", "words": "x" * 501}])
def test_nonsense_comes_back_with_a_sentence(
    inside_as: Visitor, done: Mission, odile: Person, sent: dict[str, str]
) -> None:
    page = text(inside_as(odile).post(f"/moi/avis/{by(odile).id}", sent), 422)
    assert 'class="error"' in page
    assert by(odile).state == "asked"


def test_after_a_week_the_clock_opens_it(done: Mission, karim: Person, odile: Person) -> None:
    said_by_text(odile, "bien")
    clock = Act(by=THE_CLOCK, at=AFTER + timedelta(days=7), door=Door.CLOCK)
    for one in feedback_due(at=clock.at):
        jobs.open_feedback(act=clock, mission=done, feedback=one)
    assert (by(odile).state, by(karim).state) == ("open", "lapsed")
    assert Letter.objects.get(template="feedback_open").person_id == karim.id


def test_the_same_two_are_not_asked_every_week(
    act: Act, done: Mission, karim: Person, odile: Person, hedge: Activity
) -> None:
    again = Mission.objects.create(
        request=done.request,
        worker=karim,
        client=odile,
        agreement=done.agreement,
        number=done.number,
        starts_at=done.starts_at + timedelta(weeks=1),
        ends_at=done.ends_at + timedelta(weeks=1),
        state="ready",
        state_at=TODAY,
    )
    jobs.log_hours(act=later(act, days=9), mission=again, minutes=120, key="slip")
    jobs.confirm_hours(act=later(act, days=9), mission=again)
    assert Feedback.objects.values("occasion").distinct().count() == 1


def test_questions_do_not_grow_with_what_was_said(
    inside_as: Visitor, act: Act, done: Mission, karim: Person, odile: Person
) -> None:
    assert done.agreement
    client = inside_as(odile)

    def more(count: int) -> None:
        for _ in range(count):
            occasion = Mission.objects.create(
                request=done.request,
                worker=karim,
                client=odile,
                number=done.number,
                starts_at=done.starts_at + timedelta(hours=Mission.objects.count()),
                ends_at=done.ends_at + timedelta(hours=Mission.objects.count()),
                state_at=TODAY,
            ).id
            both = [(karim, odile), (odile, karim)]
            agreements.ask_feedback(
                act=act, agreement=done.agreement, occasion=occasion, between=both, opens_at=AFTER + timedelta(days=6)
            )
            for one in Feedback.objects.filter(occasion=occasion).select_related("writer", "about"):
                agreements.give_feedback(act=act, feedback=one, answer="well")

    more(1)
    before = questions(client, "/moi/avis/")
    more(6)
    assert questions(client, "/moi/avis/") == before <= 10
