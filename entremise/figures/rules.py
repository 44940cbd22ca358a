"""Dated figures and legal mentions, looked up by day. Rows may come from a file, from a table or from a test."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal, Protocol, TypeVar, cast

from dateutil.easter import easter

from entremise.kernel.refused import Refused

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Figure:
    """A number the law or an organisation sets, from `valid_from` to `valid_to`, both days included.

    value: as published (12.31, not 1231); a rate is a fraction (0.069 for 6.9 %).
    unit: `EUR`, `EUR/h`, `rate`, `h`, `months`…
    verified: somebody read it in an official text or in the code of a public service; the screens say so otherwise.
    """

    key: str
    value: Decimal
    unit: str
    valid_from: date
    valid_to: date | None
    source: str
    verified: bool = False
    note: str = ""


@dataclass(frozen=True)
class Mention:
    """A sentence the law wants on a document, with the same validity and proof as a figure."""

    key: str
    text: str
    valid_from: date
    valid_to: date | None
    source: str
    verified: bool = False
    note: str = ""


class Dated(Protocol):
    """What both kinds of row share."""

    @property
    def key(self) -> str: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...
    @property
    def source(self) -> str: ...


Row = TypeVar("Row", bound=Dated)


@dataclass(frozen=True)
class Holiday:
    """A public holiday: a day of every year (`day`, month and day), or so many days after Easter Sunday.

    verified: as a figure is.
    """

    code: str
    day: tuple[int, int] | None
    after_easter: int
    valid_from: date
    source: str
    verified: bool = False

    def on(self, year: int) -> date:
        if self.day:
            return date(year, *self.day)
        return easter(year) + timedelta(days=self.after_easter)


class FigureTable:
    """Figures by key and day. An organisation's own rows win on the days they cover."""

    def __init__(self, figures: Iterable[Figure], overrides: Iterable[Figure] = ()) -> None:
        self._layers = [_by_key(overrides), _by_key(figures)]
        self._lasting: FigureTable | None = None

    def figure(self, key: str, day: date) -> Figure:
        """The row in force. Raises Refused("figure_missing") when no row of `key` covers `day`."""
        for layer in self._layers:
            for row in reversed(layer.get(key, ())):
                if covers(row, day):
                    return row
        raise Refused("figure_missing", {"key": key, "day": day})

    def at(self, key: str, day: date) -> Decimal:
        """The value in force, in the unit of its row. Raises as `figure` does."""
        return self.figure(key, day).value

    def lasting(self) -> "FigureTable":
        """The same where the last row of the law goes on: to estimate a day whose law is not written yet."""
        if self._lasting is None:
            longer = FigureTable(())
            own, shared = self._layers
            longer._layers = [
                own,
                {key: [*rows[:-1], replace(rows[-1], valid_to=None)] for key, rows in shared.items()},
            ]
            self._lasting = longer
        return self._lasting


def mention_at(mentions: Iterable[Mention], key: str, day: date) -> Mention:
    """The mention in force. Raises Refused("figure_missing") when no row of `key` covers `day`."""
    for row in mentions:
        if row.key == key and covers(row, day):
            return row
    raise Refused("figure_missing", {"key": key, "day": day})


def covers(row: Dated, day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)


@dataclass(frozen=True)
class Problem:
    """What is wrong with the rows of a key, and from which day."""

    key: str
    kind: Literal["overlap", "gap", "backwards", "no_source"]
    day: date


def problems(rows: Iterable[Dated]) -> list[Problem]:
    """Rows that overlap, days between two rows that none covers, rows that end before they start or cite nothing."""
    found: list[Problem] = []
    for key, series in _by_key(rows).items():
        for row in series:
            if not row.source.strip():
                found.append(Problem(key, "no_source", row.valid_from))
            if row.valid_to is not None and row.valid_to < row.valid_from:
                found.append(Problem(key, "backwards", row.valid_from))
        for before, after in pairwise(series):
            if before.valid_to is None or before.valid_to >= after.valid_from:
                found.append(Problem(key, "overlap", after.valid_from))
            elif before.valid_to + ONE_DAY < after.valid_from:
                found.append(Problem(key, "gap", before.valid_to + ONE_DAY))
    return found


def parse_toml(text: str) -> list[Figure]:
    """The `[figures.<key>]` tables of a data file, in file order.

    A table gives `unit` and its `rows` (`from`, `value`, optional `to`); `source`, `verified` and `note` stand on the
    row or, for all rows, on the table. A row without `to` lasts until the next one of its key begins.
    """
    document = tomllib.loads(text, parse_float=Decimal)
    return [
        Figure(
            key=key,
            value=Decimal(row["value"]),
            unit=row["unit"],
            valid_from=row["from"],
            valid_to=row["to"],
            source=row["source"],
            verified=row["verified"],
            note=row["note"],
        )
        for key, row in _rows(document.get("figures", {}))
    ]


def parse_mentions(text: str) -> list[Mention]:
    """The `[mentions.<key>]` tables of a data file, laid out as figures are, with `text` in place of a value."""
    document = tomllib.loads(text)
    return [
        Mention(
            key=key,
            text=row["text"],
            valid_from=row["from"],
            valid_to=row["to"],
            source=row["source"],
            verified=row["verified"],
            note=row["note"],
        )
        for key, row in _rows(document.get("mentions", {}))
    ]


def parse_holidays(text: str) -> list[Holiday]:
    """The `[holidays.<code>]` tables of a data file."""
    return [
        Holiday(
            code=code,
            day=(int(row["day"][:2]), int(row["day"][3:])) if "day" in row else None,
            after_easter=row.get("after_easter", 0),
            valid_from=row["from"],
            source=row["source"],
            verified=row.get("verified", False),
        )
        for code, row in tomllib.loads(text)["holidays"].items()
    ]


def holidays_between(holidays: Iterable[Holiday], first: date, last: date) -> dict[date, str]:
    """The public holidays from `first` to `last`, both included, by day."""
    found = {}
    for holiday in holidays:
        for year in range(first.year, last.year + 1):
            if first <= (day := holiday.on(year)) <= last and day >= holiday.valid_from:
                found[day] = holiday.code
    return found


def _rows(tables: dict[str, dict[str, object]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each row completed with what its table says once for all and with the day it ends."""
    for key, table in tables.items():
        shared = {name: value for name, value in table.items() if name != "rows"}
        series = sorted(cast(list[dict[str, Any]], table["rows"]), key=lambda row: row["from"])
        ends = [row["from"] - ONE_DAY for row in series[1:]] + [None]
        for row, end in zip(series, ends, strict=True):
            yield key, {"source": "", "verified": False, "note": "", "to": end, **shared, **row}


def _by_key(rows: Iterable[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: row.valid_from):
        grouped.setdefault(row.key, []).append(row)
    return grouped
