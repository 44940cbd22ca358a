from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import models

from entremise.history.operations import record, record_many
from entremise.kernel.act import Act
from entremise.kernel.place import Point
from entremise.kernel.refused import Refused
from entremise.market import rules
from entremise.market.models import Listing, Proposal
from entremise.people.models import Person, Place
from entremise.tenancy.operations import next_number, next_numbers

FIRST_NUMBER = 100  # Numbers are said aloud and texted back: three digits from the start look alike.


@dataclass(frozen=True)
class Where:
    street: str = ""
    place: Place | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Asked:
    """One person to put a listing to.

    channel: how they are told (text, email, voice…). override: waived blocks, empty when there were none.
    """

    person: Person
    channel: str
    override: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Taken:
    """A need or an offer for which one person had said yes before anybody wrote it down. channel: how they said it."""

    side: str
    what: str
    title: str
    person: Person
    where: Where
    starts_at: datetime
    ends_at: datetime
    by: Person
    channel: str


def publish(
    *,
    act: Act,
    side: str,
    what: str,
    title: str,
    person: Person,
    where: Where,
    starts_at: datetime | None,
    ends_at: datetime | None,
    details: str = "",
    recurrence: str = "",
    slots: int = 1,
    draft: bool = False,
) -> Listing:
    """Put a need or an offer forward under a new short number. `recurrence` is an RFC 5545 rule in local time.

    draft: somebody looks at it first; `put_out` shows it to everybody.
    """
    state, fact = rules.LISTING.step("", "draft" if draft else "publish")
    listing = Listing.objects.create(
        number=FIRST_NUMBER + next_number(series="listing"),
        side=side,
        what=what,
        title=title,
        details=details,
        person=person,
        street=where.street,
        place=where.place,
        latitude=where.latitude,
        longitude=where.longitude,
        starts_at=starts_at,
        ends_at=ends_at,
        recurrence=recurrence,
        slots=slots,
        state=state,
        posted_at=act.at,
    )
    record(act=act, type=fact, thing="listing", thing_id=listing.id, data={"number": listing.number, "what": what})
    return listing


def publish_taken_many(*, act: Act, taken: Sequence[Taken]) -> list[Proposal]:
    """Needs and offers that were taken long ago, each under a new number and with the yes that filled it.

    Returns the proposals in the order given, with their listings. A few statements, however many there are.
    """
    state, published = rules.LISTING.step("", "publish")
    state, filled = rules.LISTING.step(state, "fill")
    numbers = next_numbers(series="listing", count=len(taken))
    listings = [
        Listing(
            number=FIRST_NUMBER + number,
            side=one.side,
            what=one.what,
            title=one.title,
            person=one.person,
            street=one.where.street,
            place=one.where.place,
            latitude=one.where.latitude,
            longitude=one.where.longitude,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            state=state,
            posted_at=act.at,
            closed_at=act.at,
        )
        for number, one in zip(numbers, taken, strict=True)
    ]
    Listing.objects.bulk_create(listings)
    said = {one.id: {"number": one.number, "what": one.what} for one in listings}
    record_many(act=act, type=published, thing="listing", data=said)
    proposals = _accepted(act=act, listings=listings, taken=taken)
    record_many(act=act, type=filled, thing="listing", data={one.id: {"number": one.number} for one in listings})
    return proposals


def _accepted(*, act: Act, listings: Sequence[Listing], taken: Sequence[Taken]) -> list[Proposal]:
    state, made = rules.PROPOSAL.step("", "offer")
    state, accepted = rules.PROPOSAL.step(state, "accept")
    proposals = [
        Proposal(
            listing=listing,
            person=one.by,
            state=state,
            slot=1,
            channel=one.channel,
            offered_at=act.at,
            deadline=act.at,
            offered_by=act.by.person,
            answered_at=act.at,
            answered_door=act.door.value,
        )
        for listing, one in zip(listings, taken, strict=True)
    ]
    Proposal.objects.bulk_create(proposals)
    asked: dict[UUID, dict[str, object]] = {
        one.id: {"number": one.listing.number, "person": str(one.person_id), "override": False} for one in proposals
    }
    record_many(act=act, type=made, thing="proposal", data=asked)
    said = {one.id: {"number": one.listing.number} for one in proposals}
    record_many(act=act, type=accepted, thing="proposal", data=said)
    return proposals


def put_out(*, act: Act, listing: Listing, person: Person | None = None) -> Listing:
    """A draft was looked at: everybody may see it. person: whose it turned out to be."""
    if person:
        listing.person = person
        listing.save(update_fields=["person"])
    return _move_listing(act=act, listing=listing, verb="publish")


def pause(*, act: Act, listing: Listing) -> Listing:
    """Not for the moment: nobody sees it until it is taken up again."""
    return _move_listing(act=act, listing=listing, verb="pause")


def resume(*, act: Act, listing: Listing) -> Listing:
    """It goes on as it was."""
    return _move_listing(act=act, listing=listing, verb="resume")


def revise(*, act: Act, listing: Listing, details: str, ends_at: datetime | None) -> Listing:
    """Other words and another end; somebody looks at it again before everybody may."""
    _move_listing(act=act, listing=listing, verb="revise")
    listing.details, listing.ends_at = details, ends_at
    listing.save(update_fields=["details", "ends_at"])
    return listing


def locate(*, act: Act, person: Person, point: Point) -> int:
    """It is known now where somebody lives: what they put forward for there, and is still to come, lies there too."""
    theirs = Listing.objects.filter(person=person, street=person.street, place=person.place, starts_at__gte=act.at)
    found = list(theirs.values_list("id", flat=True))
    theirs.update(latitude=point.latitude, longitude=point.longitude)
    record_many(act=act, type="listing_located", thing="listing", data={listing: {} for listing in found})
    return len(found)


def propose(
    *, act: Act, listing: Listing, asked: Sequence[Asked], deadline: datetime, offered_by: UUID | None = None
) -> list[Proposal]:
    """Put an open listing to several people at once. Someone who was already asked and is still free to answer is
    not asked twice; someone who said no or came too late may be asked again in a new round.

    offered_by: who commits the organisation, when it is not whoever acts.
    """
    rules.LISTING.step(listing.state, "close")  # Only a listing that still lives can be proposed.
    if listing.state != "open":
        raise Refused("already_taken", {"number": listing.number})
    state, fact = rules.PROPOSAL.step("", "offer")
    earlier: defaultdict[UUID, list[Proposal]] = defaultdict(list)
    for proposal in Proposal.objects.filter(listing=listing, person__in=[one.person for one in asked]):
        earlier[proposal.person_id].append(proposal)
    made = []
    for one in asked:
        before = earlier[one.person.id]
        if any(p.state in (*rules.WAITING, "accepted") for p in before):
            continue
        proposal = Proposal.objects.create(
            listing=listing,
            person=one.person,
            state=state,
            round=max((p.round for p in before), default=0) + 1,
            channel=one.channel,
            offered_at=act.at,
            deadline=deadline,
            offered_by=offered_by or act.by.person,
            override=dict(one.override),
        )
        data = {"number": listing.number, "person": str(one.person.id), "override": bool(one.override)}
        record(act=act, type=fact, thing="proposal", thing_id=proposal.id, data=data)
        before.append(proposal)
        made.append(proposal)
    return made


def accept(*, act: Act, proposal: Proposal) -> Proposal:
    """Take a slot: the first valid yes wins. A repeated yes from the same person is the same yes.

    Raises Refused("already_taken") when the slots are gone; the caller tells the person, and `lose` records it.
    """
    if proposal.state == "accepted":
        return proposal
    state, fact = rules.PROPOSAL.step(proposal.state, "accept")
    listing = Listing.objects.select_for_update().get(id=proposal.listing_id)
    taken = set(Proposal.objects.filter(listing=listing, state="accepted").values_list("slot", flat=True))
    free = [slot for slot in range(1, listing.slots + 1) if slot not in taken]
    if listing.state != "open" or not free:
        raise Refused("already_taken", {"number": listing.number})
    # The lock queues ordinary rivals; the unique constraint on (listing, slot) holds even where somebody forgot it.
    changed = Proposal.objects.filter(id=proposal.id, state__in=rules.WAITING).update(
        state=state, slot=free[0], answered_at=act.at, answered_door=act.door.value
    )
    proposal.refresh_from_db()
    if not changed:
        rules.PROPOSAL.step(proposal.state, "accept")
        return proposal
    record(act=act, type=fact, thing="proposal", thing_id=proposal.id, data={"number": listing.number})
    if len(free) == 1:
        _move_listing(act=act, listing=listing, verb="fill")
    return proposal


def others_lose(*, act: Act, listing: Listing) -> list[Proposal]:
    """Once a listing is filled, whoever has not answered came too late; returns them, to be told politely."""
    if listing.state != "filled":
        return []
    return _end_waiting(act=act, listing=listing)


def lose(*, act: Act, proposal: Proposal) -> Proposal:
    """A yes that came when the slots were gone."""
    return _answer(act=act, proposal=proposal, verb="lose")


def decline(*, act: Act, proposal: Proposal) -> Proposal:
    """No, thank you. Costs nothing later."""
    return proposal if proposal.state == "declined" else _answer(act=act, proposal=proposal, verb="decline")


def expire(*, act: Act, proposal: Proposal) -> Proposal:
    """The deadline passed without an answer. A late yes still counts while a slot is free."""
    return _answer(act=act, proposal=proposal, verb="expire")


def wait_until(*, act: Act, proposal: Proposal, deadline: datetime) -> Proposal:
    """Their part is done: until then it is somebody else's turn to answer."""
    proposal.deadline = deadline
    return _answer(act=act, proposal=proposal, verb="wait")


def withdraw(*, act: Act, proposal: Proposal) -> Proposal:
    """Someone who had said yes cannot come any more: their slot is free again and the listing open."""
    listing = Listing.objects.select_for_update().get(id=proposal.listing_id)
    _answer(act=act, proposal=proposal, verb="withdraw")
    if listing.state == "filled":
        _move_listing(act=act, listing=listing, verb="reopen")
    return proposal


def reschedule(*, act: Act, listing: Listing, starts_at: datetime, ends_at: datetime, details: str) -> list[Proposal]:
    """Other terms for an open listing; the proposals that went out on the old ones are over. Returns them."""
    rules.LISTING.step(listing.state, "fill")
    listing.starts_at, listing.ends_at, listing.details = starts_at, ends_at, details
    listing.save(update_fields=["starts_at", "ends_at", "details"])
    data = {"number": listing.number}
    record(act=act, type="listing_rescheduled", thing="listing", thing_id=listing.id, data=data)
    return _end_waiting(act=act, listing=listing)


def close(*, act: Act, listing: Listing) -> list[Proposal]:
    """Nobody is looked for any more. Returns everyone who was asked or had said yes, to be told."""
    accepted = list(Proposal.objects.filter(listing=listing, state="accepted").select_related("person"))
    _move_listing(act=act, listing=listing, verb="close")
    return [*accepted, *_end_waiting(act=act, listing=listing)]


def _end_waiting(*, act: Act, listing: Listing) -> list[Proposal]:
    waiting = Proposal.objects.filter(listing=listing, state__in=rules.WAITING).select_related("person").order_by("id")
    return [_answer(act=act, proposal=proposal, verb="lose") for proposal in waiting]


def _answer(*, act: Act, proposal: Proposal, verb: str) -> Proposal:
    before = proposal.state
    proposal.state, fact = rules.PROPOSAL.step(before, verb)
    answered = {} if verb in ("expire", "wait") else {"answered_at": act.at, "answered_door": act.door.value}
    changed = Proposal.objects.filter(id=proposal.id, state=before).update(
        state=proposal.state,
        deadline=proposal.deadline,
        slot=models.F("slot") if verb != "withdraw" else None,
        **answered,
    )
    if not changed:
        raise Refused("not_now", {"thing": "proposal", "state": before, "verb": verb})
    record(act=act, type=fact, thing="proposal", thing_id=proposal.id)
    return proposal


def _move_listing(*, act: Act, listing: Listing, verb: str) -> Listing:
    """Take one edge; whoever comes second gets Refused("not_now")."""
    before = listing.state
    after, fact = rules.LISTING.step(before, verb)
    closed_at = act.at if verb in ("fill", "close") else None
    if not Listing.objects.filter(id=listing.id, state=before).update(state=after, closed_at=closed_at):
        raise Refused("not_now", {"thing": "listing", "state": before, "verb": verb})
    listing.state, listing.closed_at = after, closed_at
    record(act=act, type=fact, thing="listing", thing_id=listing.id, data={"number": listing.number})
    return listing
