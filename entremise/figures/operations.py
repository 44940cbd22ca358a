from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from importlib.resources import files

from entremise.figures import rules
from entremise.figures.models import Figure, Override
from entremise.figures.queries import REMEMBERED
from entremise.kernel.act import Act, Role
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.tenancy import scope

MONEY = frozenset({Role.TREASURER, Role.DIRECTOR})  # The table of verbs is in people, above this room.
SMALLEST = Decimal("1e-8")  # What a column holds of a value.


def load_shipped() -> int:
    """Load the figures that come with the program, in figures/data; returns how many rows were new or changed."""
    data = sorted((files("entremise.figures") / "data").iterdir(), key=lambda path: path.name)
    texts = [path.read_text(encoding="utf-8") for path in data if path.name.endswith(".toml")]
    return load(figures=[figure for text in texts for figure in rules.parse_toml(text)])


def load(*, figures: Sequence[rules.Figure], country: str = "FR") -> int:
    """Write shared rows; those already there as they are stay untouched. Returns how many were new or changed."""
    present = {(row.key, row.valid_from): row for row in Figure.objects.filter(country=country)}
    changed = [figure for figure in figures if not _holds(present.get((figure.key, figure.valid_from)), figure)]
    replaced = [present[at].id for figure in changed if (at := (figure.key, figure.valid_from)) in present]
    # Replaced, not updated: a new id tells every process that what it remembers is old (queries.table).
    Figure.objects.filter(id__in=replaced).delete()
    Figure.objects.bulk_create([_row(figure, country) for figure in changed])
    scope.forget(REMEMBERED.format(country))
    return len(changed)


def _holds(row: Figure | None, figure: rules.Figure) -> bool:
    return row is not None and (row.value, row.unit, row.valid_to, row.source, row.verified, row.note) == (
        figure.value.quantize(SMALLEST),
        figure.unit,
        figure.valid_to,
        figure.source,
        figure.verified,
        figure.note,
    )


def _row(figure: rules.Figure, country: str) -> Figure:
    return Figure(
        id=new_id(),
        key=figure.key,
        value=figure.value.quantize(SMALLEST),
        unit=figure.unit,
        valid_from=figure.valid_from,
        valid_to=figure.valid_to,
        source=figure.source,
        verified=figure.verified,
        note=figure.note,
        country=country,
    )


def override(*, act: Act, key: str, value: Decimal, unit: str, valid_from: date, source: str) -> Override:
    """An organisation's own value of a figure, from a day on; said again for the same day, the last word counts.

    value: in `unit`, the one the figure has. History lies above this room: the row itself says who and why. What
    somebody else said stays beneath it, for limits that nobody lifts for themselves (queries.table_without).
    Raises Refused not_allowed, figure_unknown, unit_differs, source_missing.
    """
    if not act.by.roles & MONEY:
        raise Refused("not_allowed", {"verb": "figures.override"})
    shared = Figure.objects.filter(key=key).order_by("-valid_from").first()
    if shared is None:
        raise Refused("figure_unknown", {"key": key}, where="key")
    if shared.unit != unit:
        raise Refused("unit_differs", {"unit": shared.unit}, where="unit")
    if not source.strip():
        raise Refused("source_missing", where="source")
    scope.forget(REMEMBERED.format(shared.country))
    said = {"key": key, "valid_from": valid_from, "set_by": act.by.person}
    Override.objects.filter(**said).delete()  # Not updated: the newest id is the last word.
    return Override.objects.create(**said, value=value, unit=unit, source=source.strip())
