"""One request at the desk: who is asked, who answers, what changes."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from entremise.agreements.models import Agreement
from entremise.doors.frame import visit
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission, Request, Skill
from entremise.kernel.act import Act, Role
from entremise.market.models import Proposal
from entremise.messaging.models import Letter, Task
from entremise.people.models import Paper, Person
from tests.doors.desk.conftest import Desk
from tests.doors.desk.pages import text
from tests.jobs.conftest import TOMORROW, say_yes

pytestmark = pytest.mark.usefixtures("inside")


def page_of(request_: Request) -> str:
    return reverse("desk:request", args=[request_.listing.number])


def propose(client: Client, request_: Request, *people: UUID, **more: str) -> HttpResponse:
    address = reverse("desk:propose", args=[request_.listing.number])
    return client.post(address, {"workers": [str(one) for one in people], **more})


def test_those_who_are_ticked_are_asked(coordination: Client, request_: Request, karim: Person, nadege: Person) -> None:
    page = text(coordination.get(page_of(request_)))
    assert "Répondez OUI" in page
    assert "1 SMS chacun" in page
    assert propose(coordination, request_, karim.id, nadege.id).status_code == 302
    assert Proposal.objects.count() == 2
    page = text(coordination.get(page_of(request_)))
    assert "Proposé à 2 personnes." in page
    assert page.count("Déjà demandé") == 2


def test_the_text_shown_is_the_text_sent(coordination: Client, request_: Request, karim: Person) -> None:
    page = text(coordination.get(page_of(request_)))
    propose(coordination, request_, karim.id)
    assert Letter.objects.get(template="proposal").body in page


def test_nobody_ticked_is_said(coordination: Client, request_: Request, karim: Person) -> None:
    assert "Cochez au moins une personne." in text(propose(coordination, request_), 422)


def test_somebody_blocked_for_good_cannot_be_ticked(coordination: Client, request_: Request, karim: Person) -> None:
    Paper.objects.filter(person=karim).delete()
    page = text(coordination.get(page_of(request_)))
    assert "Pas de PASS IAE." in page
    assert "disabled" in page
    assert "personne ne peut passer outre" in text(propose(coordination, request_, karim.id), 422)


def test_a_reason_opens_onto_what_to_do_and_where(coordination: Client, request_: Request, karim: Person) -> None:
    Paper.objects.filter(person=karim).delete()
    page = text(coordination.get(page_of(request_)))
    assert "Demandez son numéro à la personne" in page
    assert f'href="/bureau/personnes/{karim.id}/#t-papiers"' in page
    assert "Qu’est-ce qu’un PASS IAE" in page
    assert 'href="/bureau/reglages/chiffres/"' in page


def test_a_newcomer_may_go_alone_where_the_activity_lets_them(
    coordination: Client, request_: Request, karim: Person
) -> None:
    Skill.objects.all().delete()
    assert "Première fois pour ce travail" in text(coordination.get(page_of(request_)))
    propose(coordination, request_, karim.id)
    assert Proposal.objects.get().override == {}


def test_a_first_job_alone_needs_a_reason(coordination: Client, request_: Request, karim: Person) -> None:
    Skill.objects.all().delete()
    Activity.objects.update(first_in_twos=True)
    page = text(coordination.get(page_of(request_)))
    assert "à faire à deux" in page
    assert "Pourquoi passer outre ?" in page
    assert "Écrivez pourquoi vous passez outre" in text(propose(coordination, request_, karim.id), 422)
    propose(coordination, request_, karim.id, reason="sa voisine l’aide")
    assert Proposal.objects.get().override["reason"] == "sa voisine l’aide"


def test_a_yes_on_the_phone_makes_the_contract(
    coordination: Client, asked: list[Proposal], request_: Request, karim: Person
) -> None:
    mine = next(one for one in asked if one.person_id == karim.id)
    answer = reverse("desk:answer", args=[request_.listing.number, mine.id])
    coordination.post(answer, {"answer": "yes"})
    mission = Mission.objects.get()
    assert (mission.worker, mission.state) == (karim, "agreed")
    page = text(coordination.get(page_of(request_)))
    assert "Karim y va. Il reste à signer." in page
    assert "Contrat à signer" in page


def test_a_no_on_the_phone_is_noted(
    coordination: Client, asked: list[Proposal], request_: Request, karim: Person
) -> None:
    mine = next(one for one in asked if one.person_id == karim.id)
    coordination.post(reverse("desk:answer", args=[request_.listing.number, mine.id]), {"answer": "no"})
    mine.refresh_from_db()
    assert (mine.state, mine.answered_door) == ("declined", "phone")


def test_other_terms_keep_what_was_typed_when_refused(coordination: Client, request_: Request) -> None:
    address = reverse("desk:amend", args=[request_.listing.number])
    assert 'value="24/11/2026"' in text(coordination.get(address))
    typed = {"day": "25/11/2026", "start": "14h", "minutes": "trois", "note": "portail bleu"}
    page = text(coordination.post(address, typed), 422)
    assert "Écrivez la durée ainsi" in page
    assert 'value="trois"' in page
    assert "portail bleu" in page
    assert "Écrivez l’heure ainsi" in text(coordination.post(address, {**typed, "start": "25h"}), 422)
    assert coordination.post(address, {**typed, "minutes": "3 h"}).status_code == 302
    request_.refresh_from_db()
    assert (request_.minutes, request_.price) == (180, 7350)


def test_a_cancelled_request_is_over(coordination: Client, asked: list[Proposal], request_: Request) -> None:
    coordination.post(reverse("desk:cancel", args=[request_.listing.number]), {"reason": "malade"})
    request_.refresh_from_db()
    assert request_.state == "cancelled"
    assert Letter.objects.filter(template="job_cancelled").count() == 2
    again = coordination.post(reverse("desk:cancel", args=[request_.listing.number]), {"reason": ""})
    assert "la situation a changé" in text(again, 422)


def test_a_need_that_nobody_can_meet_is_told_and_counted(coordination: Client, request_: Request) -> None:
    coordination.post(reverse("desk:give_up", args=[request_.listing.number]))
    request_.refresh_from_db()
    assert request_.state == "unmet"


def test_a_worker_who_cannot_come_reopens_the_request(coordination: Client, mission: Mission) -> None:
    coordination.post(reverse("desk:withdraw", args=[mission.id]), {"reason": "enfant malade"})
    assert Request.objects.get().state == "open"
    task = Task.objects.get(kind="replace")
    assert "Trouver quelqu’un d’autre" in text(coordination.get(reverse("desk:task", args=[task.id])))
    coordination.post(reverse("desk:task", args=[task.id]), {"outcome": "vu"})
    task.refresh_from_db()
    assert task.outcome == "vu"


def test_an_absence_is_noted_without_judging(
    coordination: Client, mission: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visit, "now", lambda: mission.starts_at + timedelta(minutes=20))
    coordination.post(reverse("desk:absence", args=[mission.id]), {"who": "worker"})
    mission.refresh_from_db()
    assert mission.state == "no_show_worker"


def test_the_support_worker_answers_but_does_not_propose(desk: Desk, request_: Request, karim: Person) -> None:
    page = text(desk(Role.SUPPORT_WORKER).get(page_of(request_)))
    assert "Proposer aux personnes cochées" not in page


def test_a_season_that_ends_is_renewed_in_one_press(
    coordination: Client, act: Act, odile: Person, hedge: Activity, karim: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    weekly = jobs.post_request(
        act=act, client=odile, activity=hedge, starts_at=TOMORROW, minutes=120, recurrence="FREQ=WEEKLY;BYDAY=TU"
    )
    say_yes(act, weekly, karim)
    assert "La suite" not in text(coordination.get(page_of(weekly)))
    last = Mission.objects.latest("starts_at").starts_at
    monkeypatch.setattr(visit, "now", lambda: last - timedelta(days=10))
    page = text(coordination.get(page_of(weekly)))
    assert "Karim vient jusqu’au" in page
    for _ in range(2):
        coordination.post(reverse("desk:renew", args=[weekly.listing.number]))
    assert Agreement.objects.count() == 2
    assert "Continuer pareil" not in text(coordination.get(page_of(weekly)))
