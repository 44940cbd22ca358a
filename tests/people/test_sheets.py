import io
import zipfile
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from entremise.kernel.refused import Refused
from entremise.people.adapters.archive import check_workbook
from entremise.people.adapters.sheets import read_sheet
from entremise.people.rules.columns import knows

DATA = Path(__file__).parent / "data"
CLIENTS = "Nom;Prénom;Téléphone\r\nMarsan;Odile;06 39 98 00 01\r\nT.;Nadège;06 39 98 00 02\r\n"


def read(content, name="clients.csv", **more):
    return read_sheet(name, content, is_name=knows("people"), **more)


def refusal(content, name="clients.csv", **more):
    with pytest.raises(Refused) as refused:
        read(content, name, **more)
    assert refused.value.where == "file"
    return refused.value


def xlsx(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def saved(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def ods(*rows):
    document, table = OpenDocumentSpreadsheet(), Table(name="Clients")
    for row in rows:
        line = TableRow()
        for value in row:
            kind = {"valuetype": "string"}
            if isinstance(value, date):
                kind = {"valuetype": "date", "datevalue": value.isoformat()}
            elif isinstance(value, int):
                kind = {"valuetype": "float", "value": str(value)}
            cell = TableCell(**kind)
            cell.addElement(P(text=str(value)))
            line.addElement(cell)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    return saved(document)


def rewritten(content, member, change):
    """The same archive with one member changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == member else old.read(name))
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_every_encoding_and_separator_gives_the_same_table(encoding, separator):
    sheet = read(CLIENTS.replace(";", separator).encode(encoding))
    assert sheet.headers == ("Nom", "Prénom", "Téléphone")
    assert sheet.rows == ((2, ("Marsan", "Odile", "06 39 98 00 01")), (3, ("T.", "Nadège", "06 39 98 00 02")))


def test_a_file_as_a_french_spreadsheet_exports_it_is_read():
    sheet = read((DATA / "clients-windows-1252.csv").read_bytes())
    assert (sheet.headers_line, sheet.headers[:3]) == (3, ("Civilité", "Nom et prénom", "Téléphone(s)"))
    assert [line for line, _ in sheet.rows] == [4, 5, 7]
    assert sheet.rows[1][1][3] == "3 rue du Four\n01000 Valmarelle"


def test_decimal_commas_do_not_pass_for_separators():
    sheet = read(b"Nom;Heures;Prix\nA;1,5;12,50\nB;2,5;13,50\n")
    assert sheet.rows[0][1] == ("A", "1,5", "12,50")


def test_a_line_break_in_quotes_does_not_shift_the_line_numbers():
    sheet = read(b'Nom;Adresse\nA;"3 rue\nbis"\nB;4 rue\n')
    assert sheet.rows == ((2, ("A", "3 rue\nbis")), (3, ("B", "4 rue")))


def test_a_quotation_mark_never_closed_is_refused_with_its_line():
    refused = refusal(b'Nom;Adresse\nA;3 rue\nB;"4 rue\nC;5 rue\n')
    assert (refused.code, refused.params["line"]) == ("file_quote_open", 3)


def test_title_lines_above_the_header_are_passed_over():
    sheet = read("Le Pas de Porte;;\nÉdité le;31/12/2026;\n\n".encode() + CLIENTS.encode())
    assert (sheet.headers_line, sheet.headers[0], sheet.rows[0][0]) == (4, "Nom", 5)


def test_a_header_of_unknown_names_is_still_a_header():
    assert read(b"Alpha;Beta;Gamma\n1;2;3\n").headers == ("Alpha", "Beta", "Gamma")


def test_figures_alone_have_no_header():
    assert refusal(b"1;2\n3;4\n").code == "no_header"


def test_excel_ways_of_keeping_a_leading_zero_are_undone():
    sheet = read(b'sep=;\r\nNom;Portable\r\nA;="0639980001"\r\nB;\'0639980002\r\n')
    assert sheet.rows == ((2, ("A", "0639980001")), (3, ("B", "0639980002")))


def test_a_line_with_a_separator_too_many_keeps_its_width():
    assert len(read(b"Nom;Adresse\nA;3;rue\n").rows[0][1]) == 3


def test_cells_of_a_workbook_become_plain_text():
    content = xlsx(
        ["Nom", "Portable", "Né le", "Heure", "Durée", "Prix", "Oui", "NIR", "Vu le"],
        ["Marsan", 639980001.0, date(1948, 5, 12), time(9, 30), timedelta(hours=27, minutes=30), 0.1 + 0.2, True,
         255081416802538, datetime(2026, 12, 31, 14, 30)],
    )  # fmt: skip
    assert read(content, "clients.xlsx").rows[0][1] == (
        "Marsan", "639980001", "1948-05-12", "09:30", "27:30", "0.3", "true", "255081416802538", "2026-12-31 14:30",
    )  # fmt: skip


def test_a_formula_gives_its_value():
    content = xlsx(["Nom", "Heures"], ["Marsan", 2.5])
    content = rewritten(content, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<v>2.5", b"<f>1+1.5</f><v>2.5"))
    assert read(content, "h.xlsx").rows[0][1] == ("Marsan", "2.5")


def test_an_ods_file_is_read_like_the_others():
    sheet = read(ods(["Nom", "Portable", "Né le"], ["Marsan", 639980001, date(1948, 5, 12)]), "clients.ods")
    assert (sheet.title, sheet.rows) == ("Clients", ((2, ("Marsan", "639980001", "1948-05-12")),))


def test_workbook_lines_are_numbered_as_on_screen():
    sheet = read(xlsx([], ["Clients 2026"], [], ["Nom", "Prénom"], [], ["Marsan", "Odile"]), "clients.xlsx")
    assert (sheet.headers_line, sheet.rows) == (4, ((6, ("Marsan", "Odile")),))


def test_hidden_and_empty_sheets_are_passed_over():
    book = openpyxl.Workbook()
    book.active.title = "Réserve"
    book.active.sheet_state = "hidden"
    book.create_sheet("Vide")
    book.create_sheet("Clients")
    for title in ("Réserve", "Clients"):
        book[title].append(["Nom", "Prénom"])
        book[title].append(["Marsan", "Odile"])
    book.active = 2
    assert read(saved(book), "clients.xlsx").title == "Clients"


def test_notes_in_the_margin_of_a_workbook_do_not_make_a_line_too_long():
    sheet = read(xlsx(["Nom", "Prénom"], ["Marsan", "Odile", None, "à rappeler"]), "clients.xlsx")
    assert (len(sheet.headers), len(sheet.rows[0][1])) == (4, 4)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b" \r\n\r\n", "file_empty"),
        (b"Nom;Adresse\n", "file_empty"),
        (b"%PDF-1.7\n\x00\x01\x02", "file_kind_not_read"),
        (b"<html><table>", "file_kind_not_read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file_old_or_locked"),
        (b"PK\x03\x04 cut short", "file_not_readable"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_for_its_reason(content, code):
    refused = refusal(content, "liste.xls")
    assert (refused.code, refused.params["name"]) == (code, "liste.xls")


def test_an_archive_of_something_else_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refusal(stream.getvalue(), "lettre.docx").code == "file_kind_not_read"


def test_an_empty_workbook_is_refused():
    assert refusal(xlsx(), "clients.xlsx").code == "file_empty"


def test_a_file_over_the_limit_is_refused_before_it_is_read():
    refused = refusal(b"Nom;Adresse\n" + b"a" * (2 << 20), max_bytes=1 << 20)
    assert (refused.code, refused.params["megabytes"]) == ("file_too_large", 1)


def test_an_archive_that_unpacks_to_too_much_is_refused():
    content = rewritten(xlsx(["Nom"], ["A"]), "xl/styles.xml", lambda xml: xml + b" " * (2 << 20))
    with pytest.raises(Refused, match="file_too_large"):
        check_workbook("bombe.xlsx", content, max_unpacked=1 << 20, max_cells=1000)


def test_one_value_in_the_last_corner_of_a_sheet_does_not_exhaust_the_memory():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "Nom", "x"
    assert refusal(saved(book), "bombe.xlsx").code == "file_too_many_cells"


def test_a_header_wide_enough_to_exhaust_the_memory_is_refused():
    assert refusal(b"a;" * 100_000 + b"a\n" + b"b;c\n" * 1000).code == "file_too_many_cells"


def test_repeated_cells_of_an_ods_file_do_not_exhaust_the_memory():
    repeated = b'<table:table-cell table:number-columns-repeated="16000" '
    content = rewritten(
        ods(["Nom", "Prénom"], ["Marsan", "Odile"]),
        "content.xml",
        lambda xml: xml.replace(b"<table:table-cell ", repeated).replace(
            b"<table:table-row", b'<table:table-row table:number-rows-repeated="9000"'
        ),
    )
    assert refusal(content, "bombe.ods").code == "file_too_many_cells"


def test_entities_declared_in_a_workbook_are_refused():
    declared = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>'
    content = rewritten(
        xlsx(["Nom"], ["A"]), "xl/worksheets/sheet1.xml", lambda xml: declared + xml[xml.index(b"<worksheet") :]
    )
    assert refusal(content, "bombe.xlsx").code == "file_not_readable"


def test_formatted_but_empty_cells_far_away_are_no_reason_to_refuse():
    book = openpyxl.Workbook()
    for row in (["Nom", "Prénom"], ["Marsan", "Odile"]):
        book.active.append(row)
    book.active["XFD1048576"].font = openpyxl.styles.Font(bold=True)
    assert len(read(saved(book), "clients.xlsx").rows) == 1


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_are_refused(content):
    try:
        sheet = read(content)
    except Refused:
        return
    assert sheet.rows


WHOLE = xlsx(["Nom", "Prénom"], ["Marsan", "Odile"])


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 900), st.sampled_from(b'<>"/09AZ &')), max_size=4))
def test_a_damaged_workbook_is_a_table_or_is_refused(damages):
    def damaged(xml):
        changed = bytearray(xml)
        for at, byte in damages:
            changed[at % len(changed)] = byte
        return bytes(changed)

    with suppress(Refused):
        read(rewritten(WHOLE, "xl/worksheets/sheet1.xml", damaged), "clients.xlsx")
