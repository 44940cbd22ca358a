"""Jobs that were agreed on paper and are over: all that a job leaves behind, for many of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from entremise.agreements import operations as agreements
from entremise.agreements.models import Agreement
from entremise.history.operations import record_many
from entremise.jobs.models import Activity, Mission, Request
from entremise.jobs.operations.agreeing import parties_of, promises_of
from entremise.jobs.operations.learning import seen_doing
from entremise.jobs.operations.requests import home_of
from entremise.jobs.queries.deals import amounts_of
from entremise.jobs.queries.prices import Quote
from entremise.jobs.rules.modes.registry import MODES
from entremise.jobs.rules.requests import MISSION, REQUEST
from entremise.kernel.act import Act
from entremise.market import operations as market
from entremise.market.models import Proposal
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require


@dataclass(frozen=True)
class PastJob:
    """One visit. minutes: worked, and asked for. price: of that day. confirmed: the client has agreed to the hours.

    key: of the line that says so; no other job has it. hours_key: the same for its hours.
    """

    worker: Person
    client: Person
    activity: Activity
    day: date
    starts_at: datetime
    minutes: int
    price: Quote
    confirmed: bool
    key: str
    hours_key: str


def write_down_many(*, act: Act, jobs: Sequence[PastJob]) -> list[Mission]:
    """Jobs that are over: request, the worker's yes, agreement signed by everybody, mission and hours of each.

    No letter leaves and no document is made. Some forty statements, however many jobs there are. A job that is
    there already fails by the constraint on its key. Raises Refused not_allowed, hours_out_of_range.
    """
    for job in jobs:
        require(act, Verb.REQUESTS_POST, owner=job.client.id)
    proposals = market.publish_taken_many(act=act, taken=[_taken(job) for job in jobs])
    requests = _requests(act, jobs, proposals)
    papers = [paper_of(one, job.worker, job.day, job.price) for one, job in zip(requests, jobs, strict=True)]
    signed = agreements.stand_on_paper_many(act=act, papers=papers)
    missions = _missions(act, jobs, requests, proposals, signed)
    hours = [
        agreements.Hours(agreement, mission.id, job.day, job.minutes, job.hours_key)
        for agreement, mission, job in zip(signed, missions, jobs, strict=True)
    ]
    fulfilments = agreements.log_many(act=act, hours=hours)
    agreements.end_many(act=act, agreements=signed)
    agreed = [one for one, job in zip(fulfilments, jobs, strict=True) if job.confirmed]
    agreements.confirm_many(act=act, fulfilments=agreed)
    seen_doing(act=act, missions=missions)
    return missions


def paper_of(request: Request, worker: Person, day: date, price: Quote) -> agreements.Paper:
    """What the agreement of a visit says, at the request's price. price: what the same costs, for its tax credit."""
    mode, client = MODES[request.mode], request.client
    return agreements.Paper(
        mode=mode.code,
        title=request.activity.name,
        listing=request.listing,
        starts_on=day,
        ends_on=day,
        terms={
            "label": request.activity.name,
            "number": request.listing.number,
            "travel_fee": request.travel_fee,
            "personal_service": request.activity.personal_service,
            "tax_credit": price.price.credit > 0,
            "worker": worker.full_name,
        },
        parties=parties_of(mode, client, worker),
        promises=promises_of(mode, amounts_of(request=request, times=1)),
    )


def _taken(job: PastJob) -> market.Taken:
    return market.Taken(
        side="request",
        what=job.activity.code,
        title=job.activity.name,
        person=job.client,
        where=home_of(job.client),
        starts_at=job.starts_at,
        ends_at=job.starts_at + timedelta(minutes=job.minutes),
        by=job.worker,
        channel="paper",
    )


def _requests(act: Act, jobs: Sequence[PastJob], proposals: Sequence[Proposal]) -> list[Request]:
    state, posted = REQUEST.step("", "post")
    state, filled = REQUEST.step(state, "fill")
    state, done = REQUEST.step(state, "finish")
    requests = [
        Request(
            listing=proposal.listing,
            client=job.client,
            activity=job.activity,
            minutes=job.minutes,
            hourly_price=job.price.hourly,
            hourly_wage=job.price.wage,
            travel_fee=job.price.travel_fee,
            price=job.price.price.total,
            state=state,
            import_key=job.key,
            posted_by=act.by.person,
            posted_door=act.door.value,
            posted_at=act.at,
        )
        for job, proposal in zip(jobs, proposals, strict=True)
    ]
    Request.objects.bulk_create(requests)
    numbers = {one.id: {"number": one.listing.number} for one in requests}
    said: dict[UUID, dict[str, object]] = {
        one.id: {**numbers[one.id], "activity": one.activity.code, "minutes": one.minutes, "price": one.price}
        for one in requests
    }
    record_many(act=act, type=posted, thing="request", data=said)
    record_many(act=act, type=filled, thing="request", data=numbers)
    record_many(act=act, type=done, thing="request", data=numbers)
    return requests


def _missions(
    act: Act,
    jobs: Sequence[PastJob],
    requests: Sequence[Request],
    proposals: Sequence[Proposal],
    signed: Sequence[Agreement],
) -> list[Mission]:
    state, agreed = MISSION.step("", "agree")
    state, ready = MISSION.step(state, "sign")
    worked, logged = MISSION.step(state, "log_hours")
    confirmed, confirming = MISSION.step(worked, "confirm")
    missions = []
    for job, request, proposal, agreement in zip(jobs, requests, proposals, signed, strict=True):
        starts = job.starts_at.astimezone(UTC)
        mission = Mission(
            request=request,
            proposal=proposal,
            worker=job.worker,
            client=job.client,
            agreement=agreement,
            number=request.listing.number,
            starts_at=starts,
            ends_at=starts + timedelta(minutes=job.minutes),
            state=confirmed if job.confirmed else worked,
            state_at=act.at,
            import_key=job.key,
        )
        missions.append(mission)
    Mission.objects.bulk_create(missions)
    numbers = {one.id: {"number": one.number} for one in missions}
    minutes = {one.id: {"number": one.number, "minutes": job.minutes} for one, job in zip(missions, jobs, strict=True)}
    record_many(act=act, type=agreed, thing="mission", data=numbers)
    record_many(act=act, type=ready, thing="mission", data=numbers)
    record_many(act=act, type=logged, thing="mission", data=minutes)
    said = {one.id: minutes[one.id] for one in missions if one.state == confirmed}
    record_many(act=act, type=confirming, thing="mission", data=said)
    return missions
