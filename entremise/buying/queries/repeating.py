"""Purchases that come again, and what households want of each of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from entremise.buying.models import Purchase, Standing, StandingTurn
from entremise.buying.rules.states import LIVE_STANDING
from entremise.campaigns.rules import TAKING


def latest_of(*, series: UUID) -> Purchase:
    """The one that was planned last."""
    rows = Purchase.objects.filter(series_id=series).select_related("campaign__organiser", "supplier", "series")
    return rows.latest("campaign__number")


def last_seen(*, series: UUID) -> Purchase | None:
    """The last one that everybody may see."""
    rows = Purchase.objects.filter(series_id=series).exclude(campaign__state="draft")
    return rows.select_related("campaign", "supplier", "series").order_by("-campaign__number").first()


def last_opened(*, series: UUID) -> int:
    """The number of the last one that was opened; 0 before the first."""
    rows = Purchase.objects.filter(series_id=series).exclude(campaign__state="draft")
    return int(rows.aggregate(last=Max("campaign__number"))["last"] or 0)


def purchases_of(*, series: UUID, limit: int) -> list[Purchase]:
    """The latest first."""
    rows = Purchase.objects.filter(series_id=series).select_related("campaign")
    return list(rows.order_by("-campaign__number")[:limit])


def standing_order(*, series: UUID, person: UUID) -> Standing | None:
    """What somebody wants each time, of their own or in turn with another household, while it counts."""
    rows = Standing.objects.filter(series_id=series, state__in=LIVE_STANDING).filter(Q(person=person))
    return rows.select_related("person", "partner", "series").first()


def taking_part(*, series: UUID, person: UUID) -> Standing | None:
    """The same, also when it is another household's and they take turns."""
    rows = Standing.objects.filter(series_id=series, state__in=LIVE_STANDING).select_related("person", "partner")
    mine = rows.filter(Q(person=person) | Q(partner=person))
    return sorted(mine, key=lambda one: one.person_id != person)[0] if mine else None


def standing_in(*, series: UUID) -> QuerySet[Standing]:
    """With their people, in the order in which they said it."""
    rows = Standing.objects.filter(series_id=series, state__in=LIVE_STANDING).select_related("person", "partner")
    return rows.prefetch_related("lines").order_by("said_at", "id")


@dataclass(frozen=True)
class Mine:
    """A standing order, and the last purchase of its series that everybody may see."""

    standing: Standing
    purchase: Purchase


def standing_by(*, person: UUID) -> list[Mine]:
    """Somebody's, also those in which they take turns. A constant number of questions."""
    rows = Standing.objects.filter(Q(person=person) | Q(partner=person), state__in=LIVE_STANDING)
    found = list(rows.select_related("person", "partner", "series").prefetch_related("lines").order_by("said_at", "id"))
    seen = latest_seen(series=[one.series_id for one in found])
    return [Mine(one, seen[one.series_id]) for one in found if one.series_id in seen]


def latest_seen(*, series: Collection[UUID]) -> dict[UUID, Purchase]:
    """The last one that everybody may see, of each. One question."""
    rows = Purchase.objects.filter(series__in=series).exclude(campaign__state="draft").select_related("campaign")
    return {one.series_id: one for one in rows.order_by("campaign__number") if one.series_id}


@dataclass(frozen=True)
class Due:
    """A standing order whose purchase has opened. id: what it is put off by."""

    standing: Standing
    purchase: Purchase

    @property
    def id(self) -> tuple[UUID, UUID]:
        return self.standing.id, self.purchase.id


def to_place(*, at: datetime, limit: int = 50) -> list[Due]:
    """Those of which nothing has come yet in a purchase that takes pledges, the oldest first."""
    found: list[Due] = []
    rows = Purchase.objects.filter(series__isnull=False, campaign__state__in=TAKING)
    rows = rows.filter(campaign__opens_at__lte=at, campaign__closes_at__gt=at).select_related("campaign")
    for purchase in rows.order_by("campaign__closes_at", "id"):
        done = StandingTurn.objects.filter(purchase=purchase).values("standing")
        waiting = Standing.objects.filter(series=purchase.series_id, state="active", after__lt=purchase.campaign.number)
        due = waiting.exclude(id__in=done).order_by("said_at", "id")[: limit - len(found)]
        found += [Due(one, purchase) for one in due]
        if len(found) >= limit:
            break
    return found
