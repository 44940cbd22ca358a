"""A day's open jobs, each with somebody who could go: nobody twice, as close to the published order as can be."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from entremise.jobs.models import Request, Worker
from entremise.jobs.queries.crowd import Crowd, Job
from entremise.jobs.queries.people import against, limits_on, mode_of, need_of, registered, territory, visits_of
from entremise.jobs.queries.suggestions import SuggestedWorker
from entremise.jobs.rules import matching
from entremise.jobs.rules.modes.registry import MODES
from entremise.jobs.rules.spreading import spread
from entremise.market.models import Proposal

MOST = 60  # Jobs looked at together; more than that no coordinator reads at once.
DEEP = 20  # People kept for each job, the first of the rule who may go.


@dataclass(frozen=True)
class Place:
    """One job of the day. somebody: who could go; nobody when all who may are needed elsewhere, or none may."""

    request: Request
    somebody: SuggestedWorker | None


@dataclass(frozen=True)
class Day:
    """places: in the order of their time. more: jobs of the day that were not looked at."""

    day: date
    places: list[Place]
    more: int


def spread_day(*, day: date, at: datetime, zone: ZoneInfo) -> Day:
    """The open jobs of a day at the organisation's own prices. A number of queries that no row makes grow."""
    start = datetime.combine(day, time(), zone)
    tariffed = [mode.code for mode in MODES.values() if not mode.by_quote]
    rows = Request.objects.filter(
        state="open",
        mode__in=tariffed,
        listing__starts_at__gte=max(start, at),
        listing__starts_at__lt=start + timedelta(days=1),
    ).select_related("listing__place", "client", "activity", "organisation")
    rows = rows.prefetch_related("exceptions")
    wanted = list(rows.order_by("listing__starts_at", "listing__number"))
    if not wanted:
        return Day(day, [], 0)
    seen, table = wanted[:MOST], limits_on(day)
    jobs = []
    for request in seen:
        visits = visits_of(request, after=at)
        jobs.append(Job(request, need_of(request, visits[0]), visits, mode_of(request), zone, table))
    today = at.astimezone(zone).date()
    plan: dict[UUID, SuggestedWorker] = {}
    for _, of_mode in groupby(sorted(jobs, key=lambda job: job.mode.code), key=lambda job: job.mode.code):
        plan |= _spread(list(of_mode), at, today)
    return Day(day, [Place(request, plan.get(request.id)) for request in seen], len(wanted) - len(seen))


def _spread(jobs: Sequence[Job], at: datetime, today: date) -> dict[UUID, SuggestedWorker]:
    workers = list(registered(jobs[0]).filter(since__lte=jobs[0].day).select_related("person").order_by("id"))
    crowd, here, asked = Crowd(jobs, workers), territory(), _asked(jobs)
    known = {worker.person_id: worker for worker in workers}
    able: dict[UUID, dict[UUID, matching.Candidate]] = {}
    for job in jobs:
        site = replace(here, dangerous=job.request.activity.dangerous)
        nobody = bool(against(job, at=at, site=site))
        able[job.request.id] = {} if nobody else _able(job, crowd, workers, asked[job.request.listing_id], today)
    plan = spread({request: list(people) for request, people in able.items()})
    return {
        job.request.id: _said(job, able[job.request.id][plan[job.request.id]], known, today)
        for job in jobs
        if job.request.id in plan
    }


def _able(
    job: Job, crowd: Crowd, workers: Sequence[Worker], asked: set[UUID], today: date
) -> dict[UUID, matching.Candidate]:
    """The first of the rule who can do it, are or may be free, and against whom nothing stands."""
    by_person = {worker.person_id: worker for worker in workers if worker.person_id not in asked}
    seen = [crowd.candidate(job, worker) for worker in by_person.values()]
    can = [
        one for one in seen if job.need.activity in one.skills and one.availability is not matching.Availability.BUSY
    ]
    able: dict[UUID, matching.Candidate] = {}
    for one in sorted(can, key=lambda one: matching.key(job.need, one, (), today)):
        if not crowd.blocks(job, by_person[one.person]):
            able[one.person] = one
        if len(able) == DEEP:
            break
    return able


def _asked(jobs: Sequence[Job]) -> dict[UUID, set[UUID]]:
    """Who was asked already, whatever they said."""
    asked: dict[UUID, set[UUID]] = defaultdict(set)
    for listing, person in Proposal.objects.filter(listing__in=[job.request.listing_id for job in jobs]).values_list(
        "listing", "person"
    ):
        asked[listing].add(person)
    return asked


def _said(job: Job, candidate: matching.Candidate, known: dict[UUID, Worker], today: date) -> SuggestedWorker:
    worker = known[candidate.person]
    (suggestion,) = matching.rank(job.need, [candidate], today=today, limit=1).suggestions
    return SuggestedWorker(worker.person, worker, suggestion)
