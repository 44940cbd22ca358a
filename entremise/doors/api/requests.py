"""Requests for a job: the list, one of them, what changes of it."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from pydantic import Field

from entremise.doors.api import pages
from entremise.doors.api.door import DESK, act_of, asks, found, tells, whose
from entremise.doors.api.told import PlaceTold, Someone, activity_called, somebody
from entremise.doors.api.types import (
    PAGE,
    WHOLE,
    Chosen,
    Clean,
    Code,
    Cursor,
    Day,
    Given,
    Id,
    Limit,
    Moment,
    Note,
    Numbered,
    Reason,
    Told,
    Truth,
    VisitLength,
)
from entremise.jobs import operations as jobs
from entremise.jobs.models import Request
from entremise.jobs.queries import calling_off, desk, listed, persons, series
from entremise.jobs.rules.modes.registry import USUAL, with_pricing
from entremise.jobs.rules.requests import REQUEST

RequestState = Literal["claimed", "open", "proposed", "filled", "done", "unmet", "cancelled"]
REQUESTS = "requests"


class RequestTold(Told):
    """A client's need, with the price said before they agreed. minutes and price: of one visit; cents. claimed: asked
    on the web by somebody nobody has spoken with yet. unsettled: what they said while the day or the length is to be
    settled with them; starts_at and minutes are a first guess then. by_quote: whoever comes names the price; nothing
    until then.
    """

    number: int
    state: RequestState
    client: Someone
    activity: str
    starts_at: datetime | None
    minutes: int
    unsettled: str
    recurrence: str
    slots: int
    note: str
    street: str
    place: PlaceTold | None
    price: int
    hourly_price: int
    travel_fee: int
    by_quote: bool
    door: str
    posted_at: datetime


class Requests(Told):
    """A page of requests; next: the cursor of the page after, null on the last."""

    rows: list[RequestTold]
    next: str | None


class NewRequest(Given):
    """What a client needs. client: left out, the person as whom the program acts. recurrence: RFC 5545, local.
    by_quote: somebody who works on their own account names the price.
    """

    client: Id | None = None
    activity: Code
    starts_at: Moment
    minutes: VisitLength
    recurrence: Annotated[Clean, Field(max_length=120, examples=["FREQ=WEEKLY;BYDAY=FR"])] = ""
    note: Note = ""
    slots: Annotated[int, Field(ge=1, le=10, description="How many people are needed."), WHOLE] = 1
    by_quote: Truth = False


class Amendment(Given):
    """Other terms. Whoever was asked on the old ones may be asked again."""

    starts_at: Moment
    minutes: VisitLength
    note: Note = ""


class Why(Given):
    """Why, in a few words, for whoever looks later."""

    reason: Reason = ""


class CallingOff(Why):
    """fee: cents that the client was told they owe, by the terms they signed; 409 `fee_changed` when more is due.
    excuse: why nothing is owed, for the desk to choose.
    """

    fee: Annotated[int, Field(ge=0, le=1_000_000), WHOLE] = 0
    excuse: Literal["", "hardship", "weather", "ours", "goodwill"] = ""


class FeeTold(Told):
    """What calling a whole request off costs now: cents, and for how many visits."""

    fee: int
    visits: int


class Identity(Given):
    """Who asked on the web, now that somebody has spoken with them. person: somebody known; left out, somebody new."""

    person: Id | None = None


class NewPublicity(Given):
    """Whether everybody may read of it, without name, number or street, and in what words."""

    listed: Truth
    words: Note = ""


class PublicityTold(Told):
    """What was said of the public list."""

    listed: bool
    words: str


class DayTold(Told):
    """A coming visit of a recurring job that differs. holiday: its code, or empty. kept: somebody comes even so."""

    starts_at: datetime
    holiday: str
    skipped: bool
    kept: bool


class Days(Told):
    """Those of the coming season: public holidays, and days on which nobody comes."""

    rows: list[DayTold]


class NewDay(CallingOff):
    """keep: somebody comes, though it is a holiday. Else nobody does, and what was agreed for it is called off. fee: in
    all, of the visits of that day.
    """

    day: Day
    keep: Truth = False


@asks("/requests", "requests:read", answer=Requests, summary="Requests, the latest first")
def list_requests(
    request: HttpRequest,
    state: Literal["", RequestState] = "",
    client: Chosen = None,
    cursor: Cursor = "",
    limit: Limit = PAGE,
) -> Requests:
    """Staff find all of them, others what they asked for themselves."""
    before = pages.before(cursor, of=REQUESTS)
    rows = listed.requests(of=whose(request, *DESK), state=state, client=client, before=before, limit=limit)
    page, following = pages.split(rows, limit=limit, of=REQUESTS)
    return Requests(rows=[told(one) for one in page], next=following)


@tells("/requests", "requests:write", answer=RequestTold, summary="Ask for a job")
def create_request(request: HttpRequest, body: NewRequest) -> RequestTold:
    """At the price of the day, which `/quote` tells before; the client gets a note of it."""
    client = somebody(request, body.client)
    made = jobs.post_request(
        act=act_of(request).for_person(client.id),
        client=client,
        activity=activity_called(body.activity),
        starts_at=body.starts_at,
        minutes=body.minutes,
        recurrence=body.recurrence.strip(),
        note=body.note,
        slots=body.slots,
        mode=with_pricing("quote").code if body.by_quote else USUAL,
    )
    return told(made)


@asks("/requests/{number}", "requests:read", answer=RequestTold, summary="One request")
def read_request(request: HttpRequest, number: Numbered) -> RequestTold:
    return told(request_of(request, number))


@tells("/requests/{number}/amendments", "requests:write", answer=RequestTold, summary="Change what is asked for")
def amend_request(request: HttpRequest, number: Numbered, body: Amendment) -> RequestTold:
    row = request_of(request, number)
    act = act_of(request).for_person(row.client_id)
    return told(jobs.amend(act=act, request=row, **body.model_dump()))


@asks("/requests/{number}/cancellation", "requests:read", answer=FeeTold, summary="What calling it off costs now")
def preview_cancellation(request: HttpRequest, number: Numbered) -> FeeTold:
    """Nothing is written."""
    row, at = request_of(request, number), act_of(request).at
    REQUEST.step(row.state, "cancel")
    coming = calling_off.coming(request=row, at=at)
    fees = [one.due.fee for one in calling_off.calling_off(missions=coming, at=at).values() if one.due.fee]
    return FeeTold(fee=sum(fees), visits=len(fees))


@tells("/requests/{number}/cancellation", "requests:write", answer=RequestTold, summary="No longer wanted")
def cancel_request(request: HttpRequest, number: Numbered, body: CallingOff) -> RequestTold:
    """Whoever said yes is told; hours already done stay."""
    row = request_of(request, number)
    return told(jobs.cancel(act=act_of(request).for_person(row.client_id), request=row, **body.model_dump()))


@tells("/requests/{number}/abandonment", "requests:write", answer=RequestTold, summary="Nobody could go")
def give_up_request(request: HttpRequest, number: Numbered) -> RequestTold:
    """The client is told, and the need stays on record."""
    return told(jobs.give_up(act=act_of(request), request=request_of(request, number)))


@tells("/requests/{number}/renewal", "requests:write", answer=RequestTold, summary="A recurring job goes on")
def renew_request(request: HttpRequest, number: Numbered) -> RequestTold:
    """New agreements for the coming visits, that client and worker sign."""
    row = request_of(request, number)
    jobs.renew(act=act_of(request), request=row)
    return told(row)


@tells("/requests/{number}/replacement", "requests:write", answer=RequestTold, summary="Somebody else goes on with it")
def replace_worker(request: HttpRequest, number: Numbered) -> RequestTold:
    """Whoever comes to a recurring job now does not go on: the rest is open again."""
    return told(jobs.seek_another(act=act_of(request), request=request_of(request, number)))


@tells("/requests/{number}/identity", "requests:write", answer=RequestTold, summary="Say who asked on the web")
def identify_request(request: HttpRequest, number: Numbered, body: Identity) -> RequestTold:
    """Somebody at the desk has spoken with them. From now on the request is like any other."""
    known = found(persons.person(person=body.person)) if body.person else None
    return told(jobs.identify(act=act_of(request), request=request_of(request, number), known=known))


@tells("/requests/{number}/publicity", "requests:write", answer=PublicityTold, summary="Who may read of it")
def set_publicity(request: HttpRequest, number: Numbered, body: NewPublicity) -> PublicityTold:
    row = request_of(request, number)
    act = act_of(request).for_person(row.client_id)
    return PublicityTold.drawn(jobs.set_publicity(act=act, request=row, **body.model_dump()))


@asks("/requests/{number}/days", "requests:read", answer=Days, summary="Days of a recurring job that differ")
def list_days(request: HttpRequest, number: Numbered) -> Days:
    return _days(request, request_of(request, number))


@tells("/requests/{number}/days", "requests:write", answer=Days, summary="Skip a visit, or keep one on a holiday")
def set_day(request: HttpRequest, number: Numbered, body: NewDay) -> Days:
    """Every other visit stands."""
    row = request_of(request, number)
    act = act_of(request).for_person(row.client_id)
    if body.keep:
        jobs.keep(act=act, request=row, day=body.day)
    else:
        jobs.skip(act=act, request=row, **body.model_dump(exclude={"keep"}))
    return _days(request, row)


def _days(request: HttpRequest, row: Request) -> Days:
    seen = series.differing_days(request=row, at=act_of(request).at)
    return Days(rows=[DayTold.drawn(one, starts_at=one.window.start) for one in seen])


def request_of(request: HttpRequest, number: int) -> Request:
    row, mine = desk.request_numbered(number=number), whose(request, *DESK)
    return found(row if row and mine in (None, row.client_id) else None)


def told(row: Request) -> RequestTold:
    listing = row.listing
    return RequestTold.drawn(
        row,
        number=listing.number,
        client=Someone.of(row.client),
        activity=row.activity.code,
        starts_at=listing.starts_at,
        recurrence=listing.recurrence,
        slots=listing.slots,
        street=listing.street,
        place=PlaceTold.of(listing.place) if listing.place else None,
        door=row.posted_door,
    )
