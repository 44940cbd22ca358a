"""Offers: what everybody sees of them, what their own person and the desk see."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import reduce
from math import cos, radians
from operator import or_
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from entremise.figures import queries as figures
from entremise.figures.rules import FigureTable
from entremise.jobs.models import Absence, Activity, FreeMoment, Mission, Offer, Pick, Request, Tariff, Worker
from entremise.jobs.queries.crowd import LIVE, point_of
from entremise.jobs.queries.people import judge
from entremise.jobs.queries.prices import Quote, quote, tariff_for
from entremise.jobs.queries.quotes import commission_on, own_prices
from entremise.jobs.rules.consent import SHOW_NAME
from entremise.jobs.rules.modes import Mode
from entremise.jobs.rules.modes.registry import MODES, USUAL
from entremise.jobs.rules.need import ClientKind, JobNeed
from entremise.jobs.rules.offers import called, free_windows, holds, visits_in
from entremise.jobs.rules.quotes import QuoteSplit
from entremise.kernel.place import distance_km
from entremise.kernel.refused import Refused
from entremise.kernel.time import Window
from entremise.people.models import Consent, Membership, Person, Place

KM_A_DEGREE = 111.195
INDIVIDUAL = ClientKind.INDIVIDUAL.value
SHORT = 60  # Minutes: a day with less is not shown as free.
LIVING = ("draft", "open", "paused")


@dataclass(frozen=True)
class Shown:
    """An offer as a list shows it. name: empty unless its person agreed. days: free ones, soonest first. hourly: cents
    for an individual, None where there is no price yet: the organisation's, or their own of somebody by quote.
    """

    offer: Offer
    name: str
    days: list[date]
    hourly: int | None


@dataclass(frozen=True)
class OfferPage:
    """visits: what may be picked now, by day. price: by the tariff, None where the organisation has set none. own: by
    the hourly price of somebody who works by quote, None where they name one for each job.
    """

    shown: Shown
    minutes: int
    visits: dict[date, list[Window]]
    price: Quote | None
    own: QuoteSplit | None


@dataclass(frozen=True)
class MyOffers:
    """offers: those that live, the latest first. free: single free times to come. modes: in which they work, and may
    offer something. commission: a fraction of their own price, None where the organisation has set none.
    """

    worker: Worker | None
    offers: list[Offer]
    free: list[FreeMoment]
    activities: list[Activity]
    agreed_to_be_named: bool
    modes: list[Mode]
    commission: Decimal | None

    @property
    def only_by_quote(self) -> bool:
        return bool(self.modes) and all(one.by_quote for one in self.modes)

    def mode(self, code: str) -> Mode:
        """The one of theirs with this code, else the first."""
        return next((one for one in self.modes if one.code == code), [*self.modes, MODES[USUAL]][0])


def open_offers(*, at: datetime, activity: str = "", near: Place | None = None) -> "QuerySet[Offer]":
    """What everybody may see. near: offers whose person goes as far as the middle of that commune."""
    rows = every_offer().filter(listing__side="offer", listing__state="open").filter(_not_over(at))
    registered = Worker.objects.filter(person=OuterRef("person")).filter(
        Q(until__isnull=True) | Q(until__gte=at.date())
    )
    rows = rows.filter(Exists(registered), _in_their_mode(at.date()))
    if activity:
        rows = rows.filter(activity__code=activity)
    if near and near.latitude is not None and near.longitude is not None:
        north = (F("listing__latitude") - near.latitude) * KM_A_DEGREE
        east = (F("listing__longitude") - near.longitude) * KM_A_DEGREE * cos(radians(near.latitude))
        rows = rows.annotate(away=north * north + east * east).filter(away__lte=F("reach_km") * F("reach_km"))
    return rows.order_by("-listing__posted_at", "-id")


def _in_their_mode(day: date) -> Q:
    """Whose person holds the role that comes in the offer's own mode."""
    held = Membership.objects.filter(_held_on(day), person=OuterRef("person"))
    each = [Q(Exists(held.filter(role=mode.comes.value)), mode=mode.code) for mode in MODES.values()]
    return reduce(or_, each)


def works_in(*, person: UUID, mode: str, on: date) -> bool:
    """Whether somebody does jobs in this mode that day: employed, or on their own account."""
    return Membership.objects.filter(_held_on(on), person_id=person, role=MODES[mode].comes.value).exists()


def modes_of(*, person: UUID, on: date) -> list[Mode]:
    """Every mode in which somebody works."""
    return [mode for mode in MODES.values() if works_in(person=person, mode=mode.code, on=on)]


def mode_of(*, person: UUID, by_quote: bool | None, on: date) -> Mode:
    """The first in which they work, of those whose price is made like this, None: whichever. Where they work in none,
    the first of all: to offer something in it is then refused.
    """
    made = [mode for mode in MODES.values() if by_quote in (None, mode.by_quote)]
    return next((mode for mode in made if works_in(person=person, mode=mode.code, on=on)), made[0])


def _held_on(day: date) -> Q:
    return Q(until__isnull=True) | Q(until__gt=day)


def offers_in(*, states: Sequence[str]) -> "QuerySet[Offer]":
    """For the desk, the latest first."""
    return every_offer().filter(listing__state__in=states).order_by("-listing__posted_at", "-id")


def offer_numbered(*, number: int) -> Offer | None:
    return every_offer().filter(listing__number=number).first()


def shown(*, offers: Sequence[Offer], at: datetime) -> list[Shown]:
    """As a list shows them: names, free days, prices. The same number of queries however many there are."""
    rows = priced(offers=offers, at=at)
    if not rows:
        return []
    table = figures.table()
    free = free_of(people=[one.person_id for one in offers], at=at, table=table)
    after = at + _notice(table, at)
    return [replace(one, days=_days(one.offer, free.get(one.offer.person_id, ()), after)) for one in rows]


def priced(*, offers: Sequence[Offer], at: datetime) -> list[Shown]:
    """The same without the free days. Two queries."""
    named = agreed_to_be_named(people=[one.person_id for one in offers])
    tariffs, rows = list(Tariff.objects.all()) if offers else [], []
    for offer in offers:
        person, on = offer.person, at.astimezone(ZoneInfo(offer.organisation.timezone)).date()
        name = called(person.given_name, person.family_name, agreed=person.id in named)
        rows.append(Shown(offer, name, [], _hourly(offer, on, tariffs)))
    return rows


def _days(offer: Offer, free: Sequence[Window], after: datetime) -> list[date]:
    zone = ZoneInfo(offer.organisation.timezone)
    return sorted({visit.start.astimezone(zone).date() for visit in visits_in(free, minutes=SHORT, after=after)})


def _hourly(offer: Offer, on: date, tariffs: Sequence[Tariff]) -> int | None:
    if offer.by_quote:
        return offer.hourly_price
    try:
        return tariff_for(activity=offer.activity, client_kind=INDIVIDUAL, on=on, tariffs=tariffs).hourly_price
    except Refused:
        return None


def offer_page(
    *, number: int, client: Person | None, minutes: int, at: datetime, start: datetime | None = None
) -> OfferPage | None:
    """One open offer as somebody who may pick it sees it: moments that a rule stands against are not among them.

    start: of the visit that they picked, whose day makes the price; that of today without one.
    """
    offer = open_offers(at=at).filter(listing__number=number).first()
    if offer is None:
        return None
    zone = ZoneInfo(offer.organisation.timezone)
    visits: dict[date, list[Window]] = defaultdict(list)
    for visit in free_visits(offer=offer, client=client, minutes=minutes, at=at):
        visits[visit.start.astimezone(zone).date()].append(visit)
    price: Quote | None = None
    own: QuoteSplit | None = None
    whose, day = offer.person_id, max(at, start or at).astimezone(zone).date()
    if offer.by_quote and offer.hourly_price is not None:
        own = own_prices(people_=[whose], activity=offer.activity, minutes=minutes, on=day).get(whose)
    elif not offer.by_quote:
        with suppress(Refused):
            price = quote(client=client, activity=offer.activity, minutes=minutes, on=day)
    return OfferPage(shown(offers=[offer], at=at)[0], minutes, dict(visits), price, own)


def free_visits(*, offer: Offer, client: Person | None, minutes: int, at: datetime) -> list[Window]:
    """Visits of so many minutes that nothing stands against, as far as it is known who asks. Soonest first."""
    worker = Worker.objects.filter(person=offer.person_id).first()
    after = at + notice(at=at)
    free = free_of(people=[offer.person_id], at=at).get(offer.person_id, ())
    visits = visits_in(free, minutes=minutes, after=after)
    if worker is None or not visits:
        return []
    span = Window(visits[0].start, visits[-1].end)
    blocks = judge(worker=worker, need=_need(offer, client, span), span=span, mode=MODES[offer.mode])
    return [visit for visit in visits if not blocks(visit)]


def is_free(*, offer: Offer, visit: Window, at: datetime) -> bool:
    """Whether the whole visit lies in the free times of the offer's person, late enough to be booked."""
    free = free_of(people=[offer.person_id], at=at).get(offer.person_id, ())
    return visit.start >= at + notice(at=at) and holds(free, visit)


def notice(*, at: datetime) -> timedelta:
    """How long before it begins a visit can still be booked."""
    return _notice(figures.table(), at)


def _notice(table: FigureTable, at: datetime) -> timedelta:
    return timedelta(hours=float(table.at("booking.notice_hours", at.date())))


def comes_as_far(*, offer: Offer, client: Person) -> bool:
    """Whether the client lives within reach. Where somebody's place is not known, nothing is held against it."""
    here = point_of(offer.listing.latitude, offer.listing.longitude)
    there = point_of(client.latitude, client.longitude)
    if there is None and client.place:
        there = point_of(client.place.latitude, client.place.longitude)
    return here is None or there is None or distance_km(here, there) <= offer.reach_km


def free_of(
    *, people: Sequence[UUID], at: datetime, table: FigureTable | None = None
) -> dict[UUID, tuple[Window, ...]]:
    """When each is free in the days to come: what they said, less absences and what they promised. Four queries, and
    those of the figures unless their table is given.
    """
    days = int((table or figures.table()).at("booking.days_ahead", at.date()))
    known = Worker.objects.filter(person_id__in=people).select_related("organisation")
    workers = {one.id: one for one in known}
    single, busy = defaultdict[UUID, list[Window]](list), defaultdict[UUID, list[Window]](list)
    for time in FreeMoment.objects.filter(worker__in=workers, ends_at__gt=at):
        single[workers[time.worker_id].person_id].append(Window(time.starts_at, time.ends_at))
    for absence in Absence.objects.filter(worker__in=workers, ends_at__gt=at):
        busy[workers[absence.worker_id].person_id].append(Window(absence.starts_at, absence.ends_at))
    for mission in Mission.objects.filter(worker_id__in=people, state__in=LIVE, ends_at__gt=at):
        busy[mission.worker_id].append(Window(mission.starts_at, mission.ends_at))
    free = {}
    for worker in workers.values():
        zone, whose = ZoneInfo(worker.organisation.timezone), worker.person_id
        free[whose] = free_windows(worker.free_times, single[whose], busy[whose], after=at, days=days, zone=zone)
    return free


def agreed_to_be_named(*, people: Sequence[UUID]) -> set[UUID]:
    """Whose last word on it was yes."""
    said = Consent.objects.filter(person_id__in=people, purpose=SHOW_NAME).order_by("at", "id")
    last = {one.person_id: one.given for one in said}
    return {person for person, given in last.items() if given}


def my_offers(*, person: UUID, at: datetime) -> MyOffers:
    """What somebody offers and when they are free, for themselves or whoever acts for them."""
    worker = Worker.objects.filter(person_id=person).select_related("person__place").first()
    commission: Decimal | None = None
    with suppress(Refused):
        commission = commission_on(at.date())
    return MyOffers(
        worker=worker,
        offers=living_of(person=person),
        free=list(FreeMoment.objects.filter(worker=worker, ends_at__gt=at).order_by("starts_at")) if worker else [],
        activities=list(Activity.objects.filter(offered=True, dangerous=False).order_by("position", "name")),
        agreed_to_be_named=person in agreed_to_be_named(people=[person]),
        modes=modes_of(person=person, on=at.date()),
        commission=commission,
    )


def living_of(*, person: UUID) -> list[Offer]:
    """Somebody's offers that are not over, the latest first."""
    rows = every_offer().filter(person_id=person, listing__state__in=LIVING)
    return list(rows.order_by("-listing__posted_at", "-id"))


def free_moment(*, moment: UUID, person: UUID) -> FreeMoment | None:
    return FreeMoment.objects.filter(id=moment, worker__person_id=person).select_related("worker__person").first()


def pick_of(*, request: Request) -> Pick | None:
    """The offer that a request began with, or None."""
    return Pick.objects.filter(request=request).select_related("offer__listing", "offer__person").first()


def over(*, at: datetime, limit: int = 100) -> list[Offer]:
    """Offers whose last day has passed and that nobody has taken down yet."""
    return list(every_offer().filter(listing__state__in=LIVING, listing__ends_at__lte=at)[:limit])


def _need(offer: Offer, client: Person | None, span: Window) -> JobNeed:
    home = point_of(client.latitude, client.longitude) if client else None
    return JobNeed(
        request=offer.id,
        window=span,
        activity=offer.activity.code,
        point=home,
        client_kind=ClientKind(client.kind) if client else ClientKind.INDIVIDUAL,
        first_alone_ok=not offer.activity.first_in_twos,
    )


def _not_over(at: datetime) -> Q:
    return Q(listing__ends_at__isnull=True) | Q(listing__ends_at__gt=at)


def every_offer() -> "QuerySet[Offer]":
    """In every state, with what is shown of them."""
    return Offer.objects.select_related("listing__place", "activity", "person", "organisation")
