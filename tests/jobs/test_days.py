"""A day's open jobs spread over the people who may go."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entremise.jobs import operations as jobs
from entremise.jobs.models import Absence, Activity, Request, Worker
from entremise.jobs.queries.days import Day, spread_day
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.market.models import Proposal
from entremise.people.models import Paper, Person
from tests.conftest import TODAY
from tests.jobs.conftest import TOMORROW, by_text

PARIS = ZoneInfo("Europe/Paris")


def tomorrow() -> Day:
    return spread_day(day=TOMORROW.date(), at=TODAY, zone=PARIS)


def who(day: Day) -> dict[int, str]:
    return {one.request.listing.number: one.somebody.person.given_name if one.somebody else "" for one in day.places}


@pytest.fixture
def two_jobs(act: Act, odile: Person, hedge: Activity, karim: Person, nadege: Person) -> list[Request]:
    asked = {"act": act, "client": odile, "activity": hedge, "minutes": 120}
    return [jobs.post_request(starts_at=TOMORROW + timedelta(hours=later), **asked) for later in (0, 1)]


def test_two_jobs_of_a_day_go_to_two_people(two_jobs: list[Request]) -> None:
    assert sorted(who(tomorrow()).values()) == ["Karim", "Nadège"]


def test_whoever_may_not_go_said_no_or_is_away_is_left_out(
    act: Act, two_jobs: list[Request], karim: Person, nadege: Person
) -> None:
    (asked,) = jobs.propose(act=act, request=two_jobs[0], workers=[nadege.id])
    jobs.answer(act=by_text(nadege), proposal=asked, yes=False)
    assert who(tomorrow()) == {two_jobs[0].listing.number: "Karim", two_jobs[1].listing.number: "Nadège"}
    Paper.objects.filter(person=karim).delete()
    assert who(tomorrow()) == {two_jobs[0].listing.number: "", two_jobs[1].listing.number: "Nadège"}
    away = Worker.objects.get(person=nadege)
    Absence.objects.create(worker=away, starts_at=TODAY, ends_at=TODAY + timedelta(days=3))
    assert set(who(tomorrow()).values()) == {""}


def test_a_day_is_put_to_everybody_ticked_or_to_nobody(act: Act, two_jobs: list[Request], karim: Person) -> None:
    pairs = [(one.request, one.somebody.person.id) for one in tomorrow().places if one.somebody]
    Paper.objects.filter(person=pairs[1][1]).delete()
    with pytest.raises(Refused, match="block_not_waivable"):
        jobs.propose_day(act=act, asked=pairs)


def test_whoever_was_asked_waits_for_an_answer(act: Act, two_jobs: list[Request]) -> None:
    pairs = [(one.request, one.somebody.person.id) for one in tomorrow().places if one.somebody]
    jobs.propose_day(act=act, asked=pairs)
    assert Proposal.objects.filter(state="offered").count() == 2
    assert tomorrow().places == []
    with pytest.raises(Refused, match="not_now"):
        jobs.propose_day(act=act, asked=pairs)


def test_more_jobs_and_people_make_no_more_queries(act: Act, two_jobs: list[Request], odile: Person) -> None:
    counts = []
    for later in (2, 3):
        with CaptureQueriesContext(connection) as asked:
            tomorrow()
        counts.append(len(asked))
        starts = TOMORROW + timedelta(hours=later)
        jobs.post_request(act=act, client=odile, activity=two_jobs[0].activity, starts_at=starts, minutes=60)
    assert counts[0] == counts[1]
