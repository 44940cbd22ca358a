from datetime import datetime
from uuid import UUID

from entremise.market.models import Proposal
from entremise.market.rules import WAITING


def proposal(*, proposal: UUID) -> Proposal | None:
    return Proposal.objects.select_related("listing", "person").filter(id=proposal).first()


def proposals_of_listing(*, listing: UUID) -> list[Proposal]:
    """Everyone who was asked, in the order they were asked."""
    return list(Proposal.objects.filter(listing_id=listing).select_related("person").order_by("offered_at", "id"))


def waiting_proposals_of(*, person: UUID) -> list[Proposal]:
    """What this person may still say yes to, oldest first."""
    return list(
        Proposal.objects.filter(person_id=person, state__in=WAITING, listing__state="open")
        .select_related("listing")
        .order_by("offered_at")
    )


def latest_proposal(*, person: UUID, number: int) -> Proposal | None:
    """The last time this listing was put to this person, whatever came of it."""
    return (
        Proposal.objects.filter(person_id=person, listing__number=number)
        .select_related("listing", "person")
        .order_by("-round")
        .first()
    )


def overdue_proposals(*, at: datetime, limit: int = 100) -> list[Proposal]:
    return list(Proposal.objects.filter(state="offered", deadline__lt=at).select_related("listing", "person")[:limit])
