"""What people offer and when they are free. An offer is seen by everybody once the desk has opened it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from entremise.history.operations import record
from entremise.jobs.models import Activity, FreeMoment, Offer, Skill, Worker
from entremise.jobs.operations.quoting import HIGHEST
from entremise.jobs.operations.suppliers import name_price
from entremise.jobs.queries.offers import LIVING, works_in
from entremise.jobs.rules.consent import SHOW_NAME, SHOW_NAME_WORDING
from entremise.jobs.rules.modes.registry import MODES, USUAL
from entremise.jobs.rules.offers import REACHES, check_weekly
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.kernel.time import Window
from entremise.market import operations as market
from entremise.messaging import operations as messaging
from entremise.people import operations as people
from entremise.people.models import Person
from entremise.people.rules.may import Verb, allowed, require


@dataclass(frozen=True)
class Terms:
    """What an offer says beside the activity. reach_km: one of REACHES. until: None without an end. named: whether its
    person agrees to be called by their first name in public, None to leave what they said before. hourly_price: cents,
    taxes included, of somebody who works on their own account, None when they name one for each job; the employed have
    the organisation's tariff.
    """

    reach_km: int
    bookable: bool = False
    details: str = ""
    until: datetime | None = None
    named: bool | None = None
    hourly_price: int | None = None


def put_up(
    *,
    act: Act,
    person: Person,
    activity: Activity,
    terms: Terms,
    mode: str = USUAL,
) -> Offer:
    """Somebody says what they can do for whoever picks them; the desk looks at it before everybody sees it.

    Raises Refused activity_not_offered, offer_exists, not_a_worker, and what is wrong with its terms: reach_unknown,
    moment_past, price_is_the_tariff, price_not_positive, price_needed, quote_before_booking.
    """
    require(act, Verb.OFFERS_PUBLISH, owner=person.id)
    _check(act, terms, mode)
    worker = _check_new(act, person, activity, mode)
    listing = market.publish(
        act=act,
        side="offer",
        what=activity.code,
        title=activity.name,
        details=terms.details,
        person=person,
        where=market.Where("", person.place, *_home(person)),
        starts_at=None,
        ends_at=terms.until,
        draft=True,
    )
    offer = Offer.objects.create(
        listing=listing,
        person=person,
        activity=activity,
        mode=mode,
        hourly_price=terms.hourly_price,
        reach_km=terms.reach_km,
        bookable=terms.bookable,
    )
    _name_price(act, worker, offer)
    _name(act, person, terms)
    return _look_at(act, offer)


def revise_offer(*, act: Act, offer: Offer, terms: Terms) -> Offer:
    """Other terms, which the desk looks at before everybody sees them."""
    require(act, Verb.OFFERS_PUBLISH, owner=offer.person_id)
    _check(act, terms, offer.mode)
    market.revise(act=act, listing=offer.listing, details=terms.details, ends_at=terms.until)
    offer.reach_km, offer.bookable, offer.hourly_price = terms.reach_km, terms.bookable, terms.hourly_price
    offer.save(update_fields=["reach_km", "bookable", "hourly_price"])
    _name_price(act, _worker(offer.person), offer)
    _name(act, offer.person, terms)
    return _look_at(act, offer)


def open_offer(*, act: Act, offer: Offer) -> Offer:
    """Somebody at the desk looked at it: everybody may see it. It says that they can, where they had not said so."""
    require(act, Verb.OFFERS_OPEN)
    market.put_out(act=act, listing=offer.listing)
    offer.opened_by = act.by.person
    offer.save(update_fields=["opened_by"])
    worker = Worker.objects.get(person=offer.person_id)
    Skill.objects.get_or_create(worker=worker, activity=offer.activity, defaults={"since": act.at.date()})
    messaging.finish_tasks_about(act=act, about_id=offer.id, outcome="opened")
    messaging.queue(
        act=act,
        person=offer.person,
        template="offer_opened",
        context={"listing": offer.listing, "activity": offer.activity, "organisation": offer.organisation},
        key=f"opened:{offer.id}:{act.at.isoformat()}",
        about="offer",
        about_id=offer.id,
    )
    return offer


def pause_offer(*, act: Act, offer: Offer) -> Offer:
    """Nobody sees it until it is taken up again; what was agreed stands."""
    require(act, Verb.OFFERS_PUBLISH, owner=offer.person_id)
    market.pause(act=act, listing=offer.listing)
    return offer


def resume_offer(*, act: Act, offer: Offer) -> Offer:
    """As it was before the pause."""
    require(act, Verb.OFFERS_PUBLISH, owner=offer.person_id)
    market.resume(act=act, listing=offer.listing)
    return offer


def end_offer(*, act: Act, offer: Offer) -> Offer:
    """Taken down for good, or its last day has passed; what was agreed stands."""
    require(act, Verb.OFFERS_END, owner=offer.person_id)
    market.close(act=act, listing=offer.listing)
    messaging.finish_tasks_about(act=act, about_id=offer.id, outcome="ended")
    return offer


def set_free_times(*, act: Act, person: Person, weekly: Sequence[tuple[int, str, str]]) -> Worker:
    """When somebody is free in a usual week, (weekday 0–6, "08:00", "12:00"), local; empty: never, unless said.

    Raises Refused("hours_reversed").
    """
    require(act, Verb.OFFERS_PUBLISH, owner=person.id)
    check_weekly(weekly)
    worker = _worker(person)
    worker.free_times = sorted([list(one) for one in weekly], key=lambda one: (one[0], one[1]))
    worker.save(update_fields=["free_times"])
    record(act=act, type="free_times_set", thing="person", thing_id=person.id, data={"times": len(weekly)})
    return worker


def add_free_moment(*, act: Act, person: Person, window: Window) -> FreeMoment:
    """A single time when somebody can come, beside their usual week. Said twice it is the same.

    Raises Refused("moment_past").
    """
    require(act, Verb.OFFERS_PUBLISH, owner=person.id)
    if window.end <= act.at:
        raise Refused("moment_past", where="day")
    free, new = FreeMoment.objects.get_or_create(
        worker=_worker(person), starts_at=window.start, defaults={"ends_at": window.end}
    )
    if not new:
        free.ends_at = window.end
        free.save(update_fields=["ends_at"])
    record(act=act, type="free_moment_added", thing="person", thing_id=person.id, data=_said(free))
    return free


def remove_free_moment(*, act: Act, free: FreeMoment) -> None:
    """They cannot come then after all; what was agreed stands."""
    person = free.worker.person
    require(act, Verb.OFFERS_PUBLISH, owner=person.id)
    record(act=act, type="free_moment_removed", thing="person", thing_id=person.id, data=_said(free))
    free.delete()


def _said(free: FreeMoment) -> dict[str, object]:
    return {"from": free.starts_at.isoformat(), "until": free.ends_at.isoformat()}


def _check(act: Act, terms: Terms, mode: str) -> None:
    if terms.reach_km not in REACHES:
        raise Refused("reach_unknown", where="reach_km")
    if terms.until and terms.until <= act.at:
        raise Refused("moment_past", where="until")
    price, by_quote = terms.hourly_price, MODES[mode].by_quote
    if price is not None and not by_quote:
        raise Refused("price_is_the_tariff", where="hourly_price")
    if price is not None and price <= 0:
        raise Refused("price_not_positive", where="hourly_price")
    if price is not None and price > HIGHEST:
        raise Refused("price_needed", where="hourly_price")
    if terms.bookable and by_quote:
        raise Refused("quote_before_booking", where="bookable")


def _check_new(act: Act, person: Person, activity: Activity, mode: str) -> Worker:
    if not activity.offered or activity.dangerous:
        raise Refused("activity_not_offered", {"activity": activity.name}, where="activity")
    # Locked: the same offer put up twice at once is one of them refused.
    profile = Worker.objects.select_for_update().filter(person=person).first()
    if profile is None or not works_in(person=person.id, mode=mode, on=act.at.date()):
        raise Refused("not_a_worker")
    if Offer.objects.filter(person=person, activity=activity, listing__state__in=LIVING).exists():
        raise Refused("offer_exists", {"activity": activity.name}, where="activity")
    return profile


def _worker(person: Person) -> Worker:
    worker = Worker.objects.filter(person=person).first()
    if worker is None:
        raise Refused("not_a_worker")
    return worker


def _home(person: Person) -> tuple[float | None, float | None]:
    """The middle of the commune: offers are seen by everybody, and nobody's door is on a public map."""
    return (person.place.latitude, person.place.longitude) if person.place else (None, None)


def _name_price(act: Act, worker: Worker, offer: Offer) -> None:
    if offer.by_quote and offer.hourly_price is not None:
        name_price(worker=worker, activity=offer.activity, hourly=offer.hourly_price, on=act.at.date())


def _name(act: Act, person: Person, terms: Terms) -> None:
    if terms.named is not None:
        people.record_consent(act=act, person=person, purpose=SHOW_NAME, given=terms.named, wording=SHOW_NAME_WORDING)


def _look_at(act: Act, offer: Offer) -> Offer:
    """Whoever may open it has looked already; otherwise somebody does."""
    if allowed(act, Verb.OFFERS_OPEN):
        return open_offer(act=act, offer=offer)
    messaging.add_task(
        act=act,
        kind="open_offer",
        key=f"open-offer:{offer.id}:{act.at.isoformat()}",
        person=offer.person,
        about="offer",
        about_id=offer.id,
        params={"number": offer.listing.number},
    )
    return offer
