"""Quotes: somebody who works on their own account names a price, and the client answers."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from pydantic import Field

from entremise.doors.api import pages
from entremise.doors.api.door import DESK, act_of, asks, found, tells, whose
from entremise.doors.api.proposals import Answer, proposal_of
from entremise.doors.api.told import Someone
from entremise.doors.api.types import PAGE, WHOLE, Cursor, Day, Given, Limit, Named, Told, WhichNumber
from entremise.jobs import operations as jobs
from entremise.jobs.models import SupplierQuote
from entremise.jobs.operations.quoting import HIGHEST
from entremise.jobs.queries import listed
from entremise.settlement.rules.commission import as_rate, commission_of

QuoteState = Literal["sent", "accepted", "declined", "replaced", "lapsed"]
QUOTES = "quotes"
Asked = Annotated[int, Field(ge=1, le=HIGHEST, description="Cents, taxes included.", examples=[2800]), WHOLE]


class SupplierQuoteTold(Told):
    """What somebody asks for a job. Cents, taxes included; price: of one visit; hourly_price: nothing for a whole
    price; commission: the part of the price that the organisation keeps.
    """

    id: UUID
    request: int
    proposal: UUID
    supplier: Someone
    client: Someone
    state: QuoteState
    hourly_price: int
    price: int
    commission: int
    valid_until: date
    document: UUID
    sent_at: datetime
    answered_at: datetime | None


class SupplierQuotes(Told):
    """A page of quotes; next: the cursor of the page after, null on the last."""

    rows: list[SupplierQuoteTold]
    next: str | None


class NewQuote(Given):
    """One of the two: hourly, cents an hour; whole, cents of one visit. valid_until: the usual time when left out."""

    hourly: Asked | None = None
    whole: Asked | None = None
    valid_until: Day | None = None


@asks("/quotes", "requests:read", answer=SupplierQuotes, summary="Quotes, the latest first")
def list_quotes(
    request: HttpRequest,
    state: Literal["", QuoteState] = "",
    number: WhichNumber = None,
    cursor: Cursor = "",
    limit: Limit = PAGE,
) -> SupplierQuotes:
    """Staff find all of them, others those that they sent or that were sent to them."""
    before = pages.before(cursor, of=QUOTES)
    rows = listed.quotes(of=whose(request, *DESK), state=state, request=number, before=before, limit=limit)
    page, following = pages.split(rows, limit=limit, of=QUOTES)
    return SupplierQuotes(rows=[_told(one) for one in page], next=following)


@asks("/quotes/{quote}", "requests:read", answer=SupplierQuoteTold, summary="One quote")
def read_supplier_quote(request: HttpRequest, quote: Named) -> SupplierQuoteTold:
    """Its paper is the document that it names."""
    return _told(_quote(request, quote))


@tells("/proposals/{proposal}/quote", "requests:write", answer=SupplierQuoteTold, summary="Name a price")
def send_quote(request: HttpRequest, proposal: Named, body: NewQuote) -> SupplierQuoteTold:
    """The client gets it, and answers. Another one takes the place of the one before."""
    row = proposal_of(request, proposal)
    act = act_of(request).for_person(row.person_id)
    made = jobs.send_quote(act=act, proposal=row, **body.model_dump())
    return _told(_quote(request, made.id))


@tells("/quotes/{quote}/answer", "requests:write", answer=SupplierQuoteTold, summary="The client's yes or no")
def answer_quote(request: HttpRequest, quote: Named, body: Answer) -> SupplierQuoteTold:
    """With a yes both are bound, and whoever else was asked is told. No costs nothing."""
    row = _quote(request, quote)
    answer = jobs.accept_quote if body.yes else jobs.decline_quote
    return _told(answer(act=act_of(request).for_person(row.request.client_id), quote=row))


def _quote(request: HttpRequest, quote: UUID) -> SupplierQuote:
    return found(listed.quote(of=whose(request, *DESK), quote=quote))


def _told(row: SupplierQuote) -> SupplierQuoteTold:
    return SupplierQuoteTold.drawn(
        row,
        request=row.request.listing.number,
        proposal=row.proposal_id,
        supplier=Someone.of(row.supplier),
        client=Someone.of(row.request.client),
        commission=commission_of(row.price, as_rate(row.commission)),
        document=row.document_id,
    )
