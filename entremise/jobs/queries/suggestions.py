"""Who could go to a job: the first of the published rule, without looking at everybody in detail.

Everybody is put in the rule's order by what is cheap to know; papers, hours and ways are then looked up for the first
of them, some at a time, until enough may go. The result is what looking at everybody would have given.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum

from entremise.jobs.models import Mission, Request, Skill, Worker
from entremise.jobs.queries.people import (
    LIVE,
    FreeTime,
    absent,
    availability_of,
    free_moments,
    limits_on,
    mode_of,
    need_of,
    point_of,
    registered,
    site_of,
    still_promised,
    views_of,
    visits_of,
)
from entremise.jobs.rules import limits, matching
from entremise.jobs.rules.need import JobNeed, Travel
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


def candidates(*, request: Request, at: datetime, limit: int = 8) -> Suggestions:
    """Who could go, with reasons. A number of queries that does not grow with the workers."""
    visits = visits_of(request, after=still_promised(request, at=at))
    need = need_of(request, visits[0])
    zone = ZoneInfo(request.organisation.timezone)
    day, today = need.window.start.astimezone(zone).date(), at.astimezone(zone).date()
    table = limits_on(day)
    seen: list[matching.Candidate] = []
    known: dict[UUID, Worker] = {}
    free, total = 0, 0
    for group in (_who(request, day, knowing=True), _who(request, day, knowing=False)):
        order = _in_order(need, request, group, zone, today) if free < limit else []
        total += len(order)
        for few in _some_at_a_time(order):
            workers = list(Worker.objects.filter(id__in=few).select_related("person"))
            known.update((worker.person_id, worker) for worker in workers)
            views = list(views_of(need, visits, request, workers, zone, day, table))
            seen += views
            free += sum(not matching.blocks_of(need, view) for view in views)
            if free >= limit:
                break
    ranking = matching.rank(need, seen, today=today, limit=limit)
    people = [SuggestedWorker(known[s.person].person, known[s.person], s) for s in ranking.suggestions]
    site = mode_of(request).checks.site(need, site_of(request), table, zone, at)
    return Suggestions(people, dict(ranking.blocked), total, site)


class _Row(NamedTuple):
    worker: UUID
    person: UUID
    latitude: float | None
    longitude: float | None
    travel: str
    free_times: list[FreeTime]
    wanted: int
    last: datetime | None


def _who(request: Request, day: date, *, knowing: bool) -> "QuerySet[Worker]":
    skilled = Skill.objects.filter(activity=request.activity_id).values("worker")
    workers = registered(request, day).filter(since__lte=day)
    return workers.filter(id__in=skilled) if knowing else workers.exclude(id__in=skilled)


def _in_order(need: JobNeed, request: Request, workers: "QuerySet[Worker]", zone: ZoneInfo, today: date) -> list[UUID]:
    """The rule's order as if nobody were kept from going."""
    done = Mission.objects.filter(worker=OuterRef("person"), state__in=["worked", "confirmed"]).order_by("-starts_at")
    rows = workers.annotate(last=Subquery(done.values("starts_at")[:1])).values_list(
        "id", "person", "person__latitude", "person__longitude", "travel_mode", "free_times", "hours_wanted", "last"
    )
    people = workers.values("person")
    away, moments = absent(need), free_moments(need)
    here, given = _been_here(request, people), _given_that_week(need, people, zone)
    keyed = []
    for row in map(_Row._make, rows):
        availability, _until = availability_of(
            row.free_times, need.window, zone, away=row.worker in away, moment=moments.get(row.worker)
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
    rows = Mission.objects.filter(client=request.client_id, state__in=["worked", "confirmed"], worker__in=people)
    return dict(rows.values_list("worker").annotate(times=Count("id")))


def _given_that_week(need: JobNeed, people: "QuerySet[Worker, Any]", zone: ZoneInfo) -> dict[UUID, int]:
    """Minutes promised or done in the week of the job."""
    day = need.window.start.astimezone(zone).date()
    monday = datetime.combine(day - timedelta(days=day.weekday()), time(), zone)
    week = Mission.objects.filter(state__in=LIVE, starts_at__gte=monday, starts_at__lt=monday + timedelta(days=7))
    return dict(week.filter(worker__in=people).values_list("worker").annotate(minutes=Sum("request__minutes")))
