"""A job that comes back: agreed for a season, renewed by somebody, handed over."""

import itertools
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Count

from entremise.agreements.models import Agreement, Promise
from entremise.documents.models import Document
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission, Request
from entremise.jobs.queries.seasons import running_out
from entremise.jobs.queries.suggestions import candidates
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.messaging.models import Letter, Task
from entremise.people.models import Paper, Person
from tests.conftest import TODAY
from tests.jobs.conftest import TOMORROW, by_text, later, say_yes, sign_all


def test_a_weekly_job_makes_one_agreement_and_a_mission_each_week(
    act: Act, odile: Person, hedge: Activity, karim: Person
) -> None:
    request = jobs.post_request(
        act=act,
        client=odile,
        activity=hedge,
        starts_at=TOMORROW,
        minutes=120,
        recurrence="FREQ=WEEKLY;BYDAY=TU",
    )
    (proposal,) = jobs.propose(act=act, request=request, workers=[karim.id])
    jobs.answer(act=by_text(karim), proposal=proposal, yes=True)
    assert Agreement.objects.count() == 1
    starts = list(Mission.objects.order_by("starts_at").values_list("starts_at", flat=True))
    assert len(starts) == 13
    assert {(b - a).days for a, b in itertools.pairwise(starts)} == {7}


def test_the_papers_of_a_recurring_job_name_every_visit_and_the_price_of_all(
    act: Act, weekly: Request, karim: Person
) -> None:
    say_yes(act, weekly, karim)
    papers = {one.kind: one.data for one in Document.objects.all()}
    agreement, order = papers["placement_agreement"], papers["mission_order"]
    assert agreement["schedule"] == "13 fois, le mardi, du 24/11/2026 au 16/02/2027, de 10 h 00 à 12 h 00."
    assert (agreement["minutes"], agreement["estimate"], agreement["ceiling"]) == (13 * 120, 13 * 4900, 13 * 4900)
    assert sum(part["amount"] for part in agreement["split"]) == agreement["estimate"]
    assert papers["work_contract"]["minutes"] == 13 * 120
    assert len(order["slots"]) == 13
    assert order["slots"][-1] == {"on": "2027-02-16", "from": "10:00", "until": "12:00", "minutes": 120}


@pytest.fixture
def weekly(act: Act, odile: Person, hedge: Activity) -> Request:
    return jobs.post_request(
        act=act, client=odile, activity=hedge, starts_at=TOMORROW, minutes=120, recurrence="FREQ=WEEKLY;BYDAY=TU"
    )


def test_every_visit_of_a_recurring_job_has_to_be_possible(
    act: Act, weekly: Request, odile: Person, hedge: Activity, karim: Person
) -> None:
    third = TOMORROW + timedelta(weeks=2, hours=1)
    once = jobs.post_request(act=act, client=odile, activity=hedge, starts_at=third, minutes=60)
    say_yes(act, once, karim)
    with pytest.raises(Refused, match="block_not_waivable") as refused:
        jobs.propose(act=act, request=weekly, workers=[karim.id])
    assert refused.value.params["block"] == "overlap"
    (seen,) = candidates(request=weekly, at=act.at).people
    assert [block.code for block in seen.suggestion.blocks] == ["overlap"]


def test_a_recurring_job_is_promised_for_as_long_as_the_papers_last(act: Act, weekly: Request, karim: Person) -> None:
    Paper.objects.filter(person=karim).update(valid_to=(TOMORROW + timedelta(weeks=3)).date())
    say_yes(act, weekly, karim)
    assert Mission.objects.count() == 4
    assert Agreement.objects.get().ends_on == (TOMORROW + timedelta(weeks=3)).date()


def test_whoever_takes_over_a_recurring_job_is_promised_what_is_still_to_come(
    act: Act, weekly: Request, karim: Person, nadege: Person
) -> None:
    say_yes(act, weekly, karim)
    sign_all(act, Agreement.objects.get())
    done, after = Mission.objects.order_by("starts_at")[:2]
    now = later(act, days=2)
    jobs.withdraw_worker(act=now, mission=Mission.objects.select_related("agreement").get(id=after.id))
    done.refresh_from_db()
    assert done.state == "ready"  # Its hours are still owed.
    assert Agreement.objects.get().state == "ended"
    jobs.log_hours(act=now, mission=done, minutes=120, key="slip")
    say_yes(now, Request.objects.get(), nadege)
    hers = Mission.objects.filter(worker=nadege).order_by("starts_at")
    assert hers[0].starts_at == TOMORROW + timedelta(weeks=1)
    assert len(hers) == 12


def test_cancelling_a_recurring_job_calls_off_what_is_still_to_come(act: Act, weekly: Request, karim: Person) -> None:
    say_yes(act, weekly, karim)
    sign_all(act, Agreement.objects.get())
    jobs.cancel(act=later(act, days=2), request=Request.objects.get())
    assert set(Mission.objects.values_list("state").annotate(times=Count("id"))) == {("ready", 1), ("cancelled", 12)}
    assert Agreement.objects.get().state == "ended"


def to_the_end(act: Act, request: Request) -> Act:
    """The act of the same person two weeks before the last agreed visit, all visits before it done."""
    last = Mission.objects.exclude(state="cancelled").latest("starts_at").starts_at
    return replace(act, at=last - timedelta(days=13))


def test_the_end_of_a_season_is_a_task_once(act: Act, clock_act: Act, weekly: Request, karim: Person) -> None:
    say_yes(act, weekly, karim)
    assert running_out(at=TODAY) == []
    now = to_the_end(act, weekly)
    for _ in range(2):
        (season,) = running_out(at=now.at)
        jobs.remind_renewal(act=replace(clock_act, at=now.at), season=season)
    assert Task.objects.get(kind="renew").params == {"number": weekly.listing.number}


def test_a_season_is_renewed_by_a_new_contract_at_the_price_of_its_day(
    act: Act, weekly: Request, hedge: Activity, karim: Person
) -> None:
    say_yes(act, weekly, karim)
    before = Agreement.objects.get()
    with pytest.raises(Refused, match="not_running_out"):
        jobs.renew(act=act, request=Request.objects.get())
    jobs.set_tariff(
        act=act,
        activity=None,
        client_kind="",
        hourly_price=2600,
        hourly_wage=1231,
        minimum_minutes=60,
        travel_fee=0,
        valid_from=date(2027, 1, 1),
    )
    now = to_the_end(act, weekly)
    (after,) = jobs.renew(act=now, request=Request.objects.get())
    assert after.starts_on == before.ends_on + timedelta(weeks=1)
    promised = dict(Promise.objects.filter(kind="price").values_list("agreement", "quantity"))
    assert promised == {before.id: 2450, after.id: 2600}
    assert Letter.objects.filter(template="sign_client", about_id=after.id).exists()
    starts = list(Mission.objects.order_by("starts_at").values_list("starts_at", flat=True))
    days = [start.astimezone(ZoneInfo("Europe/Paris")).date() for start in starts]
    assert {(b - a).days for a, b in itertools.pairwise(days)} == {7}
    with pytest.raises(Refused, match="not_running_out"):
        jobs.renew(act=now, request=Request.objects.get())


def test_a_season_is_not_renewed_against_a_rule(act: Act, weekly: Request, karim: Person) -> None:
    say_yes(act, weekly, karim)
    Paper.objects.filter(person=karim).update(suspended_from=date(2027, 2, 1))
    with pytest.raises(Refused, match="no_longer_possible"):
        jobs.renew(act=to_the_end(act, weekly), request=Request.objects.get())


def test_somebody_else_is_found_for_the_visits_that_nobody_promised(
    act: Act, weekly: Request, karim: Person, nadege: Person
) -> None:
    say_yes(act, weekly, karim)
    now = to_the_end(act, weekly)
    last = Mission.objects.latest("starts_at")
    jobs.seek_another(act=now, request=Request.objects.get())
    say_yes(now, Request.objects.get(), nadege)
    assert Mission.objects.filter(worker=karim, state="cancelled").count() == 0
    assert Mission.objects.filter(worker=nadege).earliest("starts_at").starts_at == last.starts_at + timedelta(weeks=1)


def test_a_rhythm_that_is_over_is_done_with_its_last_hours(
    act: Act, odile: Person, hedge: Activity, karim: Person
) -> None:
    rule = "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261201"
    request = jobs.post_request(act=act, client=odile, activity=hedge, starts_at=TOMORROW, minutes=120, recurrence=rule)
    say_yes(act, request, karim)
    sign_all(act, Agreement.objects.get())
    for mission in Mission.objects.select_related("agreement", "request__listing", "client").order_by("starts_at"):
        jobs.log_hours(act=replace(act, at=mission.ends_at), mission=mission, minutes=120, key=str(mission.id))
    assert Request.objects.get().state == "done"


def test_whoever_does_not_go_on_hears_it_when_the_request_stops(
    act: Act, weekly: Request, karim: Person, nadege: Person
) -> None:
    say_yes(act, weekly, karim)
    now = to_the_end(act, weekly)
    jobs.seek_another(act=now, request=Request.objects.get())
    jobs.cancel(act=now, request=Request.objects.get())
    assert Letter.objects.filter(template="job_cancelled", person=karim).count() == 1


def test_whoever_does_not_go_on_and_cannot_come_leaves_the_next_season_as_it_is(
    act: Act, weekly: Request, karim: Person, nadege: Person
) -> None:
    say_yes(act, weekly, karim)
    now = to_the_end(act, weekly)
    jobs.seek_another(act=now, request=Request.objects.get())
    say_yes(now, Request.objects.get(), nadege)
    last = Mission.objects.filter(worker=karim).latest("starts_at")
    jobs.withdraw_worker(act=now, mission=Mission.objects.select_related("agreement").get(id=last.id))
    request = Request.objects.select_related("listing").get()
    assert (request.state, request.listing.state) == ("filled", "filled")
    assert Task.objects.filter(kind="replace").exists()


def test_somebody_else_for_the_next_season_costs_what_it_does_by_then(
    act: Act, weekly: Request, karim: Person, nadege: Person
) -> None:
    say_yes(act, weekly, karim)
    jobs.set_tariff(
        act=act,
        activity=None,
        client_kind="",
        hourly_price=2600,
        hourly_wage=1231,
        minimum_minutes=60,
        travel_fee=0,
        valid_from=date(2027, 1, 1),
    )
    now = to_the_end(act, weekly)
    jobs.seek_another(act=now, request=Request.objects.get())
    say_yes(now, Request.objects.get(), nadege)
    assert sorted(Promise.objects.filter(kind="price").values_list("quantity", flat=True)) == [2450, 2600]


def test_twice_a_year_comes_back(act: Act, clock_act: Act, odile: Person, hedge: Activity, karim: Person) -> None:
    rule = "FREQ=MONTHLY;INTERVAL=6"
    request = jobs.post_request(act=act, client=odile, activity=hedge, starts_at=TOMORROW, minutes=120, recurrence=rule)
    say_yes(act, request, karim)
    sign_all(act, Agreement.objects.get())
    mission = Mission.objects.select_related("agreement", "request__listing", "client").get()
    jobs.log_hours(act=replace(act, at=mission.ends_at), mission=mission, minutes=120, key="slip")
    assert Request.objects.get().state == "filled"
    for weeks, tasks in ((2, 0), (20, 1)):
        now = TODAY + timedelta(weeks=weeks)
        (season,) = running_out(at=now)
        assert season.next
        assert season.next.date() == date(2027, 5, 24)
        jobs.remind_renewal(act=replace(clock_act, at=now), season=season)
        assert Task.objects.filter(kind="renew").count() == tasks
