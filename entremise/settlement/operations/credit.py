from collections.abc import Callable
from dataclasses import replace
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
from entremise.settlement.operations.invoicing import PARTS, buyer_of, correction, exemption_on, late_payment, seller_of
from entremise.settlement.operations.supplying import commission_tax, party_of
from entremise.settlement.queries import dues
from entremise.settlement.rules.books_fr import credit_moves
from entremise.settlement.rules.commission import vat_number


def credit(
    *,
    act: Act,
    invoice: Invoice,
    key: str,
    reason: str,
    amount: int | None = None,
    returned: Callable[[int, int], None] | None = None,
) -> Invoice:
    """Take back an invoice, whole (amount None) or in part (cents), by a credit note with a number of its own.

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
    credited = invoice.corrections.aggregate(total=Sum("total"))["total"] or 0
    theirs = invoice.shares.aggregate(total=Sum("amount"))["total"] or 0
    left = invoice.total - credited - theirs
    total = left if amount is None else amount
    if not 0 < total <= left:
        raise Refused("credit_too_large", {"left": left}, where="amount")
    if returned:
        returned(credited + total, credited + left)
    due, client = dues(invoices=[invoice])[invoice.id], invoice.client
    on = act.at.astimezone(ZoneInfo(client.organisation.timezone)).date()
    document, vat = _document(act, invoice, reason.strip(), total, on)
    number = document.number
    moves = credit_moves(client.id, total, f"{number}, {client.full_name}", invoice.what, vat)
    entry = book(act=act, key=entry_key, on=on, cause="credit_note", cause_id=document.id, moves=moves)
    note = Invoice.objects.create(
        kind=Invoice.Kind.CREDIT_NOTE,
        number=number,
        client=client,
        corrects=invoice,
        month=invoice.month,
        issued_on=on,
        due_on=on,
        total=total,
        vat=vat,
        what=invoice.what,
        split=_share(invoice, total),
        document=document,
        entry=entry,
        reason=reason.strip()[:200],
        issued_at=act.at,
    )
    InvoiceLine.objects.create(invoice=note, day=on, label=reason.strip()[:160], unit_price=total, amount=total)
    _settle(invoice, note, min(total, due))
    said = {"number": number, "corrects": invoice.number, "total": total}
    record(act=act, type="credit_note_issued", thing="invoice", thing_id=note.id, data=said)
    _tell(act, note, invoice)
    return note


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


def _document(act: Act, invoice: Invoice, reason: str, total: int, on: date) -> tuple[Document, int]:
    """The note, and the VAT in it."""
    client, legal = invoice.client, who_we_are()
    ours = invoice.what == "commission"
    rate, exemption = commission_tax(invoice.issued_on, figures.table()) if ours else (Decimal(0), exemption_on(on))
    supplier = people.supplier(person=client.id) if ours else None
    number = documents.reserve_number(prefix="AV", year=on.year)
    data = InvoiceData(
        number=number,
        issued_on=on,
        due_on=on,
        seller=replace(seller_of(client.organisation, legal), vat=vat_number(legal.siret) if rate else ""),
        buyer=party_of(supplier) if supplier else buyer_of(client),
        lines=(PrintedLine(f"Avoir sur la facture {invoice.number} : {reason}", on, total),),
        exemption=exemption,
        vat_rate=rate,
        terms="Cet avoir réduit ce que vous devez, ou vous est remboursé.",
        reference=number,
        period=Period.month_of(invoice.month),
        mentions=late_payment(client, on, trading=ours),
        corrects=correction(invoice),
    )
    document = documents.issue(
        act=act,
        kind="credit_note",
        prefix="AV",
        template="invoice",
        data=invoice_to_json(data),
        person=client,
        about="invoice",
        about_id=invoice.id,
        number=number,
    )
    return document, data.vat


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
