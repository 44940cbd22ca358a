"""The public list: what goes up on it, what comes down."""

from datetime import datetime
from zoneinfo import ZoneInfo

from entremise.figures import queries as figures
from entremise.figures.rules import FigureTable
from entremise.history.operations import record
from entremise.jobs.models import Notice, NoticeWord, Pick, Publicity, Request
from entremise.jobs.operations.holding import hold
from entremise.jobs.queries.people import still_promised, visits_of
from entremise.jobs.rules.notices import WANTED, check_public, days_of, part_of, terms
from entremise.kernel.act import Act
from entremise.kernel.money import for_minutes, share
from entremise.people.rules.may import Verb, require


def announce(*, act: Act, request: Request) -> Notice | None:
    """Put a request on the public list as it stands, or take it off when no answer is wanted or somebody said no.

    Called whenever a request changes; what was on the list before is replaced.
    """
    before = Notice.objects.filter(request=request).first()
    if before:
        NoticeWord.objects.filter(notice=before).delete()
        Notice.objects.filter(id=before.id).delete()
    starts_at = _next_visit(request, act.at) if request.state in WANTED else None
    publicity = Publicity.objects.filter(request=request).first() if starts_at else None
    table = figures.table() if starts_at else None
    said = {"number": request.listing.number}
    if starts_at and table and (publicity.listed if publicity else _by_default(request, table, act.at)):
        since = before.put_up_at if before else act.at
        notice = _put_up(request, starts_at, publicity.words if publicity else "", table, since)
        if not before:
            record(act=act, type="notice_put_up", thing="request", thing_id=request.id, data=said)
        return notice
    if before:
        record(act=act, type="notice_taken_down", thing="request", thing_id=request.id, data=said)
    return None


def set_publicity(*, act: Act, request: Request, listed: bool, words: str) -> Publicity:
    """Whether everybody may read of this request, and in what words besides the activity's name.

    Raises Refused("words_tell_who") when the words hold a telephone, an address or the client's name.
    """
    require(act, Verb.REQUESTS_POST, owner=request.client_id)
    hold(request=request)
    client = request.client
    check_public(words, private=(client.family_name, client.given_name, client.street, request.listing.street))
    wish = {"listed": listed, "words": words}
    publicity, _created = Publicity.objects.update_or_create(request=request, defaults=wish)
    said = {"number": request.listing.number, "listed": listed}
    record(act=act, type="publicity_set", thing="request", thing_id=request.id, data=said)
    announce(act=act, request=request)
    return publicity


def turn_over(*, act: Act, notice: Notice) -> Notice | None:
    """The visit of a notice has begun: the next one takes its place, or the notice comes down."""
    require(act, Verb.NOTICES_TURN_OVER)
    request = Request.objects.get(id=notice.request_id)
    hold(request=request)
    return announce(act=act, request=request)


def _by_default(request: Request, table: FigureTable, at: datetime) -> bool:
    """As the organisation decided, but never while it is one person's whom the client picked."""
    return bool(table.at("jobs.listed_by_default", at.date())) and not Pick.objects.filter(request=request).exists()


def _next_visit(request: Request, at: datetime) -> datetime | None:
    if request.listing.starts_at is None or not request.hourly_wage:  # Without a wage it waits for somebody's quote.
        return None
    starts_at = visits_of(request, after=still_promised(request, at=at))[0].start
    return starts_at if starts_at > at else None


def _put_up(request: Request, starts_at: datetime, words: str, table: FigureTable, since: datetime) -> Notice:
    listing, activity = request.listing, request.activity
    local = starts_at.astimezone(ZoneInfo(request.organisation.timezone))
    base = for_minutes(request.hourly_wage, request.minutes)
    notice = Notice.objects.create(
        request=request,
        number=listing.number,
        activity=activity,
        place=listing.place,
        starts_at=starts_at,
        minutes=request.minutes,
        days=days_of(listing.recurrence, local.date()),
        part=part_of(local.time()),
        recurrence=listing.recurrence,
        slots=listing.slots,
        wage=request.hourly_wage,
        gross=base + share(base, table.at("usage_contract_holiday_share", request.posted_at.date())),
        words=words,
        put_up_at=since,
    )
    place = listing.place.name if listing.place else ""
    found_by = terms(activity.name, activity.name_en, *activity.words, *activity.words_en, place, words)
    NoticeWord.objects.bulk_create(
        NoticeWord(notice=notice, word=word, starts_at=starts_at) for word in sorted(found_by)
    )
    return notice
