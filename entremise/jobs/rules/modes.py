"""Work modes: what a yes leads to. The mode decides who signs what, who promises what and which documents are made.

Adding a mode: a `Mode` in a module of its own beside placement_fr, one line in `entremise.jobs.rules.registry`,
its typst templates. Nothing else asks which mode it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from entremise.jobs.rules.calling_off import Terms


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
class Deal:
    """What was agreed, in plain values. Prices and wages in cents an hour, times in minutes, moments local.

    visits: start and end of each, in order. minutes, price, tax_credit and split: of one visit. holiday: what
    compensates paid holidays, an hour, at holiday_rate. rhythm: the days in words, when there are several.
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
    calling_off: Terms

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
class Mode:
    """parties: role → must sign. promises: kind → (giver, taker, asset). order: told to the worker, not signed."""

    code: str
    parties: Mapping[str, bool]
    promises: Mapping[str, tuple[str, str, str]]
    papers: tuple[Paper, ...]
    order: Paper
