"""Files that spreadsheets open: French and English CSV, OpenDocument, nothing that runs."""

import csv
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from zipfile import ZIP_STORED, ZipFile

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from entremise.doors.frame import sheets
from entremise.doors.frame.sheets import Row, Sheet, write_csv, write_ods

TITLES = ["Nom", "Prix", "Jour", "Moment", "Nombre"]
ROW: Row = ["Odile Marsan", Decimal("1234.50"), date(2026, 11, 24), datetime(2026, 11, 24, 9, 30), 318]


def as_csv(rows: list[Row], language: str = "fr") -> str:
    file = BytesIO()
    with translation.override(language):
        write_csv(file, titles=TITLES, rows=rows)
    content = file.getvalue()
    assert content.startswith(b"\xef\xbb\xbf")
    return content.decode("utf-8-sig")


def as_ods(rows: Iterator[Row] | list[Row]) -> bytes:
    file = BytesIO()
    write_ods(file, sheets=[Sheet("Liste", TITLES, rows)])
    return file.getvalue()


def test_a_french_spreadsheet_opens_the_csv_right() -> None:
    assert as_csv([ROW]) == ("Nom;Prix;Jour;Moment;Nombre\r\nOdile Marsan;1234,50;24/11/2026;24/11/2026 09:30;318\r\n")


def test_an_english_spreadsheet_opens_the_csv_right() -> None:
    assert as_csv([ROW], "en").splitlines()[1] == "Odile Marsan,1234.50,24/11/2026,24/11/2026 09:30,318"


@pytest.mark.parametrize("typed", ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_no_text_begins_a_formula(typed: str) -> None:
    (cell,) = list(csv.reader(StringIO(as_csv([[typed]]), newline=""), delimiter=";"))[1]
    assert cell == f"'{typed}"


def test_an_amount_below_nothing_stays_a_number() -> None:
    assert as_csv([[Decimal("-12.00"), -3]]).splitlines()[1] == "-12,00;-3"


def test_the_ods_is_read_back_with_its_types() -> None:
    (head, row) = CalamineWorkbook.from_filelike(BytesIO(as_ods([ROW]))).get_sheet_by_index(0).to_python()
    assert head == TITLES
    assert row == ["Odile Marsan", 1234.5, date(2026, 11, 24), datetime(2026, 11, 24, 9, 30), 318]


def test_the_ods_says_what_it_is_before_anything_else() -> None:
    with ZipFile(BytesIO(as_ods([]))) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", ZIP_STORED)
        assert archive.read("mimetype").decode() == sheets.ODS_TYPE


@given(st.text())
def test_any_text_is_a_text_in_the_ods(text: str) -> None:
    with ZipFile(BytesIO(as_ods([[text, 1]]))) as archive:
        content = archive.read("content.xml").decode()
    assert "formula" not in content.replace(text, "")
    CalamineWorkbook.from_filelike(BytesIO(as_ods([[text, 1]])))


def test_another_sheet_begins_after_a_million_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    book = CalamineWorkbook.from_filelike(BytesIO(as_ods([[str(n)] for n in range(5)])))
    assert book.sheet_names == ["Liste", "Liste 2", "Liste 3"]
    assert [len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names] == [3, 3, 2]


@pytest.mark.parametrize("kind", ["csv", "ods"])
def test_rows_are_written_as_they_come(kind: str) -> None:
    """However many there are, few are in memory: each is asked for after the one before was written."""
    file, waiting = BytesIO(), list[int]()

    def rows() -> Iterator[Row]:
        for n in range(2000):
            waiting.append(n)
            yield [f"{n}" * 20]
            waiting.pop()
            assert not waiting

    if kind == "csv":
        write_csv(file, titles=["N"], rows=rows())
    else:
        write_ods(file, sheets=[Sheet("Liste", ["N"], rows())])
    assert len(file.getvalue()) > 2000


def test_local_time_is_written() -> None:
    assert re.search("24/11/2026 10:00", as_csv([[datetime(2026, 11, 24, 9, tzinfo=UTC).replace(hour=10)]]))
