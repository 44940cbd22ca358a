"""A new coordinator, and a new organisation, see what to do first; it goes by itself when it is done."""

from dataclasses import replace
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from entremise.doors.desk.first_steps import STEPS
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission
from entremise.jobs.queries import first_steps as queries
from entremise.kernel.act import Act, Role
from entremise.messaging.models import Call
from entremise.people.models import Person, Place
from entremise.settlement.models import Run
from entremise.tenancy.models import Organisation
from tests.conftest import TODAY
from tests.doors.desk.conftest import Desk
from tests.doors.desk.pages import text
from tests.doors.desk.test_counts import questions


def board(client: Client) -> str:
    return text(client.get(reverse("desk:today")))


def test_every_step_has_its_words() -> None:
    assert tuple(STEPS) == queries.STEPS


def test_a_new_organisation_sees_the_whole_path(direction: Client) -> None:
    page = board(direction)
    assert "Premiers pas" in page
    for step in STEPS.values():
        assert f'href="{reverse(f"desk:{step.page}")}"><b>{step.label}' in page


def test_what_is_done_is_marked_from_the_rows(direction: Client, hedge: Activity) -> None:
    assert '<li class="done"><b>Choisir les activités</b>' in board(direction)
    assert '<li aria-current="true">' in board(direction)


def test_nobody_is_sent_where_they_may_not_go(coordination: Client) -> None:
    page = board(coordination)
    assert reverse("desk:payroll") not in page
    assert reverse("desk:identity") not in page
    assert "Une autre personne du bureau" in page


def test_the_treasurer_has_other_steps(treasury: Client) -> None:
    assert "Premiers pas" not in board(treasury)


def test_it_is_put_away_by_each_for_themselves(coordination: Client, direction: Client) -> None:
    assert coordination.post(reverse("desk:first_steps"))["Location"] == reverse("desk:today")
    assert "Premiers pas" not in board(coordination)
    assert "Premiers pas" in board(direction)


def test_it_is_gone_when_everything_is_done(direction: Client, act: Act, mission: Mission, place: Place) -> None:
    jobs.cover_place(act=act, place=place)
    Call.objects.create(started_at=TODAY)
    after = replace(act, at=act.at + timedelta(days=2))
    jobs.log_hours(act=after, mission=mission, minutes=120, key="slip")
    jobs.confirm_hours(act=after, mission=Mission.objects.select_related("client", "request__listing").get())
    assert "Faire un premier mois" in board(direction)
    Run.objects.create(month=TODAY.date().replace(day=1), state="finished", started_at=TODAY)
    assert "Premiers pas" not in board(direction)


def test_it_costs_one_question(inside: Organisation, karim: Person) -> None:
    assert questions(lambda: queries.first_steps(person=karim.id)) == 1


def test_a_member_has_no_path(desk: Desk) -> None:
    assert desk(Role.CLIENT).post(reverse("desk:first_steps")).status_code in (302, 404)
