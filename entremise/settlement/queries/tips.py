"""What clients gave to whoever worked for them. Nothing of it is known to matching, and nobody is compared by it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from entremise.figures import queries as figures
from entremise.kernel.money import half_up
from entremise.settlement.models import Tip, TipPaid


@dataclass(frozen=True)
class TipSeen:
    """number: of the payslip that it is on, empty while it waits. taken_back: it was a mistake."""

    tip: Tip
    number: str
    taken_back: bool


def tips_are_exempt(*, on: date) -> bool:
    """Whether the law takes no contributions of them that day; else they are not offered at all."""
    return bool(figures.table().at("tips_exempt", on))


def most(*, on: date) -> int:
    """Cents of one tip, at most: beyond, somebody mistyped."""
    return half_up(figures.table().at("tip.most", on) * 100)


def tip(*, tip: UUID) -> Tip | None:
    return Tip.objects.select_related("client", "worker").filter(id=tip).first()


def standing_tip(*, occasion: UUID) -> Tip | None:
    """The one that was given for a visit and not taken back."""
    return tips_for(occasions=[occasion]).get(occasion)


def tips_for(*, occasions: Collection[UUID]) -> dict[UUID, Tip]:
    """What was given for these visits, by visit. One query."""
    return {one.occasion: one for one in tips_standing().filter(occasion__in=occasions).select_related("worker")}


def tips_standing() -> "QuerySet[Tip]":
    """Given and not taken back."""
    return Tip.objects.filter(~Exists(Tip.objects.filter(takes_back=OuterRef("id"))), takes_back=None)


def tips_waiting(*, worker: UUID) -> list[Tip]:
    """Given, not taken back, and on no payslip yet."""
    on_one = TipPaid.objects.filter(tip=OuterRef("id"))
    return list(tips_standing().filter(~Exists(on_one), worker_id=worker).order_by("given_at", "id"))


def tips_of(*, worker: UUID, limit: int = 60) -> list[TipSeen]:
    """What a worker was thanked with, the latest first, mistakes left out."""
    return [one for one in _seen(Tip.objects.filter(worker_id=worker), limit) if not one.taken_back]


def tips(*, limit: int = 200) -> list[TipSeen]:
    """All, the latest first. Two queries."""
    return _seen(Tip.objects.all(), limit)


def _seen(rows: "QuerySet[Tip]", limit: int) -> list[TipSeen]:
    back = Tip.objects.filter(takes_back=OuterRef("id"))
    found = rows.filter(takes_back=None).annotate(mistake=Exists(back)).select_related("client", "worker")
    latest = list(found.order_by("-given_at", "-id")[:limit])
    paid = dict(TipPaid.objects.filter(tip__in=latest).values_list("tip_id", "payslip__number"))
    return [TipSeen(one, paid.get(one.id, ""), one.mistake) for one in latest]
