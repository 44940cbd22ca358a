"""What is offered and what it costs, before anybody agrees."""

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from pydantic import Field

from entremise.doors.api.door import asks, found, only
from entremise.doors.api.told import somebody
from entremise.doors.api.types import Chosen, Day, Told, VisitMinutes
from entremise.jobs.models import Activity
from entremise.jobs.queries import calling, listed, prices
from entremise.kernel.act import STAFF


class ActivityTold(Told):
    """A kind of small job. words: as people call it. first_in_twos: a first time is never alone."""

    code: str
    name: str
    name_en: str
    words: list[str]
    offered: bool
    personal_service: bool
    first_in_twos: bool
    equipment: str

    @classmethod
    def of(cls, row: Activity) -> "ActivityTold":
        return cls.drawn(row)


class Activities(Told):
    """Everything that is offered, in the organisation's own order."""

    rows: list[ActivityTold]


class TariffTold(Told):
    """Cents an hour from a day on. activity null, client_kind empty: all. The most particular one in force counts."""

    activity: str | None
    client_kind: str
    hourly_price: int
    hourly_wage: int
    minimum_minutes: int
    travel_fee: int
    valid_from: date


class Tariffs(Told):
    """Every tariff: in force, to come and replaced."""

    rows: list[TariffTold]


class PriceLine(Told):
    """Cents; minutes where the line is made of time."""

    code: Literal["hours", "minimum", "travel"]
    amount: int
    minutes: int


class Split(Told):
    """Where each euro goes, in cents; the four add up to the price."""

    wage_gross: int
    employer_contributions: int
    accompaniment: int
    running: int


class QuoteTold(Told):
    """The price of one visit, in cents. tax_credit: what an individual may hope for; it is never deducted here."""

    activity: str
    minutes: int
    on: date
    hourly_price: int
    hourly_wage: int
    travel_fee: int
    minimum_minutes: int
    lines: list[PriceLine]
    total: int
    tax_credit: int
    split: Split


@asks("/activities", "requests:read", answer=Activities, summary="What is offered")
def list_activities(request: HttpRequest) -> Activities:
    return Activities(rows=[ActivityTold.of(one) for one in calling.offered_activities()])


@asks("/tariffs", "requests:read", answer=Tariffs, summary="What an hour costs, by activity and kind of client")
def list_tariffs(request: HttpRequest) -> Tariffs:
    """For staff; `/quote` tells anybody the price of what they need."""
    only(request, *STAFF)
    return Tariffs(
        rows=[TariffTold.drawn(one, activity=one.activity.code if one.activity else None) for one in listed.tariffs()]
    )


@asks("/quote", "requests:read", answer=QuoteTold, summary="The price of a visit, and where each euro goes")
def read_quote(
    request: HttpRequest,
    activity: Annotated[str, Field(pattern="^[a-z0-9-]{1,40}$", description="Code of an activity.")],
    minutes: VisitMinutes,
    on: Day,
    client: Chosen = None,
) -> QuoteTold:
    """client: whose kind decides the tariff, for themselves and the desk; without, an individual nobody knows yet."""
    row = found(calling.offered_activity(code=activity))
    known = somebody(request, client) if client else None
    given = prices.quote(client=known, activity=row, minutes=minutes, on=on)
    return QuoteTold(
        activity=row.code,
        minutes=minutes,
        on=on,
        hourly_price=given.hourly,
        hourly_wage=given.wage,
        travel_fee=given.travel_fee,
        minimum_minutes=given.minimum_minutes,
        lines=[PriceLine.drawn(line) for line in given.price.lines],
        total=given.price.total,
        tax_credit=given.price.credit,
        split=Split.drawn(given.split),
    )
