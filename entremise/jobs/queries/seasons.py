"""Recurring jobs whose agreed visits run out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max

from entremise.jobs.models import Mission, Request
from entremise.jobs.queries.people import visits_of
from entremise.market.models import Proposal

NOTICE = timedelta(weeks=2)  # Time to agree, sign, or find somebody else before the last visit.


@dataclass(frozen=True)
class Season:
    """What one worker promised of a recurring job, up to its last visit. next: the first visit that nobody promised."""

    request: Request
    proposal: Proposal
    last: datetime
    next: datetime | None

    @property
    def id(self) -> UUID:
        return self.proposal.id


def running_out(*, at: datetime, request: Request | None = None) -> list[Season]:
    """Of all requests unless one is given, what ends within the notice or has ended."""
    rows = Mission.objects.exclude(state="cancelled").exclude(request__listing__recurrence="")
    rows = rows.filter(request__state="filled", proposal__state="accepted")
    if request:
        rows = rows.filter(request=request)
    last = dict(rows.values_list("proposal").annotate(last=Max("starts_at")).filter(last__lt=at + NOTICE))
    proposals = Proposal.objects.filter(id__in=last).select_related("person", "listing").order_by("id")
    listings = [proposal.listing_id for proposal in proposals]
    about = Request.objects.filter(listing__in=listings).select_related("listing", "client", "activity")
    requests = {row.listing_id: row for row in about.prefetch_related("exceptions")}
    return [_season(requests[one.listing_id], one, last[one.id], at) for one in proposals]


def promised_until(*, proposal: Proposal, at: datetime) -> datetime:
    """The last visit that this person promised of a recurring job, or `at` when it is over: what goes on is after."""
    kept = Mission.objects.filter(proposal=proposal).exclude(state="cancelled")
    return max(at, kept.aggregate(last=Max("starts_at"))["last"] or at)


def _season(request: Request, proposal: Proposal, last: datetime, at: datetime) -> Season:
    coming = visits_of(request, after=max(last, at))[0].start
    return Season(request, proposal, last, coming if coming > max(last, at) else None)
