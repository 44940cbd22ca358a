"""Purchases and orders in lists, and those that somebody has to look after."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from entremise.buying.models import Purchase, Share
from entremise.buying.queries.purchases import closed_shares
from entremise.campaigns import queries as campaigns
from entremise.campaigns.models import Pledge
from entremise.campaigns.rules import TAKING, Progress


@dataclass(frozen=True)
class Row:
    """A purchase in a list, with what its campaign has reached in its own measure."""

    purchase: Purchase
    progress: Progress

    @property
    def measured(self) -> int:
        return self.progress.measured(self.purchase.campaign.measure)


def listed(*, states: Collection[str], before: UUID | None = None) -> QuerySet[Purchase]:
    """Purchases whose campaigns are in one of these states, the latest plan first.

    before: the last purchase of the page before.
    """
    found = Purchase.objects.filter(campaign__state__in=states).select_related("campaign", "supplier")
    return (found.filter(id__lt=before) if before else found).order_by("-id")


def rows(*, purchases: Iterable[Purchase]) -> list[Row]:
    """These, each with what it has reached. One question more."""
    page = list(purchases)
    found = campaigns.progress_in(campaigns=[one.campaign_id for one in page])
    return [Row(one, found[one.campaign_id]) for one in page]


def to_look_after(*, until: datetime) -> list[Purchase]:
    """Purchases that somebody has to close, or that take pledges and end before then: the first to end at the top."""
    due = Q(campaign__state="closing") | Q(campaign__state__in=TAKING, campaign__closes_at__lt=until)
    return list(Purchase.objects.filter(due).select_related("campaign").order_by("campaign__closes_at", "id"))


@dataclass(frozen=True)
class Pledged:
    """What somebody pledged in a purchase. share: what it came to, once that is closed."""

    pledge: Pledge
    share: Share | None


def pledged_by(*, person: UUID, limit: int) -> list[Pledged]:
    """Somebody's orders, the latest first. Two questions."""
    return pledged(pledges=campaigns.pledges_by(person=person)[:limit])


def pledged(*, pledges: Iterable[Pledge]) -> list[Pledged]:
    """These, each with what it came to. One question more."""
    page = list(pledges)
    shares = {one.pledge_id: one for one in closed_shares().filter(pledge__in=[one.id for one in page])}
    return [Pledged(one, shares.get(one.id)) for one in page]
