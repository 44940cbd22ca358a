from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest

from entremise.kernel.refused import Refused
from entremise.payments.adapters.pain008 import Collection, Creditor, debits_file
from entremise.payments.adapters.sepa import PostalAddress

NS = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.008.001.08"}
HOUSE = Creditor(
    "Le Pas de Porte",
    "FR7630006000011234567890189",
    "FR72ZZZ123456",
    "AGRIFRPPXXX",
    PostalAddress("3 rue des Œillets", "", "99100", "Valmarelle"),
)
DAY = date(2026, 12, 18)
ODILE = Collection(
    "Odile Marsan",
    "FR7630004000070000000178914",
    8_400,
    "FA-2026-0042-P1",
    "Facture FA-2026-0042",
    "RUM-00001",
    date(2026, 11, 12),
    DAY,
)
BERNARD = replace(ODILE, name="Bernard & Cie", amount=7, end_to_end="FA-2026-0043-P1", mandate="RUM-00002")


def made(*collections):
    return debits_file(
        creditor=HOUSE,
        collections=collections or (ODILE, BERNARD),
        message_id="PRLV-1",
        created_at=datetime(2026, 12, 4, 9, 30, tzinfo=UTC),
    )


def texts(xml, path):
    return [element.text for element in ElementTree.fromstring(xml).findall(path, NS)]


def test_the_official_schema_takes_a_file_of_two_debits_booked_as_one_line():
    xml = made()
    assert texts(xml, ".//p:GrpHdr/p:CtrlSum") == texts(xml, ".//p:PmtInf/p:CtrlSum") == ["84.07"]
    assert texts(xml, ".//p:BtchBookg") == ["true"]
    assert texts(xml, ".//p:SeqTp") == ["RCUR"]
    assert texts(xml, ".//p:CdtrSchmeId//p:Othr/p:Id") == ["FR72ZZZ123456"]


def test_each_debit_names_its_mandate_account_and_reference():
    xml = made()
    assert texts(xml, ".//p:MndtId") == ["RUM-00001", "RUM-00002"]
    assert texts(xml, ".//p:DtOfSgntr") == ["2026-11-12"] * 2
    assert texts(xml, ".//p:DbtrAcct//p:IBAN") == [ODILE.iban] * 2
    assert texts(xml, ".//p:EndToEndId") == ["FA-2026-0042-P1", "FA-2026-0043-P1"]
    assert texts(xml, ".//p:Dbtr/p:Nm") == ["Odile Marsan", "Bernard + Cie"]


def test_two_days_are_two_batches_in_their_order_each_with_a_name():
    xml = made(replace(ODILE, collect_on=date(2026, 12, 21)), BERNARD)
    assert texts(xml, ".//p:PmtInfId") == ["PRLV-1", "PRLV-1-2"]
    assert texts(xml, ".//p:ReqdColltnDt") == ["2026-12-18", "2026-12-21"]


def test_the_same_input_gives_the_same_bytes():
    assert made(ODILE, BERNARD) == made(BERNARD, ODILE)


def test_an_address_is_written_in_its_parts():
    xml = made(replace(ODILE, address=PostalAddress("8 rue des Ormes", "", "99100", "Valmarelle")))
    assert texts(xml, ".//p:Dbtr/p:PstlAdr/*") == ["8 rue des Ormes", "99100", "Valmarelle", "FR"]
    assert texts(xml, ".//p:Cdtr/p:PstlAdr/*") == ["3 rue des OEillets", "99100", "Valmarelle", "FR"]


def test_a_file_without_debits_is_refused():
    with pytest.raises(Refused, match="nothing_to_collect"):
        debits_file(creditor=HOUSE, collections=[], message_id="X", created_at=datetime(2026, 12, 4, tzinfo=UTC))


def test_a_reference_used_twice_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="unique"):
        made(ODILE, replace(BERNARD, end_to_end=ODILE.end_to_end))
