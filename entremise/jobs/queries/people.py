"""The people of small jobs, as the matching rule and the limits see them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from entremise.figures import queries as figures
from entremise.jobs.models import Mission, Request, TerritoryPlace, Worker
from entremise.jobs.queries.crowd import (
    LIVE,
    Blocks,
    Crowd,
    Job,
    company_work,
    engagement,
    knows,
    missions_of,
    papers_of,
    papers_on_day,
    point_of,
)
from entremise.jobs.rules import limits, matching
from entremise.jobs.rules.modes import Mode
from entremise.jobs.rules.modes.registry import MODES
from entremise.jobs.rules.need import ClientKind, JobNeed, Travel
from entremise.jobs.rules.recurrence import coming_visits
from entremise.kernel.time import Window
from entremise.people.models import Membership

SEASON_WEEKS = 12  # A recurring job is agreed for a season, then looked at again.


def limits_on(day: date) -> limits.Limits:
    table = figures.table()
    return limits.Limits(
        daily_rest=int(table.at("daily_rest_hours", day) * 60),
        weekly_rest=int(table.at("weekly_rest_hours", day) * 60),
        daily_work=int(table.at("daily_max_hours", day) * 60),
        weekly_work=int(table.at("weekly_max_hours", day) * 60),
        company_work=int(table.at("company_hours_limit", day) * 60),
        company_months=int(table.at("company_hours_window_months", day)),
        dismissal_months=int(table.at("economic_dismissal_months", day)),
        vigilance_months=int(table.at("vigilance_months", day)),
    )


def visits_of(request: Request, *, after: datetime) -> list[Window]:
    """The visits that one agreement covers: the only one, or those of a season that begin later than `after`.

    A recurring job with no visit left gives its first, which has begun.
    """
    listing = request.listing
    if listing.starts_at is None:
        raise ValueError(f"request {listing.number} has no date yet")
    first = Window.lasting(listing.starts_at.astimezone(UTC), request.minutes)
    if not listing.recurrence:
        return [first]
    zone = ZoneInfo(request.organisation.timezone)
    skipped = skipped_days(request)
    coming = coming_visits(
        listing.recurrence, first=first, after=after, weeks=SEASON_WEEKS, zone=zone, except_on=skipped
    )
    return list(coming) or [first]


def skipped_days(request: Request) -> set[date]:
    """Days of a recurring job on which nobody is to come."""
    if request._state.adding:
        return set()
    return {one.day for one in request.exceptions.all() if not one.kept}


def agreed_visits(*, request: Request, person: UUID, after: datetime) -> list[Window]:
    """The visits that a yes of this person promises: none that their papers do not reach."""
    papers = papers_of([person])[person]
    zone = ZoneInfo(request.organisation.timezone)
    missing = mode_of(request).checks.papers
    return limits.while_papers_last(visits_of(request, after=after), partial(papers_on_day, papers), zone, missing)


def mode_of(request: Request) -> Mode:
    return MODES[request.mode]


def still_promised(request: Request, *, at: datetime) -> datetime:
    """The last visit of somebody who does not go on, or `at` without any: whoever follows comes after it."""
    if request.state not in ("open", "proposed") or not request.listing.recurrence or request._state.adding:
        return at
    kept = Mission.objects.filter(request=request, state__in=LIVE).exclude(proposal__state="accepted")
    return max(at, kept.aggregate(last=Max("starts_at"))["last"] or at)


def need_of(request: Request, window: Window) -> JobNeed:
    """A visit of a request, as the rules see it."""
    listing = request.listing
    return JobNeed(
        request=request.id,
        window=window,
        activity=request.activity.code,
        point=point_of(listing.latitude, listing.longitude),
        place_code=listing.place.code if listing.place else "",
        client_kind=ClientKind(request.client.kind),
        in_twos_ok=listing.slots > 1,
        first_alone_ok=not (request.activity.first_in_twos and mode_of(request).checks.in_twos),
    )


def job_of(request: Request, *, after: datetime) -> Job:
    """A request with the visits that begin later than `after`, as the rules see it. Two queries."""
    visits = visits_of(request, after=after)
    need, zone = need_of(request, visits[0]), ZoneInfo(request.organisation.timezone)
    day = need.window.start.astimezone(zone).date()
    return Job(request, need, visits, mode_of(request), zone, limits_on(day))


def against(job: Job, *, at: datetime, site: limits.Site | None = None) -> Blocks:
    """Why nobody at all may be sent any more. site: when it is read already."""
    return job.mode.checks.site(job.need, site or site_of(job.request), job.table, job.zone, at)


def blocks_for(*, request: Request, person: UUID, at: datetime, after: datetime | None = None) -> Blocks:
    """Every reason why this person may not be sent to this request `at` now, the job's own reasons first.

    after: the visits that count begin later; those that nobody promised unless given.
    """
    job = job_of(request, after=after or still_promised(request, at=at))
    site = against(job, at=at)
    workers = list(registered(job).filter(person_id=person).select_related("person"))
    if not workers:
        return (*site, limits.Block("not_a_worker", {}))
    return (*site, *matching.blocks_of(job.need, Crowd([job], workers).view(job, workers[0])))


def judge(
    *, worker: Worker, need: JobNeed, span: Window, mode: Mode, but: UUID | None = None
) -> Callable[[Window], Blocks]:
    """What stands against any one visit within `span`, wherever the client is. Six queries, however often it is asked.

    but: a mission that does not count, since it is to be moved.

    The place itself is not judged: `blocks_for` says what is against the job whoever goes.
    """
    person, zone = worker.person_id, ZoneInfo(worker.organisation.timezone)
    table = limits_on(span.start.astimezone(zone).date())
    can = worker.id in knows([worker], need.activity)
    engagements = tuple(engagement(one) for one in missions_of([person], span)[person] if one.id != but)
    company = tuple(company_work([person], zone)[person]) if need.client_kind is ClientKind.COMPANY else ()
    papers_on = partial(papers_on_day, papers_of([person])[person])

    def blocks(visit: Window) -> Blocks:
        papers = papers_on(visit.start.astimezone(zone).date())
        known = limits.Worker(papers, engagements, company, Travel(worker.travel_mode), can)
        return limits.agreement_blocks(replace(need, window=visit), [visit], known, table, zone, mode.checks.person)

    return blocks


def registered(job: Job) -> "QuerySet[Worker]":
    """Those who do jobs in this request's mode."""
    lasting = Q(until__isnull=True) | Q(until__gte=job.day)
    held = Membership.objects.filter(person=OuterRef("person"), role=job.mode.comes.value)
    return Worker.objects.filter(lasting, Exists(held.filter(Q(until__isnull=True) | Q(until__gt=job.day))))


def site_of(request: Request) -> limits.Site:
    return replace(territory(), dangerous=request.activity.dangerous)


def territory() -> limits.Site:
    """What is true of every job here."""
    return limits.Site(territory=frozenset(TerritoryPlace.objects.values_list("place__code", flat=True)) or None)
