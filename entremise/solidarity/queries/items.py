"""Questions about hours that somebody gave for somebody else."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, Sum

from entremise.solidarity.models import AwardPayment, Gift


@dataclass(frozen=True)
class Item:
    """« 1 heure de ménage »: how many were given, and how many were taken."""

    name: str
    given: int
    taken: int

    @property
    def left(self) -> int:
        return self.given - self.taken


def items() -> list[Item]:
    """By name. Two queries."""
    given = Counter(_given().values_list("item", flat=True))
    left = Counter(_untaken().values_list("item", flat=True))
    return [Item(name, given[name], given[name] - left[name]) for name in sorted(given)]


def untaken(*, item: str) -> list[Gift]:
    """Those of this name that nobody has taken, the oldest first."""
    return list(_untaken().filter(item=item).select_related("fund").order_by("received_on", "id"))


def is_taken(*, gift: Gift) -> bool:
    return not _untaken().filter(id=gift.id).exists()


def _given() -> "QuerySet[Gift]":
    return Gift.objects.filter(kind="suspended", corrects=None, corrections=None)


def _untaken() -> "QuerySet[Gift]":
    """What was taken by mistake, or for an invoice that was taken back, is there again."""
    paid = AwardPayment.objects.filter(award__item=OuterRef("id")).order_by().values("award__item")
    return _given().filter(~Exists(paid.annotate(total=Sum("amount")).filter(total__gt=0)))
