from datetime import date
from functools import cache
from importlib.resources import files
from uuid import UUID

from entremise.figures import rules
from entremise.figures.models import Figure, Override
from entremise.tenancy import scope

REMEMBERED = "figures {}"  # What a door calls the table of a country that it has read.
# country → the newest row when they were read, and the rows. `load` gives a changed row a new id, and ids grow with
# time, so one look at the newest tells whether this process still knows them all.
_shared: dict[str, tuple[UUID | None, rules.FigureTable, tuple[rules.Figure, ...]]] = {}


def table(*, country: str = "FR") -> rules.FigureTable:
    """The figures of a country, with what the organisation in force has decided otherwise.

    Two queries when warm, once for each door.
    """
    return scope.once(REMEMBERED.format(country), lambda: _table(country))


def _table(country: str) -> rules.FigureTable:
    shared, figures = _of_country(country)
    overrides = [_figure(row) for row in Override.objects.order_by("id")]
    return rules.FigureTable(figures, overrides) if overrides else shared


def table_without(*, person: UUID, country: str = "FR") -> rules.FigureTable:
    """The figures as they are without what this person has set. Two queries."""
    figures = _of_country(country)[1]
    return rules.FigureTable(figures, [_figure(row) for row in Override.objects.exclude(set_by=person).order_by("id")])


def mention(*, key: str, day: date) -> str:
    """The sentence that the law wants printed, in force that day. Raises Refused("figure_missing")."""
    return rules.mention_at(_mentions(), key, day).text


def public_holidays(*, first: date, last: date) -> dict[date, str]:
    """The holidays that labour law names, from a day to a day, both included: day → code."""
    return rules.holidays_between(_holidays(), first, last)


def bank_holidays(*, first: date, last: date) -> dict[date, str]:
    """Days of the week on which SEPA debits are not settled, from a day to a day, both included: day → code."""
    return rules.holidays_between(_bank_holidays(), first, last)


def holidays() -> tuple[rules.Holiday, ...]:
    """The rows themselves, with their source."""
    return _holidays()


def _holidays() -> tuple[rules.Holiday, ...]:
    return _holidays_in("holidays_fr.toml")


def _bank_holidays() -> tuple[rules.Holiday, ...]:
    return _holidays_in("target.toml")


@cache
def _holidays_in(name: str) -> tuple[rules.Holiday, ...]:
    data = (files("entremise.figures") / "data" / name).read_text(encoding="utf-8")
    return tuple(rules.parse_holidays(data))


@cache
def _mentions() -> tuple[rules.Mention, ...]:
    data = (files("entremise.figures") / "data" / "fr.toml").read_text(encoding="utf-8")
    return tuple(rules.parse_mentions(data))


def overrides() -> list[Override]:
    """What the organisation has decided for itself, by key, the latest first."""
    return list(Override.objects.order_by("key", "-valid_from", "-id"))


def _of_country(country: str) -> tuple[rules.FigureTable, tuple[rules.Figure, ...]]:
    newest = Figure.objects.order_by("-id").values_list("id", flat=True).first()
    known = _shared.get(country)
    if known is None or known[0] != newest:
        figures = tuple(_figure(row) for row in Figure.objects.filter(country=country))
        known = _shared[country] = (newest, rules.FigureTable(figures), figures)
    return known[1], known[2]


def _figure(row: Figure | Override) -> rules.Figure:
    shared = row if isinstance(row, Figure) else None
    return rules.Figure(
        key=row.key,
        value=row.value,
        unit=row.unit,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.source,
        verified=shared.verified if shared else True,
        note=shared.note if shared else "",
    )
