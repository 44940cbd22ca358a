from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from entremise.kernel.money import for_minutes, half_up, split
from entremise.kernel.time import Period

# What somebody earns, owes or sells: not for everybody who may read other papers.
OF_MONEY = frozenset(
    {
        "invoice",
        "credit_note",
        "payslip",
        "supplier_invoice",
        "supplier_statement",
        "fund_statement",
        "tax_certificate",
        "care_statement",
    }
)


@dataclass(frozen=True)
class Party:
    """Who sells or buys, by the name people know. A person has neither `siret` nor `vat`.

    legal: the registered name, printed under the other, when it differs.
    """

    name: str
    street: str
    postcode: str
    city: str
    country: str = "FR"
    siret: str = ""
    vat: str = ""
    phone: str = ""
    email: str = ""
    legal: str = ""

    @property
    def registered(self) -> str:
        return self.legal or self.name

    @property
    def siren(self) -> str:
        return self.siret[:9]


@dataclass(frozen=True)
class InvoiceLine:
    """Work done on a day, priced by the hour; or `units` of something (« 40 sacs »), each at a price; or, without
    both, one thing at its price (a trip, a tool).

    unit_price: cents an hour, or cents. vat_rate: of this line; None for that of its invoice. goods: no service.
    """

    label: str
    on: date
    unit_price: int
    minutes: int | None = None
    worker: str = ""
    units: int | None = None
    unit: str = ""
    vat_rate: Decimal | None = None
    goods: bool = False

    @property
    def amount(self) -> int:
        if self.units is not None:
            return self.units * self.unit_price
        return self.unit_price if self.minutes is None else for_minutes(self.unit_price, self.minutes)


@dataclass(frozen=True)
class Exemption:
    """Why no VAT is due: the sentence printed, and its code in the VATEX list."""

    text: str
    code: str


@dataclass(frozen=True)
class Mention:
    """A sentence the law wants on the invoice. subject: its UNTDID 4451 code (PMT, PMD, AAB, REG), or empty."""

    text: str
    subject: str = ""


@dataclass(frozen=True)
class Corrected:
    """The invoice that a credit note takes back."""

    number: str
    on: date


@dataclass(frozen=True)
class Part:
    """Where a part of the price goes, in cents."""

    label: str
    amount: int


@dataclass(frozen=True)
class Tax:
    """What an invoice has at one rate of VAT, cents. rate: a fraction."""

    rate: Decimal
    net: int
    vat: int


@dataclass(frozen=True)
class InvoiceData:
    """An invoice, or with `corrects` a credit note: amounts stay positive in both. All in euro cents, taxes included.

    vat_rate: a fraction, of every line that names none of its own. exemption: why a line bears none, if one does.
    split: the receipt « Où va l’argent », empty or adding up to the total. tax_credit: what the buyer may get back.
    reference: what the buyer writes on the transfer. title: what it is about, where that needs saying.
    payers: what others pay of it, by their names.
    """

    number: str
    issued_on: date
    due_on: date
    seller: Party
    buyer: Party
    lines: tuple[InvoiceLine, ...]
    exemption: Exemption | None
    terms: str
    reference: str
    period: Period
    iban: str = ""
    bic: str = ""
    mentions: tuple[Mention, ...] = ()
    prepaid: int = 0
    tax_credit: int = 0
    split: tuple[Part, ...] = ()
    corrects: Corrected | None = None
    vat_rate: Decimal = Decimal(0)
    payers: tuple[Part, ...] = ()
    title: str = ""

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError("an invoice has at least one line")
        if all(self.rate_of(line) for line in self.lines) == bool(self.exemption):
            raise ValueError("an invoice has VAT, or says why it has none")
        if any(line.amount < 0 for line in self.lines):
            raise ValueError("an amount to give back is a credit note, not a negative line")
        if not 0 <= self.prepaid <= self.total or not 0 <= self.tax_credit <= self.total:
            raise ValueError("what is paid or credited lies between nothing and the total")
        if self.prepaid + self.paid_by_others > self.total or any(part.amount < 0 for part in self.payers):
            raise ValueError("others pay of an invoice what is left of it at most")
        if self.split and sum(part.amount for part in self.split) != self.total:
            raise ValueError(f"the split does not add up to {self.total}")

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def paid_by_others(self) -> int:
        return sum(part.amount for part in self.payers)

    @property
    def due(self) -> int:
        """By the buyer."""
        return self.total - self.prepaid - self.paid_by_others

    def rate_of(self, line: InvoiceLine) -> Decimal:
        return self.vat_rate if line.vat_rate is None else line.vat_rate

    @property
    def taxes(self) -> list[Tax]:
        """By rate, the highest first: net and VAT of each add up to what its lines cost, to the cent."""
        sums: Counter[Decimal] = Counter()
        for line in self.lines:
            sums[self.rate_of(line)] += line.amount
        nets = {rate: half_up(Decimal(amount) / (1 + rate)) for rate, amount in sums.items()}
        return [Tax(rate, nets[rate], sums[rate] - nets[rate]) for rate in sorted(sums, reverse=True)]

    @property
    def net(self) -> int:
        """Without VAT."""
        return sum(tax.net for tax in self.taxes)

    @property
    def vat(self) -> int:
        return self.total - self.net

    @property
    def net_lines(self) -> list[int]:
        """Each line without VAT, in their order; those of a rate add up to its net exactly."""
        nets = [line.amount for line in self.lines]
        for tax in self.taxes:
            places = [place for place, line in enumerate(self.lines) if self.rate_of(line) == tax.rate]
            if tax.rate and any(nets[place] for place in places):
                parts = split(tax.net, [nets[place] for place in places])
                for place, part in zip(places, parts, strict=True):
                    nets[place] = part
        return nets

    @property
    def vat_lines(self) -> list[int]:
        """The VAT in each line, in their order."""
        return [line.amount - net for line, net in zip(self.lines, self.net_lines, strict=True)]


def invoice_to_json(invoice: InvoiceData) -> dict[str, object]:
    """The invoice as plain values, days in ISO form: what the archive freezes."""
    return {key: _plain(value) for key, value in asdict(invoice).items()}


def invoice_from_json(data: Mapping[str, Any]) -> InvoiceData:
    """The invoice that `invoice_to_json` froze. Raises KeyError or ValueError when the data are something else."""
    corrects = data["corrects"]
    simple = {"number", "terms", "reference", "iban", "bic", "prepaid", "tax_credit"}
    return InvoiceData(
        **{key: data[key] for key in simple},
        issued_on=date.fromisoformat(data["issued_on"]),
        due_on=date.fromisoformat(data["due_on"]),
        seller=Party(**data["seller"]),
        buyer=Party(**data["buyer"]),
        lines=tuple(_line(line) for line in data["lines"]),
        exemption=Exemption(**data["exemption"]) if data["exemption"] else None,
        vat_rate=Decimal(data.get("vat_rate", "0")),  # Invoices of the first months say nothing of it: they had none.
        period=Period(**{key: date.fromisoformat(day) for key, day in data["period"].items()}),
        mentions=tuple(Mention(**mention) for mention in data["mentions"]),
        split=tuple(Part(**part) for part in data["split"]),
        payers=tuple(Part(**part) for part in data.get("payers", ())),  # Nobody paid for others at first.
        title=data.get("title", ""),
        corrects=corrects and Corrected(corrects["number"], date.fromisoformat(corrects["on"])),
    )


def _line(data: Mapping[str, Any]) -> InvoiceLine:
    rate = data.get("vat_rate")  # And units: no line had its own before goods were sold.
    own = {"on": date.fromisoformat(data["on"]), "vat_rate": None if rate is None else Decimal(rate)}
    return InvoiceLine(**{**data, **own})


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
