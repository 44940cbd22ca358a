"""What a job would lead to, in plain values: for its documents and its agreement."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from entremise.figures import queries as figures
from entremise.figures.rules import FigureTable
from entremise.jobs.models import Request, SupplierQuote
from entremise.jobs.queries.calling_off import terms_of, terms_on
from entremise.jobs.queries.prices import quote
from entremise.jobs.rules.modes import Body, Business, Deal, Priced, Quoted, Someone
from entremise.jobs.rules.modes.registry import MODES
from entremise.kernel.money import share
from entremise.kernel.refused import Refused
from entremise.kernel.time import Window
from entremise.people import queries as people
from entremise.people.models import ContactPoint, Paper, Person, Supplier
from entremise.settlement.rules.commission import as_rate, as_share
from entremise.tenancy.queries import legal_identity

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def deal_of(*, request: Request, worker: Person, visits: Sequence[Window], quoted: Quoted | None = None) -> Deal:
    """quoted: what makes the price, in a mode where a quote does; else it is the request's own.

    Raises Refused("no_tariff") when the organisation sets the price and has set none.
    """
    zone = ZoneInfo(request.organisation.timezone)
    times = tuple((visit.start.astimezone(zone), visit.end.astimezone(zone)) for visit in visits)
    on = times[0][0].date()  # The day whose price was said, whenever the yes comes.
    table = figures.table()
    rate = table.at("usage_contract_holiday_share", on)
    minimum, credit = _of_tariff(request, on) if quoted is None else (0, 0)
    price, hourly = (quoted.price, quoted.hourly_price) if quoted else (request.price, request.hourly_price)
    commission = quoted.commission if quoted else Decimal(0)
    return Deal(
        number=request.listing.number,
        title=request.activity.name,
        tasks=tuple(part for part in (request.activity.name, request.note) if part),
        body=_body(request),
        client=_someone(request.client, request),
        worker=_someone(worker, None),
        visits=times,
        rhythm=_rhythm([start for start, _ in times]),
        minutes=request.minutes,
        hourly_price=hourly,
        hourly_wage=request.hourly_wage,
        holiday=share(request.hourly_wage, rate),
        holiday_rate=rate,
        travel_fee=request.travel_fee,
        minimum_minutes=minimum,
        price=price,
        tax_credit=credit,
        split=MODES[request.mode].shares(Priced(price, request.minutes, request.hourly_wage, commission, on), table),
        equipment=request.activity.equipment,
        access=", ".join(request.client.remarks),
        referent="",
        dismissal_months=int(table.at("economic_dismissal_months", on)),
        calling_off=quoted.calling_off if quoted else terms_on(on),
        commission=commission,
        business=_business(worker, quoted, table, on) if quoted else None,
    )


def amounts_of(*, request: Request, times: int, quoted: Quoted | None = None) -> dict[str, int]:
    """What each kind of promise counts: minutes of work in all, cents an hour, cents of a visit, shares."""
    hourly, price = (quoted.hourly_price, quoted.price) if quoted else (request.hourly_price, 0)
    return {
        "work": request.minutes * times,
        "price": hourly,
        "travel": request.travel_fee,
        "wage": request.hourly_wage,
        "fee": hourly,
        "whole_fee": 0 if hourly else price,
        "commission": as_share(quoted.commission) if quoted else 0,
    }


def quoted_by(*, quote: SupplierQuote) -> Quoted:
    number, rate = quote.document.number, as_rate(quote.commission)
    terms = terms_of(quote.calling_off)
    return Quoted(quote.hourly_price, quote.price, rate, quote.valid_until, terms, number)


def _of_tariff(request: Request, on: date) -> tuple[int, int]:
    """Minutes billed at least, and the tax credit of one visit in cents."""
    price = quote(client=request.client, activity=request.activity, minutes=request.minutes, on=on)
    return price.minimum_minutes, price.price.credit


def _business(worker: Person, quoted: Quoted, table: FigureTable, on: date) -> Business:
    """Raises Refused("not_a_supplier") for somebody who does not work on their own account."""
    supplier = people.supplier(person=worker.id)
    if supplier is None:
        raise Refused("not_a_supplier", {"name": worker.full_name})
    shown = Paper.objects.filter(person=worker, kind=Paper.Kind.INSURANCE).order_by("-checked_on", "-id").first()
    until = f", jusqu’au {shown.valid_to:%d/%m/%Y}" if shown and shown.valid_to else ""
    return Business(
        siret=supplier.siret,
        trade_name=supplier.trade_name,
        vat_mention=_vat_mention(supplier, table, on),
        insurance=f"Responsabilité civile professionnelle{until}" if shown else "",
        quote=quoted.number,
        valid_until=quoted.valid_until,
    )


def _vat_mention(supplier: Supplier, table: FigureTable, on: date) -> str:
    if supplier.vat == Supplier.Vat.FRANCHISE:
        return figures.mention(key="vat_franchise", day=on)
    rate = f"{(table.at(f'vat_{supplier.vat}_rate', on) * 100).normalize():f}".replace(".", ",")
    return f"TVA de {rate} % comprise, numéro {supplier.vat_number}."


def _rhythm(days: Sequence[datetime]) -> str:
    if len(days) == 1:
        return ""
    names = " et ".join(f"le {WEEKDAYS[number]}" for number in sorted({day.weekday() for day in days}))
    return f"{len(days)} fois, {names}, du {_day(days[0])} au {_day(days[-1])}"


def _day(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y}"


def _body(request: Request) -> Body:
    organisation, legal = request.organisation, legal_identity()
    if legal is None:
        return Body(name=organisation.name, town=organisation.town, phone=organisation.phone)
    sap = f"{legal.sap_number} du {legal.sap_date:%d/%m/%Y}" if legal.sap_number and legal.sap_date else ""
    return Body(
        name=organisation.name,
        town=legal.town or organisation.town,
        phone=organisation.phone,
        street=legal.street,
        postcode=legal.postcode,
        siret=legal.siret,
        legal=legal.legal_name,
        collective_agreement=legal.collective_agreement,
        insurer=legal.insurer,
        signatory=legal.signatory,
        sap=sap,
    )


def _someone(person: Person, request: Request | None) -> Someone:
    """As documents name them; a client's address is where the job is."""
    place = request.listing.place if request else person.place
    nir = Paper.objects.filter(person=person, kind=Paper.Kind.NIR).order_by("-checked_on").first()
    return Someone(
        name=person.called if request else person.full_name,
        kind=person.kind,
        street=request.listing.street if request else person.street,
        postcode=place.postcode if place else "",
        town=place.name if place else "",
        phone=_phone(person.id),
        born=f"Né(e) le {person.birth_date:%d/%m/%Y}" if person.birth_date else "",
        nir=nir.number if nir else "",
    )


def _phone(person: UUID) -> str:
    phones = ContactPoint.objects.filter(person_id=person, kind=ContactPoint.Kind.PHONE).order_by("id")
    return phones.values_list("value", flat=True).first() or ""
