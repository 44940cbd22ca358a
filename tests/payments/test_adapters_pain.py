from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest

from entremise.kernel.refused import Refused
from entremise.payments.adapters.pain import Payment, transfers_file
from entremise.payments.adapters.sepa import PostalAddress

NS = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
HOUSE = "FR76 3000 6000 0112 3456 7890 189"
KARIM = Payment("Karim B.", "FR7630004000070000000178914", 98_412, "PAIE-2026-10-KB", "Paie d’octobre")
NADEGE = Payment(
    "Nadège T. & fils", "FR7613335000400000000077756", 7, "PAIE-2026-10-NT", "Paie d'octobre", bic="CEPAFRPPXXX"
)


def made(*payments, **changes):
    values = {
        "debtor": "Le Pas de Porte",
        "iban": HOUSE,
        "bic": "AGRIFRPPXXX",
        "execution_date": date(2026, 11, 3),
        "payments": payments or (KARIM, NADEGE),
        "message_id": "PAIE-2026-10-1",
        "created_at": datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
    }
    return transfers_file(**values | changes)


def texts(xml, path):
    return [element.text for element in ElementTree.fromstring(xml).findall(path, NS)]


def test_count_and_control_sum_are_of_all_payments():
    xml = made()
    assert texts(xml, ".//p:GrpHdr/p:NbOfTxs") == ["2"]
    assert texts(xml, ".//p:GrpHdr/p:CtrlSum") == texts(xml, ".//p:PmtInf/p:CtrlSum") == ["984.19"]


def test_each_payment_has_its_amount_account_and_reference():
    xml = made()
    assert texts(xml, ".//p:InstdAmt") == ["984.12", "0.07"]
    assert texts(xml, ".//p:CdtrAcct//p:IBAN") == [KARIM.iban, NADEGE.iban]
    assert texts(xml, ".//p:EndToEndId") == ["PAIE-2026-10-KB", "PAIE-2026-10-NT"]
    assert texts(xml, ".//p:ReqdExctnDt/p:Dt") == ["2026-11-03"]


def test_the_same_input_gives_the_same_bytes():
    assert made() == made()


def test_ids_and_moment_are_those_given():
    xml = made()
    assert texts(xml, ".//p:GrpHdr/p:MsgId") == texts(xml, ".//p:PmtInfId") == ["PAIE-2026-10-1"]
    assert texts(xml, ".//p:CreDtTm") == ["2026-11-02T09:30:00"]


def test_names_and_texts_are_brought_into_the_sepa_characters():
    xml = made()
    assert texts(xml, ".//p:Cdtr/p:Nm") == ["Karim B.", "Nadege T. + fils"]
    assert texts(xml, ".//p:Ustrd") == ["Paie d'octobre"] * 2


@pytest.mark.parametrize(
    ("name", "plain"),
    [("Łukasz Großmann", "Lukasz Grossmann"), ("Ayşe Işık Đorđević", "Ayse Isik Dordevic"), ("Иван", "NOTPROVIDED")],
)
def test_a_name_in_other_letters_does_not_hold_up_everybodys_pay(name, plain):
    assert texts(made(replace(KARIM, name=name)), ".//p:Cdtr/p:Nm") == [plain]


def test_an_address_is_written_in_its_parts():
    address = PostalAddress("rue des Œillets", "3 bis", "99100", "Valmarelle")
    xml = made(replace(KARIM, address=address))
    assert texts(xml, ".//p:Cdtr/p:PstlAdr/*") == ["rue des OEillets", "3 bis", "99100", "Valmarelle", "FR"]


def test_a_bank_without_bic_is_written_as_not_provided():
    assert texts(made(bic=""), ".//p:DbtrAgt//p:Othr/p:Id") == ["NOTPROVIDED"]


def test_a_file_without_payments_is_refused():
    with pytest.raises(Refused, match="nothing_to_pay"):
        made(payments=())


def test_a_wrong_account_number_is_refused():
    with pytest.raises(Refused, match="iban_not_understood"):
        made(replace(KARIM, iban="FR7630004000070000000178915"))


@pytest.mark.parametrize(
    "payments",
    [
        (replace(KARIM, amount=0),),
        (KARIM, replace(NADEGE, end_to_end=KARIM.end_to_end)),
        (replace(KARIM, end_to_end="x" * 36),),
    ],
    ids=["nothing", "reference twice", "long reference"],
)
def test_a_payment_the_bank_would_reject_is_a_mistake_of_ours(payments):
    with pytest.raises(ValueError, match="must be"):
        made(*payments)
