"""What the call screen asks: who this is, what the typed words mean, who could go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from entremise.jobs.models import Activity, Mission, Request
from entremise.jobs.queries.prices import Quote, quote
from entremise.jobs.queries.quotes import own_prices
from entremise.jobs.queries.suggestions import Suggestions, candidates
from entremise.jobs.rules.modes.registry import USUAL, with_pricing
from entremise.jobs.rules.quick_entry import ActivityWords, Habits, Understood, parse_duration, parse_what, understand
from entremise.jobs.rules.quotes import QuoteSplit
from entremise.jobs.rules.reading import Span
from entremise.kernel.refused import Refused
from entremise.market.models import Listing
from entremise.people import queries as people
from entremise.people.models import Person, Place
from entremise.settlement import queries as settlement

WHEN = ("recurrence", "day", "start")


@dataclass(frozen=True)
class Typed:
    """The line of the quick entry and the four fields that correct it, as typed."""

    line: str = ""
    what: str = ""
    when: str = ""
    length: str = ""
    note: str = ""


@dataclass(frozen=True)
class Need:
    """What the words ask for. starts_at is aware; minutes of one visit; recurrence an RFC 5545 rule.

    words: what belongs into each of the four fields, in the caller's own words. unread: fields whose words say nothing.
    """

    activity: Activity | None
    starts_at: datetime | None
    minutes: int | None
    recurrence: str
    note: str
    day_is_guess: bool
    time_is_guess: bool
    words: Typed
    unread: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        found = {"what": self.activity, "when": self.starts_at, "length": self.minutes}
        return tuple(name for name, value in found.items() if value is None)


@dataclass(frozen=True)
class PastJob:
    request: Request
    worker: str  # Given name of who went last, or empty.


@dataclass(frozen=True)
class CallerCard:
    """owes: cents."""

    person: Person
    phones: list[str]
    household: list[Person]
    last: list[PastJob]
    next_visit: Mission | None
    owes: int
    unreachable: bool


@dataclass(frozen=True)
class Draft:
    """A request that is not written down yet: its price, and who could go. quote None: not enough is known, or whoever
    comes names it; own: what each of them asks.
    """

    need: Need
    quote: Quote | None
    suggestions: Suggestions | None
    own: Mapping[UUID, QuoteSplit] = field(default_factory=dict)


@dataclass(frozen=True)
class Screen:
    """Everything the call screen shows. refused: why there is no price. could_be: known people the words may mean."""

    card: CallerCard | None
    like: Request | None
    need: Need
    draft: Draft
    refused: Refused | None
    could_be: list[people.Found]


def screen(
    *,
    client: UUID | None,
    who: str,
    typed: Typed,
    like: int | None,
    place: Place | None,
    at: datetime,
    zone: ZoneInfo,
    by_quote: bool = False,
) -> Screen:
    """What is known while the call lasts.

    who: a name or a telephone when nobody is picked yet. like: the number of the request to do again. by_quote: whoever
    comes names the price.
    """
    card = caller_card(person=client, at=at) if client else None
    earlier = request_like(number=like, client=client) if like and client else None
    if earlier and not (typed.what or typed.line):
        typed = _again(earlier, typed)
    need = read_need(typed=typed, today=at.astimezone(zone).date(), zone=zone, like=earlier)
    try:
        caller = card.person if card else None
        drafted, refused = draft(client=caller, place=place, need=need, at=at, by_quote=by_quote), None
    except Refused as why:
        drafted, refused = Draft(need, None, None), why
    could_be = [] if card or not who.strip() else people.find(typed=who)
    return Screen(card, earlier, need, drafted, refused, could_be)


def _again(request: Request, typed: Typed) -> Typed:
    """« Refaire pareil »: the words of the earlier job, its day left open."""
    hours, minutes = divmod(request.minutes, 60)
    length = f"{hours} h {minutes:02}" if hours and minutes else f"{hours} h" if hours else f"{minutes} min"
    return Typed(
        what=request.activity.name, when=typed.when, length=typed.length or length, note=typed.note or request.note
    )


def offered_activities() -> list[Activity]:
    """What the organisation offers, in the order it chose."""
    return list(Activity.objects.filter(offered=True).order_by("position", "name"))


def offered_activity(*, code: str) -> Activity | None:
    return Activity.objects.filter(offered=True, code=code).first()


def as_words(activities: Sequence[Activity]) -> list[ActivityWords]:
    """How the organisation's activities are called, its own name for each first."""
    return [
        ActivityWords(one.code, tuple(dict.fromkeys([*one.words, one.name, *one.words_en, one.name_en])))
        for one in activities
    ]


def caller_card(*, person: UUID, at: datetime) -> CallerCard:
    """Raises Person.DoesNotExist. The same number of queries whoever calls."""
    known = people.get(person=person)
    phones = list(known.contacts.filter(kind="phone").order_by("id").values_list("value", flat=True))
    household = list(known.household.members.exclude(id=known.id).order_by("given_name")) if known.household else []
    coming = Mission.objects.filter(client=known, state__in=["agreed", "ready"], ends_at__gte=at)
    return CallerCard(
        person=known,
        phones=phones,
        household=household,
        last=last_jobs(person=person),
        next_visit=coming.select_related("worker", "request__activity").order_by("starts_at").first(),
        owes=settlement.owed_by(client=person),
        unreachable=people.way_to_reach(person=known).channel == "none",
    )


def last_jobs(*, person: UUID, limit: int = 3) -> list[PastJob]:
    """What a client asked for lately, newest first. Two queries."""
    rows = Request.objects.filter(client_id=person).exclude(state="cancelled").select_related("activity", "listing")
    requests = list(rows.order_by("-posted_at", "-id")[:limit])
    missions = Mission.objects.filter(request__in=requests).exclude(state="cancelled").select_related("worker")
    went = {mission.request_id: mission.worker.given_name for mission in missions.order_by("starts_at")}
    return [PastJob(request, went.get(request.id, "")) for request in requests]


def read_need(*, typed: Typed, today: date, zone: ZoneInfo, like: Request | None = None) -> Need:
    """Understand what was typed; a field that says something wins over the line. like: whose hour « pareil » means."""
    activities = offered_activities()
    words = as_words(activities)
    line = understand(typed.line, today=today, activities=words)
    when = understand(typed.when, today=today, activities=()) if typed.when.strip() else None
    code, rest = parse_what(typed.what, words) if typed.what.strip() else (line.activity, "")
    minutes = parse_duration(typed.length) if typed.length.strip() else (when and when.minutes) or line.minutes
    said = when if when and when.day else line
    starts_at, time_is_guess = _start(said, when or line, zone, like)
    activity = next((one for one in activities if one.code == code), None)
    note = typed.note.strip() or line.note
    asides = [aside for aside in (rest, when.note if when else "", note) if aside]
    unread = [
        name
        for name, text, value in (
            ("what", typed.what, activity),
            ("when", typed.when, when and (when.day or when.start)),
            ("length", typed.length, minutes),
        )
        if text.strip() and value is None
    ]
    return Need(
        activity=activity,
        starts_at=starts_at,
        minutes=minutes,
        recurrence=said.recurrence or "",
        note=", ".join(asides)[:300],
        day_is_guess=said.day_is_guess,
        time_is_guess=time_is_guess,
        words=_in_fields(typed, line, activity),
        unread=tuple(unread),
    )


def _start(said: Understood, clock: Understood, zone: ZoneInfo, like: Request | None) -> tuple[datetime | None, bool]:
    """The first visit, local. Without an hour: that of the job to repeat, or the usual morning, a guess to confirm."""
    if said.day is None:
        return None, False
    start = clock.start or said.start
    if start is not None:
        return datetime.combine(said.day, start, zone), clock.time_is_guess or said.time_is_guess
    return datetime.combine(said.day, _usual_hour(like, zone), zone), True


def _usual_hour(like: Request | None, zone: ZoneInfo) -> time:
    if like and like.listing.starts_at:
        return like.listing.starts_at.astimezone(zone).time()
    return Habits().morning


def _in_fields(typed: Typed, line: Understood, activity: Activity | None) -> Typed:
    return Typed(
        line=typed.line,
        what=typed.what or (activity.name if activity else ""),
        when=typed.when or _spoken(line.spans, WHEN),
        length=typed.length or _spoken(line.spans, ("minutes",)),
        note=typed.note or line.note,
    )


def _spoken(spans: Sequence[Span], kinds: Sequence[str]) -> str:
    return " ".join(span.text for span in spans if span.kind in kinds)


def draft(
    *, client: Person | None, place: Place | None, need: Need, at: datetime, by_quote: bool = False, limit: int = 4
) -> Draft:
    """Price and suggestions before anything is saved. client None: a caller nobody knows yet, at `place`. by_quote:
    each who could go has a price of their own, or none.

    Raises Refused("moment_past"), Refused("no_tariff") or Refused("price_below_cost").
    """
    if need.starts_at and need.starts_at <= at:
        raise Refused("moment_past")
    if need.activity is None or need.starts_at is None or need.minutes is None:
        return Draft(need, None, None)
    day, price = need.starts_at.date(), None
    if not by_quote:
        price = quote(client=client, activity=need.activity, minutes=need.minutes, on=day)
    who = client or Person(family_name="", place=place, known_since=at)
    spot = who if who.latitude is not None else who.place
    listing = Listing(
        person=who,
        place=who.place,
        latitude=spot.latitude if spot else None,
        longitude=spot.longitude if spot else None,
        starts_at=need.starts_at,
        recurrence=need.recurrence,
    )
    mode = with_pricing("quote").code if by_quote else USUAL
    request = Request(listing=listing, client=who, activity=need.activity, minutes=need.minutes, mode=mode)
    found = candidates(request=request, at=at, limit=limit)
    ids = [one.person.id for one in found.people] if by_quote else []
    asked = own_prices(people_=ids, activity=need.activity, minutes=need.minutes, on=day) if ids else {}
    return Draft(need, price, found, asked)


def request_like(*, number: int, client: UUID) -> Request | None:
    """The earlier job that this caller wants again."""
    rows = Request.objects.filter(listing__number=number, client_id=client)
    return rows.select_related("listing", "activity").first()
