import io
import tracemalloc
from datetime import date
from pathlib import Path

import pytest

from entremise.kernel.refused import Refused
from entremise.payments.adapters.camt import read_statements

DATA = Path(__file__).parent / "data"


def only(name):
    with (DATA / name).open("rb") as file:
        (statement,) = read_statements(file)
    return statement


def read(text):
    return list(read_statements(io.BytesIO(text.encode())))


V02 = (DATA / "camt053-v02.xml").read_text()


def test_a_statement_is_read_with_its_account_days_and_balances_in_cents():
    statement = only("camt053-v02.xml")
    assert (statement.id, statement.iban, statement.currency) == ("2026-10-A", "FR7630006000011234567890189", "EUR")
    assert (statement.first, statement.last) == (date(2026, 10, 6), date(2026, 10, 14))
    assert (statement.opening, statement.closing) == (1234567, 1089002)


def test_a_credit_says_who_paid_and_what_they_wrote():
    entry = only("camt053-v02.xml").entries[0]
    assert entry.amount == 8400
    assert entry.booked_on == entry.value_on == date(2026, 10, 6)
    assert (entry.counterparty, entry.counterparty_iban) == ("MARSAN ODILE", "FR7630006000420000000031838")
    assert (entry.text, entry.reference, entry.code) == ("Facture F2026-0042 merci", "BQ26100600017", "PMNT-RCDT-ESCT")
    assert entry.end_to_end == ""


def test_several_lines_of_text_are_joined():
    entry = only("camt053-v02.xml").entries[1]
    assert (entry.text, entry.end_to_end) == ("F 2026 0043 et F2026/0044", "VIR-0710-88")


def test_a_debit_is_negative_and_names_who_was_paid():
    entry = only("camt053-v02.xml").entries[8]
    assert (entry.amount, entry.counterparty, entry.end_to_end) == (
        -189325,
        "PAIES 2026-09 2 VIREMENTS",
        "PAIE-2026-09",
    )


def test_a_line_without_details_keeps_what_the_bank_wrote():
    assert only("camt053-v02.xml").entries[2].text == "VIR INST RECU"


def test_a_detailed_batch_becomes_one_entry_per_payment():
    batch = only("camt053-v02.xml").entries[5:8]
    assert [(entry.amount, entry.text, entry.counterparty) for entry in batch] == [
        (6000, "F2026-0051", "BREMOND PAUL"),
        (5000, "F2026-0052", "COMMUNE DE VALMARELLE"),
        (4000, "F2026-0053", "MARSAN ODILE"),
    ]
    assert {entry.reference for entry in batch} == {"BQ26101200044"}


def test_a_batch_whose_details_do_not_add_up_stays_one_entry():
    statement = read(V02.replace('<TxAmt><Amt Ccy="EUR">60.00', '<TxAmt><Amt Ccy="EUR">61.00'))[0]
    assert [entry.amount for entry in statement.entries][5] == 15000


def test_what_is_only_announced_is_left_out():
    assert "F2026-0099" not in [entry.text for entry in only("camt053-v02.xml").entries]


@pytest.mark.parametrize(
    ("before", "after"),
    [("<Sts>BOOK</Sts>", "<RvslInd>true</RvslInd><Sts>BOOK</Sts>"), ("<RmtInf>", "<RtrInf/><RmtInf>")],
    ids=["reversal", "return"],
)
def test_what_the_bank_takes_back_is_marked(before, after):
    first, second = read(V02.replace(before, after, 1))[0].entries[:2]
    assert (first.reversal, second.reversal) == (True, False)
    assert first.amount == 8400  # The sign is that of the booking, not of what is taken back.


def test_version_8_wraps_names_and_status_and_is_read_the_same():
    statement = only("camt053-v08.xml")
    assert statement.entries[:3] == only("camt053-v02.xml").entries[1:4]
    assert (statement.entries[3].structured, statement.entries[3].counterparty) == ("RF68F20260060", "BREMOND PAUL")


@pytest.mark.parametrize("version", ["04", "06"])
def test_the_versions_between_are_read_too(version):
    assert read(V02.replace("camt.053.001.02", f"camt.053.001.{version}")) == [only("camt053-v02.xml")]


def test_a_statement_that_does_not_add_up_is_refused_with_the_difference():
    with pytest.raises(Refused) as no:
        read(V02.replace("10890.02", "10890.03"))
    assert no.value.code == "statement_does_not_add_up"
    assert no.value.params == {"id": "2026-10-A", "difference": 1}


def test_a_statement_without_opening_balance_is_not_checked():
    assert read(V02.replace("OPBD", "ITAV"))[0].opening is None


def test_two_statements_in_one_file_are_two():
    start, end = V02.index("<Stmt>"), V02.index("</Stmt>") + len("</Stmt>")
    double = V02[:end] + V02[start:end].replace("2026-10-A", "2026-10-C") + V02[end:]
    assert [statement.id for statement in read(double)] == ["2026-10-A", "2026-10-C"]


@pytest.mark.parametrize(
    "text",
    [
        (DATA / "camt053-entities.xml").read_text(),
        V02.replace("BkToCstmrStmt", "BkToCstmrAcctRpt").replace("Stmt>", "Rpt>"),
        V02[:2000],
        V02.replace(">84.00<", ">84.001<"),
        V02.replace(">84.00<", ">1E999999<"),
        V02.replace(">84.00<", "><"),
        V02.replace("<CdtDbtInd>CRDT</CdtDbtInd><Sts>", "<Sts>"),
        V02.replace("2026-10-06</Dt>", "06/10/2026</Dt>"),
        "Date;Libellé;Montant\n06/10/2026;VIR;84,00\n",
        "",
    ],
    ids=["entities", "camt.052", "cut", "millicents", "huge", "empty amount", "no sign", "odd day", "csv", "empty"],
)
def test_what_is_not_a_sound_camt_053_is_refused(text):
    with pytest.raises(Refused) as no:
        read(text)
    assert no.value.code == "bank_file_not_understood"


class Endless(io.RawIOBase):
    """A statement of `count` movements that is never whole in memory."""

    def __init__(self, count):
        start = V02.index("<Ntry>")
        end = V02.index("</Ntry>") + len("</Ntry>")
        head = V02[:start].replace("OPBD", "ITAV")
        tail = V02[V02.rindex("</Ntry>") + len("</Ntry>") :]
        self._pieces = iter([head.encode(), *[V02[start:end].encode()] * count, tail.encode()])

    def readable(self):
        return True

    def read(self, size=-1):
        return next(self._pieces, b"")


def test_markup_is_forgotten_as_it_is_read():
    tracemalloc.start()
    (statement,) = read_statements(Endless(5_000))
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(statement.entries) == 5_000
    assert peak < kept * 1.5
