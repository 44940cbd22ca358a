"""What a worker or a client sees of their own jobs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from entremise.agreements.models import Agreement, Fulfilment, Party
from entremise.figures import queries as figures
from entremise.jobs.models import Mission, Request, Worker
from entremise.jobs.queries.people import point_of
from entremise.jobs.rules.need import Travel, minutes_between
from entremise.kernel.money import for_minutes, share
from entremise.kernel.time import Period
from entremise.market.models import Proposal
from entremise.market.rules import WAITING

COMING = ("agreed", "ready")


@dataclass(frozen=True)
class Offer:
    """A proposal to answer. gross: cents of one visit, holiday included. minutes_away: None when not known."""

    proposal: Proposal
    request: Request
    gross: int
    minutes_away: int | None
    travel: str


@dataclass(frozen=True)
class ToConfirm:
    """Hours that wait for the client's word; minutes."""

    mission: Mission
    fulfilment: Fulfilment


@dataclass(frozen=True)
class PayEstimate:
    """This month so far: minutes done or coming, and gross cents, holiday included."""

    minutes: int
    gross: int
    wanted: int


def next_missions(*, worker: UUID, at: datetime, limit: int = 5) -> list[Mission]:
    """Missions still to come, soonest first."""
    rows = _missions().filter(worker_id=worker, state__in=COMING, ends_at__gte=at)
    return list(rows.order_by("starts_at")[:limit])


def offers(*, worker: UUID) -> list[Offer]:
    """What this worker may say yes to. Four queries."""
    waiting = list(
        Proposal.objects.filter(person_id=worker, state__in=WAITING, listing__state="open")
        .select_related("listing__place", "person")
        .order_by("offered_at")
    )
    requests = {
        request.listing_id: request
        for request in Request.objects.filter(listing__in=[p.listing_id for p in waiting]).select_related("activity")
    }
    profile = Worker.objects.filter(person_id=worker).first()
    travel = Travel(profile.travel_mode) if profile else Travel.WALK
    found = []
    for proposal in waiting:
        request = requests.get(proposal.listing_id)
        if request is None:
            continue
        here = point_of(proposal.person.latitude, proposal.person.longitude)
        there = point_of(proposal.listing.latitude, proposal.listing.longitude)
        away = minutes_between(here, there, travel) if here and there else None
        found.append(Offer(proposal, request, gross_of(request, request.minutes), away, travel.value))
    return found


def missions_to_log(*, worker: UUID, at: datetime, limit: int = 10) -> list[Mission]:
    """Missions that have begun and whose hours nobody wrote down."""
    rows = _missions().filter(worker_id=worker, state__in=["ready", "no_show_client"], starts_at__lte=at)
    return list(rows.order_by("starts_at")[:limit])


def worked_missions(*, worker: UUID, limit: int = 30) -> list[ToConfirm]:
    """Hours written down, confirmed or not, the latest first."""
    missions = list(
        _missions().filter(worker_id=worker, state__in=["worked", "confirmed"]).order_by("-starts_at")[:limit]
    )
    return _with_hours(missions)


def hours_to_confirm(*, client: UUID, limit: int = 20) -> list[ToConfirm]:
    """What the worker wrote down and the client has not answered yet."""
    missions = list(_missions().filter(client_id=client, state="worked").order_by("starts_at")[:limit])
    return [one for one in _with_hours(missions) if not one.fulfilment.confirmations.exists()]


def next_visits(*, client: UUID, at: datetime, limit: int = 5) -> list[Mission]:
    rows = _missions().filter(client_id=client, state__in=COMING, ends_at__gte=at)
    return list(rows.order_by("starts_at")[:limit])


def requests_of(*, client: UUID, limit: int = 20) -> list[Request]:
    rows = Request.objects.filter(client_id=client).select_related("listing", "activity")
    return list(rows.order_by("-posted_at")[:limit])


def to_sign(*, person: UUID) -> list[Agreement]:
    """Agreements that wait for this person's signature, the soonest start first."""
    return list(
        Agreement.objects.filter(
            state="drawn_up", parties__person_id=person, parties__must_sign=True, parties__signatures__isnull=True
        ).order_by("starts_on", "number")
    )


def party_of(*, agreement: UUID, person: UUID) -> Party | None:
    """The place of this person in an agreement; None for a stranger to it."""
    rows = Party.objects.filter(agreement_id=agreement, person_id=person).select_related("agreement", "document")
    return rows.prefetch_related("signatures").first()


def mission_of(*, mission: UUID) -> Mission | None:
    return _missions().filter(id=mission).first()


def pay_estimate(*, worker: UUID, month: Period) -> PayEstimate:
    """Hours of the month that are done or promised, and what they pay before contributions."""
    profile = Worker.objects.filter(person_id=worker).first()
    rows = _missions().filter(
        worker_id=worker,
        state__in=["ready", "worked", "confirmed"],
        starts_at__date__range=(month.first, month.last),
    )
    minutes = gross = 0
    for mission in rows:
        length = int((mission.ends_at - mission.starts_at).total_seconds() // 60)
        minutes += length
        gross += gross_of(mission.request, length)
    wanted = (profile.hours_wanted if profile else 0) * 4
    return PayEstimate(minutes, gross, wanted)


def gross_of(request: Request, minutes: int) -> int:
    """Gross wage of so many minutes, holiday included, in cents."""
    base = for_minutes(request.hourly_wage, minutes)
    return base + share(base, figures.table().at("usage_contract_holiday_share", request.posted_at.date()))


def _with_hours(missions: list[Mission]) -> list[ToConfirm]:
    hours = _current({mission.id for mission in missions})
    return [ToConfirm(mission, hours[mission.id]) for mission in missions if mission.id in hours]


def _current(occasions: Iterable[UUID]) -> dict[UUID, Fulfilment]:
    rows = (
        Fulfilment.objects.filter(occasion__in=list(occasions)).prefetch_related("confirmations").order_by("at", "id")
    )
    replaced = {row.replaces_id for row in rows}
    return {row.occasion: row for row in rows if row.id not in replaced}


def _missions() -> QuerySet[Mission]:
    return Mission.objects.select_related(
        "agreement", "request__listing__place", "request__activity", "worker", "client", "proposal"
    )
