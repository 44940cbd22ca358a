from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Sum

from entremise.documents import operations as documents
from entremise.documents.models import Document
from entremise.documents.rules import InvoiceData, invoice_to_json
from entremise.documents.rules import InvoiceLine as PrintedLine
from entremise.figures import queries as figures
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.money import split
from entremise.kernel.refused import Refused
from entremise.kernel.time import Period
from entremise.ledger import queries as ledger
from entremise.messaging import operations as messaging
from entremise.people import queries as people
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Invoice, InvoiceLine, Receipt
from entremise.settlement.operations.booking import book, wait_for, who_we_are
from entremise.settlement.operations.goods import Sale, keep_lines, moves_of, sale_back, sale_data, taken_back
from entremise.settlement.operations.invoicing import PARTS, buyer_of, correction, exemption_on, late_payment, seller_of
from entremise.settlement.operations.supplying import commission_tax, party_of
from entremise.settlement.queries import dues
from entremise.settlement.rules.books_fr import Move, back, credit_moves
from entremise.settlement.rules.commission import vat_number
from entremise.settlement.rules.goods import Back

TERMS = "Cet avoir réduit ce que vous devez, ou vous est remboursé."


def credit(
    *,
    act: Act,
    invoice: Invoice,
    key: str,
    reason: str,
    amount: int | None = None,
    units: Mapping[UUID, int] | None = None,
    returned: Callable[[int, int], None] | None = None,
) -> Invoice:
    """Take back an invoice, whole (amount None) or in part (cents), by a credit note with a number of its own. Of goods
    an amount goes over all lines and their rates of VAT; units: how many of which line come back, instead.

    What is not paid yet of the invoice is settled by it. The same key again is the same note. returned: what a room
    above paid of the invoice goes back there first, as so many cents are credited by now of so many.
    Raises Refused("reason_needed"), ("not_an_invoice"), ("credit_too_large") beyond what earlier credit notes and other
    payers leave, ("key_reused") for the key of another note.
    """
    require(act, Verb.INVOICES_CREDIT)
    if not reason.strip():
        raise Refused("reason_needed", where="reason")
    if invoice.kind != Invoice.Kind.INVOICE:
        raise Refused("not_an_invoice", {"number": invoice.number})
    wait_for(people=[invoice.client_id])
    entry_key = f"credit:{key}"
    before = ledger.entry_of(key=entry_key)
    if before:
        return _made(before, invoice, reason.strip(), amount)
    asked = _asked(invoice, amount, units)
    if returned:
        returned(asked.credited + asked.total, asked.credited + asked.left)
    due, client = dues(invoices=[invoice])[invoice.id], invoice.client
    on = act.at.astimezone(ZoneInfo(client.organisation.timezone)).date()
    paper = _paper(invoice, reason.strip(), asked, on)
    document, number, total = _document(act, invoice, paper.data), paper.data.number, paper.data.total
    entry = book(act=act, key=entry_key, on=on, cause="credit_note", cause_id=document.id, moves=paper.moves)
    note = Invoice.objects.create(
        kind=Invoice.Kind.CREDIT_NOTE,
        number=number,
        client=client,
        corrects=invoice,
        month=invoice.month,
        issued_on=on,
        due_on=on,
        total=total,
        vat=paper.data.vat,
        what=invoice.what,
        role=invoice.role,
        supplier=invoice.supplier,
        split=_share(invoice, total),
        document=document,
        entry=entry,
        reason=reason.strip()[:200],
        issued_at=act.at,
    )
    if paper.sale:
        keep_lines(note, paper.sale, paper.data, paper.rows)
    else:
        InvoiceLine.objects.create(invoice=note, day=on, label=reason.strip()[:160], unit_price=total, amount=total)
    _settle(invoice, note, min(total, due))
    said = {"number": number, "corrects": invoice.number, "total": total}
    record(act=act, type="credit_note_issued", thing="invoice", thing_id=note.id, data=said)
    _tell(act, note, invoice)
    return note


@dataclass(frozen=True)
class Asked:
    """total: cents to take back. credited: before this. left: of what may be. back: of goods, of which lines."""

    total: int
    credited: int
    left: int
    back: Sequence[tuple[InvoiceLine, Back]] = ()


@dataclass(frozen=True)
class Paper:
    """A note before it has its rows. sale, rows: of goods, and the lines that it takes back."""

    data: InvoiceData
    moves: Sequence[Move]
    sale: Sale | None = None
    rows: Sequence[InvoiceLine] = ()


def _asked(invoice: Invoice, amount: int | None, units: Mapping[UUID, int] | None) -> Asked:
    """Raises Refused("credit_too_large")."""
    credited = invoice.corrections.aggregate(total=Sum("total"))["total"] or 0
    theirs = invoice.shares.aggregate(total=Sum("amount"))["total"] or 0
    left = invoice.total - credited - theirs
    total = left if amount is None else amount
    goods = invoice.what == "goods"
    lines = taken_back(invoice=invoice, amount=total, units=units) if goods and (units or 0 < total <= left) else []
    total = sum(one.amount for _row, one in lines) if goods and units else total
    if not 0 < total <= left:
        raise Refused("credit_too_large", {"left": left}, where="amount")
    return Asked(total, credited, left, lines)


def _paper(invoice: Invoice, reason: str, asked: Asked, on: date) -> Paper:
    number = documents.reserve_number(prefix="AV", year=on.year)
    why = f"Avoir sur la facture {invoice.number} : {reason}"
    label = f"{number}, {invoice.client.full_name}"
    if invoice.what != "goods":
        data = _data(invoice, number, PrintedLine(why, on, asked.total), on)
        return Paper(data, credit_moves(invoice.client_id, asked.total, label, invoice.what, data.vat))
    sale = sale_back(invoice=invoice, back=asked.back, on=on)
    data = sale_data(sale, number=number, due_on=on, title=why, terms=TERMS, corrects=correction(invoice))
    return Paper(data, back(moves_of(data, sale)), sale, [row for row, _back in asked.back])


def _tell(act: Act, note: Invoice, invoice: Invoice) -> None:
    messaging.queue(
        act=act,
        person=note.client,
        template="credit_ready",
        context={"note": note, "invoice": invoice, "organisation": note.client.organisation},
        key=f"credit:{note.id}",
        about="invoice",
        about_id=note.id,
        enclosures=[(note.document_id, f"{note.number}.pdf")],
    )


def _made(entry: UUID, invoice: Invoice, reason: str, amount: int | None) -> Invoice:
    note = Invoice.objects.get(entry=entry)
    if note.corrects_id != invoice.id or note.reason != reason[:200] or amount not in (None, note.total):
        raise Refused("key_reused")
    return note


def _data(invoice: Invoice, number: str, line: PrintedLine, on: date) -> InvoiceData:
    client, legal = invoice.client, who_we_are()
    ours = invoice.what == "commission"
    rate, exemption = commission_tax(invoice.issued_on, figures.table()) if ours else (Decimal(0), exemption_on(on))
    supplier = people.supplier(person=client.id) if ours else None
    return InvoiceData(
        number=number,
        issued_on=on,
        due_on=on,
        seller=replace(seller_of(client.organisation, legal), vat=vat_number(legal.siret) if rate else ""),
        buyer=party_of(supplier) if supplier else buyer_of(client),
        lines=(line,),
        exemption=exemption,
        vat_rate=rate,
        terms=TERMS,
        reference=number,
        period=Period.month_of(invoice.month),
        mentions=late_payment(client, on, trading=ours),
        corrects=correction(invoice),
    )


def _document(act: Act, invoice: Invoice, data: InvoiceData) -> Document:
    return documents.issue(
        act=act,
        kind="credit_note",
        prefix="AV",
        template="invoice",
        data=invoice_to_json(data),
        person=invoice.client,
        about="invoice",
        about_id=invoice.id,
        number=data.number,
    )


def _settle(invoice: Invoice, note: Invoice, amount: int) -> None:
    """The part of the note that covers what was still due, among what came in for the invoice."""
    if amount > 0:
        Receipt.objects.create(
            invoice=invoice,
            how="credit_note",
            amount=amount,
            received_on=note.issued_on,
            entry=note.entry,
            key=f"credit:{note.number}",
        )


def _share(invoice: Invoice, total: int) -> dict[str, int]:
    weights = [int(invoice.split.get(name, 0)) for name, _ in PARTS]
    if not sum(weights):
        return {}
    return dict(zip((name for name, _ in PARTS), split(total, weights), strict=True))
