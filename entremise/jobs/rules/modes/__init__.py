"""Work modes: what a yes leads to. The mode decides who comes, who signs and promises what, which rules stand in the
way, how the price is made and where it goes, and which documents there are.

Adding a mode: a folder here with a `Mode`, one line in `registry`, its typst templates. Nothing else asks which mode
it is: everybody else reads what the `Mode` says.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from entremise.figures.rules import FigureTable
from entremise.jobs.rules.calling_off import Terms
from entremise.jobs.rules.limits import Block, Limits, PapersRule, PersonRule, Site
from entremise.jobs.rules.need import JobNeed
from entremise.kernel.act import Role


@dataclass(frozen=True)
class Body:
    """The organisation as documents name it."""

    name: str
    town: str
    phone: str
    street: str = ""
    postcode: str = ""
    siret: str = ""
    legal: str = ""
    collective_agreement: str = ""
    insurer: str = ""
    signatory: str = ""
    sap: str = ""  # Number and date of the personal services declaration, as it is printed.


@dataclass(frozen=True)
class Someone:
    """A client or a worker as documents name them. born and nir: empty unless the document needs them."""

    name: str
    kind: str
    street: str
    postcode: str
    town: str
    phone: str = ""
    born: str = ""
    nir: str = ""


@dataclass(frozen=True)
class Quoted:
    """What somebody who works on their own account asks: cents an hour (nothing for a whole price), cents of one visit,
    taxes included. commission: the organisation's part of it, a fraction. calling_off: what the quote says of visits
    that do not take place, nothing of one from before it did. number: of the quote, once it has one.
    """

    hourly_price: int
    price: int
    commission: Decimal
    valid_until: date
    calling_off: Terms | None
    number: str = ""


@dataclass(frozen=True)
class Business:
    """What documents say beyond the name of somebody who works on their own account. quote: the number of theirs."""

    siret: str
    trade_name: str
    vat_mention: str
    insurance: str
    quote: str
    valid_until: date


@dataclass(frozen=True)
class Deal:
    """What was agreed, in plain values. Prices and wages in cents an hour, times in minutes, moments local.

    visits: start and end of each, in order. minutes, price, tax_credit and split: of one visit. hourly_price: nothing
    when a whole price was agreed. holiday: what compensates paid holidays, an hour, at holiday_rate. rhythm: the days
    in words, when there are several. calling_off: nothing where the papers do not speak of it. commission: what the
    organisation keeps of the price, a fraction.
    """

    number: int
    title: str
    tasks: tuple[str, ...]
    body: Body
    client: Someone
    worker: Someone
    visits: tuple[tuple[datetime, datetime], ...]
    rhythm: str
    minutes: int
    hourly_price: int
    hourly_wage: int
    holiday: int
    holiday_rate: Decimal
    travel_fee: int
    minimum_minutes: int
    price: int
    tax_credit: int
    split: tuple[tuple[str, int], ...]
    equipment: str
    access: str
    referent: str
    dismissal_months: int
    calling_off: Terms | None
    commission: Decimal = Decimal(0)
    business: Business | None = None

    @property
    def starts(self) -> datetime:
        return self.visits[0][0]

    @property
    def ends(self) -> datetime:
        return self.visits[0][1]

    @property
    def last_day(self) -> date:
        return self.visits[-1][0].date()


Data = Mapping[str, object]


@dataclass(frozen=True)
class Paper:
    """A document that a party of the agreement signs: its kind, number series, template, and data from the deal."""

    role: str
    kind: str
    prefix: str
    template: str
    data: Callable[[Deal], Data]


@dataclass(frozen=True)
class Checks:
    """The rules that stand in the way of a job: whoever goes, of whoever goes, and of their papers on a day.

    in_twos: an activity may ask that nobody does it alone the first time.
    """

    site: Callable[[JobNeed, Site, Limits, ZoneInfo, datetime], tuple[Block, ...]]
    person: PersonRule
    papers: PapersRule
    in_twos: bool


@dataclass(frozen=True)
class Priced:
    """One visit at its price, in cents; wage: hourly, gross. commission: a fraction."""

    price: int
    minutes: int
    wage: int
    commission: Decimal
    on: date


Share = tuple[str, int]


@dataclass(frozen=True)
class Mode:
    """comes: the role of whoever does the work, and the name of their party. parties: role → must sign. signed: the
    parties who have signed by the yes itself. promises: kind → (giver, taker, asset). order: told to whoever comes,
    not signed. pricing: by the organisation's tariff, or by a quote of whoever comes. shares: where the price goes,
    by code, adding up to it; nothing when it cannot be told. quote: what the client reads before they accept one.
    """

    code: str
    comes: Role
    parties: Mapping[str, bool]
    signed: tuple[str, ...]
    promises: Mapping[str, tuple[str, str, str]]
    papers: tuple[Paper, ...]
    order: Paper
    checks: Checks
    pricing: Literal["tariff", "quote"]
    shares: Callable[[Priced, FigureTable], tuple[Share, ...]]
    quote: Paper | None = None

    @property
    def by_quote(self) -> bool:
        return self.pricing == "quote"

    @property
    def employs(self) -> bool:
        """Whoever comes is paid a wage: what labour law counts of them."""
        return "wage" in self.promises

    @property
    def owed_to_who_comes(self) -> bool:
        """What the client owes is owed to whoever comes, who alone forgoes it."""
        return any(giver == "client" and taker == self.comes.value for giver, taker, _ in self.promises.values())
