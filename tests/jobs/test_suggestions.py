"""Looking at a few people at a time gives what looking at everybody gives."""

from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entremise.jobs import operations as jobs
from entremise.jobs.models import Absence, Activity, Mission, Request, Skill, Worker
from entremise.jobs.queries import suggestions
from entremise.jobs.queries.crowd import Crowd
from entremise.jobs.queries.people import job_of, registered
from entremise.jobs.rules import matching
from entremise.kernel.act import Act
from entremise.people.models import Membership, Paper, Person
from tests.conftest import TODAY
from tests.jobs.conftest import TOMORROW, later, say_yes, sign_all

PARIS = ZoneInfo("Europe/Paris")


def crowd(request: Request, hedge: Activity, chance: Random, count: int = 70) -> None:
    """Of each kind some: without papers, without the skill, absent, busy, known here, idle for long, far away."""
    for number in range(count):
        person = Person.objects.create(
            family_name=f"{number}",
            latitude=chance.choice([None, 44.6 + chance.uniform(-0.1, 0.1)]),
            longitude=-0.2,
            known_since=TODAY,
        )
        Membership.objects.create(person=person, role="worker", since=TODAY.date())
        if chance.random() < 0.7:
            Paper.objects.create(person=person, kind="pass_iae", checked_on=TODAY.date())
        free = chance.choice([[], [[1, "08:00", "18:00"]], [[4, "08:00", "18:00"]]])
        worker = Worker.objects.create(
            person=person,
            hours_wanted=chance.choice([0, 300, 600]),
            travel_mode=chance.choice(["walk", "car"]),
            free_times=free,
            since=TODAY.date(),
        )
        if chance.random() < 0.5:
            Skill.objects.create(worker=worker, activity=hedge, how="said", since=TODAY.date())
        if chance.random() < 0.1:
            Absence.objects.create(worker=worker, starts_at=TODAY, ends_at=TODAY + timedelta(days=3))
        for days in chance.sample([-40, -9, -1, 0, 1, 3], chance.randrange(3)):
            starts = TOMORROW + timedelta(days=days, hours=chance.choice([0, 3]))
            Mission.objects.create(
                request=request,
                worker=person,
                client=chance.choice([request.client, person]),
                number=1,
                starts_at=starts,
                ends_at=starts + timedelta(hours=2),
                state="confirmed" if days < 0 else "ready",
                state_at=TODAY,
            )


@pytest.mark.parametrize("seed", range(4))
def test_the_first_are_those_that_looking_at_everybody_gives(request_: Request, hedge: Activity, seed: int) -> None:
    crowd(request_, hedge, Random(seed))
    job = job_of(request_, after=TODAY)
    everybody = list(registered(job).select_related("person"))
    whole_crowd = Crowd([job], everybody)
    views = [whole_crowd.view(job, worker) for worker in everybody]
    for limit in (3, 8, 200):
        whole = matching.rank(job.need, views, today=TODAY.date(), limit=limit)
        found = suggestions.candidates(request=request_, at=TODAY, limit=limit)
        assert [one.suggestion for one in found.people] == list(whole.suggestions)
    assert found.blocked == whole.blocked
    assert found.total == len(views)


def test_more_people_make_no_more_queries(request_: Request, hedge: Activity) -> None:
    counts = []
    for seed in (1, 2):
        crowd(request_, hedge, Random(seed), count=40)
        with CaptureQueriesContext(connection) as asked:
            suggestions.candidates(request=request_, at=TODAY)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_whoever_has_done_it_is_known_to_be_able(
    act: Act, request_: Request, hedge: Activity, karim: Person, nadege: Person
) -> None:
    Skill.objects.all().delete()
    say_yes(act, request_, karim)
    mission = Mission.objects.select_related("agreement", "worker", "client", "request__listing").get()
    assert mission.agreement
    sign_all(act, mission.agreement)
    mission.refresh_from_db()
    jobs.log_hours(act=later(act, days=2), mission=mission, minutes=120, key="k")
    (skill,) = Skill.objects.select_related("worker", "activity")
    assert (skill.worker.person_id, skill.activity, skill.how) == (karim.id, hedge, "seen")
