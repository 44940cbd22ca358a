from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum

from entremise.campaigns.models import Campaign, Lot, Pledge, PledgeLine, PledgeStep
from entremise.campaigns.rules import LIVE, TAKING, Progress, Step, Wish, queue


def campaign(*, number: int) -> Campaign | None:
    return Campaign.objects.select_related("organiser").filter(number=number).first()


def lots_of(*, campaign: UUID) -> list[Lot]:
    """In the order of the page."""
    return list(Lot.objects.filter(campaign_id=campaign).order_by("place"))


def pledge_of(*, campaign: UUID, person: UUID) -> Pledge | None:
    """What this household has pledged, while it counts."""
    return Pledge.objects.filter(campaign_id=campaign, person_id=person, state__in=LIVE).first()


def wishes_of(*, pledges: Collection[UUID]) -> dict[UUID, dict[UUID, Wish[UUID]]]:
    """By pledge and lot, what they want. One question."""
    found: dict[UUID, dict[UUID, Wish[UUID]]] = {pledge: {} for pledge in pledges}
    for line in PledgeLine.objects.filter(pledge__in=pledges):
        found[line.pledge_id][line.lot_id] = Wish(line.lot_id, line.quantity, line.tolerance, line.ceiling)
    return found


def progress(*, campaign: UUID) -> Progress:
    """Where it stands. One question, however many pledges there are."""
    return progress_in(campaigns=[campaign])[campaign]


def progress_in(*, campaigns: Collection[UUID]) -> dict[UUID, Progress]:
    """The same of several campaigns. One question."""
    lines = PledgeLine.objects.filter(pledge__campaign_id__in=campaigns, pledge__state__in=LIVE, quantity__gt=0)
    sums = lines.values("pledge__campaign").annotate(
        pledges=Count("pledge", distinct=True), units=Sum("quantity"), money=Sum(F("quantity") * F("ceiling"))
    )
    found = {one["pledge__campaign"]: Progress(one["pledges"], one["units"], one["money"]) for one in sums.order_by()}
    return {campaign: found.get(campaign) or Progress(0, 0, 0) for campaign in campaigns}


@dataclass(frozen=True)
class Asked:
    """What those who would pay at most `ceiling` minor units want of a lot together, in units."""

    lot: UUID
    ceiling: int
    pledges: int
    quantity: int
    tolerance: int


def asked(*, campaign: UUID) -> list[Asked]:
    """By lot and ceiling, of live pledges. One question."""
    return asked_in(campaigns=[campaign])


def asked_in(*, campaigns: Collection[UUID]) -> list[Asked]:
    """The same of several campaigns, whose lots tell them apart. One question."""
    lines = PledgeLine.objects.filter(pledge__campaign_id__in=campaigns, pledge__state__in=LIVE)
    sums = (
        lines.values("lot", "ceiling")
        .annotate(pledges=Count("id", filter=Q(quantity__gt=0)), wanted=Sum("quantity"), tolerated=Sum("tolerance"))
        .order_by("lot", "-ceiling")
    )
    return [Asked(one["lot"], one["ceiling"], one["pledges"], one["wanted"], one["tolerated"]) for one in sums]


def queue_of(*, campaign: UUID) -> list[Step[UUID, UUID]]:
    """What live pledges want, in the order in which they asked for it."""
    rows = (
        PledgeStep.objects.filter(line__pledge__campaign_id=campaign, line__pledge__state__in=LIVE)
        .order_by("at", "id")
        .values_list("line__pledge", "line__lot", "quantity", "tolerance")
    )
    return queue([Step(*row) for row in rows.iterator(chunk_size=2000)])


def pledges_of(*, campaign: UUID, states: Collection[str] = LIVE) -> list[Pledge]:
    """With their people, the oldest first."""
    rows = Pledge.objects.filter(campaign_id=campaign, state__in=states).select_related("person")
    return list(rows.order_by("made_at", "id"))


def pledges_kept(*, campaign: UUID) -> QuerySet[Pledge]:
    """All but those that were withdrawn, with their people, the latest first."""
    rows = Pledge.objects.filter(campaign_id=campaign).exclude(state="withdrawn").select_related("person")
    return rows.order_by("-made_at", "-id")


def pledges_before(*, campaign: UUID, of: UUID | None, before: UUID | None, limit: int) -> list[Pledge]:
    """A page of those that count, of one household or of all, the latest first."""
    rows = Pledge.objects.filter(campaign_id=campaign, state__in=LIVE).select_related("person")
    if of:
        rows = rows.filter(person_id=of)
    if before:
        rows = rows.filter(id__lt=before)
    return list(rows.order_by("-id")[:limit])


def pledges_in(*, campaign: UUID, state: str, limit: int) -> list[Pledge]:
    """Some that are still in this state."""
    return list(
        Pledge.objects.filter(campaign_id=campaign, state=state).select_related("person").order_by("id")[:limit]
    )


def pledges_by(*, person: UUID) -> list[Pledge]:
    """All that this household ever pledged, the newest first."""
    return list(Pledge.objects.filter(person_id=person).select_related("campaign").order_by("-made_at", "-id"))


def running(*, kind: str) -> list[Campaign]:
    """Those that take pledges, the one that closes first at the top."""
    return list(Campaign.objects.filter(kind=kind, state__in=TAKING).order_by("closes_at", "number"))


def to_move_on(*, at: datetime, limit: int = 20) -> list[Campaign]:
    """Whose time to fill or to shut has come."""
    due = Q(state__in=TAKING, closes_at__lte=at) | Q(state="open", fills_at__lte=at)
    return list(Campaign.objects.filter(due).order_by("closes_at", "id")[:limit])


def to_release(*, limit: int = 20) -> list[Campaign]:
    """Those that came to nothing, with pledges that nobody has told yet."""
    waiting = Pledge.objects.filter(state__in=LIVE, campaign__state__in=("failed", "called_off"))
    return list(Campaign.objects.filter(id__in=waiting.values("campaign")).order_by("id")[:limit])
