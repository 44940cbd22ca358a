"""A client picks an offer: its person is asked first, or a free moment of theirs is booked at once."""

from datetime import datetime

from entremise.history.operations import record
from entremise.jobs.models import Mission, Offer, Pick, Request, Worker
from entremise.jobs.operations.moves import take
from entremise.jobs.operations.proposals import agreed_yes, put_to
from entremise.jobs.operations.requests import post_request
from entremise.jobs.queries.offers import comes_as_far, is_free
from entremise.jobs.queries.people import blocks_for
from entremise.jobs.rules.modes.registry import MODES
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.kernel.time import Window
from entremise.market import operations as market
from entremise.people import queries as people
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require


def ask_person(
    *, act: Act, offer: Offer, client: Person, starts_at: datetime, minutes: int, note: str = "", else_another: bool
) -> Request:
    """A direct request: this person is asked first, at the price of the day. else_another: if they cannot, the desk may
    send somebody else.

    Raises Refused as `post_request` does, and offer_gone, own_offer, address_needed, too_far, not_possible_then.
    """
    require(act, Verb.REQUESTS_POST, owner=client.id)
    request = _request(act, offer, client, starts_at, minutes, note, quiet=False)
    if blocks_for(request=request, person=offer.person_id, at=act.at):
        raise Refused("not_possible_then", where="day")
    _picked(act, request, offer, booked=False, else_another=else_another)
    asked = market.Asked(offer.person, people.way_to_reach(person=offer.person).channel)
    put_to(act=act, request=request, asked=[asked], offered_by=offer.opened_by)
    return request


def book(*, act: Act, offer: Offer, client: Person, starts_at: datetime, minutes: int, note: str = "") -> Mission:
    """Take a free moment of somebody who said that it may be taken: the agreement is drawn up at once, to be signed.

    Every rule that stands against a proposal stands against it too, and nobody waives one here. Of two who take the
    same moment, one has it. Raises Refused as `ask_person` does, and not_bookable, moment_taken.
    """
    require(act, Verb.REQUESTS_POST, owner=client.id)
    if not offer.bookable or MODES[offer.mode].by_quote:  # A quote is read before anybody is bound.
        raise Refused("not_bookable")
    hold_still(offer)
    visit = Window.lasting(starts_at, minutes)
    if not is_free(offer=offer, visit=visit, at=act.at):
        raise Refused("moment_taken")
    request = _request(act, offer, client, starts_at, minutes, note, quiet=True)
    if blocks_for(request=request, person=offer.person_id, at=act.at):
        raise Refused("not_possible_then")
    _picked(act, request, offer, booked=True, else_another=True)
    (proposal,) = market.propose(
        act=act,
        listing=request.listing,
        asked=[market.Asked(offer.person, "offer")],
        deadline=act.at,
        offered_by=offer.opened_by,
    )
    market.accept(act=act, proposal=proposal)
    agreed_yes(act=act, request=request, proposal=proposal, after=act.at)
    mission = Mission.objects.select_related("agreement", "request__listing").get(proposal=proposal)
    take(mission=mission, visit=visit)
    return mission


def hold_still(offer: Offer) -> None:
    """Locked, as every yes of this person is: rivals are judged one after the other."""
    Worker.objects.select_for_update().filter(person=offer.person_id).first()


def _request(
    act: Act, offer: Offer, client: Person, starts_at: datetime, minutes: int, note: str, *, quiet: bool
) -> Request:
    offer.listing.refresh_from_db()
    if offer.listing.state != "open" or (offer.listing.ends_at and offer.listing.ends_at <= act.at):
        raise Refused("offer_gone")
    if client.id == offer.person_id:
        raise Refused("own_offer")
    if client.place is None or not client.street:
        raise Refused("address_needed")
    if not comes_as_far(offer=offer, client=client):
        raise Refused("too_far")
    return post_request(
        act=act,
        client=client,
        activity=offer.activity,
        starts_at=starts_at,
        minutes=minutes,
        note=note,
        quiet=quiet,
        picked=True,
        mode=offer.mode,
    )


def _picked(act: Act, request: Request, offer: Offer, *, booked: bool, else_another: bool) -> None:
    Pick.objects.create(request=request, offer=offer, booked=booked, else_another=else_another)
    data = {"number": request.listing.number, "offer": offer.listing.number, "booked": booked}
    record(act=act, type="offer_picked", thing="request", thing_id=request.id, data=data)
