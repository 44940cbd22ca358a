"""Jobs that everybody may read of, who would go, and searches that are kept."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from pydantic import Field

from entremise.doors.api.door import act_of, asks, found, tells, zone_of
from entremise.doors.api.proposals import Against, against
from entremise.doors.api.told import somebody
from entremise.doors.api.types import (
    DIGITS,
    WHOLE,
    Chosen,
    Clean,
    Code,
    Cursor,
    Day,
    Given,
    Id,
    Named,
    Numbered,
    Told,
    Truth,
    Words,
)
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, SavedSearch
from entremise.jobs.queries import alerts, desk, listed, notices
from entremise.jobs.queries.interests import reply_of
from entremise.jobs.queries.notices import Row
from entremise.jobs.rules.notices import Mark, Order, Part, Wanted, days_mask
from entremise.people.models import Person
from entremise.people.queries import place as place_of

PartOfDay = Literal["", "morning", "afternoon", "evening"]
Around = Literal[0, 5, 10, 20, 50]
Channel = Literal["text", "email", "post"]
WeekDays = Annotated[str, Field(pattern="^(?:[0-6](?:,[0-6]){0,6})?$", description="Weekdays, Monday 0: `5,6`.")]


class NoticeTold(Told):
    """A job as everybody may read it: nothing tells who asks, and the commune is as near as it comes. gross: cents of
    one visit, holiday included. km: from the middle of the commune asked for.
    """

    number: int
    activity: str
    place: str
    starts_at: datetime
    minutes: int
    recurrence: str
    slots: int
    gross: int
    put_up_at: datetime
    km: float | None


class Notices(Told):
    """A page of what fits. total: null on a later page; 201 stands for more than 200."""

    rows: list[NoticeTold]
    total: int | None
    next: str | None


class NoticeRead(Told):
    """wage: cents of an hour. base, holiday: cents of one visit; net: about what reaches the account, null when the
    rules cannot tell.
    """

    number: int
    activity: str
    place: str
    words: str
    starts_at: datetime
    minutes: int
    recurrence: str
    slots: int
    wage: int
    base: int
    holiday: int
    net: int | None


class NewInterest(Given):
    """Whether they would go. person: left out, the one as whom the program acts."""

    person: Id | None = None
    going: Truth


class InterestTold(Told):
    """How somebody stands to a job. asked: the proposal that waits for their answer. against: what nobody may waive."""

    number: int
    person: UUID
    willing: bool
    asked: UUID | None
    against: list[Against]


class Filters(Given):
    """What somebody looks for. km: around the place. days: weekdays, Monday 0; none for any. regular: comes again."""

    words: Annotated[Clean, Field(max_length=80)] = ""
    activity: Code | None = None
    place: Id | None = None
    km: Annotated[Around, WHOLE] = 10
    days: Annotated[list[Annotated[int, Field(ge=0, le=6), WHOLE]], Field(max_length=7)] = []
    part: PartOfDay = ""
    regular: Truth = False


class NewSearch(Filters):
    """channel: left out, the first that reaches them. every_days: between two alerts."""

    channel: Channel | None = None
    every_days: Annotated[Literal[1, 7], WHOLE] = 1


class NewTelling(Given):
    """How, and how often, they hear of what is new."""

    channel: Channel
    every_days: Annotated[Literal[1, 7], WHOLE]


class SearchTold(Told):
    """A search that somebody keeps; at most one letter a day tells what is new for all of theirs."""

    id: UUID
    words: str
    activity: str | None
    place: UUID | None
    km: int
    days: list[int]
    part: PartOfDay
    regular: bool
    state: Literal["active", "removed"]
    channel: Channel
    every_days: int
    saved_at: datetime
    sent_on: date | None


class Searches(Told):
    """What somebody wants to hear of, in the order they said so."""

    rows: list[SearchTold]


@asks("/notices", "requests:read", answer=Notices, summary="Jobs that everybody may read of, the soonest first")
def list_notices(
    request: HttpRequest,
    q: Words = "",
    activity: Annotated[str, Field(pattern="^(?:[a-z0-9-]{1,40})?$")] = "",
    place: Chosen = None,
    km: Annotated[Around, DIGITS] = 10,
    first: Day | None = None,
    last: Day | None = None,
    days: WeekDays = "",
    part: PartOfDay = "",
    regular: Literal["", "yes"] = "",
    order: Literal["date", "distance"] = "date",
    cursor: Cursor = "",
) -> Notices:
    """By words (accents and plurals forgiven), place, day, activity. Pages of 20."""
    after = found(Mark.read(cursor)) if cursor else None
    activities = notices.activities()
    centre = place_of(place=place) if place else None
    wanted = Wanted(
        words=q,
        activity=_activity(activity or None, activities),
        place=place,
        km=km,
        first=first,
        last=last,
        days=days_mask(int(day) for day in days.split(",") if day),
        part=Part(part) if part else None,
        regular=regular == "yes",
        order=Order(order) if centre else Order.DATE,
    )
    seen = notices.search(wanted=wanted, at=act_of(request).at, zone=zone_of(request), centre=centre, after=after)
    rows = [_notice(one, activities) for one in seen.rows]
    return Notices(rows=rows, total=seen.total, next=str(seen.next) if seen.next else None)


@asks("/notices/{number}", "requests:read", answer=NoticeRead, summary="One job, and what it pays")
def read_notice(request: HttpRequest, number: Numbered) -> NoticeRead:
    seen = found(notices.notice_page(number=number, at=act_of(request).at))
    row = seen.notice
    return NoticeRead.drawn(
        row,
        activity=row.activity.code,
        place=row.place.name if row.place else "",
        base=seen.base,
        holiday=seen.holiday,
        net=seen.net,
    )


@asks("/notices/{number}/interest", "requests:read", answer=InterestTold, summary="How somebody stands to a job")
def read_interest(request: HttpRequest, number: Numbered, person: Chosen = None) -> InterestTold:
    """person: left out, the one as whom the program acts."""
    return _interest(request, number, somebody(request, person))


@tells("/notices/{number}/interest", "requests:write", answer=InterestTold, summary="Say that somebody would go")
def show_interest(request: HttpRequest, number: Numbered, body: NewInterest) -> InterestTold:
    """It binds nobody: the desk proposes, or does not. Not going after all costs nothing later."""
    person, wanted = somebody(request, body.person), found(desk.request_numbered(number=number))
    if not notices.was_wanted(number=number):
        raise Http404
    say = jobs.show_interest if body.going else jobs.take_interest_back
    say(act=act_of(request).for_person(person.id), request=wanted, person=person)
    return _interest(request, number, person)


@asks("/people/{person}/searches", "requests:read", answer=Searches, summary="What somebody wants to hear of")
def list_searches(request: HttpRequest, person: Named) -> Searches:
    kept, activities = alerts.searches_of(person=somebody(request, person).id), notices.activities()
    return Searches(rows=[_search(one, activities) for one in kept])


@tells("/people/{person}/searches", "requests:write", answer=SearchTold, summary="Keep a search")
def save_search(request: HttpRequest, person: Named, body: NewSearch) -> SearchTold:
    """What is put up from now on and fits is told to them. The same again is the same search."""
    row, activities = somebody(request, person), notices.activities()
    wanted = Wanted(
        words=body.words,
        activity=_activity(body.activity, activities),
        place=place_of(place=body.place).id if body.place else None,
        km=body.km,
        days=days_mask(body.days),
        part=Part(body.part) if body.part else None,
        regular=body.regular,
    )
    made = jobs.save_search(
        act=act_of(request).for_person(row.id),
        person=row,
        wanted=wanted,
        channel=body.channel or "",
        every_days=body.every_days,
    )
    return _search(made, activities)


@tells("/searches/{search}/telling", "requests:write", answer=SearchTold, summary="How somebody hears of it")
def change_search(request: HttpRequest, search: Named, body: NewTelling) -> SearchTold:
    row = _own(request, search)
    act = act_of(request).for_person(row.person_id)
    return _search(jobs.change_search(act=act, search=row, **body.model_dump()), notices.activities())


@tells("/searches/{search}/end", "requests:write", answer=SearchTold, summary="Hear no more of it")
def remove_search(request: HttpRequest, search: Named) -> SearchTold:
    row = _own(request, search)
    made = jobs.remove_search(act=act_of(request).for_person(row.person_id), search=row)
    return _search(made, notices.activities())


def _own(request: HttpRequest, search: UUID) -> SavedSearch:
    row = found(listed.search(search=search))
    somebody(request, row.person_id)
    return row


def _activity(code: str | None, activities: Mapping[UUID, Activity]) -> UUID | None:
    if code is None:
        return None
    return found(next((one.id for one in activities.values() if one.code == code), None))


def _interest(request: HttpRequest, number: int, person: Person) -> InterestTold:
    wanted, at = found(desk.request_numbered(number=number)), act_of(request).at
    if not notices.was_wanted(number=number):
        raise Http404
    reply = reply_of(request=wanted.id, number=number, person=person.id, at=at)
    return InterestTold(
        number=number,
        person=person.id,
        willing=reply.willing,
        asked=reply.asked.id if reply.asked else None,
        against=[against(block) for block in reply.against],
    )


def _notice(row: Row, activities: Mapping[UUID, Activity]) -> NoticeTold:
    return NoticeTold.drawn(row, activity=activities[row.activity].code, place=row.place_name or "")


def _search(row: SavedSearch, activities: Mapping[UUID, Activity]) -> SearchTold:
    wanted = alerts.wanted_of(row.filters)
    known = activities.get(wanted.activity) if wanted.activity else None
    return SearchTold.drawn(
        row,
        words=wanted.words,
        activity=known.code if known else None,
        place=wanted.place,
        km=wanted.km,
        days=[day for day in range(7) if wanted.days & 1 << day],
        part=wanted.part.value if wanted.part else "",
        regular=wanted.regular,
    )
