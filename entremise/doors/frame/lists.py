"""A list as a file: it declares its columns once, and whoever may see its page may take it away.

Taking is two steps, because a read way cannot write: a POST writes down who took what, then a GET that names this fact
sends the file. Rows are read and written a few hundred at a time, into a file that leaves memory when it grows.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final, Generic, Literal, TypeVar
from urllib.parse import urlencode
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from django.db.models import Model, QuerySet
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import slugify

from entremise.doors.frame.sheets import CSV_TYPE, ODS_TYPE, Cell, Sheet, write_csv, write_ods
from entremise.doors.frame.visit import Guard, Inside, Visit
from entremise.doors.frame.ways import Declared, NotForYou, on, read, write
from entremise.history.queries import recent_fact
from entremise.kernel.act import Door
from entremise.people.operations import export_list
from entremise.people.rules.may import Verb, may

Row = TypeVar("Row")
Stored = TypeVar("Stored", bound=Model)
Words = str | Promise
Kind = Literal["text", "number", "euros", "hours", "day", "moment"]

FORMATS: Final = {"ods": ODS_TYPE, "csv": CSV_TYPE}
OPEN_FOR = timedelta(minutes=10)  # Between asking for a file and fetching it.
CHUNK = 500
IN_MEMORY = 2 * 1024 * 1024  # Bytes of a file before it moves to the disk.


@dataclass(frozen=True)
class Column(Generic[Row]):
    """kind: euros are given in cents, hours in minutes; both become decimals that a spreadsheet adds up."""

    title: Words
    value: Callable[[Row], object]
    kind: Kind = "text"


@dataclass(frozen=True)
class Asked:
    """Who asks for which rows: the filters are those of the page's address."""

    visit: Visit
    filters: Mapping[str, str]


@dataclass(frozen=True)
class Listed(Generic[Row]):
    """A list that can be taken away.

    name: of its page's address. guard: its page's. verb: what taking it is. filters: parameters that choose its rows.
    own: the rows of whoever asks, and of nobody else. home: the page that an old link leads to, where it is another.
    """

    name: str
    title: Words
    guard: Guard
    rows: Callable[[Asked], Iterable[Row]]
    columns: tuple[Column[Row], ...]
    verb: Verb = Verb.LISTS_EXPORT
    filters: tuple[str, ...] = ()
    own: bool = False
    home: str = ""

    @property
    def titles(self) -> list[str]:
        return [str(column.title) for column in self.columns]

    def table(self, asked: Asked) -> Iterator[list[Cell]]:
        for row in self.rows(asked):
            yield [_cell(column.kind, column.value(row)) for column in self.columns]


@dataclass(frozen=True)
class Bundle:
    """Several lists in one file: a sheet each, or a CSV file each with `more` beside them.

    more: the names and lines of other files. home: the page that an old link leads to.
    """

    name: str
    title: Words
    guard: Guard
    verb: Verb
    lists: tuple[Listed[Any], ...]
    home: str
    more: Callable[[Asked], Iterable[tuple[str, Iterable[bytes]]]] = lambda asked: ()
    filters: tuple[str, ...] = ()
    own: bool = False

    def sheets(self, asked: Asked) -> Iterator[Sheet]:
        """The lists whose pages whoever asks may see."""
        for one in self.lists:
            if one.guard(asked.visit):
                yield Sheet(str(one.title), one.titles, one.table(asked))


Taken = Listed[Any] | Bundle
Lists = Mapping[str, Taken]


def offer(request: Inside, listed: Taken, **more: object) -> dict[str, str] | None:
    """What components/exports.html shows under a list; nothing to those who may not take it away."""
    if not listed.own and not may(request.visit.actor.roles, listed.verb):
        return None
    given = {name: request.GET[name] for name in listed.filters if request.GET.get(name)}
    said = {name: str(value) for name, value in more.items()}
    return {"list": listed.name, "title": str(listed.title), "filters": urlencode({**given, **said})}


def in_chunks(rows: "QuerySet[Stored]") -> Iterator[list[Stored]]:
    """All rows of a query, a few hundred in memory at a time."""
    walk = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(walk, CHUNK)):
        yield chunk


def downloads(lists: Lists, *, guard: Guard, door: Door, space: str) -> Declared:
    """The address where the lists of a space (`desk`, `site`) are taken away."""

    def nothing(request: Inside) -> HttpResponse:
        raise Http404  # Only a made-up request is refused: the page offers nothing that is.

    @write(guard, again=nothing)
    def take(request: Inside) -> HttpResponse:
        """Write down who takes which list; the file follows."""
        listed, format_ = _wanted(lists, request, request.POST)
        visit = request.visit
        owner = visit.person if listed.own else None
        fact = export_list(
            act=visit.act(door), verb=listed.verb, name=f"{space}:{listed.name}", kind=format_, owner=owner
        )
        filters = _filters(listed, QueryDict(request.POST.get("filters", "")))
        asked = {"liste": listed.name, "format": format_, "fait": fact.id, **filters}
        return redirect(f"{request.path}?{urlencode(asked)}")

    @read(guard)
    def fetch(request: Inside) -> HttpResponseBase:
        """The file that was just asked for. An address kept from another day leads to the list."""
        listed, format_ = _wanted(lists, request, request.GET)
        if not _just_taken(request, f"{space}:{listed.name}", format_):
            return redirect(f"{space}:{listed.home or listed.name}")
        return _file(listed, format_, Asked(request.visit, _filters(listed, request.GET)))

    return on(get=fetch, post=take)


def _wanted(lists: Lists, request: Inside, given: QueryDict) -> tuple[Taken, str]:
    listed, format_ = lists.get(given.get("liste", "")), given.get("format", "")
    if listed is None or format_ not in FORMATS:
        raise Http404
    if not listed.guard(request.visit) or not (listed.own or may(request.visit.actor.roles, listed.verb)):
        raise NotForYou
    return listed, format_


def _filters(listed: Taken, given: QueryDict) -> dict[str, str]:
    return {name: str(given[name]) for name in listed.filters if given.get(name)}


def _just_taken(request: Inside, name: str, format_: str) -> bool:
    try:
        fact = UUID(request.GET.get("fait", ""))
    except ValueError:
        return False
    person = request.visit.person
    since = request.visit.act(Door.DESK).at - OPEN_FOR
    taken = recent_fact(fact=fact, type="list_exported", by=person, since=since)
    return taken is not None and taken.data == {"list": name, "format": format_}


def _file(listed: Taken, format_: str, asked: Asked) -> FileResponse:
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # The answer closes it once it is sent.
    ending, type_ = format_, FORMATS[format_]
    if isinstance(listed, Bundle) and format_ == "csv":
        ending, type_ = "zip", "application/zip"
        _write_bundle(file, listed, asked)
    elif isinstance(listed, Bundle):
        write_ods(file, sheets=listed.sheets(asked))
    elif format_ == "csv":
        write_csv(file, titles=listed.titles, rows=listed.table(asked))
    else:
        write_ods(file, sheets=[Sheet(str(listed.title), listed.titles, listed.table(asked))])
    file.seek(0)
    name = f"{slugify(str(listed.title))}-{asked.visit.act(Door.DESK).at:%Y-%m-%d}.{ending}"
    answer = FileResponse(file, as_attachment=True, filename=name, content_type=type_)
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _write_bundle(file: IO[bytes], bundle: Bundle, asked: Asked) -> None:
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for sheet in bundle.sheets(asked):
            with archive.open(f"{slugify(sheet.name)}.csv", "w", force_zip64=True) as one:
                write_csv(one, titles=sheet.titles, rows=sheet.rows)
        for name, lines in bundle.more(asked):
            with archive.open(name, "w", force_zip64=True) as one:
                one.writelines(lines)


def _cell(kind: Kind, value: object) -> Cell:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        local = timezone.localtime(value).replace(tzinfo=None, microsecond=0)
        return local.date() if kind == "day" else local
    if isinstance(value, date):
        return value
    if isinstance(value, int | Decimal) and kind in ("euros", "hours"):
        return (Decimal(value) / (100 if kind == "euros" else 60)).quantize(Decimal("0.01"))
    if isinstance(value, int | Decimal) and kind == "number":
        return value
    return str(value)
