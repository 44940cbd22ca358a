import re
from decimal import Decimal

from entremise.documents.adapters import qr
from entremise.documents.adapters.typesetting import JSON, printable, typeset
from entremise.documents.rules import Exemption, InvoiceData, InvoiceLine, Mention, Party, Tax
from entremise.kernel.lazily import Lazily

facturx = Lazily("facturx")  # With lxml, pypdf and requests behind it.

INVOICE, CREDIT_NOTE = "380", "381"  # UNTDID 1001
# Business process of the French reform: an invoice for services, for goods, or for both, deposited by the seller.
SERVICES, GOODS, BOTH = "S1", "B1", "M1"
SEPA_TRANSFER = "58"  # UNTDID 4461
STANDARD, EXEMPT = "S", "E"  # UNTDID 5305
HOUR, MINUTE, ONE = "HUR", "MIN", "C62"  # UNECE Recommendation 20
SIREN, SIRET, DIRECTORY = "0002", "0009", "0225"  # ISO 6523; 0225 is the French invoicing directory.

_SCHEMA_FIELDS = {
    "DocumentFileName": "name of the embedded XML invoice file",
    "DocumentType": "INVOICE",
    "Version": "The actual version of the Factur-X XML schema",
    "ConformanceLevel": "The conformance level of the embedded Factur-X data",
}
_XMP_SCHEMA = (
    '<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>'
    "<pdfaSchema:namespaceURI>urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>fx</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"
    + "".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>'
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{meaning}</pdfaProperty:description></rdf:li>"
        for name, meaning in _SCHEMA_FIELDS.items()
    )
    + "</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>"
)
_XMP_LEVEL = (
    '<rdf:Description rdf:about="" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#">'
    "<fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>"
    "<fx:Version>1.0</fx:Version><fx:ConformanceLevel>EN 16931</fx:ConformanceLevel></rdf:Description></rdf:RDF>"
)
_METADATA = re.compile(rb"(\d+) 0 obj\n<</Length \d+/Type/Metadata/Subtype/XML>>\nstream\n(.*?)\nendstream", re.DOTALL)
_TRAILER = re.compile(rb"trailer\n<<(.*)>>\nstartxref\n(\d+)\n%%EOF\s*$", re.DOTALL)


def invoice_pdf(invoice: InvoiceData) -> bytes:
    """The invoice or credit note as Factur-X: a tagged PDF/A-3b for eyes that carries the EN 16931 XML for machines."""
    return embed("invoice", invoice_page(invoice), invoice_xml(invoice))


def invoice_xml(invoice: InvoiceData) -> bytes:
    """Cross Industry Invoice at the EN 16931 level: each line in category S at its rate of VAT, or in category E.

    Nothing is looked up or posted: the schema and both schematrons are run by the tests.
    """
    total, corrects = _decimal(invoice.total), invoice.corrects
    terms: dict[str, JSON] = {
        "BT-1": invoice.number,
        "BT-2": invoice.issued_on.isoformat(),
        "BT-3": CREDIT_NOTE if corrects else INVOICE,
        "BT-5": "EUR",
        "BT-9": invoice.due_on.isoformat(),
        "BT-20": invoice.terms,
        "BT-23": _process(invoice),
        "BT-72": max(line.on for line in invoice.lines).isoformat(),
        "BT-73": invoice.period.first.isoformat(),
        "BT-74": invoice.period.last.isoformat(),
        "BG-1": [{"BT-21": note.subject, "BT-22": note.text} for note in _notes(invoice)],
        "BG-3": [{"BT-25": corrects.number, "BT-26": corrects.on.isoformat()}] if corrects else [],
        "BG-4": _party(invoice.seller),
        "BG-7": _party(invoice.buyer),
        "BG-23": [_tax(tax, invoice.exemption) for tax in invoice.taxes],
        "BG-25": [
            _line(number, line, net, invoice.rate_of(line))
            for number, (line, net) in enumerate(zip(invoice.lines, invoice.net_lines, strict=True), start=1)
        ],
        "BT-106": _decimal(invoice.net),
        "BT-109": _decimal(invoice.net),
        "BT-110": _decimal(invoice.vat),
        "BT-112": total,
        "BT-113": _decimal(invoice.prepaid + invoice.paid_by_others),
        "BT-115": _decimal(invoice.due),
    }
    if invoice.iban:
        terms |= {
            "BT-81": SEPA_TRANSFER,
            "BT-83": invoice.reference,
            "BT-84": invoice.iban,
            "BT-85": invoice.seller.registered,
            "BT-86": invoice.bic,
        }
    # The page shows the same characters as the XML carries: both are the invoice.
    xml: bytes = facturx.generate_cii_xml(printable(terms), level="en16931", check_xsd=False, check_schematron=False)
    return xml


def invoice_page(invoice: InvoiceData) -> dict[str, JSON]:
    """What templates/documents/invoice.typ prints: the amounts of the XML, and what only people read."""
    corrects = invoice.corrects
    return {
        "issued_at": invoice.issued_on.isoformat(),
        "number": invoice.number,
        "title": invoice.title,
        "due_on": invoice.due_on.isoformat(),
        "period": {"first": invoice.period.first.isoformat(), "last": invoice.period.last.isoformat()},
        "org": _card(invoice.seller),
        "buyer": _card(invoice.buyer),
        "lines": [_row(line, invoice.rate_of(line)) for line in invoice.lines],
        "total": invoice.total,
        "prepaid": invoice.prepaid,
        "payers": [{"label": part.label, "amount": part.amount} for part in invoice.payers],
        "due": invoice.due,
        "tax_credit": invoice.tax_credit,
        "split": [{"label": part.label, "amount": part.amount} for part in invoice.split],
        "taxes": [{"rate": _percent(tax.rate), "net": tax.net, "vat": tax.vat} for tax in invoice.taxes if tax.rate],
        "goods": any(line.goods for line in invoice.lines),
        "exemption": invoice.exemption.text if invoice.exemption else "",
        "mentions": [mention.text for mention in invoice.mentions],
        "terms": invoice.terms,
        "reference": invoice.reference,
        "iban": invoice.iban,
        "bic": invoice.bic,
        "qr": _transfer_code(invoice),
        "corrects": {"number": corrects.number, "on": corrects.on.isoformat()} if corrects else None,
    }


def _row(line: InvoiceLine, rate: Decimal) -> dict[str, JSON]:
    return {
        "on": line.on.isoformat(),
        "label": line.label,
        "worker": line.worker,
        "minutes": line.minutes,
        "units": line.units,
        "unit": line.unit,
        "vat_rate": _percent(rate),
        "unit_price": line.unit_price,
        "amount": line.amount,
    }


def embed(template: str, page: dict[str, JSON], xml: bytes) -> bytes:
    """`template` as PDF/A-3b with `xml` attached as factur-x.xml, and declared as Factur-X in its metadata.

    typst attaches, but cannot write the declaration: it follows as an incremental update that replaces the metadata
    object alone, a format both PDF/A and readers accept, 10 times faster than parsing and writing the file again.
    """
    pdf = typeset(template, page, standard="a-3b", embedded_xml=xml.decode())
    metadata, trailer = _METADATA.search(pdf), _TRAILER.search(pdf)
    if not metadata or not trailer:
        raise ValueError("typst changed the layout of its PDF files: the Factur-X declaration found no place")
    xmp = metadata[2].replace(b"</rdf:Bag></pdfaExtension:schemas>", _XMP_SCHEMA.encode(), 1)
    xmp = xmp.replace(b"</rdf:RDF>", _XMP_LEVEL.encode(), 1)
    start = len(pdf) + 1
    body = b"%s 0 obj\n<</Length %d/Type/Metadata/Subtype/XML>>\nstream\n%s\nendstream\nendobj\n" % (
        metadata[1],
        len(xmp),
        xmp,
    )
    return b"%s\n%sxref\n%s 1\n%010d 00000 n \ntrailer\n<<%s/Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % (
        pdf,
        body,
        metadata[1],
        start,
        trailer[1],
        trailer[2],
        start + len(body),
    )


def _party(party: Party) -> dict[str, JSON]:
    facts: dict[str, JSON] = {
        "name": party.registered,
        "biz_name": party.name if party.legal else "",
        "addr_l1": party.street,
        "postcode": party.postcode,
        "city": party.city,
        "country_code": party.country,
        "vat_identifier": party.vat,
    }
    if party.siret:
        facts |= {
            "identifiers": {SIRET: party.siret},
            "legal_identifier": party.siren,
            "legal_identifier_schemeid": SIREN,
            "einvoicing_addr": party.siren,
            "einvoicing_addr_schemeid": DIRECTORY,
            "tax_identifier": "" if party.vat else party.siren,  # BR-E-02: an exempt seller still needs a tax number.
        }
    return facts


def _notes(invoice: InvoiceData) -> list[Mention]:
    return [*([Mention(invoice.title)] if invoice.title else []), *invoice.mentions]


def _process(invoice: InvoiceData) -> str:
    kinds = {line.goods for line in invoice.lines}
    return BOTH if len(kinds) == 2 else GOODS if True in kinds else SERVICES


def _tax(tax: Tax, exemption: Exemption | None) -> dict[str, JSON]:
    facts: dict[str, JSON] = {
        "BT-116": _decimal(tax.net),
        "BT-117": _decimal(tax.vat),
        "BT-118": STANDARD if tax.rate else EXEMPT,
        "BT-119": _percent(tax.rate),
    }
    if exemption and not tax.rate:
        facts |= {"BT-120": exemption.text, "BT-121": exemption.code}
    return facts


def _line(number: int, line: InvoiceLine, net: int, vat_rate: Decimal) -> dict[str, JSON]:
    facts: dict[str, JSON] = {
        "BT-126": str(number),
        "BT-127-00": [],
        "BT-131": _decimal(net),
        "BT-134": line.on.isoformat(),
        "BT-135": line.on.isoformat(),
        "BT-146": _decimal(net if vat_rate else line.unit_price),
        "BT-151": STANDARD if vat_rate else EXEMPT,
        "BT-152": _percent(vat_rate),
        "BT-153": line.label,
        "BT-154": f"Intervenant : {line.worker}" if line.worker else "",
    }
    if line.units:
        facts["BT-154"] = f"{line.units} {line.unit}".strip()
        if not vat_rate:
            return facts | {"BT-129": str(line.units), "BT-130": ONE}
        # The price without taxes of all of them, per all of them: one alone may have no whole number of cents.
        return facts | {"BT-129": str(line.units), "BT-130": ONE, "BT-149": str(line.units)}
    if line.minutes is None or vat_rate:  # A price told with its taxes has no whole number of cents an hour without.
        return facts | {"BT-129": "1", "BT-130": ONE}
    if line.minutes % 3:  # Two decimals of an hour would not give the amount back: count minutes, priced per sixty.
        return facts | {"BT-129": str(line.minutes), "BT-130": MINUTE, "BT-149": "60"}
    return facts | {"BT-129": _decimal(line.minutes * 100 // 60), "BT-130": HOUR}


def _card(party: Party) -> dict[str, JSON]:
    return {
        "name": party.name,
        "street": party.street,
        "postcode": party.postcode,
        "city": party.city,
        "siret": party.siret,
        "vat": party.vat,
        "phone": party.phone,
        "email": party.email,
        "legal": party.legal,
    }


def _transfer_code(invoice: InvoiceData) -> str:
    if not invoice.iban or invoice.corrects or not invoice.due:
        return ""
    return qr.transfer_svg(
        name=invoice.seller.registered,  # Banks compare the name with that of the account.
        iban=invoice.iban,
        bic=invoice.bic,
        amount=invoice.due,
        reference=invoice.reference,
    )


def _percent(rate: Decimal) -> str:
    return f"{rate * 100:.2f}"


def _decimal(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
