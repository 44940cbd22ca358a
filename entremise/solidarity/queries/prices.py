"""Questions about prices of one's own: which there are, who has one, whose turn it is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Q, Sum

from entremise.kernel.time import Period
from entremise.solidarity.models import AwardPayment, Band, Place
from entremise.solidarity.queries import balance_of
from entremise.solidarity.rules.prices import LIVE, Off, Work, taken_off

HELD, WAITING = Q(taken__state="held"), Q(taken__state="waiting")


@dataclass(frozen=True)
class Step:
    """A band, how many places of it are held, and how many people wait for one."""

    band: Band
    held: int
    waiting: int

    @property
    def free(self) -> int:
        return max(0, self.band.places - self.held)


def bands(*, on: date) -> list[Step]:
    """Of the seasons that are not over, the earliest first, each from the price that takes least off. One query."""
    rows = Band.objects.filter(last__gte=on).select_related("fund", "rules").order_by("first", "step")
    rows = rows.annotate(held=Count("taken", filter=HELD), waiting=Count("taken", filter=WAITING))
    return [Step(one, vars(one)["held"], vars(one)["waiting"]) for one in rows]


def band(*, band: UUID) -> Band | None:
    return Band.objects.filter(id=band).first()


def below(*, band: Band) -> Band | None:
    """The next step down its season's ladder."""
    return Band.objects.filter(first=band.first, step=band.step + 1).first()


def off(*, band: Band) -> Off:
    return Off(band.percent, band.hourly)


def seasons(*, on: date) -> list[Period]:
    """Those that are not over."""
    rows = Band.objects.filter(last__gte=on).order_by("first").values_list("first", "last").distinct()
    return [Period(first, last) for first, last in rows]


def places() -> list[Place]:
    """Everybody's live places: by season and step, those that wait after those that have one, in their order."""
    rows = Place.objects.filter(state__in=LIVE).select_related("person", "band")
    return list(rows.order_by("band__first", "band__step", "state", "asked_at", "id"))


def place(*, place: UUID) -> Place | None:
    return Place.objects.select_related("person", "band__fund", "award__rules").filter(id=place).first()


def places_of(*, person: UUID) -> list[Place]:
    """Somebody's own, live, the earliest season first."""
    rows = Place.objects.filter(person_id=person, state__in=LIVE).select_related("band", "award", "person")
    return list(rows.order_by("band__first"))


def turn(*, place: Place) -> int:
    """How many wait for this price until them, first come, first served."""
    earlier = Q(asked_at__lt=place.asked_at) | Q(asked_at=place.asked_at, id__lte=place.id)
    return Place.objects.filter(earlier, band=place.band_id, state="waiting").count()


def is_free(*, band: Band) -> bool:
    """Whether a place is free and the fund can keep what goes with it."""
    held = Place.objects.filter(band=band, state="held").count()
    return held < band.places and balance_of(fund=band.fund)[0] >= band.reserve


def to_give(*, on: date) -> list[Place]:
    """Those whose turn may have come, in the order in which they asked."""
    free = [one.band for one in bands(on=on) if one.free and one.waiting]
    rows = Place.objects.filter(state="waiting", band__in=[one for one in free if is_free(band=one)])
    return list(rows.select_related("person", "band").order_by("asked_at", "id"))


def to_ask_again(*, on: date, days: int) -> list[Place]:
    """Those whose season ends within so many days, and who were not asked about the next."""
    rows = Place.objects.filter(state="held", asked_again_at=None, band__last__lte=on + timedelta(days=days))
    return list(rows.select_related("person", "band").order_by("id"))


def to_end(*, on: date, days: int) -> list[Place]:
    """Those whose season was over so many days ago: its work has been invoiced."""
    rows = Place.objects.filter(state__in=LIVE, band__last__lt=on - timedelta(days=days))
    return list(rows.select_related("person", "band").order_by("id"))


def reliefs(*, person: UUID, lines: Collection[Work]) -> list[tuple[Place, int]]:
    """What their places take off this work, in cents, where it is more than nothing."""
    rows = Place.objects.filter(person_id=person, state="held", award__state="granted").select_related("band", "award")
    found = [(one, taken_off(off(band=one.band), one.band.season, lines)) for one in rows.order_by("band__first")]
    return [(one, amount) for one, amount in found if amount]


def borne(*, invoices: Collection[UUID]) -> dict[UUID, int]:
    """Cents of each of these invoices that a fund bears, where it does."""
    rows = AwardPayment.objects.filter(invoice__in=invoices).values_list("invoice").annotate(total=Sum("amount"))
    return {invoice: int(total) for invoice, total in rows if total}


def payments_of(*, place: Place) -> list[AwardPayment]:
    """What their price has borne, this season's awards together; newest first."""
    rows = AwardPayment.objects.filter(award__person=place.person_id, award__decided_by="place")
    rows = rows.filter(paid_on__gte=place.band.first).select_related("invoice", "award")
    return list(rows.prefetch_related("corrections").order_by("-paid_on", "-id"))
