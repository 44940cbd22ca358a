from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from entremise.figures import queries as figures
from entremise.jobs.models import Activity, Tariff
from entremise.jobs.rules import pricing
from entremise.jobs.rules.need import ClientKind
from entremise.kernel.money import share
from entremise.kernel.refused import Refused
from entremise.people.models import Person
from entremise.settlement.rules.employer import split_of
from entremise.settlement.rules.price import PriceSplit
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


def quote(*, client: Person | None, activity: Activity, minutes: int, on: date) -> Quote:
    """The price of one visit. A caller nobody knows yet counts as an individual.

    Raises Refused("no_tariff") when the organisation has set no price for this.
    """
    kind = ClientKind(client.kind) if client else ClientKind.INDIVIDUAL
    tariff = tariff_for(activity=activity, client_kind=kind.value, on=on)
    table = figures.table()
    price = pricing.price(
        pricing.Tariff(
            hourly=tariff.hourly_price,
            minimum_minutes=tariff.minimum_minutes,
            travel=tariff.travel_fee,
            personal_service=activity.personal_service and _declared(on),
        ),
        minutes=minutes,
        client_kind=kind,
        credit_rate=table.at("home_service_credit_rate", on),
    )
    wage = wage_on(tariff, on)
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


def _declared(on: date) -> bool:
    """Without its declaration the organisation's services open no tax credit (C. trav. L7232-1-1)."""
    legal = legal_identity()
    return bool(legal and legal.sap_number and legal.sap_date and legal.sap_date <= on)


def wage_on(tariff: Tariff, on: date) -> int:
    """The hourly wage of a tariff, never below the legal minimum of the day."""
    return max(tariff.hourly_wage, minimum_on(on))


def minimum_on(on: date) -> int:
    """The legal minimum wage of an hour, in cents."""
    return int(figures.table().at("smic_hourly", on) * Decimal(100))


def check_covers(*, tariff: Tariff, on: date) -> None:
    """Raises Refused("price_below_cost") when an hour at this price would not even pay its own work on that day."""
    wage, price = wage_on(tariff, on), tariff.hourly_price
    try:
        split_of(client_price=price, minutes=60, hourly_gross=wage, figures=figures.table(), day=on)
    except Refused as refused:
        refused.where = "hourly_price"
        raise


def tariff_for(*, activity: Activity, client_kind: str, on: date) -> Tariff:
    """The most particular tariff in force: for this activity and kind of client, for one of them, or for all."""
    rows = Tariff.objects.filter(
        Q(activity=activity) | Q(activity__isnull=True),
        Q(client_kind=client_kind) | Q(client_kind=""),
        valid_from__lte=on,
    )
    best = max(rows, key=lambda t: (t.activity_id is not None, bool(t.client_kind), t.valid_from), default=None)
    if best is None:
        raise Refused("no_tariff", {"activity": activity.name})
    return best
