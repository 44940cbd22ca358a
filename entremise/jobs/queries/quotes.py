"""Prices of those who work on their own account, and the quotes that wait for a client."""

from collections.abc import Collection
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from entremise.figures import queries as figures
from entremise.figures.rules import FigureTable
from entremise.jobs.models import Activity, Request, Skill, SupplierQuote
from entremise.jobs.rules.quotes import QuoteSplit, split_quote
from entremise.people import queries as people
from entremise.people.models import Supplier
from entremise.settlement.rules.commission import as_rate


def commission_on(day: date) -> Decimal:
    """What the organisation keeps of a supplier's price, a fraction, taxes included."""
    return figures.table().at("commission.rate", day)


def contributions_on(supplier: Supplier | None, day: date, table: FigureTable) -> Decimal:
    """The part of their turnover that Urssaf takes, a fraction; nothing when it is nobody's."""
    return table.at(f"self_employed_{supplier.trade}_rate", day) if supplier else Decimal(0)


def own_prices(*, people_: Collection[UUID], activity: Activity, minutes: int, on: date) -> dict[UUID, QuoteSplit]:
    """What each of these people asks for one visit at their own hourly price, of those who have one. Three queries."""
    skills = Skill.objects.filter(worker__person__in=people_, activity=activity, hourly_price__isnull=False)
    asked = dict(skills.values_list("worker__person_id", "hourly_price"))
    if not asked:
        return {}
    suppliers, table = people.suppliers(people=asked), figures.table().lasting()
    return {
        person: split_quote(
            hourly=hourly,
            whole=None,
            minutes=minutes,
            commission=table.at("commission.rate", on),
            contributions=contributions_on(suppliers.get(person), on, table),
        )
        for person, hourly in asked.items()
    }


def own_offers(*, person: UUID, requests: Collection[Request], on: date) -> dict[UUID, QuoteSplit]:
    """Request → one visit at this person's own hourly price, where they have one for it. Three queries."""
    rows = Skill.objects.filter(worker__person=person, hourly_price__isnull=False)
    hourly = dict(rows.values_list("activity_id", "hourly_price"))
    supplier, table = people.supplier(person=person), figures.table().lasting()
    return {
        request.id: split_quote(
            hourly=hourly[request.activity_id],
            whole=None,
            minutes=request.minutes,
            commission=table.at("commission.rate", on),
            contributions=contributions_on(supplier, on, table),
        )
        for request in requests
        if request.activity_id in hourly
    }


def splits_of(*, quotes: Collection[SupplierQuote]) -> dict[UUID, QuoteSplit]:
    """Where the price of each of these quotes goes. Two queries."""
    suppliers, table = people.suppliers(people=[one.supplier_id for one in quotes]), figures.table().lasting()
    return {
        one.id: split_quote(
            hourly=one.hourly_price or None,
            whole=one.price,
            minutes=one.request.minutes,
            commission=as_rate(one.commission),
            contributions=contributions_on(suppliers.get(one.supplier_id), one.sent_at.date(), table),
        )
        for one in quotes
    }


def quote(*, quote: UUID) -> SupplierQuote | None:
    return _quotes().filter(id=quote).first()


def quotes_of(*, request: UUID) -> list[SupplierQuote]:
    """All that was asked for a job, in the order it came."""
    return list(_quotes().filter(request_id=request).order_by("sent_at", "id"))


def to_answer(*, client: UUID) -> list[SupplierQuote]:
    """Quotes that wait for this client's word, in the order they came: nobody's is put first for its price."""
    return list(_quotes().filter(request__client_id=client, state="sent").order_by("sent_at", "id"))


def open_quote_of(*, proposal: UUID) -> SupplierQuote | None:
    return _quotes().filter(proposal_id=proposal, state="sent").first()


def open_quotes_of(*, supplier: UUID) -> dict[UUID, SupplierQuote]:
    """Proposal → the quote that waits for the client's word."""
    return {quote.proposal_id: quote for quote in _quotes().filter(supplier_id=supplier, state="sent")}


def accepted_quote(*, proposal: UUID) -> SupplierQuote | None:
    """The last that the client said yes to: a recurring job has one for each season."""
    return _quotes().filter(proposal_id=proposal, state="accepted").order_by("-sent_at", "-id").first()


def first_visit(quote: SupplierQuote) -> datetime:
    """When the first of the visits begins that its paper names."""
    slot = quote.document.data["slots"][0]
    zone = ZoneInfo(quote.organisation.timezone)
    return datetime.combine(date.fromisoformat(slot["on"]), time.fromisoformat(slot["from"]), zone)


def _quotes() -> "QuerySet[SupplierQuote]":
    return SupplierQuote.objects.select_related(
        "request__listing__place",
        "request__activity",
        "request__client",
        "supplier",
        "proposal",
        "document",
        "organisation",
    )
