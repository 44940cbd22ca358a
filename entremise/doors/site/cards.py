"""A notice as its line of the list says it. A page has twenty of them: what they share is worked out once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.utils.timezone import localtime, make_aware
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from entremise.doors.frame.spoken import rhythm
from entremise.doors.frame.templatetags.entremise import hours, money, short_date, spoken_date
from entremise.jobs.models import Activity
from entremise.jobs.queries.notices import Row

NEW_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Card:
    number: int
    title: str
    pictogram: str
    day: str
    hours: str
    place: str
    away: str
    pay: str
    each: str
    new: bool
    pair: bool


def cards(rows: list[Row], activities: Mapping[UUID, Activity], at: datetime) -> list[Card]:
    names = {one.id: (one.called, one.pictogram) for one in activities.values()}
    language = get_language() or ""
    return [_card(row, *names[row.activity], at, language) for row in rows]


def _card(row: Row, title: str, pictogram: str, at: datetime, language: str) -> Card:
    start = localtime(row.starts_at)
    day, lasts = _said_day(start.date(), row.recurrence, language), _said_hours(row.minutes, language)
    return Card(
        number=row.number,
        title=title,
        pictogram=pictogram,
        day=day,
        hours=_said_time(start.hour, start.minute, row.minutes, language),
        place=row.place_name or _("Lieu à préciser"),
        away=away(row.km) if row.place_name else "",
        pay=_said_money(row.gross, language),
        each=_("brut, %(hours)s à chaque fois") % {"hours": lasts}
        if row.recurrence
        else _("brut, pour %(hours)s") % {"hours": lasts},
        new=at - row.put_up_at < NEW_FOR,
        pair=row.slots > 1,
    )


def away(km: float | None) -> str:
    """How far a commune is, in whole kilometres: nobody can work out an address from it."""
    if km is None:
        return ""
    return _("à %(km)s km") % {"km": round(km)} if km >= 1 else _("sur place")


def time_of(start: datetime, minutes: int) -> str:
    """« 9 h à 11 h », local."""
    local = localtime(start)
    return _said_time(local.hour, local.minute, minutes, get_language() or "")


@lru_cache(maxsize=2000)
def _said_day(day: date, recurrence: str, _language: str) -> str:
    said = rhythm(recurrence) or spoken_date(day)
    said = said[:1].upper() + said[1:]
    return _("%(rhythm)s, dès le %(day)s") % {"rhythm": said, "day": short_date(day)} if recurrence else said


@lru_cache(maxsize=2000)
def _said_time(hour: int, minute: int, minutes: int, _language: str) -> str:
    moment = make_aware(datetime(2026, 1, 1, hour, minute))
    start, end = (_clock(one) for one in (moment, moment + timedelta(minutes=minutes)))
    return _("%(start)s à %(end)s") % {"start": start, "end": end}


def _clock(moment: datetime) -> str:
    return spoken_date(moment).rpartition(", ")[2]


@lru_cache(maxsize=500)
def _said_hours(minutes: int, _language: str) -> str:
    return hours(minutes)


@lru_cache(maxsize=5000)
def _said_money(amount: int, _language: str) -> str:
    return money(amount)
