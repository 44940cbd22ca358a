"""Visits that do not take place, by the terms that were signed."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from entremise.agreements.models import Agreement, Fulfilment
from entremise.agreements.queries import done_work
from entremise.documents.models import Document
from entremise.figures import operations as figures
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission, Request
from entremise.jobs.queries.calling_off import calling_off
from entremise.jobs.queries.desk import with_hours
from entremise.kernel.act import Act, Actor, Door, Role
from entremise.kernel.refused import Refused
from entremise.kernel.time import Period
from entremise.messaging.models import Letter
from entremise.people.models import Person
from tests.conftest import TODAY
from tests.jobs.conftest import TOMORROW, later, say_yes, sign_all

NOVEMBER = Period.month(2026, 11)


@pytest.fixture
def this_evening(act: Act, mission: Mission) -> Act:
    return later(act, hours=9)


def forfeit() -> tuple[str, int, int | None]:
    row = Fulfilment.objects.get(replaces=None)
    return row.kind, row.minutes, row.due


def test_the_day_before_costs_nothing_and_leaves_no_row(act: Act, mission: Mission) -> None:
    jobs.cancel_mission(act=act, mission=mission)
    assert mission.state == "cancelled"
    assert not Fulfilment.objects.exists()


def test_late_costs_half_and_the_worker_is_paid(this_evening: Act, mission: Mission) -> None:
    jobs.cancel_mission(act=this_evening, mission=mission, fee=2450)
    assert forfeit() == ("called_off", 120, 2450)
    told = Letter.objects.get(template="visit_cancelled", person=mission.worker)
    assert "Vous etes payé : 2 h" in told.body


def test_nobody_pays_what_they_were_not_shown(this_evening: Act, mission: Mission) -> None:
    with pytest.raises(Refused, match="fee_changed") as refused:
        jobs.cancel_mission(act=this_evening, mission=mission, fee=2449)
    assert refused.value.params["due"] == 2450


def test_the_client_calls_it_off_themselves(mission: Mission, odile: Person) -> None:
    own = Act(by=Actor(odile.id, frozenset({Role.CLIENT})), at=TODAY, door=Door.SITE)
    jobs.cancel_mission(act=own, mission=mission)
    assert mission.state == "cancelled"


def test_a_client_cannot_excuse_themselves(mission: Mission, odile: Person) -> None:
    own = Act(by=Actor(odile.id, frozenset({Role.CLIENT})), at=TODAY + timedelta(hours=9), door=Door.SITE)
    with pytest.raises(Refused, match="not_allowed"):
        jobs.cancel_mission(act=own, mission=mission, excuse="weather")


def test_an_excuse_frees_the_client_and_pays_the_worker(this_evening: Act, mission: Mission) -> None:
    jobs.cancel_mission(act=this_evening, mission=mission, excuse="hardship")
    assert forfeit() == ("called_off", 120, 0)
    assert Fulfilment.objects.get().reason == "hardship"


def test_goodwill_says_why(this_evening: Act, mission: Mission) -> None:
    with pytest.raises(Refused, match="waiver_needs_reason"):
        jobs.cancel_mission(act=this_evening, mission=mission, excuse="goodwill")
    jobs.cancel_mission(act=this_evening, mission=mission, excuse="goodwill", reason="Convenu avec Karim")
    assert Fulfilment.objects.get().reason == "goodwill: Convenu avec Karim"


def test_a_client_who_is_not_there_pays_the_visit(act: Act, mission: Mission) -> None:
    after = later(act, days=1, hours=1)
    with pytest.raises(Refused, match="fee_changed"):
        jobs.report_absence(act=after, mission=mission, who="client")
    jobs.report_absence(act=after, mission=mission, who="client", fee=4900)
    assert forfeit() == ("absent", 120, 4900)


def test_nothing_is_billed_when_the_worker_did_not_come(act: Act, mission: Mission) -> None:
    jobs.report_absence(act=later(act, days=1, hours=1), mission=mission, who="worker")
    assert done_work(period=NOVEMBER, forfeits=True) == []


@pytest.mark.parametrize("who", ["worker", "client"])
def test_nobody_is_absent_before_the_visit_begins(this_evening: Act, mission: Mission, who: str) -> None:
    with pytest.raises(Refused, match="absent_too_early"):
        jobs.report_absence(act=this_evening, mission=mission, who=who, fee=4900)
    assert mission.state == "ready"


def test_whoever_said_yes_by_telephone_is_told_that_the_job_is_off_though_the_offer_never_left(
    act: Act, request_: Request, karim: Person
) -> None:
    say_yes(act, request_, karim)
    jobs.cancel(act=act, request=Request.objects.get())
    assert Letter.objects.get(template="job_cancelled").person == karim


def test_hours_that_turn_up_replace_the_absence(act: Act, mission: Mission) -> None:
    after = later(act, days=1, hours=1)
    jobs.report_absence(act=after, mission=mission, who="client", fee=4900)
    jobs.log_hours(act=later(after, hours=3), mission=mission, minutes=90, key="slip")
    jobs.confirm_hours(act=later(after, hours=4), mission=mission)
    (done,) = done_work(period=NOVEMBER, forfeits=True)
    assert (done.kind, done.minutes, done.due) == ("work", 90, None)


def test_what_was_not_worked_is_no_hour_of_work(this_evening: Act, mission: Mission) -> None:
    jobs.cancel_mission(act=this_evening, mission=mission, fee=2450)
    assert done_work(period=NOVEMBER) == []
    (seen,) = with_hours(Mission.objects.select_related("request"))
    assert (seen.logged, seen.due, seen.paid) == (None, 2450, 120)


def test_the_desk_waives_afterwards_with_a_reason(this_evening: Act, mission: Mission) -> None:
    jobs.cancel_mission(act=this_evening, mission=mission, fee=2450)
    with pytest.raises(Refused, match="waiver_needs_reason"):
        jobs.waive(act=this_evening, mission=mission, reason=" ")
    jobs.waive(act=this_evening, mission=mission, reason="Hospitalisée")
    (due,) = done_work(period=NOVEMBER, forfeits=True)
    assert (due.minutes, due.due) == (120, 0)
    with pytest.raises(Refused, match="nothing_to_waive"):
        jobs.waive(act=this_evening, mission=mission, reason="Encore")


def test_the_terms_are_those_of_the_day_it_was_agreed(this_evening: Act, mission: Mission) -> None:
    figures.override(
        act=replace(this_evening, by=Actor(this_evening.by.person, frozenset({Role.DIRECTOR}))),
        key="calling_off.late_share",
        value=Decimal(1),
        unit="rate",
        valid_from=TODAY.date(),
        source="conseil d’administration",
    )
    assert calling_off(missions=[mission], at=this_evening.at)[mission.id].due.fee == 2450


def test_an_agreement_without_terms_owes_nothing(this_evening: Act, mission: Mission) -> None:
    Agreement.objects.update(terms={})
    (again,) = Mission.objects.select_related("agreement", "request__listing", "client", "worker")
    jobs.cancel_mission(act=this_evening, mission=again)
    assert not Fulfilment.objects.exists()


def test_both_papers_say_the_rule(mission: Mission) -> None:
    papers = {one.kind: str(one.data["clauses"]) for one in Document.objects.exclude(kind="mission_order")}
    assert "50 % du prix de la visite est dû" in papers["placement_agreement"]
    assert "100 % des heures prévues est payé" in papers["work_contract"]


def test_a_request_that_stops_owes_only_its_late_visits(
    act: Act, odile: Person, hedge: Activity, karim: Person
) -> None:
    weekly = jobs.post_request(
        act=act, client=odile, activity=hedge, starts_at=TOMORROW, minutes=120, recurrence="FREQ=WEEKLY;BYDAY=TU"
    )
    say_yes(act, weekly, karim)
    sign_all(act, Agreement.objects.get())
    evening, request = later(act, hours=9), Request.objects.get()
    with pytest.raises(Refused, match="fee_changed"):
        jobs.cancel(act=evening, request=request)
    jobs.cancel(act=evening, request=request, fee=2450)
    assert forfeit() == ("called_off", 120, 2450)


def test_a_worker_hears_what_is_paid_when_the_whole_request_stops(this_evening: Act, mission: Mission) -> None:
    jobs.cancel(act=this_evening, request=Request.objects.get(), fee=2450)
    told = Letter.objects.get(template="job_cancelled", person=mission.worker).body
    assert "payé : 2 h" in told
    assert len(told) <= 160


def test_the_price_of_many_visits_is_asked_in_two_questions(
    act: Act, odile: Person, hedge: Activity, karim: Person, django_assert_num_queries: object
) -> None:
    weekly = jobs.post_request(
        act=act, client=odile, activity=hedge, starts_at=TOMORROW, minutes=120, recurrence="FREQ=WEEKLY;BYDAY=TU"
    )
    say_yes(act, weekly, karim)
    visits = list(Mission.objects.select_related("agreement"))
    assert len(visits) == 13
    with django_assert_num_queries(3):  # type: ignore[operator]  # pytest-django's fixture.
        assert len(calling_off(missions=visits, at=TODAY)) == 13
