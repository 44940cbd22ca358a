"""A line of a spreadsheet as a request or as hours worked, every doubtful cell told at once."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import TypeVar

from entremise.jobs.rules.reading import Reading
from entremise.jobs.rules.spoken_days import read_when
from entremise.kernel.refused import Refused
from entremise.kernel.words import fold
from entremise.people.rules.columns import ColumnMap
from entremise.people.rules.names import Name, split_name
from entremise.people.rules.preview import Reason
from entremise.people.rules.typed import day_typed, duration_typed, phones_typed, time_typed, yes_typed

T = TypeVar("T")
USUAL_START = time(9)
LONGEST_KEY = 60
_ONCE = ("ponctuel", "ponctuelle", "une fois", "1 fois", "unique", "once", "aucune")


@dataclass(frozen=True)
class Named:
    """Who a line says: their number in the organisation's file, name and telephones, as far as it says them."""

    name: Name
    number: str = ""
    phones: frozenset[str] = frozenset()

    @property
    def empty(self) -> bool:
        return not (self.name.family or self.name.given or self.number or self.phones)

    def __str__(self) -> str:
        return f"{self.name.given} {self.name.family}".strip() or self.number or ", ".join(sorted(self.phones))


@dataclass(frozen=True)
class RequestLine:
    """minutes: of one visit. bad: why the line cannot be taken, empty when it can. notes: what to look at anyway."""

    key: str
    client: Named
    what: str
    day: date
    start: time
    minutes: int
    recurrence: str
    note: str
    street: str
    postcode: str
    town: str
    bad: tuple[Reason, ...]
    notes: tuple[Reason, ...]


@dataclass(frozen=True)
class HoursLine:
    """start: None when the line does not say. client empty: the worker's only mission that day is meant.

    confirmed: the client has agreed, by a signature on the slip or a name in the column « validé par ».
    """

    key: str
    worker: Named
    client: Named
    request: int | None
    what: str
    day: date
    start: time | None
    minutes: int
    confirmed: bool
    bad: tuple[Reason, ...]


class _Cells:
    def __init__(self, columns: ColumnMap, cells: Sequence[str]) -> None:
        self.columns, self.cells = columns, cells
        self.bad: list[Reason] = []
        self.read(lambda: columns.check(cells), None)

    def text(self, field: str) -> str:
        return self.columns.value(self.cells, field)

    def read(self, understand: Callable[[], T], otherwise: T) -> T:
        try:
            return understand()
        except Refused as refused:
            self.bad.append(Reason.of(refused))
            return otherwise

    def filled(self, field: str, understand: Callable[[str], T], otherwise: T) -> T:
        text = self.text(field)
        return self.read(lambda: understand(text), otherwise) if text else otherwise

    def missing(self, field: str) -> None:
        self.bad.append(Reason(f"{field}_missing", {}, field))

    def number(self, field: str) -> str:
        return self.text(field).removesuffix(".0")


def read_request(columns: ColumnMap, cells: Sequence[str], *, today: date) -> RequestLine:
    """One line of a list of requests. A rhythm (« tous les vendredis ») may stand for the day."""
    line = _Cells(columns, cells)
    client = _named(line, "client")
    if client.empty:
        line.missing("client")
    day, recurrence = _when(line, today)
    start, minutes = _hours(line)
    guessed = () if start else (Reason("start_guessed", {"start": f"{USUAL_START:%H:%M}"}, "start"),)
    what, note = line.text("what"), ", ".join(columns.values(cells, "remark"))
    if not what:
        line.missing("what")
    worker = line.text("worker")
    return RequestLine(
        key=_key(line, client, what, day if line.text("day") else "", start, minutes, recurrence),
        client=client,
        what=what,
        day=day or today,
        start=start or USUAL_START,
        minutes=minutes,
        recurrence=recurrence,
        note=", ".join(part for part in (note, f"avec {worker}" if worker else "") if part),
        street=", ".join(columns.values(cells, "address")),
        postcode=line.text("postcode"),
        town=line.text("town"),
        bad=tuple(line.bad),
        notes=guessed,
    )


def read_hours(columns: ColumnMap, cells: Sequence[str], *, today: date) -> HoursLine:
    """One line of a list of hours worked."""
    line = _Cells(columns, cells)
    worker, client = _named(line, "worker"), _named(line, "client")
    request = line.number("request")
    if worker.empty and not request:
        line.missing("worker")
    day = line.filled("day", lambda text: day_typed(text, latest=today), None)
    if not line.text("day"):
        line.missing("day")
    start, minutes = _hours(line)
    what = line.text("what")
    return HoursLine(
        key=_key(line, worker, f"{client} {request} {what}", day, start, minutes, ""),
        worker=worker,
        client=client,
        request=int(request) if request.isdecimal() and len(request) < 9 else None,
        what=what,
        day=day or today,
        start=start,
        minutes=minutes,
        confirmed=_confirmed(line.text("validated_by")),
        bad=tuple(line.bad),
    )


def _named(line: _Cells, field: str) -> Named:
    text, given = line.text(field), line.text(f"{field}_given_name")
    name = Name(text, given) if given else Name("")
    if text and not given:
        name = line.read(lambda: split_name(text, family_first=line.columns.family_first), name)
    phones = line.filled("phone", phones_typed, None) if field == "client" else None
    return Named(name, line.number(f"{field}_number"), frozenset(phones.numbers) if phones else frozenset())


def _when(line: _Cells, today: date) -> tuple[date | None, str]:
    """The first day and the rhythm; the rhythm tells the day when no column does."""
    text, frequency = line.text("day"), line.text("frequency")
    if not text and not frequency:
        line.missing("day")
    day = line.filled("day", day_typed, None)
    if not frequency or fold(frequency) in _ONCE:
        return day, ""
    said = read_when(Reading(frequency), day or today)
    if not said.rule and not said.day:
        line.bad.append(Reason("recurrence_not_understood", {"typed": frequency}, "frequency"))
    return day or said.day, said.rule or ""


def _hours(line: _Cells) -> tuple[time | None, int]:
    """When the visit begins, if the line says so, and its minutes: as told, else between beginning and end."""
    start = line.filled("start", time_typed, None)
    end = line.filled("end", lambda text: time_typed(text, where="end"), None)
    if line.text("minutes"):
        return start, line.filled("minutes", duration_typed, 0)
    if start is None or end is None:
        if not line.bad:
            line.missing("minutes")
        return start, 0
    pause = line.filled("pause", lambda text: duration_typed(text, where="pause"), 0)
    minutes = (end.hour - start.hour) * 60 + end.minute - start.minute - pause
    if minutes <= 0:
        line.bad.append(Reason("hours_reversed", {"start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}, "end"))
    return start, max(minutes, 0)


def _confirmed(text: str) -> bool:
    """A name in « validé par » says yes; an explicit no or an empty cell does not."""
    try:
        return yes_typed(text)
    except Refused:
        return True


def _key(line: _Cells, who: Named, about: str, *rest: object) -> str:
    """What makes the line itself again when the file is read again: its own number, else all that it says."""
    if number := line.number("number"):
        return f"n:{fold(number) or number}"[:LONGEST_KEY]
    said = "|".join(fold(str(part)) for part in (who, who.number, about, *rest))
    return f"h:{hashlib.sha256(said.encode()).hexdigest()[:40]}"
