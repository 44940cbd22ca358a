"""Saved searches: whose, and what is new for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max

from entremise.jobs.models import Interest, Notice, SavedSearch, Told
from entremise.jobs.queries.notices import new_for
from entremise.jobs.rules.alerts import CHANNELS, due
from entremise.jobs.rules.notices import Part, Wanted
from entremise.people.models import Person, Place
from entremise.people.queries import addresses_of


@dataclass(frozen=True)
class Alert:
    """What one person hears today. due: the searches it answers; notices: what is new, the soonest first."""

    due: list[SavedSearch]
    notices: list[Notice]


def searches_of(*, person: UUID) -> list[SavedSearch]:
    """What somebody wants to hear of, in the order they said so."""
    return list(SavedSearch.objects.filter(person_id=person, state="active").order_by("saved_at", "id"))


def search_of(*, search: UUID, person: UUID) -> SavedSearch | None:
    return SavedSearch.objects.filter(id=search, person_id=person, state="active").first()


def channels_for(*, person: Person) -> list[str]:
    """The ways by which an alert can reach somebody: never a call, which would cost the desk one a day."""
    return [channel for channel in CHANNELS if channel in addresses_of(person=person)]


def told_of(*, person: UUID, at: datetime, limit: int = 20) -> list[Notice]:
    """Jobs of their last alerts that are still to be taken."""
    told = Told.objects.filter(person_id=person).order_by("-told_at").values("request")
    rows = Notice.objects.filter(request__in=told, starts_at__gt=at).select_related("activity", "place")
    return list(rows.order_by("starts_at", "id")[:limit])


def people_to_alert() -> list[Person]:
    """Everybody who keeps a search and for whom something may have come up since they last heard."""
    newest = Notice.objects.aggregate(newest=Max("put_up_at"))["newest"]
    if newest is None:
        return []
    searching = SavedSearch.objects.filter(state="active", seen_until__lt=newest).values("person")
    return list(Person.objects.filter(id__in=searching).order_by("id"))


def alert_for(*, person: Person, at: datetime) -> Alert:
    """What is new for somebody since they last heard. A few queries for each of their searches."""
    zone = ZoneInfo(person.organisation.timezone)
    today, searches = at.astimezone(zone).date(), searches_of(person=person.id)
    if any(one.sent_on == today for one in searches):
        return Alert([], [])
    ready = [one for one in searches if due(sent_on=one.sent_on, every_days=one.every_days, today=today)]
    found: set[UUID] = set()
    for search in ready:
        wanted = wanted_of(search.filters)
        centre = Place.objects.filter(id=wanted.place).first() if wanted.place else None
        found.update(new_for(wanted=wanted, since=search.seen_until, at=at, zone=zone, centre=centre))
    found -= set(Told.objects.filter(person=person, request__in=found).values_list("request_id", flat=True))
    found -= set(Interest.objects.filter(person=person, request__in=found).values_list("request_id", flat=True))
    rows = Notice.objects.filter(request__in=found).select_related("activity", "place", "request")
    return Alert(ready, list(rows.order_by("starts_at", "id")))


def wanted_of(filters: Mapping[str, object]) -> Wanted:
    """The filters of a saved search as the list takes them."""
    activity, place, part = (str(filters.get(name) or "") for name in ("activity", "place", "part"))
    km, days = (int(str(filters.get(name) or 0)) for name in ("km", "days"))
    return Wanted(
        words=str(filters.get("words") or ""),
        activity=UUID(activity) if activity else None,
        place=UUID(place) if place else None,
        km=km,
        days=days,
        part=Part(part) if part else None,
        regular=bool(filters.get("regular")),
    )


def filters_of(wanted: Wanted) -> dict[str, object]:
    """The same as plain values to keep: all but dates, which pass, and the order."""
    kept: dict[str, object] = {
        "words": wanted.words,
        "activity": str(wanted.activity or ""),
        "place": str(wanted.place or ""),
        "km": wanted.km,
        "days": wanted.days,
        "part": wanted.part.value if wanted.part else "",
        "regular": wanted.regular,
    }
    return {name: value for name, value in kept.items() if value or (name == "km" and wanted.place)}
