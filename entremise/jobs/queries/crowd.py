"""What the rules need to know of some workers, read once for any number of jobs."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, QuerySet

from entremise.agreements.queries import logged_minutes
from entremise.jobs.models import Absence, FreeMoment, Mission, Request, Skill, Worker
from entremise.jobs.rules import limits, matching
from entremise.jobs.rules.modes import Mode
from entremise.jobs.rules.modes.registry import MODES
from entremise.jobs.rules.need import ClientKind, JobNeed, Travel
from entremise.jobs.rules.offers import usual_windows
from entremise.kernel.place import Point
from entremise.kernel.time import Window
from entremise.people.models import Paper

LIVE = ("agreed", "ready", "worked", "confirmed")
DONE = ("worked", "confirmed")
PAPERS = (Paper.Kind.PASS_IAE, Paper.Kind.RIGHT_TO_WORK, Paper.Kind.REGISTRATION, Paper.Kind.INSURANCE)

Blocks = tuple[limits.Block, ...]
FreeTime = tuple[int, str, str]  # Weekday 0–6, "08:00", "12:00".


@dataclass(frozen=True)
class Job:
    """A request as the rules see it. visits: what a yes would promise. day: of the first visit, local."""

    request: Request
    need: JobNeed
    visits: list[Window]
    mode: Mode
    zone: ZoneInfo
    table: limits.Limits

    @property
    def day(self) -> date:
        return self.need.window.start.astimezone(self.zone).date()


class Crowd:
    """Some workers, seen from some jobs. Nine queries, however many there are of either."""

    def __init__(self, jobs: Sequence[Job], workers: Sequence[Worker]) -> None:
        ids = [worker.person_id for worker in workers]
        whole = Window(min(job.visits[0].start for job in jobs), max(job.visits[-1].end for job in jobs))
        clients = {job.request.client_id for job in jobs}
        done = Mission.objects.filter(worker_id__in=ids, state__in=DONE)
        activities = {job.request.activity_id for job in jobs}
        self._skills = _skills(workers)
        self._done = _counts(done.filter(request__activity__in=activities), "request__activity")
        self._here = _counts(done.filter(client__in=clients), "client")
        self._last: dict[UUID, datetime] = dict(done.values_list("worker_id").annotate(last=Max("starts_at")))
        self._missions = missions_of(ids, whole)
        in_company = any(job.need.client_kind is ClientKind.COMPANY for job in jobs)
        self._company = company_work(ids, jobs[0].zone) if in_company else {}
        self._away, self._moments = absences(whole), free_moments(whole)
        self._papers = papers_of(ids)

    def candidate(self, job: Job, worker: Worker) -> matching.Candidate:
        """As the published rule compares them, nothing yet in their way."""
        need, person, code = job.need, worker.person, job.need.activity
        mine, skills = self._missions.get(person.id, []), self._skills.get(worker.id, {})
        moment = end_of_moment(self._moments.get(worker.id, ()), need.window)
        away = any(need.window.overlaps(one) for one in self._away.get(worker.id, ()))
        availability, until = availability_of(worker.free_times, need.window, job.zone, away=away, moment=moment)
        last = self._last.get(person.id)
        return matching.Candidate(
            person=person.id,
            skills=frozenset(skills),
            done_activity=self._done.get((person.id, job.request.activity_id), 0),
            done_for_client=self._here.get((person.id, job.request.client_id), 0),
            point=point_of(person.latitude, person.longitude),
            travel=Travel(worker.travel_mode),
            availability=availability,
            free_until=until,
            hours_wanted=worker.hours_wanted,
            hours_given=_given_that_week(mine, job.day, job.zone),
            last_worked=last.astimezone(job.zone).date() if last else None,
            trained_on=skills.get(code),
            prefers_call=person.prefers_call,
            job_before=_job_before(mine, need.window, job.zone),
        )

    def blocks(self, job: Job, worker: Worker) -> Blocks:
        """Every reason why this worker may not be sent."""
        person, checks = worker.person_id, job.mode.checks
        papers_on = partial(papers_on_day, self._papers.get(person, []))
        visits = limits.while_papers_last(job.visits, papers_on, job.zone, checks.papers)
        known = limits.Worker(
            papers=papers_on(job.day),
            engagements=tuple(engagement(mission) for mission in self._missions.get(person, ())),
            company_work=tuple(self._company.get(person, ())),
            travel=Travel(worker.travel_mode),
            knows_activity=job.need.activity in self._skills.get(worker.id, {}),
        )
        return limits.agreement_blocks(job.need, visits, known, job.table, job.zone, checks.person)

    def view(self, job: Job, worker: Worker) -> matching.Candidate:
        return replace(self.candidate(job, worker), blocks=self.blocks(job, worker))


def point_of(latitude: float | None, longitude: float | None) -> Point | None:
    return None if latitude is None or longitude is None else Point(latitude, longitude)


def knows(workers: Sequence[Worker], code: str) -> set[UUID]:
    """Those of the workers who can do an activity."""
    return {worker for worker, skills in _skills(workers).items() if code in skills}


def _skills(workers: Sequence[Worker]) -> dict[UUID, dict[str, date | None]]:
    """Worker → activity → when they were trained, None when they said or showed that they can."""
    skills: dict[UUID, dict[str, date | None]] = defaultdict(dict)
    for skill in Skill.objects.filter(worker__in=workers).select_related("activity"):
        skills[skill.worker_id][skill.activity.code] = skill.since if skill.how == "trained" else None
    return skills


def _counts(done: "QuerySet[Mission]", what: str) -> dict[tuple[UUID, UUID], int]:
    """How often each person did it, by what it was or for whom."""
    return {(who, which): times for who, which, times in done.values_list("worker_id", what).annotate(n=Count("id"))}


def missions_of(people: Iterable[UUID], whole: Window) -> dict[UUID, list[Mission]]:
    """What they have promised, from well before to well after, in order."""
    rows = Mission.objects.filter(
        worker_id__in=people,
        state__in=LIVE,
        starts_at__gte=whole.start - limits.AROUND,
        starts_at__lte=whole.end + limits.AROUND,
    ).select_related("client", "request__listing")
    mine: dict[UUID, list[Mission]] = defaultdict(list)
    for mission in rows.order_by("starts_at"):
        mine[mission.worker_id].append(mission)
    return mine


def company_work(people: Iterable[UUID], zone: ZoneInfo) -> dict[UUID, list[limits.CompanyWork]]:
    """All of it that they were employed for, since a placement opens a period where the one before has closed. Hours
    count as they were done.
    """
    employed = [mode.code for mode in MODES.values() if mode.employs]
    work: dict[UUID, list[limits.CompanyWork]] = defaultdict(list)
    rows = list(
        Mission.objects.filter(worker_id__in=people, client__kind="company", state__in=LIVE, request__mode__in=employed)
    )
    done = logged_minutes(occasions=[row.id for row in rows])
    for row in rows:
        minutes = done.get(row.id, Window(row.starts_at, row.ends_at).minutes)
        work[row.worker_id].append(limits.CompanyWork(row.starts_at.astimezone(zone).date(), minutes))
    return work


def absences(whole: Window) -> dict[UUID, list[Window]]:
    """When workers said that they cannot come."""
    return _windows(Absence.objects.filter(starts_at__lt=whole.end, ends_at__gt=whole.start))


def free_moments(whole: Window) -> dict[UUID, list[Window]]:
    """When workers said that they can come, this one time."""
    return _windows(FreeMoment.objects.filter(starts_at__lt=whole.end, ends_at__gt=whole.start))


def _windows(rows: "QuerySet[Absence] | QuerySet[FreeMoment]") -> dict[UUID, list[Window]]:
    windows: dict[UUID, list[Window]] = defaultdict(list)
    for worker, starts_at, ends_at in rows.values_list("worker_id", "starts_at", "ends_at"):
        windows[worker].append(Window(starts_at, ends_at))
    return windows


def end_of_moment(moments: Iterable[Window], wanted: Window) -> datetime | None:
    """Until when somebody is free who said so for this one time."""
    return next((one.end for one in moments if one.start <= wanted.start and wanted.end <= one.end), None)


def papers_of(people: Iterable[UUID]) -> dict[UUID, list[Paper]]:
    papers: dict[UUID, list[Paper]] = defaultdict(list)
    for paper in Paper.objects.filter(person_id__in=people, kind__in=PAPERS).order_by("checked_on", "id"):
        papers[paper.person_id].append(paper)
    return papers


def papers_on_day(papers: Sequence[Paper], day: date) -> limits.Papers:
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


def engagement(mission: Mission) -> limits.Engagement:
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
