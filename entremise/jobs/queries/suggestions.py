"""Who could go to a job: the first of the published rule, without looking at everybody in detail.

Everybody is put in the rule's order by what is cheap to know; papers, hours and ways are then looked up for the first
of them, some at a time, until enough may go. The result is what looking at everybody would have given.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum

from entremise.jobs.models import Mission, Request, Skill, Worker
from entremise.jobs.queries.crowd import (
    DONE,
    LIVE,
    Crowd,
    FreeTime,
    Job,
    absences,
    availability_of,
    end_of_moment,
    free_moments,
    point_of,
)
from entremise.jobs.queries.people import against, job_of, registered, still_promised
from entremise.jobs.rules import limits, matching
from entremise.jobs.rules.need import Travel
from entremise.people.models import Person

AT_FIRST = 24  # Looked at in detail; as many again and again while too few of them may go.


@dataclass(frozen=True)
class SuggestedWorker:
    person: Person
    worker: Worker
    suggestion: matching.Suggestion


@dataclass(frozen=True)
class Suggestions:
    """people: in the order of the published rule. site: why nobody may go.

    blocked: of those looked at in detail, how many may not go, by reason; those who come first, and everybody where
    nobody else is left. total: who was compared.
    """

    people: list[SuggestedWorker]
    blocked: dict[str, int]
    total: int
    site: tuple[limits.Block, ...]


def candidates(*, request: Request, at: datetime, limit: int = 8, also: Collection[UUID] = frozenset()) -> Suggestions:
    """Who could go, with reasons. A number of queries that does not grow with the workers.

    also: people who are among them in their place of the order, however far down that is.
    """
    job = job_of(request, after=still_promised(request, at=at))
    today = at.astimezone(job.zone).date()
    seen: list[matching.Candidate] = []
    known: dict[UUID, Worker] = {}
    free, total = 0, 0
    for group in (_who(job, knowing=True), _who(job, knowing=False)):
        order = _in_order(job, group, today) if free < limit else []
        total += len(order)
        for few in _some_at_a_time(order):
            workers = list(Worker.objects.filter(id__in=few).select_related("person"))
            known.update((worker.person_id, worker) for worker in workers)
            crowd = Crowd([job], workers)
            views = [crowd.view(job, worker) for worker in workers]
            seen += views
            free += sum(not matching.blocks_of(job.need, view) for view in views)
            if free >= limit:
                break
    if left := list(registered(job).filter(person__in=set(also) - known.keys()).select_related("person")):
        known.update((worker.person_id, worker) for worker in left)
        crowd = Crowd([job], left)
        seen += [crowd.view(job, worker) for worker in left]
    ranking = matching.rank(job.need, seen, today=today, limit=len(seen) if also else limit)
    shown = [one for at_, one in enumerate(ranking.suggestions) if at_ < limit or one.person in also]
    people = [SuggestedWorker(known[s.person].person, known[s.person], s) for s in shown]
    return Suggestions(people, dict(ranking.blocked), total, against(job, at=at))


class _Row(NamedTuple):
    worker: UUID
    person: UUID
    latitude: float | None
    longitude: float | None
    travel: str
    free_times: list[FreeTime]
    wanted: int
    last: datetime | None


def _who(job: Job, *, knowing: bool) -> "QuerySet[Worker]":
    skilled = Skill.objects.filter(activity=job.request.activity_id).values("worker")
    workers = registered(job).filter(since__lte=job.day)
    return workers.filter(id__in=skilled) if knowing else workers.exclude(id__in=skilled)


def _in_order(job: Job, workers: "QuerySet[Worker]", today: date) -> list[UUID]:
    """The rule's order as if nobody were kept from going."""
    done = Mission.objects.filter(worker=OuterRef("person"), state__in=DONE).order_by("-starts_at")
    rows = workers.annotate(last=Subquery(done.values("starts_at")[:1])).values_list(
        "id", "person", "person__latitude", "person__longitude", "travel_mode", "free_times", "hours_wanted", "last"
    )
    need, zone, people = job.need, job.zone, workers.values("person")
    here, given = _been_here(job.request, people), _given_that_week(job, people)
    away, moments = absences(need.window), free_moments(need.window)
    keyed = []
    for row in map(_Row._make, rows):
        moment = end_of_moment(moments.get(row.worker, ()), need.window)
        availability, _until = availability_of(
            row.free_times, need.window, zone, away=row.worker in away, moment=moment
        )
        candidate = matching.Candidate(
            person=row.person,
            done_for_client=here.get(row.person, 0),
            point=point_of(row.latitude, row.longitude),
            travel=Travel(row.travel),
            availability=availability,
            hours_wanted=row.wanted,
            hours_given=given.get(row.person, 0),
            last_worked=row.last.astimezone(zone).date() if row.last else None,
        )
        keyed.append((matching.key(need, candidate, (), today), row.worker))
    return [worker for _, worker in sorted(keyed)]


def _some_at_a_time(order: list[UUID]) -> Iterator[list[UUID]]:
    start, size = 0, AT_FIRST
    while start < len(order):
        yield order[start : start + size]
        start, size = start + size, size * 4


def _been_here(request: Request, people: "QuerySet[Worker, Any]") -> dict[UUID, int]:
    rows = Mission.objects.filter(client=request.client_id, state__in=DONE, worker__in=people)
    return dict(rows.values_list("worker").annotate(times=Count("id")))


def _given_that_week(job: Job, people: "QuerySet[Worker, Any]") -> dict[UUID, int]:
    """Minutes promised or done in the week of the job."""
    monday = datetime.combine(job.day - timedelta(days=job.day.weekday()), time(), job.zone)
    week = Mission.objects.filter(state__in=LIVE, starts_at__gte=monday, starts_at__lt=monday + timedelta(days=7))
    return dict(week.filter(worker__in=people).values_list("worker").annotate(minutes=Sum("request__minutes")))
