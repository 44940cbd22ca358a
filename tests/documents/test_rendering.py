import json
import threading
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from entremise.documents.adapters import qr
from entremise.documents.adapters.typesetting import PRINTABLE, TEMPLATES, printable, typeset

DATA = Path(__file__).parent / "data"
PAPERS = {
    "payslip": ("Ce que vous recevez", "287,66 €", "Montant net social", "337,66 €", "31 h 30", "6,90 %", "4 116,44 €"),
    "work_contract": ("Contrat de travail", "D1242-1", "13,54 €", "Agirc-Arrco", "Nadège Tessier", "24 novembre 2026"),
    "placement_agreement": ("Contrat de mise à disposition", "R5132-20", "Fourni par", "24,50 €", "53,90 €"),
    "mission_order": ("Ordre de mission 318", "Tailler une haie", "mardi 24 novembre", "3 h", "Taille-haie"),
    "quote": ("Devis DV-2026-0012", "5 décembre 2026", "Jardins Corvaisier", "73282932000074", "293 B", "57,60 €"),
    "service_order": ("Bon de commande BC-2026-0012", "Votre devis DV-2026-0012", "32,00 €", "64,00 €", "6,40 €"),
    "supplier_statement": ("Relevé RS1-2026-0001", "S1-2026-0002", "184,00 €", "18,40 €", "165,60 €", "FA-2026-0042"),
    "hours_slip": ("Mission 318", "Tailler une haie", "À rendre au bureau", "Entourez les heures faites", "2 h"),
    "letter": ("Mme Odile Marsan", "17999 Valmarelle", "Votre coup de main", "Une personne répond."),
    "day_plan": ("Mardi 24 novembre", "9 h – 11 h", "Nadège Tessier", "05 36 49 14 27", "À signer : Mme Marsan"),
    "call_sheet": ("Appels, mardi 24 novembre", "Mme Odile Marsan", "demande 318", "Nadège vient mardi", "Noté"),
    "mandate": ("Mandat de prélèvement SEPA", "Mme Odile Marsan", "FR72ZZZ123456", "8 semaines", "Répétitif", "IBAN"),
    "fund_statement": ("Suivi des fonds dédiés", "Coup de pouce", "196000", "480,50 €", "−315,00 €", "2 085,50 €"),
    "tax_certificate": (
        "Attestation fiscale",
        "SAP732829320",
        "30,00 €",
        "55,75 €",
        "85,75 €",
        "3 h 30",
        "que vous avez payée",
    ),
    "care_statement": (
        "Relevé d’aide, novembre 2026",
        "Les Tilleuls",
        "37,50 €",
        "82,50 €",
        "49,50 €",
        "3 h",
        "sorties",
    ),
    "gift_voucher": ("Bon cadeau", "50,00 €", "4821 0736 5519", "Repassage", "Claude et Dominique", "4 décembre 2027"),
    "purchase_poster": ("Granulés de bois", "5,40 €", "dès 60 foyers", "samedi 5 décembre", "14 décembre", "e/104"),
    "purchase_order": ("Commande CF-2026-0001", "Scierie du Lac", "14 décembre", "3 × 70", "4,70 €", "1 071,00 €"),
    "pickup_sheet": ("Remise de l’achat groupé 101", "Odile Marsan", "40 × Granulés", "216,00 €", "Remis à"),
    "code_card": ("Votre carte de codes", "4821 07", "05 36 49 12 00"),
}


WITH_TABLES = [
    "payslip",
    "placement_agreement",
    "mission_order",
    "work_contract",
    "quote",
    "service_order",
    "supplier_statement",
    "day_plan",
    "fund_statement",
    "tax_certificate",
    "purchase_order",
    "pickup_sheet",
    "care_statement",
]


def sample(template):
    data = json.loads((DATA / f"{template}.json").read_text()) | {"org": json.loads((DATA / "org.json").read_text())}
    return data | {"qr": qr.svg(data["qr"])} if data.get("qr") else data


def pdf_of(template, **changes):
    return typeset(template, sample(template) | changes, standard="ua-1")


def words(pdf):
    return [" ".join(page.extract_text().replace("\u00a0", " ").split()) for page in PdfReader(BytesIO(pdf)).pages]


def tags(pdf):
    """The structure tree, flat and in reading order: (role, element)."""
    found = []

    def walk(node):
        node = node.get_object()
        for kid in node if isinstance(node, list) else [node]:
            kid = kid.get_object()
            if isinstance(kid, DictionaryObject) and "/S" in kid:
                found.append((kid["/S"], kid))
            if isinstance(kid, DictionaryObject) and "/K" in kid:
                walk(kid["/K"])

    walk(PdfReader(BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"])
    return found


@pytest.mark.parametrize("template", PAPERS)
def test_a_paper_says_what_it_must(template):
    text = " ".join(words(pdf_of(template)))
    assert [word for word in PAPERS[template] if word not in text] == []


@pytest.mark.parametrize("template", PAPERS)
def test_a_screen_reader_finds_language_title_and_headings(template):
    pdf = pdf_of(template)
    root = PdfReader(BytesIO(pdf)).trailer["/Root"]
    assert root["/Lang"] == "fr-FR"
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert "Le Pas de Porte" in PdfReader(BytesIO(pdf)).metadata.title or template == "payslip"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    headings = [role for role, _ in tags(pdf) if role in ("/H1", "/H2", "/H3")]
    assert headings.count("/H1") == 1
    assert headings[0] == "/H1"


@pytest.mark.parametrize("template", WITH_TABLES)
def test_a_table_tells_its_column_headings(template):
    headings = [cell for role, cell in tags(pdf_of(template)) if role == "/TH"]
    assert headings
    assert {cell["/A"].get_object()[0]["/Scope"] for cell in headings} == {"/Column"}


@pytest.mark.parametrize("template", ["hours_slip", "code_card", "purchase_poster", "pickup_sheet"])
def test_a_code_to_photograph_is_described(template):
    figures = [figure for role, figure in tags(pdf_of(template)) if role == "/Figure"]
    assert [figure["/Alt"][:4] for figure in figures] == ["Code"]


def test_a_plan_is_described_and_a_pictogram_is_decoration():
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 3"><path d="M0 0h9v3z"/></svg>'
    figures = [
        figure for role, figure in tags(pdf_of("hours_slip", pictogram=drawing, plan=drawing)) if role == "/Figure"
    ]
    assert figures[1]["/Alt"] == "Plan pour aller à 12, rue des Tilleuls"
    assert len(figures) == 2


@pytest.mark.parametrize("template", PAPERS)
def test_the_file_is_sound(template):
    assert PdfReader(BytesIO(pdf_of(template)), strict=True).pages


@pytest.mark.parametrize("template", PAPERS)
def test_the_same_data_give_the_same_bytes(template):
    assert pdf_of(template) == pdf_of(template)


def test_another_issue_date_gives_another_file():
    pdf = pdf_of("letter", issued_at="2026-11-21T09:30:00+01:00")
    assert pdf != pdf_of("letter")
    assert PdfReader(BytesIO(pdf)).metadata.creation_date.isoformat() == "2026-11-21T08:30:00+00:00"


def test_threads_set_pages_side_by_side():
    results = []
    threads = [threading.Thread(target=lambda: results.append(pdf_of("letter"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [pdf_of("letter")] * 4


def test_only_the_bundled_fonts_are_used():
    pages = PdfReader(BytesIO(pdf_of("payslip"))).pages
    fonts = {font["/BaseFont"].split("+")[1] for page in pages for font in page["/Resources"]["/Font"].values()}
    assert {name.removesuffix("-Identity-H") for name in fonts} == {
        f"{family}{weight}"
        for family in ("AtkinsonHyperlegibleNext", "BricolageGrotesque")
        for weight in ("Regular", "Bold")
    }


def test_a_name_from_another_alphabet_is_printed_and_never_stops_the_paper():
    text = " ".join(words(pdf_of("hours_slip", worker="Ayşe Łukasiewicz Ţurcanu Олена 李 😀", title="Cœur d’été")))
    assert "Ayşe Łukasiewicz Ţurcanu Олена ? ?" in text
    assert "Cœur d’été" in text


def test_accents_typed_in_two_parts_are_put_together():
    assert printable({"names": ["Nade\u0300ge\x07"]}) == {"names": ["Nadège?"]}


def test_every_character_called_printable_can_be_printed():
    letter = pdf_of("letter", paragraphs=[" ".join(PRINTABLE[i : i + 60]) for i in range(0, len(PRINTABLE), 60)])
    assert len(PdfReader(BytesIO(letter)).pages) > 1


def test_a_long_table_repeats_its_headings_and_totals_once():
    slots = [{"on": "2026-11-24", "from": "9 h", "until": "11 h", "minutes": 120}] * 90
    pages = words(pdf_of("mission_order", slots=slots))
    with_rows = [page for page in pages if "de 9 h à 11 h" in page]
    assert len(with_rows) > 2
    assert all("Jour Heures Durée" in page for page in with_rows)
    assert sum("Total 180 h" in page for page in pages) == 1


def test_long_names_stay_on_the_page():
    name = "Marie-Antoinette de la Rochefoucauld-Montmorency-Laval et sa famille recomposée"
    for template, change in {
        "payslip": {"employee": sample("payslip")["employee"] | {"name": name, "job": name}},
        "hours_slip": {"client": name, "worker": name, "title": name},
        "letter": {"to": {"name": name, "street": name, "postcode": "17999", "city": name}},
        "placement_agreement": {"client": sample("placement_agreement")["client"] | {"name": name}, "workers": [name]},
    }.items():
        for page in PdfReader(BytesIO(pdf_of(template, **change))).pages:
            rights = []
            page.extract_text(
                visitor_text=lambda text, cm, tm, font, size, seen=rights: text.strip() and seen.append(tm[4])
            )
            assert max(rights) < float(page.mediabox.width) - 40
        assert name.split()[-1] in " ".join(words(pdf_of(template, **change)))


def test_every_template_names_its_fields_at_the_top():
    for path in TEMPLATES.glob("*.typ"):
        assert path.read_text().startswith("// "), path.name
