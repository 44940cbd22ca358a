"""A line of a spreadsheet as a person or a commune, every doubtful cell told at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import TypeVar

from entremise.kernel.act import Role
from entremise.kernel.refused import Refused
from entremise.people.rules import typed
from entremise.people.rules.columns import ColumnMap
from entremise.people.rules.identity import Traits
from entremise.people.rules.names import Name, cased, split_name, title_of
from entremise.people.rules.preview import Reason

T = TypeVar("T")

# What other rooms make of a person's line: hours and skills for jobs, the account for payments, the rest for papers.
EXTRAS = ("hours_wanted", "skills", "travel", "iban", "birth_name", "birth_place", "nationality")
WORKERS_ONLY = ("hours_wanted", "skills", "pass_number", "nir")
LONGEST_NAME = 60  # Of a line, in a list of outcomes.


@dataclass(frozen=True)
class PaperLine:
    kind: str
    number: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class PersonLine:
    """bad: why the line cannot be taken, empty when it can. notes: what to look at although it can."""

    name: Name
    kind: str = "individual"
    birth_date: date | None = None
    phones: tuple[str, ...] = ()
    phone_label: str = ""
    email: str = ""
    street: str = ""
    postcode: str = ""
    town: str = ""
    remarks: tuple[str, ...] = ()
    prefers_call: bool = False
    number: str = ""
    roles: frozenset[Role] = frozenset()
    papers: tuple[PaperLine, ...] = ()
    extras: dict[str, str] = field(default_factory=dict)
    bad: tuple[Reason, ...] = ()
    notes: tuple[Reason, ...] = ()

    @property
    def what(self) -> str:
        return f"{self.name.given} {self.name.family}".strip()[:LONGEST_NAME]

    @property
    def traits(self) -> Traits:
        return Traits(
            family=self.name.family,
            given=self.name.given,
            title=self.name.title,
            birth_name=self.name.birth,
            birth_date=self.birth_date,
            phones=frozenset(self.phones),
            email=self.email,
            address=f"{self.street} {self.postcode} {self.town}" if self.street else "",
            number=self.number,
        )


@dataclass(frozen=True)
class PlaceLine:
    """One commune with one of its postcodes. Degrees, WGS 84."""

    code: str
    postcode: str
    name: str
    latitude: float
    longitude: float
    country: str = "FR"


class _Cells:
    """The cells of one line; what is not understood is collected, not raised."""

    def __init__(self, columns: ColumnMap, cells: Sequence[str]) -> None:
        self.columns, self.cells = columns, cells
        self.bad: list[Reason] = []
        self.read(lambda: columns.check(cells), None)

    def text(self, field: str) -> str:
        return self.columns.value(self.cells, field)

    def texts(self, field: str) -> tuple[str, ...]:
        return self.columns.values(self.cells, field)

    def read(self, understand: Callable[[], T], otherwise: T) -> T:
        try:
            return understand()
        except Refused as refused:
            self.bad.append(Reason.of(refused))
            return otherwise

    def filled(self, field: str, understand: Callable[[str], T], otherwise: T) -> T:
        text = self.text(field)
        return self.read(lambda: understand(text), otherwise) if text else otherwise


def read_person(columns: ColumnMap, cells: Sequence[str], *, today: date, role: Role | None = None) -> PersonLine:
    """One line of a list of people. role: what they are when neither a column nor a cell says so."""
    line = _Cells(columns, cells)
    name = _name(line)
    phones = [line.read(partial(typed.phones_typed, cell), typed.Phones(())) for cell in line.texts("phone")]
    street, postcode, town = _address(line)
    roles = line.filled("role", typed.roles_typed, frozenset[Role]())
    guess = Role.WORKER if any(line.text(field) for field in WORKERS_ONLY) else Role.CLIENT
    number = line.text("number").removesuffix(".0")
    return PersonLine(
        name=name,
        kind="company" if name.company else "individual",
        birth_date=line.filled("birth_date", lambda text: _day(text, "birth_date", latest=today), None),
        phones=tuple(dict.fromkeys(number for cell in phones for number in cell.numbers)),
        phone_label=next((cell.rest for cell in phones if cell.rest), "")[:40],
        email=line.filled("email", typed.email_typed, ""),
        street=street,
        postcode=postcode,
        town=town,
        remarks=line.texts("remark") + ((name.note,) if name.note else ()),
        prefers_call=line.filled("prefers_call", lambda text: typed.yes_typed(text, where="prefers_call"), False),
        number=number,
        roles=roles or frozenset({role or guess}),
        papers=_papers(line),
        extras={field: ", ".join(line.texts(field)) for field in EXTRAS if line.text(field)}
        | ({"birth_name": name.birth} if name.birth else {}),
        bad=tuple(line.bad),
        notes=() if name.sure else (Reason("name_guessed", {"given": name.given, "family": name.family}, "name"),),
    )


def _name(line: _Cells) -> Name:
    title = title_of(line.text("title"))
    if family := line.text("family_name"):
        given = line.text("given_name")
        merged = line.read(lambda: split_name(family, family_first=True), Name(""))
        if not given and (merged.company or merged.title):
            return merged
        return Name(cased(family), cased(given), title, birth=line.text("birth_name"))
    if full := line.text("full_name"):
        name = line.read(lambda: split_name(full, family_first=line.columns.family_first), Name(""))
        family, given = (name.family, name.given) if name.family else (name.given, "")
        return replace(name, family=family, given=given, title=name.title or title)
    if company := line.text("company"):
        return Name(company, company=True)
    line.bad.append(Reason("name_missing", {}, "family_name"))
    return Name("")


def _address(line: _Cells) -> tuple[str, str, str]:
    street, postcode, town = ", ".join(line.texts("address")), line.text("postcode"), line.text("town")
    if street and not postcode:
        street, postcode, rest = typed.split_address(street)
        town = town or rest
    if not postcode and (found := typed.split_address(town))[1]:
        _, postcode, town = found
    return street, line.read(lambda: typed.postcode_typed(postcode), "") if postcode else "", town


def _papers(line: _Cells) -> tuple[PaperLine, ...]:
    papers = []
    if nir := line.filled("nir", typed.nir_typed, ""):
        papers.append(PaperLine("nir", nir))
    start = line.filled("pass_start", lambda text: _day(text, "pass_start"), None)
    end = line.filled("pass_end", lambda text: _day(text, "pass_end"), None)
    number = line.filled("pass_number", typed.pass_number_typed, "")
    if number or start or end:
        papers.append(PaperLine("pass_iae", number, start, end))
    return tuple(papers)


def _day(text: str, where: str, latest: date | None = None) -> date | None:
    return typed.day_typed(text, where=where, latest=latest)


def read_places(columns: ColumnMap, cells: Sequence[str]) -> tuple[tuple[PlaceLine, ...], tuple[Reason, ...]]:
    """The communes of one line, one for each of its postcodes, and why the line cannot be taken."""
    line = _Cells(columns, cells)
    code = line.read(lambda: typed.insee_typed(line.text("code")), "")
    postcodes = line.filled("postcode", typed.postcodes_typed, tuple[str, ...]())
    if not line.text("postcode"):
        line.bad.append(Reason("postcode_missing", {}, "postcode"))
    if not line.text("name"):
        line.bad.append(Reason("name_missing", {}, "name"))
    if point := line.text("point"):
        latitude, longitude = line.read(lambda: typed.point_typed(point), (0.0, 0.0))
    else:
        latitude = line.read(lambda: typed.coordinate_typed(line.text("latitude"), limit=90, where="latitude"), 0.0)
        longitude = line.read(lambda: typed.coordinate_typed(line.text("longitude"), limit=180, where="longitude"), 0.0)
    places = [PlaceLine(code, postcode, cased(line.text("name")), latitude, longitude) for postcode in postcodes]
    return tuple(places), tuple(line.bad)
