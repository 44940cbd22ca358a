"""A supplier names a price for a job that was put to them."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from entremise.documents import operations as documents
from entremise.figures import queries as figures
from entremise.history.operations import record
from entremise.jobs.models import Request, SupplierQuote
from entremise.jobs.operations.holding import hold_asked
from entremise.jobs.queries.calling_off import terms_on
from entremise.jobs.queries.deals import deal_of
from entremise.jobs.queries.people import agreed_visits, blocks_for, mode_of, still_promised
from entremise.jobs.queries.quotes import accepted_quote, commission_on, open_quote_of, own_prices, quotes_of
from entremise.jobs.rules.modes import Quoted
from entremise.jobs.rules.quotes import QUOTE
from entremise.kernel.act import Act
from entremise.kernel.money import for_minutes
from entremise.kernel.refused import Refused
from entremise.kernel.time import Window
from entremise.market import operations as market
from entremise.market.models import Proposal
from entremise.market.rules import WAITING
from entremise.messaging import operations as messaging
from entremise.people.rules.may import Verb, require
from entremise.settlement.rules.commission import as_rate, as_share, commission_of

HIGHEST = 10_000_00  # Cents: more than that is a slip of the hand.


def send_quote(
    *,
    act: Act,
    proposal: Proposal,
    hourly: int | None = None,
    whole: int | None = None,
    valid_until: date | None = None,
) -> SupplierQuote:
    """The price of whoever was asked, for one visit: cents an hour, or whole. The client reads it and answers.

    Another quote for the same proposal replaces the one before. valid_until: the organisation's usual time when None.
    Raises Refused price_needed, valid_day_past, already_taken, not_now, no_longer_possible, not_a_supplier.
    """
    require(act, Verb.QUOTES_SEND, owner=proposal.person_id)
    request = hold_asked(proposal=proposal)
    today = act.at.astimezone(ZoneInfo(request.organisation.timezone)).date()
    last = valid_until or today + timedelta(days=int(figures.table().at("quote.valid_days", today)))
    _check(request, proposal, hourly, whole, last, today)
    price = whole if whole is not None else for_minutes(hourly or 0, request.minutes)
    quoted = _quoted(today, hourly or 0, price, last)
    quote = _send(act, request, proposal, quoted, still_promised(request, at=act.at))
    market.wait_until(act=act, proposal=proposal, deadline=_end_of(last, request))
    return quote


def quote_on(*, act: Act, request: Request, proposal: Proposal, after: datetime) -> SupplierQuote:
    """The same price for the visits of a recurring job that come after those promised. The client reads it and answers.

    The commission and what is said of calling off are those of today. Raises Refused("no_longer_possible").
    """
    before = accepted_quote(proposal=proposal.id)
    if before is None:
        raise ValueError(f"{proposal.id} was accepted without a quote")
    today = act.at.astimezone(ZoneInfo(request.organisation.timezone)).date()
    last = today + timedelta(days=int(figures.table().at("quote.valid_days", today)))
    quoted = _quoted(today, before.hourly_price, before.price, last)
    return _send(act.for_person(proposal.person_id), request, proposal, quoted, after)


def _quoted(today: date, hourly: int, price: int, last: date) -> Quoted:
    return Quoted(
        hourly_price=hourly,
        price=price,
        commission=commission_on(today),
        valid_until=last,
        calling_off=replace(terms_on(today), paid_share=Decimal(0)),  # Nobody is paid hours here.
        number=documents.reserve_number(prefix="DV", year=today.year),
    )


def _send(act: Act, request: Request, proposal: Proposal, quoted: Quoted, after: datetime) -> SupplierQuote:
    _nothing_against(act, request, proposal, after)
    before = open_quote_of(proposal=proposal.id)
    if before:
        move_quote(act=act, quote=before, verb="replace")
    visits = agreed_visits(request=request, person=proposal.person_id, after=after)
    quote = _write_down(act, request, proposal, quoted, visits)
    _tell_client(act, request, quote, visits[0].start)
    return quote


def _tell_client(act: Act, request: Request, quote: SupplierQuote, starts: datetime) -> None:
    messaging.queue(
        act=act,
        person=request.client,
        template="quote_ready",
        context={
            "request": request,
            "listing": request.listing,
            "quote": quote,
            "supplier": quote.supplier,
            "starts": starts,
            "commission": commission_of(quote.price, as_rate(quote.commission)),
            "organisation": request.organisation,
        },
        key=f"quote:{quote.id}",
        about="quote",
        about_id=quote.id,
        enclosures=[(quote.document_id, f"{quote.document.number}.pdf")],
    )


def send_own_price(*, act: Act, proposal: Proposal) -> SupplierQuote:
    """Yes at one's own hourly price. Raises Refused("own_price_missing") without one, and what `send_quote` refuses."""
    request = Request.objects.select_related("listing", "activity").get(listing_id=proposal.listing_id)
    asked = own_prices(
        people_=[proposal.person_id], activity=request.activity, minutes=request.minutes, on=act.at.date()
    )
    if proposal.person_id not in asked:
        raise Refused("own_price_missing", {"number": request.listing.number})
    return send_quote(act=act, proposal=proposal, hourly=asked[proposal.person_id].hourly)


def move_quote(*, act: Act, quote: SupplierQuote, verb: str) -> SupplierQuote:
    """Take one edge of the quote's table and record its fact. Whoever comes second gets Refused("not_now")."""
    before = quote.state
    after, fact = QUOTE.step(before, verb)
    if not SupplierQuote.objects.filter(id=quote.id, state=before).update(state=after, answered_at=act.at):
        raise Refused("not_now", {"thing": "quote", "state": before, "verb": verb})
    quote.state, quote.answered_at = after, act.at
    data = {"number": quote.request.listing.number, "quote": quote.document.number}
    record(act=act, type=fact, thing="quote", thing_id=quote.id, data=data)
    return quote


def lapse_quotes(*, act: Act, request: Request, of: UUID | None = None) -> None:
    """The job changed, was given to somebody else or is no longer wanted: its open quotes bind nobody. of: only those
    of this proposal.
    """
    for quote in quotes_of(request=request.id):
        if quote.state == "sent" and of in (None, quote.proposal_id):
            move_quote(act=act, quote=quote, verb="lapse")


def _check(
    request: Request, proposal: Proposal, hourly: int | None, whole: int | None, last: date, today: date
) -> None:
    if not request.by_quote or proposal.state not in WAITING:
        raise Refused("not_now", {"thing": "proposal", "state": proposal.state, "verb": "quote"})
    if request.listing.state != "open":
        raise Refused("already_taken", {"number": request.listing.number})
    given = [price for price in (hourly, whole) if price is not None]
    if len(given) != 1 or not 0 < given[0] <= HIGHEST:
        raise Refused("price_needed", where="price")
    if last < today:
        raise Refused("valid_day_past", where="valid_until")


def _nothing_against(act: Act, request: Request, proposal: Proposal, after: datetime) -> None:
    waived = proposal.override.get("blocks", [])
    for block in blocks_for(request=request, person=proposal.person_id, at=act.at, after=after):
        if block.code not in waived:
            raise Refused("no_longer_possible", {"block": block.code, **block.params})


def _write_down(act: Act, request: Request, proposal: Proposal, quoted: Quoted, visits: list[Window]) -> SupplierQuote:
    paper = mode_of(request).quote
    if paper is None:
        raise ValueError(f"{request.mode} makes its price by quotes and has no paper for one")
    deal = deal_of(request=request, worker=proposal.person, visits=visits, quoted=quoted)
    document = documents.issue(
        act=act,
        kind=paper.kind,
        prefix=paper.prefix,
        template=paper.template,
        data=paper.data(deal),
        person=request.client,
        about="request",
        about_id=request.id,
        number=quoted.number,
    )
    state, fact = QUOTE.step("", "send")
    quote = SupplierQuote.objects.create(
        request=request,
        proposal=proposal,
        supplier=proposal.person,
        hourly_price=quoted.hourly_price,
        price=quoted.price,
        commission=as_share(quoted.commission),
        valid_until=quoted.valid_until,
        calling_off=quoted.calling_off.as_json() if quoted.calling_off else {},
        state=state,
        document=document,
        sent_at=act.at,
    )
    data = {"number": request.listing.number, "quote": quoted.number, "price": quoted.price}
    record(act=act, type=fact, thing="quote", thing_id=quote.id, data=data)
    return quote


def _end_of(day: date, request: Request) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(request.organisation.timezone))
