"""The coming visits of a recurring job, and the days that differ."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from entremise.figures.queries import public_holidays
from entremise.jobs.models import DayException, Mission, Request
from entremise.jobs.queries.people import SEASON_WEEKS
from entremise.jobs.rules.recurrence import coming_visits, occurrence_days
from entremise.kernel.time import Period, Window

REPLACING = (
    "open",
    "proposed",
    "filled",
    "done",
)  # States of a search for somebody else for one visit, while it lives.


@dataclass(frozen=True)
class Day:
    """A visit of the rhythm that differs, or should be asked about. holiday: its code, or empty; kept: it was asked."""

    window: Window
    holiday: str
    skipped: bool
    kept: bool

    @property
    def undecided(self) -> bool:
        return bool(self.holiday) and not self.skipped and not self.kept


def differing_days(*, request: Request, at: datetime) -> list[Day]:
    """Of the coming season: public holidays, and days on which nobody comes. Those that somebody else does are like any
    other. Two queries; empty for a single job.
    """
    listing = request.listing
    if not listing.recurrence or listing.starts_at is None:
        return []
    zone = ZoneInfo(request.organisation.timezone)
    first = Window.lasting(listing.starts_at.astimezone(UTC), request.minutes)
    visits = coming_visits(listing.recurrence, first=first, after=at, weeks=SEASON_WEEKS, zone=zone)
    said = dict(DayException.objects.filter(request=request).values_list("day", "kept"))
    holidays, replaced = _holidays_of(visits, zone), _replaced(request, zone)
    days = [(visit, visit.start.astimezone(zone).date()) for visit in visits]
    return [
        Day(visit, holidays.get(day, ""), skipped=said.get(day) is False, kept=said.get(day) is True)
        for visit, day in days
        if (day in holidays or day in said) and day not in replaced
    ]


def _replaced(request: Request, zone: ZoneInfo) -> set[date]:
    """The days of visits that somebody else does, or is looked for."""
    rows = Request.objects.filter(stands_in__request=request, state__in=REPLACING)
    return {moment.astimezone(zone).date() for moment in rows.values_list("stands_in__starts_at", flat=True)}


def undecided_holidays(*, request: Request, visits: Collection[Window]) -> list[date]:
    """Public holidays among these visits of which nobody has said whether somebody comes."""
    if not request.listing.recurrence:
        return []
    holidays = _holidays_of(visits, ZoneInfo(request.organisation.timezone))
    said = set(DayException.objects.filter(request=request).values_list("day", flat=True)) if holidays else set()
    return sorted(set(holidays) - said)


def is_visit_day(*, request: Request, day: date) -> bool:
    """Whether the rhythm of a recurring job has a visit that day, and nobody stands in for it."""
    listing = request.listing
    if not listing.recurrence or listing.starts_at is None:
        return False
    zone = ZoneInfo(request.organisation.timezone)
    first = listing.starts_at.astimezone(zone).date()
    falls = day >= first and occurrence_days(listing.recurrence, first=first, within=Period(day, day))
    return bool(falls) and day not in _replaced(request, zone)


def visits_on(*, request: Request, day: date) -> list[Mission]:
    """What was agreed for that day and still stands."""
    zone = ZoneInfo(request.organisation.timezone)
    start = datetime.combine(day, datetime.min.time(), zone)
    rows = Mission.objects.filter(
        request=request, state__in=["agreed", "ready"], starts_at__gte=start, starts_at__lt=start + timedelta(days=1)
    )
    return list(rows.select_related("agreement", "worker", "client", "request__listing", "request__activity"))


def replacement_of(*, mission: Mission) -> Request | None:
    """The search for somebody else for one visit, while it lives."""
    rows = Request.objects.filter(stands_in=mission, state__in=REPLACING)
    return rows.select_related("listing").first()


def _holidays_of(visits: Collection[Window], zone: ZoneInfo) -> dict[date, str]:
    days = [visit.start.astimezone(zone).date() for visit in visits]
    if not days:
        return {}
    holidays = public_holidays(first=min(days), last=max(days))
    return {day: holidays[day] for day in days if day in holidays}
