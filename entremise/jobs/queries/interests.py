"""Who would go to a job that they saw on the public list."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from entremise.jobs.models import Interest, Request
from entremise.jobs.queries.people import blocks_for
from entremise.jobs.rules.limits import Block
from entremise.market.models import Proposal
from entremise.market.queries import latest_proposal
from entremise.market.rules import WAITING


@dataclass(frozen=True)
class Reply:
    """How a worker stands to a job. asked: it was put to them already. against: what no one may waive."""

    willing: bool
    asked: Proposal | None
    against: tuple[Block, ...]


def reply_of(*, request: UUID, number: int, person: UUID, at: datetime) -> Reply:
    """A number of queries that does not depend on who else there is."""
    wanted = Request.objects.select_related("listing__place", "client", "activity").get(id=request)
    proposal = latest_proposal(person=person, number=number)
    return Reply(
        willing=Interest.objects.filter(request=request, person=person, state="shown").exists(),
        asked=proposal if proposal and proposal.state in WAITING else None,
        against=barring(request=wanted, person=person, at=at),
    )


def barring(*, request: Request, person: UUID, at: datetime) -> tuple[Block, ...]:
    """What stands against it and cannot be waived by anybody."""
    return tuple(block for block in blocks_for(request=request, person=person, at=at) if not block.waivable)


def willing_for(*, request: Request) -> frozenset[UUID]:
    return frozenset(Interest.objects.filter(request=request, state="shown").values_list("person_id", flat=True))


def interests_of(*, person: UUID) -> list[Interest]:
    """The jobs that somebody said they would go to and that nobody has answered yet, the latest first."""
    rows = Interest.objects.filter(person_id=person, state="shown").select_related("request__listing__place")
    return list(rows.select_related("request__activity", "request__listing__place").order_by("-state_at", "id")[:50])
