"""One request as the desk works on it: who asks, who could go, who was asked, what was said."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from entremise.figures import queries as figures
from entremise.jobs.models import Notice, Pick, Publicity, Request, SupplierQuote
from entremise.jobs.queries import desk
from entremise.jobs.queries.asking import CouldBe, could_be
from entremise.jobs.queries.calling import CallerCard, caller_card
from entremise.jobs.queries.interests import (
    willing_for,
)
from entremise.jobs.queries.offers import (
    pick_of,
)
from entremise.jobs.queries.quotes import own_prices, quotes_of, splits_of
from entremise.jobs.queries.seasons import Season, running_out
from entremise.jobs.queries.series import Day, differing_days
from entremise.jobs.queries.suggestions import Suggestions, candidates
from entremise.jobs.rules.quotes import QuoteSplit
from entremise.kernel.money import for_minutes, share
from entremise.market.models import Proposal
from entremise.market.queries import proposals_of_listing
from entremise.market.rules import WAITING
from entremise.messaging.models import Letter
from entremise.messaging.queries import letters_about, words_of
from entremise.messaging.rules import SmsCount, parts
from entremise.people import queries as people
from entremise.people.queries import Reach


@dataclass(frozen=True)
class Round:
    """Who could be asked now, how each is reached, and the text message they would get."""

    suggestions: Suggestions
    reach: dict[UUID, Reach]
    waiting: frozenset[UUID]  # Asked already, and still free to answer.
    willing: frozenset[UUID]  # They saw it on the public list and would go.
    text: str
    size: SmsCount
    own: dict[UUID, QuoteSplit]  # What each asks, where whoever comes names the price.


@dataclass(frozen=True)
class PricedQuote:
    quote: SupplierQuote
    split: QuoteSplit


@dataclass(frozen=True)
class RequestPage:
    """round: None when nobody is looked for any more. ending: what runs out of a recurring job that goes on.

    publicity: what the desk said of the public list, if anything; on_list: whether everybody may read of it now.
    could_be: whom a visitor of the web may be, while nobody has spoken with them.
    pick: the offer it began with.
    days: of its coming visits, those that differ or are a public holiday.
    """

    request: Request
    card: CallerCard
    proposals: list[Proposal]
    missions: list[desk.Visit]
    letters: list[Letter]
    round: Round | None
    ending: list[Season]
    publicity: Publicity | None
    on_list: bool
    could_be: list[CouldBe]
    pick: Pick | None
    days: list[Day]
    quotes: list[PricedQuote]


def request_page(*, number: int, at: datetime) -> RequestPage | None:
    """The number of queries does not depend on how many people could go or were asked."""
    request = desk.request_numbered(number=number)
    if request is None:
        return None
    proposals = proposals_of_listing(listing=request.listing_id)
    looking = _looking(request)
    return RequestPage(
        request=request,
        card=caller_card(person=request.client_id, at=at),
        proposals=proposals,
        missions=desk.missions_for(request=request),
        letters=letters_about(about_id=request.id),
        round=_round(request, proposals, at) if looking else None,
        quotes=_quotes(request),
        ending=[one for one in running_out(at=at, request=request) if one.next] if request.state == "filled" else [],
        publicity=Publicity.objects.filter(request=request).first(),
        on_list=looking and Notice.objects.filter(request=request).exists(),
        could_be=could_be(request=request) if request.state == "claimed" else [],
        pick=pick_of(request=request),
        days=differing_days(request=request, at=at) if request.state in ("open", "proposed", "filled") else [],
    )


@dataclass(frozen=True)
class Askable:
    """Who could be asked, how each is reached, and who saw it on the public list and would go."""

    suggestions: Suggestions
    reach: dict[UUID, Reach]
    willing: frozenset[UUID]


def askable(*, request: Request, at: datetime) -> Askable | None:
    """None when nobody is looked for any more. The number of queries does not depend on how many people could go."""
    if not _looking(request):
        return None
    willing = willing_for(request=request)
    found = candidates(request=request, at=at, also=willing)
    return Askable(found, people.ways_to_reach(people=[one.person for one in found.people]), willing)


def _looking(request: Request) -> bool:
    return request.state in ("open", "proposed") and request.listing.starts_at is not None


def _quotes(request: Request) -> list[PricedQuote]:
    """In the order they came; nothing where the organisation makes the price."""
    found = quotes_of(request=request.id) if request.by_quote else []
    splits = splits_of(quotes=found) if found else {}
    return [PricedQuote(one, splits[one.id]) for one in found]


def _round(request: Request, proposals: list[Proposal], at: datetime) -> Round:
    willing = willing_for(request=request)
    found = candidates(request=request, at=at, also=willing)
    text = offer_text(request=request)
    return Round(
        suggestions=found,
        reach=people.ways_to_reach(people=[one.person for one in found.people]),
        waiting=frozenset(one.person_id for one in proposals if one.state in WAITING),
        willing=willing,
        text=text,
        size=parts(text),
        own=_own(request, found),
    )


def _own(request: Request, found: Suggestions) -> dict[UUID, QuoteSplit]:
    starts = request.listing.starts_at
    if not request.by_quote or starts is None:
        return {}
    ids = [one.person.id for one in found.people]
    return own_prices(people_=ids, activity=request.activity, minutes=request.minutes, on=starts.date())


def offer_text(*, request: Request) -> str:
    """The text message that a proposal of this request sends, in the organisation's language."""
    context, language = {**offer_context(request=request), "own": None}, request.organisation.language
    template = "quote_asked" if request.by_quote else "proposal"
    return words_of(template=template, context=context, channel="text", language=language)[1]


def offer_context(*, request: Request) -> dict[str, object]:
    """What the letters of a proposal may name. gross: cents of one visit, holiday included; starts: local."""
    starts = request.listing.starts_at
    base = for_minutes(request.hourly_wage, request.minutes)
    holiday = figures.table().at("usage_contract_holiday_share", request.posted_at.date())
    return {
        "request": request,
        "listing": request.listing,
        "starts": starts.astimezone(ZoneInfo(request.organisation.timezone)) if starts else None,
        "gross": base + share(base, holiday),
        "organisation": request.organisation,
    }
