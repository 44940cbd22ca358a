"""What became of a purchase after it closed: the order, what came, and the parcels."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from entremise.buying.models import Article, Parcel, ParcelLine, Purchase, SupplyLine
from entremise.buying.rules.states import OPEN, ORDERED
from entremise.buying.rules.supplying import Balance, waits_until
from entremise.campaigns.rules import ENDED
from entremise.figures import queries as figures


@dataclass(frozen=True)
class Supplied:
    """price: minor units a unit, for a household."""

    article: Article
    balance: Balance
    price: int


def supply(*, purchase: UUID) -> list[Supplied]:
    """What was ordered, billed, received, put aside and handed over of each article, in the order of the page."""
    of = ParcelLine.objects.filter(parcel__purchase_id=purchase).order_by()
    sums = {
        one["article"]: one
        for one in of.values("article", "price").annotate(
            waiting=Sum("planned", filter=Q(parcel__state__in=OPEN), default=0),
            handed=Sum("given", filter=Q(parcel__state="collected"), default=0),
            back=Sum(F("planned") - Coalesce("given", 0), filter=Q(parcel__state__in=("collected", "left")), default=0),
        )
    }
    lines = (
        SupplyLine.objects.filter(purchase_id=purchase).select_related("article__lot").order_by("article__lot__place")
    )
    found = []
    for line in lines:
        one = sums.get(line.article_id) or {"waiting": 0, "handed": 0, "back": 0, "price": 0}
        balance = Balance(line.ordered, line.billed, line.received, one["waiting"], one["handed"], one["back"])
        found.append(Supplied(line.article, balance, one["price"]))
    return found


def parcel(*, parcel: UUID) -> Parcel | None:
    """With its household, purchase and lines."""
    return _parcels().filter(id=parcel).first()


def parcels_of(*, purchase: UUID, states: Collection[str] = (), typed: str = "") -> list[Parcel]:
    """With their households and lines, by name. typed: a part of a name, or the number of a parcel. Two questions."""
    rows = _parcels().filter(purchase_id=purchase)
    if states:
        rows = rows.filter(state__in=states)
    for word in typed.split()[:5]:
        name = Q(share__pledge__person__family_name__icontains=word)
        name |= Q(share__pledge__person__given_name__icontains=word)
        # Beyond, it is a telephone number and no column holds it.
        rows = rows.filter(name | Q(number=int(word)) if word.isdecimal() and len(word) < 9 else name)
    return list(rows.order_by("share__pledge__person__family_name", "share__pledge__person__given_name", "number"))


@dataclass(frozen=True)
class Counted:
    """Parcels by what became of them."""

    waiting: int
    ready: int
    collected: int
    left: int
    void: int


def parcels_counted(*, purchase: UUID) -> Counted:
    rows = Parcel.objects.filter(purchase_id=purchase).order_by().values_list("state").annotate(count=Count("id"))
    count = dict(rows)
    return Counted(*(count.get(state, 0) for state in ("waiting", "ready", "collected", "left", "void")))


def kept_until(*, purchase: Purchase) -> date:
    """The last day on which its parcels wait for whoever did not come, by the rule of its last day."""
    days = int(figures.table().at("purchase.no_show_days", purchase.handed_until))
    return waits_until(handed_until=purchase.handed_until, days=days)


def to_remind(*, on: date, limit: int = 50) -> list[Parcel]:
    """Ready parcels whose last day is tomorrow or today, of households that were not reminded."""
    last = Q(purchase__handed_until__gte=on, purchase__handed_until__lte=on + timedelta(days=1))
    rows = _parcels().filter(last, state="ready", reminded_at=None)
    return list(rows.order_by("purchase", "number")[:limit])


def to_finish(*, limit: int = 20) -> list[Purchase]:
    """Those of which every parcel has come to its end."""
    waiting = Exists(Parcel.objects.filter(purchase=OuterRef("id"), state__in=OPEN))
    rows = Purchase.objects.filter(~waiting, state__in=("received", "handing")).select_related("campaign")
    return list(rows.order_by("id")[:limit])


def to_let_go(*, limit: int = 20) -> list[Purchase]:
    """Those that came to nothing, until everybody was told."""
    rows = Purchase.objects.exclude(state__in=("off", *ORDERED)).filter(campaign__state__in=ENDED)
    return list(rows.select_related("campaign").order_by("id")[:limit])


def of_campaigns(*, campaigns: Collection[UUID]) -> list[Purchase]:
    return list(Purchase.objects.filter(campaign__in=campaigns).select_related("campaign").order_by("id"))


def _parcels() -> QuerySet[Parcel]:
    rows = Parcel.objects.select_related("purchase__campaign", "share__pledge__person", "invoice")
    return rows.prefetch_related("lines__article__lot")
