"""Whoever changes the same request comes one after the other, always in this order: the request, the workers, the rest.
Nobody waits for somebody who waits for them, and the second finds what the first left.
"""

from uuid import UUID

from entremise.agreements import operations as agreements
from entremise.jobs.models import Mission, Request
from entremise.market.models import Proposal


def hold(*, request: Request) -> None:
    """Until the door commits nobody else changes this request, what was asked of people for it, or its visits. Before
    any other lock; it is as it is now.
    """
    _lock(request.id)
    now = Request.objects.select_related("listing__place", "client", "activity", "organisation")
    request.refresh_from_db(from_queryset=now)


def hold_asked(*, proposal: Proposal) -> Request:
    """The request that was put to somebody, held; their answer is as it is now."""
    request = Request.objects.get(listing_id=proposal.listing_id)
    hold(request=request)
    proposal.refresh_from_db(fields=["state", "listing"])
    return request


def hold_visit(*, mission: Mission) -> None:
    """The request of a visit, held, and its agreement, of which nobody signs or bills anything meanwhile; the visit is
    as it is now.
    """
    _lock(mission.request_id)
    if mission.agreement_id:
        agreements.hold(agreements=[mission.agreement_id])
    mission.refresh_from_db(fields=["state", "starts_at", "ends_at", "agreement"])


def _lock(request: UUID) -> None:
    """Alone, and read afterwards: what a waiting statement joins is as it was before the wait."""
    list(Request.objects.select_for_update(no_key=True).filter(id=request).values_list("id"))
