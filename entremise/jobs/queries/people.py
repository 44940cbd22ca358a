"""The people of small jobs, as the matching rule and the limits see them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from entremise.agreements.queries import logged_minutes
from entremise.figures import queries as figures
from entremise.jobs.models import Absence, FreeMoment, Mission, Request, Skill, TerritoryPlace, Worker
from entremise.jobs.rules import limits, matching
from entremise.jobs.rules.modes import Mode
from entremise.jobs.rules.modes.registry import MODES
from entremise.jobs.rules.need import ClientKind, JobNeed, Travel
from entremise.jobs.rules.offers import usual_windows
from entremise.jobs.rules.recurrence import coming_visits
from entremise.kernel.place import Point
from entremise.kernel.time import Window
from entremise.people.models import Membership, Paper

LIVE = ("agreed", "ready", "worked", "confirmed")
SEASON_WEEKS = 12  # A recurring job is agreed for a season, then looked at again.

PAPERS = (Paper.Kind.PASS_IAE, Paper.Kind.RIGHT_TO_WORK, Paper.Kind.REGISTRATION, Paper.Kind.INSURANCE)

Blocks = tuple[limits.Block, ...]
FreeTime = tuple[int, str, str]  # Weekday 0–6, "08:00", "12:00".


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
    return list(coming_visits(listing.recurrence, first=first, after=after, weeks=SEASON_WEEKS, zone=zone)) or [first]


def agreed_visits(*, request: Request, person: UUID, after: datetime) -> list[Window]:
    """The visits that a yes of this person promises: none that their papers do not reach."""
    papers = _papers([person])[person]
    zone = ZoneInfo(request.organisation.timezone)
    missing = mode_of(request).checks.papers
    return limits.while_papers_last(visits_of(request, after=after), partial(_papers_on, papers), zone, missing)


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


def blocks_for(*, request: Request, person: UUID, at: datetime, after: datetime | None = None) -> Blocks:
    """Every reason why this person may not be sent to this request `at` now, the job's own reasons first.

    after: the visits that count begin later; those that nobody promised unless given.
    """
    visits = visits_of(request, after=after or still_promised(request, at=at))
    need = need_of(request, visits[0])
    zone = ZoneInfo(request.organisation.timezone)
    day = need.window.start.astimezone(zone).date()
    table = limits_on(day)
    site = mode_of(request).checks.site(need, site_of(request), table, zone, at)
    workers = list(registered(request, day).filter(person_id=person).select_related("person"))
    views = list(views_of(need, visits, request, workers, zone, day, table))
    if not views:
        return (*site, limits.Block("not_a_worker", {}))
    (suggestion,) = matching.rank(need, views, today=day, limit=1).suggestions
    return (*site, *suggestion.blocks)


def judge(*, worker: Worker, need: JobNeed, span: Window, mode: Mode) -> Callable[[Window], Blocks]:
    """What stands against any one visit within `span`, wherever the client is. Six queries, however often it is asked.

    The place itself is not judged: `blocks_for` says what is against the job whoever goes.
    """
    person, zone = worker.person_id, ZoneInfo(worker.organisation.timezone)
    table = limits_on(span.start.astimezone(zone).date())
    knows = need.activity in _skills([worker])[worker.id]
    engagements = tuple(_engagement(mission) for mission in _missions([person], [span])[person])
    company = tuple(_company_work([person], need, zone)[person])
    papers_on = partial(_papers_on, _papers([person])[person])

    def blocks(visit: Window) -> Blocks:
        papers = papers_on(visit.start.astimezone(zone).date())
        known = limits.Worker(papers, engagements, company, Travel(worker.travel_mode), knows)
        return limits.agreement_blocks(replace(need, window=visit), [visit], known, table, zone, mode.checks.person)

    return blocks


def registered(request: Request, day: date) -> "QuerySet[Worker]":
    """Those who do jobs in this request's mode."""
    lasting = Q(until__isnull=True) | Q(until__gte=day)
    held = Membership.objects.filter(person=OuterRef("person"), role=mode_of(request).comes.value)
    return Worker.objects.filter(lasting, Exists(held.filter(Q(until__isnull=True) | Q(until__gt=day))))


def site_of(request: Request) -> limits.Site:
    territory = frozenset(TerritoryPlace.objects.values_list("place__code", flat=True))
    return limits.Site(territory=territory or None, dangerous=request.activity.dangerous)


def views_of(
    need: JobNeed,
    visits: list[Window],
    request: Request,
    workers: list[Worker],
    zone: ZoneInfo,
    day: date,
    table: limits.Limits,
) -> Iterable[matching.Candidate]:
    ids = [worker.person_id for worker in workers]
    skills = _skills(workers)
    done = _counts(ids, Q(request__activity=request.activity_id))
    here = _counts(ids, Q(client=request.client_id))
    last = dict(
        Mission.objects.filter(worker_id__in=ids, state__in=["worked", "confirmed"])
        .values_list("worker_id")
        .annotate(last=Max("starts_at"))
    )
    missions = _missions(ids, visits)
    company = _company_work(ids, need, zone)
    absences, moments = absent(need), free_moments(need)
    papers, checks = _papers(ids), mode_of(request).checks
    for worker in workers:
        person = worker.person
        mine = missions[person.id]
        engagements = tuple(_engagement(mission) for mission in mine)
        papers_on = partial(_papers_on, papers[person.id])
        blocks = limits.agreement_blocks(
            need,
            limits.while_papers_last(visits, papers_on, zone, checks.papers),
            limits.Worker(
                papers=papers_on(day),
                engagements=engagements,
                company_work=tuple(company[person.id]),
                travel=Travel(worker.travel_mode),
                knows_activity=need.activity in skills[worker.id],
            ),
            table,
            zone,
            checks.person,
        )
        away, moment = worker.id in absences, moments.get(worker.id)
        availability, until = availability_of(worker.free_times, need.window, zone, away=away, moment=moment)
        yield matching.Candidate(
            person=person.id,
            skills=frozenset(skills[worker.id]),
            done_activity=done.get(person.id, 0),
            done_for_client=here.get(person.id, 0),
            point=point_of(person.latitude, person.longitude),
            travel=Travel(worker.travel_mode),
            availability=availability,
            free_until=until,
            hours_wanted=worker.hours_wanted,
            hours_given=_given_that_week(mine, day, zone),
            last_worked=last[person.id].astimezone(zone).date() if person.id in last else None,
            trained_on=skills[worker.id].get(need.activity),
            prefers_call=person.prefers_call,
            job_before=_job_before(mine, need.window, zone),
            blocks=blocks,
        )


def point_of(latitude: float | None, longitude: float | None) -> Point | None:
    return None if latitude is None or longitude is None else Point(latitude, longitude)


def _skills(workers: list[Worker]) -> dict[UUID, dict[str, date | None]]:
    """Worker → activity → when they were trained, None when they said or showed that they can."""
    skills: dict[UUID, dict[str, date | None]] = defaultdict(dict)
    for skill in Skill.objects.filter(worker__in=workers).select_related("activity"):
        skills[skill.worker_id][skill.activity.code] = skill.since if skill.how == "trained" else None
    return skills


def _counts(people: list[UUID], which: Q) -> dict[UUID, int]:
    rows = Mission.objects.filter(which, worker_id__in=people, state__in=["worked", "confirmed"])
    return dict(rows.values_list("worker_id").annotate(times=Count("id")))


def _missions(people: list[UUID], visits: list[Window]) -> dict[UUID, list[Mission]]:
    rows = Mission.objects.filter(
        worker_id__in=people,
        state__in=LIVE,
        starts_at__gte=visits[0].start - limits.AROUND,
        starts_at__lte=visits[-1].end + limits.AROUND,
    ).select_related("client", "request__listing")
    mine: dict[UUID, list[Mission]] = defaultdict(list)
    for mission in rows.order_by("starts_at"):
        mine[mission.worker_id].append(mission)
    return mine


def _company_work(people: list[UUID], need: JobNeed, zone: ZoneInfo) -> dict[UUID, list[limits.CompanyWork]]:
    """All of it, since a placement opens a period where the one before has closed. Hours count as they were done."""
    work: dict[UUID, list[limits.CompanyWork]] = defaultdict(list)
    if need.client_kind is not ClientKind.COMPANY:
        return work
    rows = list(Mission.objects.filter(worker_id__in=people, client__kind="company", state__in=LIVE))
    done = logged_minutes(occasions=[row.id for row in rows])
    for row in rows:
        minutes = done.get(row.id, Window(row.starts_at, row.ends_at).minutes)
        work[row.worker_id].append(limits.CompanyWork(row.starts_at.astimezone(zone).date(), minutes))
    return work


def absent(need: JobNeed) -> set[UUID]:
    """Workers who said that they cannot come then."""
    rows = Absence.objects.filter(starts_at__lt=need.window.end, ends_at__gt=need.window.start)
    return set(rows.values_list("worker_id", flat=True))


def free_moments(need: JobNeed) -> dict[UUID, datetime]:
    """Workers who said that they can come this one time, and until when."""
    rows = FreeMoment.objects.filter(starts_at__lte=need.window.start, ends_at__gte=need.window.end)
    return dict(rows.values_list("worker_id", "ends_at"))


def _papers(people: list[UUID]) -> dict[UUID, list[Paper]]:
    papers: dict[UUID, list[Paper]] = defaultdict(list)
    for paper in Paper.objects.filter(person_id__in=people, kind__in=PAPERS).order_by("checked_on", "id"):
        papers[paper.person_id].append(paper)
    return papers


def _papers_on(papers: list[Paper], day: date) -> limits.Papers:
    """The latest that had begun by then: a paper for later does not end the one before it."""
    begun = {paper.kind: paper for paper in papers if paper.valid_from is None or paper.valid_from <= day}
    latest, right = begun.get(Paper.Kind.PASS_IAE), begun.get(Paper.Kind.RIGHT_TO_WORK)
    register, insurance = begun.get(Paper.Kind.REGISTRATION), begun.get(Paper.Kind.INSURANCE)
    state = limits.Pass.VALID if latest else limits.Pass.MISSING
    if latest and latest.suspended_from and latest.suspended_from <= day <= (latest.suspended_to or date.max):
        state = limits.Pass.SUSPENDED
    return limits.Papers(
        state=state,
        pass_until=latest.valid_to if latest else None,
        right_to_work_until=right.valid_to if right else None,
        registered_on=register.checked_on if register else None,
        insured=insurance is not None,
        insured_until=insurance.valid_to if insurance else None,
    )


def _engagement(mission: Mission) -> limits.Engagement:
    listing = mission.request.listing
    return limits.Engagement(
        window=Window(mission.starts_at, mission.ends_at),
        point=point_of(listing.latitude, listing.longitude),
        where=mission.client.called,
    )


def _given_that_week(missions: list[Mission], day: date, zone: ZoneInfo) -> int:
    monday = day - timedelta(days=day.weekday())
    week = {monday + timedelta(days=n) for n in range(7)}
    return sum(
        int((m.ends_at - m.starts_at).total_seconds() // 60)
        for m in missions
        if m.starts_at.astimezone(zone).date() in week
    )


def _job_before(missions: list[Mission], window: Window, zone: ZoneInfo) -> matching.JobBefore | None:
    day = window.start.astimezone(zone).date()
    earlier = [m for m in missions if m.ends_at <= window.start and m.ends_at.astimezone(zone).date() == day]
    if not earlier:
        return None
    before = max(earlier, key=lambda mission: mission.ends_at)
    listing = before.request.listing
    return matching.JobBefore(before.client.called, before.ends_at, point_of(listing.latitude, listing.longitude))


def availability_of(
    free_times: Sequence[FreeTime], window: Window, zone: ZoneInfo, *, away: bool, moment: datetime | None
) -> tuple[matching.Availability, datetime | None]:
    """From the times the worker said they are free each week; moment: until when they said so for this one time."""
    if away:
        return matching.Availability.BUSY, None
    if moment:
        return matching.Availability.FREE, moment
    for one in usual_windows(free_times, window.start.astimezone(zone).date(), zone):
        if one.start <= window.start and window.end <= one.end:
            return matching.Availability.FREE, one.end
    return (matching.Availability.BUSY if free_times else matching.Availability.UNKNOWN), None
