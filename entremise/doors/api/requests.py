"""Requests for a job: the list, one of them, who could go and why, who was asked, what was answered."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal, cast
from uuid import UUID

from django.http import HttpRequest
from pydantic import Field

from entremise.doors.api import pages
from entremise.doors.api.door import DESK, act_of, asks, found, only, tells, whose
from entremise.doors.api.told import PlaceTold, Someone
from entremise.doors.api.types import (
    PAGE,
    WHOLE,
    Chosen,
    Clean,
    Code,
    Cursor,
    Given,
    Id,
    Limit,
    Moment,
    Named,
    Note,
    Numbered,
    Reason,
    Title,
    Told,
    Truth,
    VisitLength,
    WhichNumber,
)
from entremise.doors.frame.visit import Inside
from entremise.jobs import operations as jobs
from entremise.jobs.models import Request
from entremise.jobs.queries import calling, desk, listed, persons, rounds
from entremise.jobs.queries.rounds import Round
from entremise.jobs.queries.suggestions import SuggestedWorker
from entremise.jobs.rules.limits import Block, Override
from entremise.jobs.rules.matching import CRITERIA
from entremise.market.models import Proposal

RequestState = Literal["open", "proposed", "filled", "done", "unmet", "cancelled"]
ProposalState = Literal["offered", "accepted", "declined", "expired", "too_late", "withdrawn"]
REQUESTS, PROPOSALS = "requests", "proposals"


class RequestTold(Told):
    """A client's need, with the price said before they agreed. minutes and price: of one visit; cents."""

    number: int
    state: RequestState
    client: Someone
    activity: str
    starts_at: datetime | None
    minutes: int
    recurrence: str
    slots: int
    note: str
    street: str
    place: PlaceTold | None
    price: int
    hourly_price: int
    travel_fee: int
    door: str
    posted_at: datetime


class Requests(Told):
    """A page of requests; next: the cursor of the page after, null on the last."""

    rows: list[RequestTold]
    next: str | None


class NewRequest(Given):
    """What a client needs. client: left out, the person as whom the program acts. recurrence: RFC 5545, local."""

    client: Id | None = None
    activity: Code
    starts_at: Moment
    minutes: VisitLength
    recurrence: Annotated[Clean, Field(max_length=120, examples=["FREQ=WEEKLY;BYDAY=FR"])] = ""
    note: Note = ""
    slots: Annotated[int, Field(ge=1, le=10, description="How many people are needed."), WHOLE] = 1


class Amendment(Given):
    """Other terms. Whoever was asked on the old ones may be asked again."""

    starts_at: Moment
    minutes: VisitLength
    note: Note = ""


class Why(Given):
    """Why, in a few words, for whoever looks later."""

    reason: Reason = ""


class CallingOff(Why):
    """fee: cents that the client was told they owe, by the terms they signed; 409 `fee_changed` when more is due.
    excuse: why nothing is owed, for the desk to choose.
    """

    fee: Annotated[int, Field(ge=0, le=1_000_000), WHOLE] = 0
    excuse: Literal["", "hardship", "weather", "ours", "goodwill"] = ""


class Said(Told):
    """A reason, or what stands against somebody: a code and its values."""

    code: str
    params: dict[str, str | int | None]


class Against(Said):
    """waivable: somebody at the desk may take it upon themselves, with a reason; with a reference where asked."""

    waivable: bool
    needs_reference: bool


class CandidateTold(Told):
    """Somebody who could go. reach: how they would be asked."""

    worker: Someone
    reach: str
    reasons: list[Said]
    against: list[Against]


class Candidates(Told):
    """In the order of the published rule: people are compared on the first criterion that tells them apart.

    blocked: how many may not go, by reason. site: why nobody may.
    """

    rows: list[CandidateTold]
    criteria: list[str]
    blocked: dict[str, int]
    total: int
    site: list[Against]


class ProposalTold(Told):
    """A request put to one person, and their answer."""

    id: UUID
    request: int
    title: str
    worker: Someone
    state: ProposalState
    starts_at: datetime | None
    place: PlaceTold | None
    offered_at: datetime
    deadline: datetime
    answered_at: datetime | None


class Proposals(Told):
    """A page of proposals; next: the cursor of the page after, null on the last."""

    rows: list[ProposalTold]
    next: str | None


class Waiver(Given):
    """Somebody takes it upon themselves that a rule does not hold for this worker."""

    worker: Id
    reason: Annotated[Reason, Field(min_length=1)]
    reference: Title = ""


class NewProposals(Given):
    """Whom to ask, all at once; the first yes wins."""

    workers: Annotated[list[Id], Field(min_length=1, max_length=50)]
    waivers: Annotated[list[Waiver], Field(max_length=50)] = []


class Answer(Given):
    """A worker's answer."""

    yes: Truth


@asks("/requests", "requests:read", answer=Requests, summary="Requests, the latest first")
def list_requests(
    request: HttpRequest,
    state: Literal["", "open", "proposed", "filled", "done", "unmet", "cancelled"] = "",
    client: Chosen = None,
    cursor: Cursor = "",
    limit: Limit = PAGE,
) -> Requests:
    """Staff find all of them, others what they asked for themselves."""
    before = pages.before(cursor, of=REQUESTS)
    rows = listed.requests(of=whose(request, *DESK), state=state, client=client, before=before, limit=limit)
    page, following = pages.split(rows, limit=limit, of=REQUESTS)
    return Requests(rows=[told(one) for one in page], next=following)


@tells("/requests", "requests:write", answer=RequestTold, summary="Ask for a job")
def create_request(request: HttpRequest, body: NewRequest) -> RequestTold:
    """At the price of the day, which `/quote` tells before; the client gets a note of it."""
    act = act_of(request)
    wanted = body.client or act.by.person
    mine = whose(request, *DESK)
    client = found(persons.person(person=wanted) if wanted and mine in (None, wanted) else None)
    made = jobs.post_request(
        act=act.for_person(client.id),
        client=client,
        activity=found(calling.offered_activity(code=body.activity)),
        starts_at=body.starts_at,
        minutes=body.minutes,
        recurrence=body.recurrence.strip(),
        note=body.note,
        slots=body.slots,
    )
    return told(made)


@asks("/requests/{number}", "requests:read", answer=RequestTold, summary="One request")
def read_request(request: HttpRequest, number: Numbered) -> RequestTold:
    return told(_request(request, number))


@tells("/requests/{number}/amendments", "requests:write", answer=RequestTold, summary="Change what is asked for")
def amend_request(request: HttpRequest, number: Numbered, body: Amendment) -> RequestTold:
    row = _request(request, number)
    act = act_of(request).for_person(row.client_id)
    return told(jobs.amend(act=act, request=row, **body.model_dump()))


@tells("/requests/{number}/cancellation", "requests:write", answer=RequestTold, summary="No longer wanted")
def cancel_request(request: HttpRequest, number: Numbered, body: CallingOff) -> RequestTold:
    """Whoever said yes is told; hours already done stay."""
    row = _request(request, number)
    return told(jobs.cancel(act=act_of(request).for_person(row.client_id), request=row, **body.model_dump()))


@tells("/requests/{number}/abandonment", "requests:write", answer=RequestTold, summary="Nobody could go")
def give_up_request(request: HttpRequest, number: Numbered) -> RequestTold:
    """The client is told, and the need stays on record."""
    return told(jobs.give_up(act=act_of(request), request=_request(request, number)))


@tells("/requests/{number}/renewal", "requests:write", answer=RequestTold, summary="A recurring job goes on")
def renew_request(request: HttpRequest, number: Numbered) -> RequestTold:
    """New agreements for the coming visits, that client and worker sign."""
    row = _request(request, number)
    jobs.renew(act=act_of(request), request=row)
    return told(row)


@tells("/requests/{number}/replacement", "requests:write", answer=RequestTold, summary="Somebody else goes on with it")
def replace_worker(request: HttpRequest, number: Numbered) -> RequestTold:
    """Whoever comes to a recurring job now does not go on: the rest is open again."""
    return told(jobs.seek_another(act=act_of(request), request=_request(request, number)))


@asks("/requests/{number}/candidates", "requests:read", answer=Candidates, summary="Who could go, and why")
def list_candidates(request: HttpRequest, number: Numbered) -> Candidates:
    """For whoever works at the desk. The order is the published rule; no weight, no score."""
    only(request, *DESK)
    seen = found(rounds.request_page(number=number, at=act_of(request).at))
    round_ = seen.round
    suggestions = round_.suggestions if round_ else None
    return Candidates(
        rows=[_candidate(one, round_) for one in round_.suggestions.people] if round_ else [],
        criteria=[one.code for one in CRITERIA],
        blocked=suggestions.blocked if suggestions else {},
        total=suggestions.total if suggestions else 0,
        site=[_against(block) for block in (suggestions.site if suggestions else ())],
    )


@tells("/requests/{number}/proposals", "requests:write", answer=Proposals, summary="Ask several workers at once")
def propose_request(request: HttpRequest, number: Numbered, body: NewProposals) -> Proposals:
    """A rule that blocks somebody stops the whole, unless a waiver says why it does not hold for them."""
    act, by = act_of(request), cast("Inside", request).visit.person
    waivers = {one.worker: Override(by, one.reason, one.reference) for one in body.waivers}
    row = _request(request, number)
    made = jobs.propose(act=act, request=row, workers=list(dict.fromkeys(body.workers)), overrides=waivers)
    return Proposals(rows=[_proposal(one) for one in made], next=None)


@asks("/proposals", "requests:read", answer=Proposals, summary="Who was asked, and what they said; the latest first")
def list_proposals(
    request: HttpRequest,
    state: Literal["", "offered", "accepted", "declined", "expired", "too_late", "withdrawn"] = "",
    number: WhichNumber = None,
    cursor: Cursor = "",
    limit: Limit = PAGE,
) -> Proposals:
    """Staff find all of them, others those that were made to them. number: of a request."""
    before = pages.before(cursor, of=PROPOSALS)
    rows = listed.proposals(of=whose(request, *DESK), request=number, state=state, before=before, limit=limit)
    page, following = pages.split(rows, limit=limit, of=PROPOSALS)
    return Proposals(rows=[_proposal(one) for one in page], next=following)


@asks("/proposals/{proposal}", "requests:read", answer=ProposalTold, summary="One proposal")
def read_proposal(request: HttpRequest, proposal: Named) -> ProposalTold:
    return _proposal(_one(request, proposal))


@tells("/proposals/{proposal}/answer", "requests:write", answer=ProposalTold, summary="A worker's yes or no")
def answer_proposal(request: HttpRequest, proposal: Named, body: Answer) -> ProposalTold:
    """The first yes has the job; a later one is answered kindly, and comes back as too_late."""
    row = _one(request, proposal)
    return _proposal(jobs.answer(act=act_of(request).for_person(row.person_id), proposal=row, yes=body.yes))


def _candidate(one: SuggestedWorker, round_: Round) -> CandidateTold:
    return CandidateTold(
        worker=Someone.of(one.person),
        reach=round_.reach[one.person.id].channel,
        reasons=[Said(code=why.code, params=_plain(why.params)) for why in one.suggestion.reasons],
        against=[_against(block) for block in one.suggestion.blocks],
    )


def _request(request: HttpRequest, number: int) -> Request:
    row, mine = desk.request_numbered(number=number), whose(request, *DESK)
    return found(row if row and mine in (None, row.client_id) else None)


def _one(request: HttpRequest, proposal: UUID) -> Proposal:
    return found(listed.proposal(of=whose(request, *DESK), proposal=proposal))


def told(row: Request) -> RequestTold:
    listing = row.listing
    return RequestTold.drawn(
        row,
        number=listing.number,
        client=Someone.of(row.client),
        activity=row.activity.code,
        starts_at=listing.starts_at,
        recurrence=listing.recurrence,
        slots=listing.slots,
        street=listing.street,
        place=PlaceTold.of(listing.place) if listing.place else None,
        door=row.posted_door,
    )


def _proposal(row: Proposal) -> ProposalTold:
    listing = row.listing
    return ProposalTold.drawn(
        row,
        request=listing.number,
        title=listing.title,
        worker=Someone.of(row.person),
        starts_at=listing.starts_at,
        place=PlaceTold.of(listing.place) if listing.place else None,
    )


def _against(block: Block) -> Against:
    return Against.drawn(block, params=_plain(block.params))


def _plain(params: Mapping[str, object]) -> dict[str, str | int | None]:
    """Moments and days as JSON writes them."""
    return {
        name: value
        if value is None or isinstance(value, str | int)
        else value.isoformat()
        if isinstance(value, date)
        else str(value)
        for name, value in params.items()
    }
