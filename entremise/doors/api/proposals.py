"""Who could go, and why; who was asked, and what was answered."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal, cast
from uuid import UUID

from django.http import HttpRequest
from pydantic import Field

from entremise.doors.api import pages
from entremise.doors.api.door import DESK, act_of, asks, found, only, tells, whose, zone_of
from entremise.doors.api.requests import RequestTold, request_of, told
from entremise.doors.api.told import PlaceTold, Someone
from entremise.doors.api.types import (
    LARGEST_NUMBER,
    PAGE,
    WHOLE,
    Cursor,
    Day,
    Given,
    Id,
    Limit,
    Named,
    Numbered,
    Reason,
    Title,
    Told,
    Truth,
    WhichNumber,
)
from entremise.doors.frame.visit import Inside
from entremise.jobs import operations as jobs
from entremise.jobs.queries import days, listed, rounds
from entremise.jobs.queries.days import MOST
from entremise.jobs.queries.rounds import Askable
from entremise.jobs.queries.suggestions import SuggestedWorker
from entremise.jobs.rules.limits import Block, Override
from entremise.jobs.rules.matching import CRITERIA
from entremise.market.models import Proposal

ProposalState = Literal["offered", "accepted", "declined", "expired", "too_late", "withdrawn"]
PROPOSALS = "proposals"


class Said(Told):
    """A reason, or what stands against somebody: a code and its values."""

    code: str
    params: dict[str, str | int | None]


class Against(Said):
    """waivable: somebody at the desk may take it upon themselves, with a reason; with a reference where asked."""

    waivable: bool
    needs_reference: bool


class CandidateTold(Told):
    """Somebody who could go. reach: how they would be asked. willing: they saw it on the public list and would."""

    worker: Someone
    reach: str
    willing: bool
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


class Pair(Given):
    """A request, by its number, and whom to ask."""

    request: Annotated[int, Field(ge=1, le=LARGEST_NUMBER), WHOLE]
    worker: Id


class NewRound(Given):
    """Requests with somebody for each, as `/spreading` says them or otherwise."""

    pairs: Annotated[list[Pair], Field(min_length=1, max_length=MOST)]


class Answer(Given):
    """Yes or no."""

    yes: Truth


class SpreadTold(Told):
    """An open request of a day. worker null: all who may go are needed elsewhere, or none may."""

    request: RequestTold
    worker: Someone | None
    reasons: list[Said]


class Spread(Told):
    """A day's open requests, nobody named twice. more: requests of the day that were not looked at."""

    rows: list[SpreadTold]
    more: int


@asks("/requests/{number}/candidates", "requests:read", answer=Candidates, summary="Who could go, and why")
def list_candidates(request: HttpRequest, number: Numbered) -> Candidates:
    """For whoever works at the desk. The order is the published rule; no weight, no score."""
    only(request, *DESK)
    seen = rounds.askable(request=request_of(request, number), at=act_of(request).at)
    criteria = [one.code for one in CRITERIA]
    if seen is None:
        return Candidates(rows=[], criteria=criteria, blocked={}, total=0, site=[])
    return Candidates(
        rows=[_candidate(one, seen) for one in seen.suggestions.people],
        criteria=criteria,
        blocked=seen.suggestions.blocked,
        total=seen.suggestions.total,
        site=[against(block) for block in seen.suggestions.site],
    )


@tells("/requests/{number}/proposals", "requests:write", answer=Proposals, summary="Ask several workers at once")
def propose_request(request: HttpRequest, number: Numbered, body: NewProposals) -> Proposals:
    """A rule that blocks somebody stops the whole, unless a waiver says why it does not hold for them."""
    act, by = act_of(request), cast("Inside", request).visit.person
    waivers = {one.worker: Override(by, one.reason, one.reference) for one in body.waivers}
    row = request_of(request, number)
    made = jobs.propose(act=act, request=row, workers=list(dict.fromkeys(body.workers)), overrides=waivers)
    return Proposals(rows=[_proposal(one) for one in made], next=None)


@asks("/proposals", "requests:read", answer=Proposals, summary="Who was asked, and what they said; the latest first")
def list_proposals(
    request: HttpRequest,
    state: Literal["", ProposalState] = "",
    number: WhichNumber = None,
    cursor: Cursor = "",
    limit: Limit = PAGE,
) -> Proposals:
    """Staff find all of them, others those that were made to them. number: of a request."""
    before = pages.before(cursor, of=PROPOSALS)
    rows = listed.proposals(of=whose(request, *DESK), request=number, state=state, before=before, limit=limit)
    page, following = pages.split(rows, limit=limit, of=PROPOSALS)
    return Proposals(rows=[_proposal(one) for one in page], next=following)


@tells("/proposals", "requests:write", answer=Proposals, summary="Ask somebody for each of several requests")
def propose_round(request: HttpRequest, body: NewRound) -> Proposals:
    """All of them, or with a refusal none."""
    pairs = [(request_of(request, one.request), one.worker) for one in body.pairs]
    made = jobs.propose_day(act=act_of(request), asked=pairs)
    return Proposals(rows=[_proposal(one) for one in made], next=None)


@asks("/spreading", "requests:read", answer=Spread, summary="A day's requests, with somebody for each")
def spread_day(request: HttpRequest, day: Day) -> Spread:
    """For whoever works at the desk. Nobody is asked by it."""
    only(request, *DESK)
    plan = days.spread_day(day=day, at=act_of(request).at, zone=zone_of(request))
    rows = [
        SpreadTold(
            request=told(one.request),
            worker=Someone.of(one.somebody.person) if one.somebody else None,
            reasons=_reasons(one.somebody) if one.somebody else [],
        )
        for one in plan.places
    ]
    return Spread(rows=rows, more=plan.more)


@asks("/proposals/{proposal}", "requests:read", answer=ProposalTold, summary="One proposal")
def read_proposal(request: HttpRequest, proposal: Named) -> ProposalTold:
    return _proposal(proposal_of(request, proposal))


@tells("/proposals/{proposal}/answer", "requests:write", answer=ProposalTold, summary="A worker's yes or no")
def answer_proposal(request: HttpRequest, proposal: Named, body: Answer) -> ProposalTold:
    """The first yes has the job; a later one is answered kindly, and comes back as too_late."""
    row = proposal_of(request, proposal)
    return _proposal(jobs.answer(act=act_of(request).for_person(row.person_id), proposal=row, yes=body.yes))


def _candidate(one: SuggestedWorker, seen: Askable) -> CandidateTold:
    return CandidateTold(
        worker=Someone.of(one.person),
        reach=seen.reach[one.person.id].channel,
        willing=one.person.id in seen.willing,
        reasons=_reasons(one),
        against=[against(block) for block in one.suggestion.blocks],
    )


def _reasons(one: SuggestedWorker) -> list[Said]:
    return [Said(code=why.code, params=_plain(why.params)) for why in one.suggestion.reasons]


def proposal_of(request: HttpRequest, proposal: UUID) -> Proposal:
    return found(listed.proposal(of=whose(request, *DESK), proposal=proposal))


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


def against(block: Block) -> Against:
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
