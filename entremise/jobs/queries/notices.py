"""Requests as everybody may read them: the list, one of them, the map.

A page asks a constant number of questions that an index answers in order, so that a list of a million rows reads like
one of ten thousand. Words are rows: both databases give the same answers, and one organisation's words are
never another's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from entremise.figures import queries as figures
from entremise.jobs.models import Activity, Notice, NoticeWord, Publicity, Request, TerritoryPlace
from entremise.jobs.queries.member import about_net
from entremise.jobs.rules.notices import Mark, Order, Wanted, asked_terms
from entremise.kernel.money import for_minutes
from entremise.kernel.time import Period
from entremise.people.models import Place
from entremise.people.queries import places_around

PAGE = 20
MANY = 200  # More than these are not counted: « plus de 200 ».
MAPPED = 400  # Communes on a map at most.
IN_SITEMAP = 10_000


@dataclass(frozen=True)
class Row:
    """A notice in a list. km: from the middle of one commune to that of the other, None when nothing is near."""

    id: UUID
    number: int
    activity: UUID
    place: UUID | None
    place_name: str | None
    starts_at: datetime
    minutes: int
    recurrence: str
    slots: int
    gross: int
    put_up_at: datetime
    km: float | None

    def mark(self, order: Order) -> Mark:
        return Mark(_metres(self.km) if order is Order.DISTANCE else 0, self.starts_at, self.id)


@dataclass(frozen=True)
class Found:
    """total: up to MANY + 1, which stands for more; None on a later page. next: where the next page begins."""

    rows: list[Row]
    total: int | None
    next: Mark | None


@dataclass(frozen=True)
class Spot:
    """A commune on the map. count: of its notices that fit."""

    place: Place
    count: int


_COLUMNS = (
    "number",
    "activity_id",
    "place_id",
    "place__name",
    "starts_at",
    "minutes",
    "recurrence",
    "slots",
    "gross",
    "put_up_at",
)


def search(
    *, wanted: Wanted, at: datetime, zone: ZoneInfo, centre: Place | None = None, after: Mark | None = None
) -> Found:
    """A page of what fits, by date or by distance. centre: the place of `wanted`, already read.

    Two queries; with a place three, or four where more than MANY fit.
    """
    near = places_around(centre=centre, km=wanted.km) if centre else None
    fitting, before = _fitting(wanted, at, zone)
    if near is None:
        total = fitting.order_by()[: MANY + 1].count() if after is None else None
        return _found(_in_order(fitting, before, after, Order.DATE, {}), total, Order.DATE)
    few = _rows(fitting.filter(Q(**{f"{before}place__in": list(near)}))[: MANY + 1], before, near)
    if len(few) <= MANY:
        few.sort(key=lambda row: _place_in_list(row.mark(wanted.order)))
        rest = [row for row in few if after is None or _place_in_list(row.mark(wanted.order)) > _place_in_list(after)]
        return _found(rest[: PAGE + 1], len(few) if after is None else None, wanted.order)
    # So many fit that walking the list in order meets them soon; the commune's own index would fetch them all.
    there = fitting.alias(there=Coalesce(F(f"{before}place_id"), F(f"{before}place_id"))).filter(there__in=list(near))
    return _found(
        _in_order(there, before, after, wanted.order, near), MANY + 1 if after is None else None, wanted.order
    )


def notice_numbered(*, number: int, at: datetime) -> Notice | None:
    """One query; None when no answer is wanted any more."""
    rows = Notice.objects.select_related("activity", "place").filter(number=number, starts_at__gt=at)
    return rows.first()


@dataclass(frozen=True)
class NoticePage:
    """base: gross without holiday; net: about what reaches the account, None when the rules cannot tell. Cents."""

    notice: Notice
    base: int
    net: int | None

    @property
    def holiday(self) -> int:
        return self.notice.gross - self.base


def notice_page(*, number: int, at: datetime) -> NoticePage | None:
    """One notice with its pay explained. Three queries."""
    notice = notice_numbered(number=number, at=at)
    if notice is None:
        return None
    month = Period.month_of(notice.starts_at.date())
    net = about_net(wages=[(notice.wage, notice.minutes)], month=month, table=figures.table())
    return NoticePage(notice, for_minutes(notice.wage, notice.minutes), net)


def was_wanted(*, number: int) -> bool:
    """Whether a request of this number was one that everybody could read of."""
    secret = Publicity.objects.filter(request=OuterRef("id"), listed=False)
    known = Request.objects.exclude(state="claimed")  # Nobody has spoken yet with whoever asks.
    return known.filter(~Exists(secret), listing__number=number).exists()


def begun(*, at: datetime, limit: int = 500) -> list[Notice]:
    """Notices whose visit has begun without anybody for it, the oldest first."""
    return list(Notice.objects.filter(starts_at__lte=at).order_by("starts_at", "id")[:limit])


def spots(*, wanted: Wanted, at: datetime, zone: ZoneInfo, centre: Place | None = None) -> list[Spot]:
    """The communes where something fits, and the rest of the territory with none. Three queries, four with a place."""
    fitting, before = _fitting(wanted, at, zone)
    if centre:
        fitting = fitting.filter(Q(**{f"{before}place__in": list(places_around(centre=centre, km=wanted.km))}))
    column = f"{before}place_id"
    counts = dict(fitting.filter(Q(**{f"{column}__isnull": False})).values_list(column).annotate(count=Count("id")))
    known = set(TerritoryPlace.objects.values_list("place_id", flat=True)[:MAPPED])
    places = Place.objects.filter(id__in=[*sorted(counts, key=lambda one: -counts[one])[:MAPPED], *known])
    found = [Spot(place, counts.get(place.id, 0)) for place in places]
    return sorted(found, key=lambda spot: (-spot.count, spot.place.name, spot.place.postcode))


def activities() -> dict[UUID, Activity]:
    """Every activity, in the organisation's order: names for a list and choices for its filters."""
    return {one.id: one for one in Activity.objects.order_by("position", "name")}


def in_sitemap(*, at: datetime) -> Sequence[tuple[int, datetime]]:
    """Number and date of the notices that a search engine may read."""
    rows = Notice.objects.filter(starts_at__gt=at).order_by("starts_at", "id")
    return list(rows.values_list("number", "put_up_at")[:IN_SITEMAP])


def new_for(*, wanted: Wanted, since: datetime, at: datetime, zone: ZoneInfo, centre: Place | None) -> list[UUID]:
    """Requests that were put up since a moment and fit, the soonest first. Two queries with a place."""
    fitting, before = _fitting(wanted, at, zone)
    new = fitting.filter(Q(**{f"{before}put_up_at__gt": since}))
    if centre:
        new = new.filter(Q(**{f"{before}place__in": list(places_around(centre=centre, km=wanted.km))}))
    return list(new.order_by("starts_at", "id").values_list(f"{before}request_id", flat=True)[:MANY])


def _fitting(wanted: Wanted, at: datetime, zone: ZoneInfo) -> "tuple[QuerySet[Any], str]":
    """What fits all but the place, and how a column of the notice is called from there."""
    words = asked_terms(wanted.words)
    rows: QuerySet[Any]
    if words:
        rows, before, notice = NoticeWord.objects.filter(word=words[0]), "notice__", "notice"
    else:
        rows, before, notice = Notice.objects.all(), "", "id"
    for at_, word in enumerate(words[1:]):
        same = NoticeWord.objects.filter(word=word, starts_at=OuterRef("starts_at"), notice=OuterRef(notice))
        # Looked up for each row in the order of the list. PostgreSQL would turn EXISTS into a join of all that has
        # either word, because it takes them for independent.
        rows = rows.alias(**{f"has_{at_}": Subquery(same.values("word")[:1])}).filter(Q(**{f"has_{at_}": word}))
    rows = rows.filter(starts_at__gt=max(at, _midnight(wanted.first, zone)) if wanted.first else at)
    if wanted.last:
        rows = rows.filter(starts_at__lt=_midnight(wanted.last + timedelta(days=1), zone))
    if wanted.activity:
        rows = rows.filter(Q(**{f"{before}activity": wanted.activity}))
    if wanted.days:
        rows = rows.alias(common=F(f"{before}days").bitand(wanted.days)).filter(common__gt=0)
    if wanted.part:
        rows = rows.filter(Q(**{f"{before}part": wanted.part.value}))
    if wanted.regular:
        rows = rows.exclude(Q(**{f"{before}recurrence": ""}))
    return rows, before


def _in_order(
    rows: "QuerySet[Any]", before: str, after: Mark | None, order: Order, near: Mapping[UUID, float]
) -> list[Row]:
    """The first PAGE + 1 rows after a mark, by an index in the order asked for."""
    notice = "notice_id" if before else "id"
    column = f"{before}place_id"
    by: tuple[str, ...] = ("starts_at", notice)
    if order is Order.DISTANCE:
        ranks = [When(Q(**{column: place}), then=Value(_metres(km))) for place, km in near.items()]
        rows, by = rows.annotate(metres=Case(*ranks)), ("metres", *by)
    if after:
        later = Q(starts_at__gt=after.starts_at) | Q(starts_at=after.starts_at, **{f"{notice}__gt": after.notice})
        if order is Order.DISTANCE:
            rows = rows.filter(Q(metres__gt=after.metres) | Q(metres=after.metres) & later)
        else:
            rows = rows.filter(later, starts_at__gte=after.starts_at)  # The second gives the index its beginning.
    return _rows(rows.order_by(*by)[: PAGE + 1], before, near)


def _rows(rows: "QuerySet[Any]", before: str, near: Mapping[UUID, float]) -> list[Row]:
    columns = ("notice_id" if before else "id", *(f"{before}{column}" for column in _COLUMNS))
    found: Iterable[tuple[Any, ...]] = rows.values_list(*columns)
    return [Row(*(*row, near.get(row[3]))) for row in found]


def _found(rows: list[Row], total: int | None, order: Order) -> Found:
    shown = rows[:PAGE]
    return Found(shown, total, shown[-1].mark(order) if len(rows) > PAGE else None)


def _place_in_list(mark: Mark) -> tuple[int, datetime, str]:
    return mark.metres, mark.starts_at, mark.notice.hex


def _metres(km: float | None) -> int:
    return 0 if km is None else round(km * 1000)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
