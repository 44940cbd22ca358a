"""How and when somebody wants to work: what they can do, a usual week, single times beside it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from pydantic import Field

from entremise.doors.api.door import act_of, asks, found, tells
from entremise.doors.api.people import PersonRead, person_of, read_of
from entremise.doors.api.told import somebody
from entremise.doors.api.types import WHOLE, Code, Given, Moment, Named, Note, Told
from entremise.jobs import operations as jobs
from entremise.jobs.queries import offers
from entremise.kernel.time import Window
from entremise.people.models import Person

Hour = Annotated[str, Field(pattern="^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", examples=["08:30"])]


class FreeTime(Given):
    """A stretch of each week, local. weekday: 0 is Monday. closes: later than opens; 24:00 is the end of the day."""

    weekday: Annotated[int, Field(ge=0, le=6), WHOLE]
    opens: Hour
    closes: Hour


class NewSkill(Given):
    """Somebody can do an activity; how: how we know."""

    activity: Code
    how: Literal["said", "trained", "seen"]


class NewWork(Given):
    """How somebody wants to work. hours_wanted: minutes a week."""

    hours_wanted: Annotated[int, Field(ge=0, le=10_080), WHOLE] = 0
    travel_mode: Literal["walk", "bike", "bus", "car"] = "walk"
    free_times: Annotated[list[FreeTime], Field(max_length=28)] = []
    skills: Annotated[list[NewSkill], Field(max_length=60)] = []
    note: Note = ""


class FreeMomentTold(Told):
    """A single time when somebody can come."""

    id: UUID
    starts_at: datetime
    ends_at: datetime


class FreeTimes(Told):
    """weekly: [weekday 0 to 6, from, until], local. moments: those to come, the soonest first."""

    weekly: list[tuple[int, str, str]]
    moments: list[FreeMomentTold]


class NewWeek(Given):
    """The usual week in place of the one before; empty: never, unless a single time says so."""

    weekly: Annotated[list[FreeTime], Field(max_length=28)]


class NewFreeMoment(Given):
    """A single time, as long as they are free."""

    starts_at: Moment
    minutes: Annotated[int, Field(ge=15, le=24 * 60, description="Minutes.", examples=[240]), WHOLE]


@tells("/people/{person}/work", "people:write", answer=PersonRead, summary="Describe how somebody wants to work")
def describe_work(request: HttpRequest, person: Named, body: NewWork) -> PersonRead:
    row = person_of(request, person)
    jobs.describe_worker(
        act=act_of(request).for_person(row.id),
        person=row,
        hours_wanted=body.hours_wanted,
        travel_mode=body.travel_mode,
        free_times=_weekly(body.free_times),
        skills={one.activity: one.how for one in body.skills},
        note=body.note,
    )
    return read_of(request, row)


@asks("/people/{person}/free-times", "requests:read", answer=FreeTimes, summary="When somebody is free")
def read_free_times(request: HttpRequest, person: Named) -> FreeTimes:
    """What they said, for themselves and the desk; what they promised since is not taken away."""
    return _told(request, somebody(request, person))


@tells("/people/{person}/free-times", "requests:write", answer=FreeTimes, summary="Say a usual week")
def set_free_times(request: HttpRequest, person: Named, body: NewWeek) -> FreeTimes:
    row = somebody(request, person)
    jobs.set_free_times(act=act_of(request).for_person(row.id), person=row, weekly=_weekly(body.weekly))
    return _told(request, row)


@tells("/people/{person}/free-moments", "requests:write", answer=FreeTimes, summary="Say a single time")
def add_free_moment(request: HttpRequest, person: Named, body: NewFreeMoment) -> FreeTimes:
    row = somebody(request, person)
    window = Window.lasting(body.starts_at, body.minutes)
    jobs.add_free_moment(act=act_of(request).for_person(row.id), person=row, window=window)
    return _told(request, row)


@tells("/people/{person}/free-moments/{moment}/end", "requests:write", answer=FreeTimes, summary="Not then after all")
def remove_free_moment(request: HttpRequest, person: Named, moment: Named) -> FreeTimes:
    """What was agreed stands."""
    row = somebody(request, person)
    free = found(offers.free_moment(moment=moment, person=row.id))
    jobs.remove_free_moment(act=act_of(request).for_person(row.id), free=free)
    return _told(request, row)


def _weekly(times: Sequence[FreeTime]) -> list[tuple[int, str, str]]:
    return [(one.weekday, one.opens, one.closes) for one in times]


def _told(request: HttpRequest, person: Person) -> FreeTimes:
    mine = offers.my_offers(person=person.id, at=act_of(request).at)
    weekly = mine.worker.free_times if mine.worker else []
    return FreeTimes(weekly=weekly, moments=[FreeMomentTold.drawn(one) for one in mine.free])
