"""What must not happen, and who may say otherwise. Every figure is an argument: they change by decree.

A function answers with a Block that explains itself, or None. Only a block that the law leaves to somebody's
judgement is waivable: travel time and a first job alone by a coordinator with a reason, 480 hours by the prefect.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import takewhile
from uuid import UUID
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from entremise.jobs.rules.need import ClientKind, JobNeed, Travel, minutes_between, real
from entremise.kernel.place import Point
from entremise.kernel.refused import Refused
from entremise.kernel.time import Window


@dataclass(frozen=True)
class Limits:
    """The figures in force on the day of the job; times in minutes."""

    daily_rest: int
    weekly_rest: int
    daily_work: int
    weekly_work: int
    company_work: int
    company_months: int
    dismissal_months: int
    vigilance_months: int


@dataclass(frozen=True)
class Block:
    """Why not. `params` are plain values for the sentence; `needs_reference`: a waiver must quote a decision."""

    code: str
    params: Mapping[str, object]
    waivable: bool = False
    needs_reference: bool = False


@dataclass(frozen=True)
class Override:
    """A named person takes it upon herself. `reference` is the prefect's decision where one is needed."""

    by: UUID
    reason: str
    reference: str = ""


@dataclass(frozen=True)
class Engagement:
    """Work already promised: when, where and under which name the desk knows the place."""

    window: Window
    point: Point | None = None
    where: str = ""


@dataclass(frozen=True)
class CompanyWork:
    """Work done or promised in a company."""

    day: date
    minutes: int


class Pass(StrEnum):
    VALID = "valid"
    MISSING = "missing"
    SUSPENDED = "suspended"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True)
class Papers:
    """Last valid days are included; no `right_to_work_until` or `insured_until` means without limit of time.

    registered_on: when the register of businesses was last looked at.
    """

    state: Pass
    pass_until: date | None = None
    right_to_work_until: date | None = None
    contract_possible: bool = True
    registered_on: date | None = None
    insured: bool = False
    insured_until: date | None = None


@dataclass(frozen=True)
class Site:
    """What is true of the job whoever goes. `territory` None: the organisation agreed none."""

    territory: frozenset[str] | None = None
    dangerous: bool = False
    dismissed_on: date | None = None


@dataclass(frozen=True)
class Worker:
    """What is true of one worker. `engagements` must cover the weeks before and after the job's own."""

    papers: Papers
    engagements: tuple[Engagement, ...] = ()
    company_work: tuple[CompanyWork, ...] = ()
    travel: Travel = Travel.WALK
    knows_activity: bool = True


PapersRule = Callable[[Papers, date], tuple[Block, ...]]
PersonRule = Callable[[JobNeed, Worker, Limits, ZoneInfo], tuple[Block, ...]]
AROUND = timedelta(days=15)  # Engagements further away touch no rest and no week of a visit.


def site_blocks(need: JobNeed, site: Site, limits: Limits, zone: ZoneInfo, at: datetime) -> tuple[Block, ...]:
    """Every reason why nobody at all may be sent any more."""
    day = need.window.start.astimezone(zone).date()
    return those(
        already_begun(need.window, at),
        outside_territory(need.place_code, site.territory),
        dangerous_work(need.activity, dangerous=site.dangerous),
        recent_dismissal(need.client_kind, site.dismissed_on, day, limits),
    )


def worker_blocks(need: JobNeed, worker: Worker, limits: Limits, zone: ZoneInfo) -> tuple[Block, ...]:
    """Every reason why this worker may not be sent, all at once, so that nobody has to try again to learn the next."""
    window, engagements = need.window, worker.engagements
    return (
        *missing_papers(worker.papers, last_day(window, zone)),
        *those(
            overlap(window, engagements),
            daily_rest(window, engagements, limits),
            weekly_rest(window, engagements, limits, zone),
            daily_work(window, engagements, limits, zone),
            weekly_work(window, engagements, limits, zone),
            company_work(need, worker.company_work, limits, zone),
            travel_time(need, engagements, worker.travel),
            first_job_alone(need, knows_activity=worker.knows_activity),
        ),
    )


def while_papers_last(
    visits: Sequence[Window], papers_on: Callable[[date], Papers], zone: ZoneInfo, missing: PapersRule
) -> list[Window]:
    """The visits of one agreement that papers allow, up to the first they do not; that first alone shows why not."""

    def allowed(visit: Window) -> bool:
        day = last_day(visit, zone)
        return not missing(papers_on(day), day)

    return list(takewhile(allowed, visits)) or list(visits[:1])


def agreement_blocks(
    need: JobNeed, visits: Sequence[Window], worker: Worker, limits: Limits, zone: ZoneInfo, rule: PersonRule
) -> tuple[Block, ...]:
    """Every reason against one of the visits that a yes would promise at once, each code said of its first visit."""
    found: dict[str, Block] = {}
    for number, visit in enumerate(visits):
        others = [one for place, one in enumerate(visits) if place != number]
        promised = [Engagement(one, need.point) for one in others]
        near = [
            one
            for one in (*worker.engagements, *promised)
            if one.window.start < visit.end + AROUND and visit.start - AROUND < one.window.end
        ]
        work = [CompanyWork(one.start.astimezone(zone).date(), one.minutes) for one in others]
        company = (*worker.company_work, *work)
        then = replace(worker, engagements=tuple(near), company_work=company)
        for block in rule(replace(need, window=visit), then, limits, zone):
            found.setdefault(block.code, block)
    return tuple(found.values())


def last_day(window: Window, zone: ZoneInfo) -> date:
    return (window.end - timedelta(microseconds=1)).astimezone(zone).date()


def those(*blocks: Block | None) -> tuple[Block, ...]:
    return tuple(block for block in blocks if block)


def already_begun(window: Window, at: datetime) -> Block | None:
    """R5132-20, L1242-13: client and worker agree in writing before the start, never after it."""
    return Block("already_begun", {"start": window.start}) if window.start <= at else None


def outside_territory(place_code: str, territory: frozenset[str] | None) -> Block | None:
    """L5132-7: the State's agreement names the places. A place nobody wrote down cannot be shown to be inside."""
    if territory is None or place_code in territory:
        return None
    return Block("outside_territory", {"place": place_code}) if place_code else Block("place_unknown", {})


def dangerous_work(activity: str, *, dangerous: bool) -> Block | None:
    """D4154-1: work on that list is not for placed workers."""
    return Block("dangerous_work", {"activity": activity}) if dangerous else None


def recent_dismissal(kind: ClientKind, dismissed_on: date | None, day: date, limits: Limits) -> Block | None:
    """A company that dismissed for economic reasons on the same post waits some months."""
    if kind is not ClientKind.COMPANY or dismissed_on is None:
        return None
    until = dismissed_on + relativedelta(months=limits.dismissal_months)
    return Block("recent_dismissal", {"on": dismissed_on, "until": until}) if day < until else None


def missing_papers(papers: Papers, day: date) -> tuple[Block, ...]:
    """No work starts in an association intermédiaire without a PASS IAE, a right to work and a contract."""
    blocks = []
    if papers.state in (Pass.MISSING, Pass.SUSPENDED):
        blocks.append(Block("pass_missing" if papers.state is Pass.MISSING else "pass_suspended", {}))
    elif papers.state is Pass.VALID and papers.pass_until and papers.pass_until < day:
        blocks.append(Block("pass_expired", {"on": papers.pass_until}))
    if papers.right_to_work_until and papers.right_to_work_until < day:
        blocks.append(Block("right_to_work_expired", {"on": papers.right_to_work_until}))
    if not papers.contract_possible:
        blocks.append(Block("no_contract_possible", {}))
    return tuple(blocks)


def overlap(window: Window, engagements: Iterable[Engagement]) -> Block | None:
    wanted = real(window)
    for other in engagements:
        taken = real(other.window)
        if wanted.overlaps(taken):
            return Block("overlap", {"where": other.where, "start": taken.start, "end": taken.end})
    return None


def travel_time(need: JobNeed, engagements: Iterable[Engagement], mode: Travel) -> Block | None:
    """The way from the job before and to the job after has to fit. Places without a point are not judged."""
    wanted, point = real(need.window), need.point
    if point is None:
        return None
    for other in engagements:
        taken = real(other.window)
        if other.point is None or wanted.overlaps(taken):
            continue
        before = taken.end <= wanted.start
        gap = wanted.start - taken.end if before else taken.start - wanted.end
        needed = minutes_between(other.point, point, mode)
        if timedelta(minutes=needed) > gap:
            minutes = int(gap.total_seconds() // 60)
            params = {"where": other.where, "minutes": needed, "gap": minutes, "before": before}
            return Block("travel_time", params, waivable=True)
    return None


def first_job_alone(need: JobNeed, *, knows_activity: bool) -> Block | None:
    if knows_activity or need.in_twos_ok or need.first_alone_ok:
        return None
    return Block("first_job_alone", {"activity": need.activity}, waivable=True)


def daily_rest(window: Window, engagements: Iterable[Engagement], limits: Limits) -> Block | None:
    """L3131-1: a working day, which ends where a full rest begins, leaves room for that rest within 24 hours."""
    wanted, rest = real(window), timedelta(minutes=limits.daily_rest)
    start, end = wanted.start, wanted.end
    busy = _merged([*_times(engagements), (start, end)])
    at = next(index for index, (first, last) in enumerate(busy) if first <= start < last)
    first = last = at
    while first > 0 and busy[first][0] - busy[first - 1][1] < rest:
        first -= 1
    while last + 1 < len(busy) and busy[last + 1][0] - busy[last][1] < rest:
        last += 1
    if busy[last][1] - busy[first][0] <= timedelta(days=1) - rest:
        return None
    return Block("daily_rest", {"minutes": limits.daily_rest, "first": busy[first][0], "last": busy[last][1]})


def weekly_rest(window: Window, engagements: Iterable[Engagement], limits: Limits, zone: ZoneInfo) -> Block | None:
    """L3132-2: each week keeps one stretch free of work of a day and a daily rest together (24 h + 11 h).

    The day belongs to the week itself; the daily rest that completes it may reach over Sunday midnight.
    """
    busy = _merged([*_times(engagements), *_times([Engagement(window)])])
    rest = timedelta(minutes=limits.weekly_rest)
    inside = rest - timedelta(minutes=limits.daily_rest)
    for monday, start, end in _weeks(window, zone):
        edges = [(start - rest, start - rest), *busy, (end + rest, end + rest)]
        gaps = ((edges[i][1], edges[i + 1][0]) for i in range(len(edges) - 1))
        if not any(last - first >= rest and min(last, end) - max(first, start) >= inside for first, last in gaps):
            return Block("weekly_rest", {"minutes": limits.weekly_rest, "week": monday})
    return None


def daily_work(window: Window, engagements: Iterable[Engagement], limits: Limits, zone: ZoneInfo) -> Block | None:
    """L3121-18: the longest day, from midnight to midnight."""
    times = [*_times(engagements), *_times([Engagement(window)])]
    day, last = window.start.astimezone(zone).date(), last_day(window, zone)
    while day <= last:
        minutes = _worked(times, *_bounds(day, 1, zone))
        if minutes > limits.daily_work:
            return Block("daily_work", {"minutes": minutes, "limit": limits.daily_work})
        day += timedelta(days=1)
    return None


def weekly_work(window: Window, engagements: Iterable[Engagement], limits: Limits, zone: ZoneInfo) -> Block | None:
    """L3121-20: the longest week, from Monday to Sunday."""
    times = [*_times(engagements), *_times([Engagement(window)])]
    for monday, start, end in _weeks(window, zone):
        minutes = _worked(times, start, end)
        if minutes > limits.weekly_work:
            return Block("weekly_work", {"minutes": minutes, "limit": limits.weekly_work, "week": monday})
    return None


def company_work(need: JobNeed, done: Iterable[CompanyWork], limits: Limits, zone: ZoneInfo) -> Block | None:
    """R5132-18: so many hours in companies within the months that a first placement opens; the next one opens anew.

    Individuals, associations and local authorities do not count. The prefect may lift it: D5132-18-1.
    """
    if need.client_kind is not ClientKind.COMPANY:
        return None
    day = need.window.start.astimezone(zone).date()
    opened, total = date.min, 0
    counted = False
    for work in sorted([*done, CompanyWork(day, need.minutes)], key=lambda work: work.day):
        if opened == date.min or work.day >= opened + relativedelta(months=limits.company_months):
            if counted:
                break
            opened, total = work.day, 0
        total += work.minutes
        counted = counted or work.day == day
    if total <= limits.company_work:
        return None
    params = {"minutes": total, "limit": limits.company_work, "since": opened, "months": limits.company_months}
    return Block("company_work", params, waivable=True, needs_reference=True)


def check_override(blocks: Sequence[Block], override: Override | None) -> None:
    """Lets the job through, or refuses: one block that nobody may waive is enough, whatever the others.

    Raises Refused("block_not_waivable"), Refused("override_needs_reason") or Refused("override_needs_reference").
    """
    for block in blocks:
        if not block.waivable:
            raise Refused("block_not_waivable", {"block": block.code, **block.params})
    if blocks and (override is None or not override.reason.strip()):
        raise Refused("override_needs_reason", {"blocks": [block.code for block in blocks]}, where="reason")
    for block in blocks:
        if block.needs_reference and override and not override.reference.strip():
            raise Refused("override_needs_reference", {"block": block.code}, where="reference")


Stretch = tuple[datetime, datetime]


def _times(engagements: Iterable[Engagement]) -> Iterator[Stretch]:
    for engagement in engagements:
        window = real(engagement.window)
        yield window.start, window.end


def _worked(times: Iterable[Stretch], start: datetime, end: datetime) -> int:
    worked = sum((max(timedelta(), min(last, end) - max(first, start)) for first, last in times), timedelta())
    return int(worked.total_seconds() // 60)


def _bounds(first: date, days: int, zone: ZoneInfo) -> Stretch:
    start, end = (datetime.combine(day, time(), zone) for day in (first, first + timedelta(days=days)))
    return start.astimezone(UTC), end.astimezone(UTC)


def _merged(times: Iterable[Stretch]) -> list[Stretch]:
    merged: list[Stretch] = []
    for start, end in sorted(times):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _weeks(window: Window, zone: ZoneInfo) -> Iterator[tuple[date, datetime, datetime]]:
    """The local weeks that a window touches: their Monday, and their bounds in UTC."""
    first, last = window.start.astimezone(zone).date(), last_day(window, zone)
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        yield monday, *_bounds(monday, 7, zone)
        monday += timedelta(days=7)
