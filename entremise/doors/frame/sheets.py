"""Tables written for spreadsheets, row by row: CSV as the reader's own spreadsheet opens it, and OpenDocument."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import TextIOWrapper
from typing import IO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from django.utils.translation import get_language

Cell = str | int | Decimal | date | datetime | None
Row = Sequence[Cell]

CSV_TYPE = "text/csv; charset=utf-8"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
MOST_ROWS = 1_000_000  # Of one sheet: spreadsheets stop at 1,048,576.

# A spreadsheet reads a cell that begins so as a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_csv(file: IO[bytes], *, titles: Sequence[str], rows: Iterable[Row]) -> None:
    """UTF-8 with its mark; semicolons and decimal commas for whoever reads French, as French spreadsheets expect."""
    french = get_language() != "en"
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";" if french else ",", lineterminator="\r\n")
    writer.writerow(titles)
    writer.writerows([_said(cell, french=french) for cell in row] for row in rows)
    text.detach()


def _said(cell: Cell, *, french: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return str(cell).replace(".", ",") if french else str(cell)


@dataclass(frozen=True)
class Sheet:
    """One table of a spreadsheet."""

    name: str
    titles: Sequence[str]
    rows: Iterable[Row]


def write_ods(file: IO[bytes], *, sheets: Iterable[Sheet]) -> None:
    """An OpenDocument spreadsheet. Its texts are typed as texts: no spreadsheet takes one for a formula."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODS_TYPE, ZIP_STORED)  # First and plain: that is how the kind of file is told.
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        with archive.open("content.xml", "w", force_zip64=True) as content:
            content.write(_BEGINNING.encode())
            for sheet in sheets:
                for part in _tables(sheet):
                    content.write(part.encode())
            content.write(b"</office:spreadsheet></office:body></office:document-content>")


def _tables(sheet: Sheet) -> Iterator[str]:
    """One table, and another for each million rows."""
    name, titles = sheet.name, sheet.titles
    columns = f'<table:table-column table:number-columns-repeated="{len(titles)}" table:style-name="wide"/>'
    heads = "".join(_text(title, ' table:style-name="head"') for title in titles)
    top = f"{columns}<table:table-header-rows><table:table-row>{heads}</table:table-row></table:table-header-rows>"
    yield f"<table:table table:name={quoteattr(name)}>{top}"
    for at, row in enumerate(sheet.rows):
        if at and at % MOST_ROWS == 0:
            yield f"</table:table><table:table table:name={quoteattr(f'{name} {at // MOST_ROWS + 1}')}>{top}"
        yield f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>"
    yield "</table:table>"


def _cell(cell: Cell) -> str:
    if cell is None or cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, str):
        return _text(cell)
    if isinstance(cell, date):  # A moment is a date too.
        style = "moment" if isinstance(cell, datetime) else "day"
        value = f'office:value-type="date" office:date-value="{cell.isoformat()}"'
        return f'<table:table-cell table:style-name="{style}" {value}/>'
    style = ' table:style-name="amount"' if isinstance(cell, Decimal) else ""
    return f'<table:table-cell{style} office:value-type="float" office:value="{cell}"/>'


def _text(text: str, style: str = "") -> str:
    said = escape(_NOT_XML.sub("", " ".join(text.splitlines())))
    return f'<table:table-cell{style} office:value-type="string"><text:p>{said}</text:p></table:table-cell>'


_NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "number": "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
}
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{ODS_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
_DAY = (
    '<number:day number:style="long"/><number:text>/</number:text><number:month number:style="long"/>'
    '<number:text>/</number:text><number:year number:style="long"/>'
)
_CLOCK = (
    '<number:text> </number:text><number:hours number:style="long"/><number:text>:</number:text>'
    '<number:minutes number:style="long"/>'
)
_BEGINNING = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    + "".join(f' xmlns:{short}="{name}"' for short, name in _NAMES.items())
    + ' office:version="1.3"><office:automatic-styles>'
    '<style:style style:name="wide" style:family="table-column">'
    '<style:table-column-properties style:column-width="4cm"/></style:style>'
    '<style:style style:name="head" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    '<number:number-style style:name="n-amount">'
    '<number:number number:decimal-places="2" number:min-decimal-places="2" number:min-integer-digits="1" '
    'number:grouping="true"/></number:number-style>'
    f'<number:date-style style:name="n-day">{_DAY}</number:date-style>'
    f'<number:date-style style:name="n-moment">{_DAY}{_CLOCK}</number:date-style>'
    + "".join(
        f'<style:style style:name="{name}" style:family="table-cell" style:data-style-name="n-{name}"/>'
        for name in ("amount", "day", "moment")
    )
    + "</office:automatic-styles><office:body><office:spreadsheet>"
)
