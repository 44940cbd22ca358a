from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from entremise.figures import queries as figures
from entremise.figures.rules import FigureTable
from entremise.jobs.models import Activity, Tariff
from entremise.jobs.rules import pricing
from entremise.jobs.rules.need import ClientKind
from entremise.kernel.money import share
from entremise.kernel.refused import Refused
from entremise.people.models import Person
from entremise.settlement.rules.employer import split_of
from entremise.settlement.rules.price import PriceSplit
from entremise.tenancy.models import LegalIdentity
from entremise.tenancy.queries import legal_identity


@dataclass(frozen=True)
class Quote:
    """What a job costs, before anybody agrees. Cents; wage is the hourly gross, holiday its tenth.

    split: where each euro goes, adding up to price.total.
    """

    activity: Activity
    minutes: int
    hourly: int
    wage: int
    holiday: int
    travel_fee: int
    minimum_minutes: int
    price: pricing.Price
    split: PriceSplit


@dataclass(frozen=True)
class Basis:
    """All that prices are worked out from, read once for many of them."""

    tariffs: Sequence[Tariff]
    figures: FigureTable
    legal: LegalIdentity | None


def price_basis() -> Basis:
    return Basis(list(Tariff.objects.all()), figures.table(), legal_identity())


def quote(*, client: Person | None, activity: Activity, minutes: int, on: date, basis: Basis | None = None) -> Quote:
    """The price of one visit. A caller nobody knows yet counts as an individual. basis: when it is read already.

    Raises Refused("no_tariff") when the organisation has set no price for this.
    """
    kind = ClientKind(client.kind) if client else ClientKind.INDIVIDUAL
    basis = basis or price_basis()
    tariff, table = tariff_for(activity=activity, client_kind=kind.value, on=on, tariffs=basis.tariffs), basis.figures
    price = pricing.price(
        pricing.Tariff(
            hourly=tariff.hourly_price,
            minimum_minutes=tariff.minimum_minutes,
            travel=tariff.travel_fee,
            personal_service=activity.personal_service and _declared(basis.legal, on),
        ),
        minutes=minutes,
        client_kind=kind,
        credit_rate=table.at("home_service_credit_rate", on),
    )
    wage = wage_on(tariff, on, table)
    split = split_of(client_price=price.total, minutes=minutes, hourly_gross=wage, figures=table, day=on)
    return Quote(
        activity=activity,
        minutes=minutes,
        hourly=tariff.hourly_price,
        wage=wage,
        holiday=share(wage, table.at("usage_contract_holiday_share", on)),
        travel_fee=tariff.travel_fee,
        minimum_minutes=tariff.minimum_minutes,
        price=price,
        split=split,
    )


def _declared(legal: LegalIdentity | None, on: date) -> bool:
    """Without its declaration the organisation's services open no tax credit (C. trav. L7232-1-1)."""
    return bool(legal and legal.sap_number and legal.sap_date and legal.sap_date <= on)


def wage_on(tariff: Tariff, on: date, table: FigureTable) -> int:
    """The hourly wage of a tariff, never below the legal minimum of the day."""
    return max(tariff.hourly_wage, minimum_on(on, table))


def minimum_on(on: date, table: FigureTable | None = None) -> int:
    """The legal minimum wage of an hour, in cents."""
    return int((table or figures.table()).at("smic_hourly", on) * Decimal(100))


def check_covers(*, tariff: Tariff, on: date) -> None:
    """Raises Refused("price_below_cost") when an hour at this price would not even pay its own work on that day."""
    table = figures.table()
    wage, price = wage_on(tariff, on, table), tariff.hourly_price
    try:
        split_of(client_price=price, minutes=60, hourly_gross=wage, figures=table, day=on)
    except Refused as refused:
        refused.where = "hourly_price"
        raise


def tariff_for(*, activity: Activity, client_kind: str, on: date, tariffs: Sequence[Tariff] | None = None) -> Tariff:
    """The most particular tariff in force: for this activity and kind of client, for one of them, or for all.

    tariffs: when they are read already. Raises Refused("no_tariff").
    """
    rows = [
        one
        for one in (Tariff.objects.all() if tariffs is None else tariffs)
        if one.activity_id in (activity.id, None) and one.client_kind in (client_kind, "") and one.valid_from <= on
    ]
    best = max(rows, key=lambda t: (t.activity_id is not None, bool(t.client_kind), t.valid_from), default=None)
    if best is None:
        raise Refused("no_tariff", {"activity": activity.name})
    return best
