"""A month of somebody who works on their own account: their invoices to clients, drawn up in their name under the
mandate they signed; our invoice for the commission; a statement of both. The clients' money never passes by us.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from entremise.documents import operations as documents
from entremise.documents.models import Document
from entremise.documents.rules import Exemption, InvoiceData, Mention, Party, invoice_to_json
from entremise.documents.rules import InvoiceLine as PrintedLine
from entremise.figures import queries as figures
from entremise.figures.rules import FigureTable
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.kernel.time import Period
from entremise.messaging import operations as messaging
from entremise.payments.queries import bank_account_of
from entremise.people import queries as people
from entremise.people.models import Person, Supplier
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import (
    Invoice,
    InvoiceLine,
    Item,
    SupplierInvoice,
    SupplierInvoiceLine,
    SupplierPaid,
)
from entremise.settlement.operations.booking import book, who_we_are
from entremise.settlement.operations.invoicing import buyer_of, late_payment, seller_of
from entremise.settlement.rules.books_fr import commission_moves
from entremise.settlement.rules.claims import Claim, ClaimLine
from entremise.settlement.rules.commission import vat_number

FRANCHISE = "VATEX-FR-FRANCHISE"


@dataclass(frozen=True)
class Month:
    """What all papers of one supplier and month share. due: last day to pay."""

    act: Act
    supplier: Supplier
    month: Period
    on: date
    due: date
    table: FigureTable


def issue_supplied(*, act: Act, item: Item, claim: Claim, month: Period) -> list[SupplierInvoice]:
    """Every paper of a supplier's month in one transaction: an invoice for each client, ours, and the statement.

    Raises Refused("no_billing_mandate") before they signed that we draw up their invoices, ("no_legal_identity").
    """
    supplier, table = people.supplier(person=claim.person), figures.table()
    on = act.at.astimezone(ZoneInfo(item.organisation.timezone)).date()
    if supplier is None or supplier.mandate_on is None or supplier.mandate_on > on:
        raise Refused("no_billing_mandate")
    due = on + timedelta(days=int(table.at("invoice.due_days", on)))
    this = Month(act, supplier, month, on, due, table)
    made = [
        _to_client(this, client, list(lines))
        for client, lines in groupby(sorted(claim.lines, key=_of_client), key=_of_client)
    ]
    ours = _commission(this, claim, made)
    _statement(this, made, ours)
    return made


def mark_supplier_paid(*, act: Act, invoice: SupplierInvoice, on: date) -> SupplierPaid:
    """The supplier has the client's money. Said again it is the same. Raises Refused("day_to_come")."""
    require(act, Verb.SUPPLIER_PAID_SAY, owner=invoice.supplier_id)
    before = SupplierPaid.objects.filter(invoice=invoice).first()
    if before:
        return before
    if on > act.at.astimezone(ZoneInfo(invoice.organisation.timezone)).date():
        raise Refused("day_to_come", where="on")
    said = {"paid_on": on, "said_by": act.whose, "said_at": act.at}
    paid, new = SupplierPaid.objects.get_or_create(invoice=invoice, defaults=said)
    if new:
        data = {"number": invoice.number}
        record(act=act, type="supplier_paid", thing="supplier_invoice", thing_id=invoice.id, data=data)
    return paid


def commission_tax(on: date, table: FigureTable) -> tuple[Decimal, Exemption | None]:
    """The rate of VAT in our commission, a fraction, or why there is none."""
    rate = table.at("commission.vat_rate", on)
    return rate, None if rate else Exemption(figures.mention(key="vat_franchise", day=on), FRANCHISE)


def _of_client(line: ClaimLine) -> UUID:
    if line.client is None:
        raise ValueError("a line of a supplier's invoice is owed by a client")
    return line.client


def _to_client(this: Month, client: UUID, lines: Sequence[ClaimLine]) -> SupplierInvoice:
    buyer, supplier = people.get(person=client), this.supplier
    number = documents.reserve_number(prefix=f"S{supplier.number}", year=this.on.year)
    data = _invoice_data(this, number, buyer, lines)
    document = _issued(this, "supplier_invoice", data, buyer)
    invoice = SupplierInvoice.objects.create(
        number=number,
        supplier=supplier.person,
        client=buyer,
        month=this.month.first,
        issued_on=this.on,
        due_on=this.due,
        total=data.total,
        vat=data.vat,
        commission=sum(line.commission for line in lines),
        document=document,
        issued_at=this.act.at,
    )
    SupplierInvoiceLine.objects.bulk_create(_sold(invoice, line) for line in lines)
    said = {"number": number, "total": data.total}
    record(act=this.act, type="supplier_invoice_issued", thing="supplier_invoice", thing_id=invoice.id, data=said)
    messaging.queue(
        act=this.act,
        person=buyer,
        template="supplier_invoice_ready",
        context={"invoice": invoice, "supplier": supplier.person, "organisation": buyer.organisation},
        key=f"supplier-invoice:{invoice.id}",
        about="supplier_invoice",
        about_id=invoice.id,
        enclosures=[(document.id, f"{number}.pdf")],
    )
    return invoice


def _sold(invoice: SupplierInvoice, line: ClaimLine) -> SupplierInvoiceLine:
    return SupplierInvoiceLine(
        invoice=invoice,
        fulfilment_id=line.fulfilment,
        day=line.day,
        label=line.label[:160],
        minutes=line.minutes,
        amount=line.amount,
        commission=line.commission,
    )


def _invoice_data(this: Month, number: str, buyer: Person, lines: Sequence[ClaimLine]) -> InvoiceData:
    supplier, account = this.supplier, bank_account_of(person=this.supplier.person_id)
    liable = supplier.vat != Supplier.Vat.FRANCHISE
    agent = buyer.organisation.name
    mandate = figures.mention(key="billing_mandate", day=this.on)
    return InvoiceData(
        number=number,
        issued_on=this.on,
        due_on=this.due,
        seller=party_of(supplier),
        buyer=buyer_of(buyer),
        lines=tuple(_printed(line) for line in lines),
        exemption=None if liable else Exemption(figures.mention(key="vat_franchise", day=this.on), FRANCHISE),
        vat_rate=this.table.at(f"vat_{supplier.vat}_rate", this.on) if liable else Decimal(0),
        terms=f"À payer avant le {this.due:%d/%m/%Y}, directement à {party_of(supplier).name}.",
        reference=number,
        period=this.month,
        iban=account.iban if account else "",
        bic=account.bic if account else "",
        mentions=(
            Mention(mandate.format(agent=agent, seller=party_of(supplier).registered)),
            *late_payment(buyer, this.on),
        ),
    )


def party_of(supplier: Supplier) -> Party:
    """A supplier as invoices name them."""
    person = supplier.person
    name = supplier.trade_name or person.full_name
    return Party(
        name=name,
        street=person.street,
        postcode=person.place.postcode if person.place else "",
        city=person.place.name if person.place else "",
        siret=supplier.siret,
        vat=supplier.vat_number,
        legal=person.full_name if name != person.full_name else "",
    )


def _printed(line: ClaimLine) -> PrintedLine:
    if line.due is not None:
        return PrintedLine(line.label, line.day, line.due)
    return PrintedLine(line.label, line.day, line.hourly, line.minutes)


def _issued(this: Month, kind: str, data: InvoiceData, person: Person) -> Document:
    return documents.issue(
        act=this.act,
        kind=kind,
        prefix="",
        template="invoice",
        data=invoice_to_json(data),
        person=person,
        about="person",
        about_id=this.supplier.person_id,
        number=data.number,
    )


def _commission(this: Month, claim: Claim, made: Sequence[SupplierInvoice]) -> Invoice | None:
    """Our own invoice, of what was agreed of each price; none when nothing was."""
    total = sum(one.commission for one in made)
    if not total:
        return None
    person, data = this.supplier.person, _commission_data(this, made)
    number = data.number
    document = _issued(this, "invoice", data, person)
    moves = commission_moves(person.id, total, data.vat, f"{number}, {person.full_name}")
    entry = book(act=this.act, key=f"invoice:{number}", on=this.on, cause="invoice", cause_id=document.id, moves=moves)
    invoice = Invoice.objects.create(
        number=number,
        client=person,
        month=this.month.first,
        issued_on=this.on,
        due_on=this.due,
        total=total,
        vat=data.vat,
        what="commission",
        document=document,
        entry=entry,
        issued_at=this.act.at,
    )
    InvoiceLine.objects.bulk_create(_row(invoice, line) for line in claim.lines if line.commission)
    said = {"number": number, "total": total}
    record(act=this.act, type="invoice_issued", thing="invoice", thing_id=invoice.id, data=said)
    return invoice


def _commission_data(this: Month, made: Sequence[SupplierInvoice]) -> InvoiceData:
    person, legal = this.supplier.person, who_we_are()
    rate, exemption = commission_tax(this.on, this.table)
    ours = seller_of(person.organisation, legal)
    number = documents.reserve_number(prefix="FA", year=this.on.year)
    return InvoiceData(
        number=number,
        issued_on=this.on,
        due_on=this.due,
        seller=replace(ours, vat=vat_number(legal.siret) if rate else ""),
        buyer=party_of(this.supplier),
        lines=tuple(
            PrintedLine(f"Commission sur votre facture {one.number}", this.month.last, one.commission)
            for one in made
            if one.commission
        ),
        exemption=exemption,
        vat_rate=rate,
        terms=f"À payer avant le {this.due:%d/%m/%Y}, par virement, chèque ou espèces.",
        reference=number,
        period=this.month,
        iban=legal.iban,
        bic=legal.bic,
        mentions=late_payment(person, this.on, trading=True),
    )


def _row(invoice: Invoice, line: ClaimLine) -> InvoiceLine:
    return InvoiceLine(
        invoice=invoice,
        fulfilment_id=line.fulfilment,
        agreement_id=line.agreement,
        day=line.day,
        label=f"Commission, {line.label}"[:160],
        unit_price=line.commission,
        amount=line.commission,
    )


def _statement(this: Month, made: Sequence[SupplierInvoice], ours: Invoice | None) -> Document:
    """What clients owe them, what they owe us, and what it comes to, in one letter with our invoice."""
    person, legal = this.supplier.person, who_we_are()
    seller, theirs = seller_of(person.organisation, legal), party_of(this.supplier)
    owed, commission = sum(one.total for one in made), ours.total if ours else 0
    document = documents.issue(
        act=this.act,
        kind="supplier_statement",
        prefix=f"RS{this.supplier.number}",
        template="supplier_statement",
        data={
            "org": _card(seller),
            "lang": "fr",
            "supplier": {**_card(theirs), "siret": theirs.siret},
            "period": {"first": this.month.first.isoformat(), "last": this.month.last.isoformat()},
            "invoices": [
                {"number": one.number, "client": one.client.called, "amount": one.total, "commission": one.commission}
                for one in made
            ],
            "owed": owed,
            "commission": commission,
            "commission_number": ours.number if ours else "",
            "left": owed - commission,
            "duties": figures.mention(key="seller_duties", day=this.on),
        },
        person=person,
        about="person",
        about_id=person.id,
    )
    _send_month(this, document, ours, owed)
    return document


def _send_month(this: Month, document: Document, ours: Invoice | None, owed: int) -> None:
    person, commission = this.supplier.person, ours.total if ours else 0
    enclosed = [(document.id, f"{document.number}.pdf")]
    if ours:
        enclosed.append((ours.document_id, f"{ours.number}.pdf"))
    messaging.queue(
        act=this.act,
        person=person,
        template="supplier_month",
        context={"owed": owed, "commission": commission, "month": this.month, "organisation": person.organisation},
        key=f"supplier-month:{document.id}",
        about="document",
        about_id=document.id,
        enclosures=enclosed,
    )


def _card(party: Party) -> dict[str, str]:
    return {
        "name": party.name,
        "street": party.street,
        "postcode": party.postcode,
        "city": party.city,
        "phone": party.phone,
        "siret": party.siret,
        "legal": party.legal,
    }
