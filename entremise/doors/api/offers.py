"""Offers: what people can do and when, so that clients ask for somebody or book a free moment."""

from datetime import date, datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from pydantic import Field

from entremise.doors.api import missions, pages
from entremise.doors.api.door import DESK, act_of, asks, found, tells, whose
from entremise.doors.api.missions import MissionTold
from entremise.doors.api.quotes import Asked
from entremise.doors.api.requests import RequestTold
from entremise.doors.api.requests import told as request_told
from entremise.doors.api.told import PlaceTold, Someone, activity_called, somebody
from entremise.doors.api.types import (
    PAGE,
    WHOLE,
    Clean,
    Code,
    Cursor,
    Given,
    Id,
    Limit,
    Moment,
    Named,
    Note,
    Numbered,
    Told,
    Truth,
    VisitLength,
    VisitMinutes,
)
from entremise.jobs import operations as jobs
from entremise.jobs.models import Offer
from entremise.jobs.operations.offers import Terms
from entremise.jobs.queries import listed, offers, persons
from entremise.jobs.queries.offers import Shown

OfferState = Literal["draft", "open", "paused", "closed", "filled"]
OFFERS, KEPT = "offers", "kept-offers"
Reach = Annotated[Literal[2, 5, 10, 20], WHOLE, Field(description="Kilometres.")]


class OfferTold(Told):
    """An offer as everybody sees it. name: empty unless its person agreed. hourly_price: cents, null where none is set
    yet. by_quote: of somebody who works on their own account; the price is theirs, and they answer with a quote.
    bookable: whoever picks a free moment has it at once.
    """

    number: int
    activity: str
    name: str
    place: PlaceTold | None
    reach_km: int
    by_quote: bool
    bookable: bool
    details: str
    hourly_price: int | None
    until: datetime | None


class Offers(Told):
    """A page of offers; next: the cursor of the page after, null on the last."""

    rows: list[OfferTold]
    next: str | None


class Stretch(Told):
    """From one moment to another."""

    start: datetime
    end: datetime


class OfferRead(OfferTold):
    """days: free ones. moments: visits of the length asked for that nothing stands against."""

    days: list[date]
    moments: list[Stretch]


class OfferKept(Told):
    """An offer as its own person and the desk see it. draft: the desk has not opened it yet."""

    number: int
    state: OfferState
    person: Someone
    activity: str
    reach_km: int
    by_quote: bool
    hourly_price: int | None
    bookable: bool
    details: str
    until: datetime | None


class OffersKept(Told):
    """Those that live, the latest first."""

    rows: list[OfferKept]


class OfferPage(OffersKept):
    """A page of offers; next: the cursor of the page after, null on the last."""

    next: str | None


class NewTerms(Given):
    """What somebody offers, beside what it is. named: called by their first name in public. hourly_price: cents with
    taxes, of somebody who works on their own account; left out, a price at each job.
    """

    reach_km: Reach
    hourly_price: Asked | None = None
    bookable: Truth = False
    details: Annotated[Clean, Field(max_length=500)] = ""
    until: Moment | None = None
    named: Truth | None = None


class NewOffer(NewTerms):
    """What somebody can do. person: left out, the one as whom the program acts. by_quote: on their own account; left
    out when they work in one way only.
    """

    person: Id | None = None
    activity: Code
    by_quote: Truth | None = None


class NewPick(Given):
    """When, for how long. client: left out, the person as whom the program acts."""

    client: Id | None = None
    starts_at: Moment
    minutes: VisitLength
    note: Note = ""


class NewAsk(NewPick):
    """else_another: if they cannot, the desk may send somebody else."""

    else_another: Truth = True


@asks("/offers", "requests:read", answer=Offers, summary="What people offer, the latest first")
def list_offers(
    request: HttpRequest,
    activity: Annotated[str, Field(pattern="^(?:[a-z0-9-]{1,40})?$")] = "",
    cursor: Cursor = "",
    limit: Limit = PAGE,
) -> Offers:
    """What everybody may see."""
    at, before = act_of(request).at, pages.before(cursor, of=OFFERS)
    page, following = pages.split(
        listed.offers(at=at, activity=activity, before=before, limit=limit), limit=limit, of=OFFERS
    )
    return Offers(
        rows=[OfferTold.drawn(one, **_shown(one)) for one in offers.priced(offers=page, at=at)], next=following
    )


@asks("/offers/{number}", "requests:read", answer=OfferRead, summary="One offer, and when its person could come")
def read_offer(request: HttpRequest, number: Numbered, minutes: VisitMinutes = 120) -> OfferRead:
    """Its own person and the desk read it before it is open too, without moments."""
    act = act_of(request)
    me = persons.person(person=found(act.by.person))
    seen = offers.offer_page(number=number, client=me, minutes=minutes, at=act.at)
    if seen is None:
        (kept,) = offers.shown(offers=[_offer(request, number)], at=act.at)
        return OfferRead.drawn(kept, **_shown(kept), moments=[])
    moments = [Stretch.drawn(one) for day in seen.visits.values() for one in day]
    return OfferRead.drawn(seen.shown, **_shown(seen.shown), moments=moments)


@asks("/people/{person}/offers", "requests:read", answer=OffersKept, summary="What somebody offers")
def list_own_offers(request: HttpRequest, person: Named) -> OffersKept:
    """For themselves and the desk: what waits to be opened and what is paused too."""
    row = somebody(request, person)
    return OffersKept(rows=[_kept(one) for one in offers.living_of(person=row.id)])


@asks("/kept-offers", "requests:read", answer=OfferPage, summary="Offers in every state, the latest first")
def list_kept_offers(
    request: HttpRequest,
    state: Literal["", OfferState] = "",
    cursor: Cursor = "",
    limit: Limit = PAGE,
) -> OfferPage:
    """The desk finds all of them, others their own. draft: it waits for somebody at the desk."""
    before = pages.before(cursor, of=KEPT)
    rows = listed.kept_offers(of=whose(request, *DESK), state=state, before=before, limit=limit)
    page, following = pages.split(rows, limit=limit, of=KEPT)
    return OfferPage(rows=[_kept(one) for one in page], next=following)


@tells("/offers", "requests:write", answer=OfferKept, summary="Offer what somebody can do")
def create_offer(request: HttpRequest, body: NewOffer) -> OfferKept:
    """The desk looks at it before everybody sees it."""
    act = act_of(request)
    person = somebody(request, body.person)
    terms = Terms(**body.model_dump(exclude={"person", "activity", "by_quote"}))
    activity = activity_called(body.activity)
    mode = offers.mode_of(person=person.id, by_quote=body.by_quote, on=act.at.date()).code
    made = jobs.put_up(act=act.for_person(person.id), person=person, activity=activity, terms=terms, mode=mode)
    return _kept(made)


@tells("/offers/{number}/terms", "requests:write", answer=OfferKept, summary="Other terms")
def revise_offer(request: HttpRequest, number: Numbered, body: NewTerms) -> OfferKept:
    """The desk looks at them before everybody sees them."""
    row = _offer(request, number)
    terms = Terms(**body.model_dump())
    return _kept(jobs.revise_offer(act=act_of(request).for_person(row.person_id), offer=row, terms=terms))


@tells("/offers/{number}/opening", "requests:write", answer=OfferKept, summary="Let everybody see it")
def open_offer(request: HttpRequest, number: Numbered) -> OfferKept:
    """Somebody at the desk looked at it."""
    return _kept(jobs.open_offer(act=act_of(request), offer=_offer(request, number)))


@tells("/offers/{number}/pause", "requests:write", answer=OfferKept, summary="Nobody sees it for a while")
def pause_offer(request: HttpRequest, number: Numbered) -> OfferKept:
    row = _offer(request, number)
    return _kept(jobs.pause_offer(act=act_of(request).for_person(row.person_id), offer=row))


@tells("/offers/{number}/resumption", "requests:write", answer=OfferKept, summary="As before the pause")
def resume_offer(request: HttpRequest, number: Numbered) -> OfferKept:
    row = _offer(request, number)
    return _kept(jobs.resume_offer(act=act_of(request).for_person(row.person_id), offer=row))


@tells("/offers/{number}/end", "requests:write", answer=OfferKept, summary="Take it down for good")
def end_offer(request: HttpRequest, number: Numbered) -> OfferKept:
    """What was agreed stands."""
    row = _offer(request, number)
    return _kept(jobs.end_offer(act=act_of(request).for_person(row.person_id), offer=row))


@tells("/offers/{number}/requests", "requests:write", answer=RequestTold, summary="Ask for this person first")
def ask_person(request: HttpRequest, number: Numbered, body: NewAsk) -> RequestTold:
    client, act = somebody(request, body.client), act_of(request)
    given = body.model_dump(exclude={"client"})
    row = found(offers.offer_numbered(number=number))
    return request_told(jobs.ask_person(act=act.for_person(client.id), offer=row, client=client, **given))


@tells("/offers/{number}/bookings", "requests:write", answer=MissionTold, summary="Book a free moment")
def book(request: HttpRequest, number: Numbered, body: NewPick) -> MissionTold:
    """The agreement is drawn up at once, to be signed. Of two who take the same moment, one has it."""
    client, act = somebody(request, body.client), act_of(request)
    given = body.model_dump(exclude={"client"})
    row = found(offers.offer_numbered(number=number))
    made = jobs.book(act=act.for_person(client.id), offer=row, client=client, **given)
    return missions.again(request, made.id)


def _offer(request: HttpRequest, number: int) -> Offer:
    row, mine = offers.offer_numbered(number=number), whose(request, *DESK)
    return found(row if row and mine in (None, row.person_id) else None)


def _shown(one: Shown) -> dict[str, object]:
    offer, listing = one.offer, one.offer.listing
    return {
        "number": listing.number,
        "activity": offer.activity.code,
        "place": PlaceTold.of(listing.place) if listing.place else None,
        "reach_km": offer.reach_km,
        "by_quote": offer.by_quote,
        "bookable": offer.bookable,
        "details": listing.details,
        "hourly_price": one.hourly,
        "until": listing.ends_at,
    }


def _kept(offer: Offer) -> OfferKept:
    listing = offer.listing
    return OfferKept.drawn(
        offer,
        number=listing.number,
        state=listing.state,
        person=Someone.of(offer.person),
        activity=offer.activity.code,
        details=listing.details,
        until=listing.ends_at,
    )
