"""Those who work on their own account: their business, what was billed in their name, what clients have paid them."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from pydantic import Field

from entremise.doors.api import pages
from entremise.doors.api.agreements import pdf
from entremise.doors.api.door import MONEY, act_of, asks, found, tells, whose
from entremise.doors.api.told import Someone, somebody
from entremise.doors.api.types import PAGE, WHOLE, Code, Cursor, Day, Given, Limit, Named, Title, Told, Word
from entremise.jobs import operations as jobs
from entremise.jobs.queries import calling, listed, persons
from entremise.kernel.act import Role
from entremise.kernel.refused import Refused
from entremise.settlement import operations as settlement
from entremise.settlement.models import SupplierInvoice

SALES = "sales"
SEE_SALES = (*MONEY, Role.COORDINATOR)  # Whoever may say that one is paid.


class OwnPrice(Told):
    """Cents an hour, taxes included; null: by quote alone."""

    activity: str
    hourly: int | None


class Business(Told):
    """How invoices name somebody. mandate_on: since then we draw up their invoices in their name."""

    siret: str
    trade_name: str
    trade: Literal["craft", "liberal"]
    vat: Literal["franchise", "standard", "intermediate"]
    vat_number: str
    mandate_on: date | None
    prices: list[OwnPrice]


class NewPrice(Given):
    """hourly: cents, taxes included; left out: by quote alone."""

    activity: Code
    hourly: Annotated[int, Field(ge=1, le=1_000_000), WHOLE] | None = None


class NewBusiness(Given):
    """siret as it is typed. prices: an activity that is left out stays as it was."""

    siret: Annotated[Word, Field(min_length=1, examples=["732 829 320 00074"])]
    trade_name: Title = ""
    trade: Literal["craft", "liberal"] = "craft"
    vat: Literal["franchise", "standard", "intermediate"] = "franchise"
    vat_number: Annotated[Word, Field(max_length=20)] = ""
    mandate_on: Day | None = None
    prices: Annotated[list[NewPrice], Field(max_length=60)] = []


class SaleTold(Told):
    """An invoice in the name of somebody who works on their own account; the client pays them. Cents; commission: what
    we ask the supplier for it. paid: they said that they have the money.
    """

    id: UUID
    number: str
    supplier: Someone
    client: Someone
    month: date
    issued_on: date
    due_on: date
    total: int
    commission: int
    paid: bool
    document: UUID


class Sales(Told):
    """A page of sales; next: the cursor of the page after, null on the last."""

    rows: list[SaleTold]
    next: str | None


@asks("/people/{person}/business", "people:read", answer=Business, summary="Somebody's own business")
def read_business(request: HttpRequest, person: Named) -> Business:
    return _business(request, somebody(request, person).id)


@tells("/people/{person}/business", "people:write", answer=Business, summary="Somebody works on their own account")
def describe_business(request: HttpRequest, person: Named, body: NewBusiness) -> Business:
    """From now on they can be proposed to clients."""
    row, said = somebody(request, person), body.model_dump(exclude={"prices"})
    prices = {one.activity: one.hourly for one in body.prices}
    if unknown := set(prices) - {one.code for one in calling.offered_activities()}:
        raise Refused("activity_not_found", {"typed": min(unknown)})
    jobs.describe_supplier(act=act_of(request).for_person(row.id), person=row, prices=prices, **said)
    return _business(request, row.id)


@asks("/sales", "money:read", answer=Sales, summary="Invoices in the name of suppliers, the latest first")
def list_sales(request: HttpRequest, cursor: Cursor = "", limit: Limit = PAGE) -> Sales:
    """Whoever deals with money finds all of them, others what they sold or bought."""
    rows = listed.sales(of=whose(request, *SEE_SALES), before=pages.before(cursor, of=SALES), limit=limit)
    page, following = pages.split(rows, limit=limit, of=SALES)
    return Sales(rows=[_sale(one) for one in page], next=following)


@asks("/sales/{sale}/content", "money:read", answer=bytes, summary="Such an invoice as PDF")
def download_sale(request: HttpRequest, sale: Named) -> HttpResponse:
    return pdf(_one(request, sale).document)


@tells("/sales/{sale}/payment", "money:write", answer=SaleTold, summary="The client has paid the supplier")
def mark_sale_paid(request: HttpRequest, sale: Named) -> SaleTold:
    """Said by the supplier, or for them."""
    row, act = _one(request, sale), act_of(request)
    settlement.mark_supplier_paid(act=act.for_person(row.supplier_id), invoice=row, on=act.at.date())
    return _sale(_one(request, sale))


def _one(request: HttpRequest, sale: UUID) -> SupplierInvoice:
    return found(listed.sale(of=whose(request, *SEE_SALES), sale=sale))


def _business(request: HttpRequest, person: UUID) -> Business:
    seen = found(persons.person_page(person=person, at=act_of(request).at))
    prices = [OwnPrice(activity=one.activity.code, hourly=one.hourly_price) for one in seen.skills]
    return Business.drawn(found(seen.supplier), prices=prices)


def _sale(row: SupplierInvoice) -> SaleTold:
    paid = bool(row.payments.all())
    people = {"supplier": Someone.of(row.supplier), "client": Someone.of(row.client)}
    return SaleTold.drawn(row, **people, paid=paid, document=row.document_id)
