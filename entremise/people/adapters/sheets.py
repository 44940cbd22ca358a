import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from entremise.kernel.refused import Refused
from entremise.people.adapters.archive import check_workbook
from entremise.people.rules.sheet import Cells, Row, Sheet

MAX_BYTES = 20 << 20
MAX_UNPACKED = 300 << 20
MAX_CELLS = 5_000_000
TOP = 40  # Lines among which the header is looked for.
SAMPLE = 200  # Lines from which the separator is guessed.
SEPARATORS = ";\t,|"

Value = str | int | float | bool | date | datetime | time | timedelta

_END = "\x1a"
_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_NOT_A_NAME = re.compile(r"[\d\s.,/:+€%()-]+")
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u200e\u200f\x00")) | dict.fromkeys(
    map(ord, "\xa0\u202f"), " "
)


def read_sheet(
    name: str, content: bytes, *, is_name: Callable[[str], bool] = lambda _: False, max_bytes: int = MAX_BYTES
) -> Sheet:
    """The first sheet with lines of a CSV, XLSX or ODS file, its header found below any title lines.

    name: as the person calls the file, only for sentences. is_name: whether a cell is a column name, which tells a
    header from a title (`people.rules.columns.knows`). Values become text: dates ISO, numbers plain with a point,
    durations H:MM, formulas their last value. Raises Refused, where="file": file_too_large, file_too_many_cells,
    file_empty, file_not_readable, file_kind_not_read, file_old_or_locked, file_quote_open, no_header.
    """
    if len(content) > max_bytes:
        raise Refused("file_too_large", {"name": name, "megabytes": max_bytes >> 20}, where="file")
    if not content.strip():
        raise Refused("file_empty", {"name": name}, where="file")
    if content.startswith(b"PK\x03\x04"):
        title, rows = _workbook(name, content)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused("file_old_or_locked", {"name": name}, where="file")
    else:
        title, rows = "", _csv(name, _decoded(name, content))
    return _table(name, title, rows, is_name)


def _table(name: str, title: str, rows: list[Row], is_name: Callable[[str], bool]) -> Sheet:
    if not rows:
        raise Refused("file_empty", {"name": name}, where="file")
    at = _header(name, rows, is_name)
    line, headers = rows[at]
    if at + 1 == len(rows):
        raise Refused("file_empty", {"name": name}, where="file")
    # In a workbook a cell beyond the last header is a note in the margin; in CSV it means a separator too many.
    width = max(len(cells) for _, cells in rows) if title else len(headers)
    if width * len(rows) > MAX_CELLS:
        raise Refused("file_too_many_cells", {"name": name, "most": MAX_CELLS}, where="file")
    wide = [(number, cells + ("",) * (width - len(cells))) for number, cells in rows[at + 1 :]]
    return Sheet(headers + ("",) * (width - len(headers)), tuple(wide), line, title)


def _header(name: str, rows: list[Row], is_name: Callable[[str], bool]) -> int:
    """Index of the line that names the columns: the most known names, else the first wide line of words only."""
    top = [cells for _, cells in rows[:TOP]]
    hits = [sum(map(is_name, cells)) for cells in top]
    if max(hits) >= 2:
        return hits.index(max(hits))
    filled = [sum(map(bool, cells)) for cells in top]
    for index, cells in enumerate(top):
        if 2 * filled[index] > max(filled) and not any(_NOT_A_NAME.fullmatch(cell) for cell in cells if cell):
            return index
    raise Refused("no_header", {"name": name}, where="file")


def _clean(text: str) -> str:
    text = text.translate(_INVISIBLE).replace("\r\n", "\n").strip()
    if wrapped := _AS_TEXT.fullmatch(text):
        return wrapped[1].strip()  # ="0639980000", how exports keep a leading zero.
    return text[1:] if text[:1] == "'" and text[1:2].isdigit() else text


def _trimmed(cells: Iterable[str]) -> Cells:
    clean = [_clean(cell) for cell in cells]
    while clean and not clean[-1]:
        clean.pop()
    return tuple(clean)


# CSV


def _decoded(name: str, content: bytes) -> str:
    even, odd = content[:400:2], content[1:400:2]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif 2 * max(even.count(0), odd.count(0)) > len(even):  # Latin letters, a zero beside each.
        encodings = ["utf-16-le" if odd.count(0) > even.count(0) else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.lstrip()[:1] == "<" or re.search(r"[\x00-\x08\x0e-\x1f]", text[:4000]):
            break
        return text
    raise Refused("file_kind_not_read", {"name": name}, where="file")


def _csv(name: str, text: str) -> list[Row]:
    separator = ""
    if said := re.match(r"sep=([;,\t|])\r?\n", text):
        separator, text = said[1], text[said.end() :]  # Written for Excel, which does not count this line.
    rows: list[Row] = []
    last = size = 0
    try:
        for number, record in enumerate(_records(text, separator or _separator(text)), start=1):
            size += len(record)
            if size > MAX_CELLS:
                raise Refused("file_too_many_cells", {"name": name, "most": MAX_CELLS}, where="file")
            if record == [_END]:
                return rows
            last = number
            if cells := _trimmed(record):
                rows.append((number, cells))
    except csv.Error as error:
        raise Refused("file_quote_open", {"name": name, "line": last + 1}, where="file") from error
    # The end mark was swallowed: a quotation mark opens in the last record and never closes.
    raise Refused("file_quote_open", {"name": name, "line": last}, where="file")


def _records(text: str, separator: str) -> Iterator[list[str]]:
    ending = "" if text.endswith(("\n", "\r")) else "\n"
    return csv.reader(io.StringIO(f"{text}{ending}{_END}", newline=""), delimiter=separator)


def _separator(text: str) -> str:
    """The separator that cuts the most lines into the same number of cells."""

    def agreement(separator: str) -> int:
        widths: list[int] = []
        try:
            for record in _records(text, separator):
                if any(record):
                    widths.append(len(record))
                if len(widths) == SAMPLE:
                    break
        except csv.Error:
            return 0
        several = [width for width in widths if width > 1]
        return max((several.count(width) for width in set(several)), default=0)

    return max(SEPARATORS, key=agreement)


# Workbooks


def _workbook(name: str, content: bytes) -> tuple[str, list[Row]]:
    check_workbook(name, content, max_unpacked=MAX_UNPACKED, max_cells=MAX_CELLS)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            for index, sheet in enumerate(book.sheets_metadata):
                if sheet.visible is not SheetVisibleEnum.Visible:
                    continue
                rows = _filled(book.get_sheet_by_index(index).iter_rows())
                if len(rows) > 1:
                    return sheet.name, rows
    except PasswordError as error:
        raise Refused("file_old_or_locked", {"name": name}, where="file") from error
    except CalamineError as error:
        raise Refused("file_not_readable", {"name": name}, where="file") from error
    raise Refused("file_empty", {"name": name}, where="file")


def _filled(values: Iterable[Sequence[Value]]) -> list[Row]:
    rows = ((number, _trimmed(map(_text, row))) for number, row in enumerate(values, start=1))
    return [(number, cells) for number, cells in rows if cells]


def _text(value: Value) -> str:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            # Fifteen digits are what a spreadsheet keeps; further ones are noise of binary fractions.
            return _plain(Decimal(format(value, ".15g")))
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat("minutes")
        case timedelta():
            minutes = round(value.total_seconds() / 60)
            return f"{'-' if minutes < 0 else ''}{abs(minutes) // 60}:{abs(minutes) % 60:02}"


def _plain(value: Decimal) -> str:
    if not value.is_finite():
        return str(value)
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
