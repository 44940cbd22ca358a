"""What the organisation set: activities, tariffs, territory, figures."""

from dataclasses import dataclass
from datetime import date

from entremise.figures import queries as figures_of
from entremise.figures.models import Figure, Override
from entremise.figures.rules import Holiday
from entremise.jobs.models import Activity, Tariff, TerritoryPlace
from entremise.jobs.queries.prices import minimum_on
from entremise.kernel.refused import Refused
from entremise.people.models import Place
from entremise.tenancy.models import LegalIdentity
from entremise.tenancy.queries import legal_identity

POLICY = "choix de l’organisation"


@dataclass(frozen=True)
class Everything:
    activities: list[Activity]
    tariffs: list[Tariff]  # In force, then to come, then replaced.
    territory: list[Place]
    legal: LegalIdentity | None
    minimum: int  # Cents an hour that every wage is raised to; 0 where no figures are loaded.


def everything(*, on: date) -> Everything:
    tariffs = Tariff.objects.select_related("activity").order_by("activity__position", "client_kind", "-valid_from")
    places = TerritoryPlace.objects.select_related("place").order_by("place__name", "place__postcode")
    return Everything(
        activities=list(Activity.objects.order_by("position", "name")),
        tariffs=list(tariffs),
        territory=[row.place for row in places],
        legal=legal_identity(),
        minimum=_minimum(on),
    )


def _minimum(on: date) -> int:
    try:
        return minimum_on(on)
    except Refused:
        return 0


@dataclass(frozen=True)
class FigureRow:
    """A figure in force; own: what the organisation put in its place."""

    figure: Figure
    own: Override | None


@dataclass(frozen=True)
class Figures:
    """policy: what each organisation chooses for itself. law: set by law. holidays: the public ones, with the next day
    of each, in order. to_check: of the law, not verified yet.
    """

    policy: list[FigureRow]
    law: list[FigureRow]
    holidays: list[tuple[Holiday, date]]
    to_check: int


def _next(holiday: Holiday, on: date) -> date:
    return min(day for year in (on.year, on.year + 1) if (day := holiday.on(year)) >= on)


def figures(*, on: date) -> Figures:
    """The rows in force that day. Two queries."""
    own: dict[str, Override] = {}
    for row in figures_of.overrides():
        if row.valid_from <= on and (row.valid_to is None or on <= row.valid_to):
            own.setdefault(row.key, row)
    rows = [
        FigureRow(figure, own.get(figure.key))
        for figure in Figure.objects.filter(country="FR", valid_from__lte=on).order_by("key", "-valid_from")
        if figure.valid_to is None or on <= figure.valid_to
    ]
    law = [row for row in rows if row.figure.source != POLICY]
    holidays = [(one, _next(one, on)) for one in figures_of.holidays()]
    return Figures(
        policy=[row for row in rows if row.figure.source == POLICY],
        law=sorted(law, key=lambda row: (row.figure.verified, row.figure.key)),
        holidays=sorted(holidays, key=lambda row: row[1]),
        to_check=sum(not row.figure.verified for row in law) + sum(not one.verified for one, _day in holidays),
    )
