"""Goods that a client buys: sold by us, or by a supplier in whose name and on whose account we bill them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from entremise.documents import operations as documents
from entremise.documents.rules import Corrected, Exemption, InvoiceData, Mention, invoice_to_json
from entremise.documents.rules import InvoiceLine as PrintedLine
from entremise.figures import queries as figures
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.money import split
from entremise.kernel.refused import Refused
from entremise.kernel.time import Period
from entremise.ledger import queries as ledger
from entremise.people import queries as people
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Invoice, InvoiceLine
from entremise.settlement.operations.booking import book, wait_for, who_we_are
from entremise.settlement.operations.debits import today
from entremise.settlement.operations.invoicing import buyer_of, late_payment, seller_of, tell
from entremise.settlement.operations.supplying import FRANCHISE, commission_tax, party_of
from entremise.settlement.rules.books_fr import Move, goods_moves
from entremise.settlement.rules.commission import vat_number
from entremise.settlement.rules.goods import AGENT, OWN_SALE, Back, Billed, Sold, back_by_amount, back_by_units

# What is paid in the name and on the account of somebody else bears no VAT of ours.
DISBURSED = "VATEX-EU-79-C"
OUR_SHARE = "Notre service, compris dans le prix"


@dataclass(frozen=True)
class Sale:
    """Lines of one client as an invoice or a credit note tells them. rate: of VAT on our share, as an agent."""

    client: Person
    role: str
    supplier: Person | None
    lines: tuple[Sold, ...]
    on: date
    rate: Decimal

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def ours(self) -> int:
        """As an agent."""
        return sum(line.ours for line in self.lines)


def bill_goods(
    *,
    act: Act,
    client: Person,
    title: str,
    lines: Sequence[Sold],
    role: str,
    supplier: Person | None,
    key: str,
    aside: int = 0,
) -> Invoice:
    """An invoice for goods: number, lines, ledger entry, Factur-X data and letter. role: own_sale, all of it is our
    revenue; or agent, of the supplier, of whom only our share is. aside: cents that the caller takes from their account
    for it at once, so that their letter does not ask for them.

    The same key again is the same invoice. Raises Refused("amount_needed") when nothing is to be paid,
    Refused("supplier_needed") for an agent of nobody, Refused("key_reused") for the key of another invoice, or
    Refused("no_legal_identity").
    """
    require(act, Verb.GOODS_BILL)
    if role not in (OWN_SALE, AGENT):
        raise ValueError(f"goods are sold in our name or for a supplier, not as {role}")
    wait_for(people=[client.id])
    on, entry_key = today(act), f"goods:{key}"
    rate, _why = commission_tax(on, figures.table())
    sale = Sale(client, role, supplier, tuple(lines), on, rate)
    before = ledger.entry_of(key=entry_key)
    if before:
        return _made(before, sale)
    if sale.total <= 0:
        raise Refused("amount_needed", where="amount")
    if role == AGENT and supplier is None:
        raise Refused("supplier_needed", where="supplier")
    data = _data(sale, title)
    invoice = _issued(act, sale, data, entry_key)
    keep_lines(invoice, sale, data)
    said = {"number": data.number, "total": data.total}
    record(act=act, type="invoice_issued", thing="invoice", thing_id=invoice.id, data=said)
    tell(act, invoice, data.due, aside)
    return invoice


def _issued(act: Act, sale: Sale, data: InvoiceData, entry_key: str) -> Invoice:
    document = documents.issue(
        act=act,
        kind="invoice",
        prefix="FA",
        template="invoice",
        data=invoice_to_json(data),
        person=sale.client,
        about="person",
        about_id=sale.client.id,
        number=data.number,
    )
    moves = moves_of(data, sale)
    return Invoice.objects.create(
        number=data.number,
        client=sale.client,
        month=sale.on.replace(day=1),
        issued_on=sale.on,
        due_on=data.due_on,
        total=data.total,
        vat=data.vat,
        what="goods",
        role=sale.role,
        supplier=sale.supplier,
        document=document,
        entry=book(act=act, key=entry_key, on=sale.on, cause="invoice", cause_id=document.id, moves=moves),
        issued_at=act.at,
    )


def taken_back(*, invoice: Invoice, amount: int, units: Mapping[UUID, int] | None) -> list[tuple[InvoiceLine, Back]]:
    """What a credit note takes back of each line: so many units of these lines, or an amount spread over all."""
    rows = list(InvoiceLine.objects.filter(invoice=invoice).order_by("id"))
    notes = InvoiceLine.objects.filter(corrects__in=rows).order_by().values_list("corrects")
    taken = {line: (sum_, count or 0) for line, sum_, count in notes.annotate(a=Sum("amount"), u=Sum("units"))}
    lines = [
        Billed(row.id, row.amount, row.ours, row.units or 0, row.unit_price, *taken.get(row.id, (0, 0))) for row in rows
    ]
    back = back_by_units(lines, units) if units is not None else back_by_amount(lines, amount)
    by_id = {row.id: row for row in rows}
    return [(by_id[one.line], one) for one in back]


def sale_back(*, invoice: Invoice, back: Sequence[tuple[InvoiceLine, Back]], on: date) -> Sale:
    lines = tuple(
        Sold(
            row.label,
            one.units,
            row.unit,
            one.amount if one.units is None else row.unit_price,
            row.vat_rate or Decimal(0),
            one.ours if invoice.role == AGENT else 0,
        )
        for row, one in back
    )
    rate = next((row.vat_rate for row, _ in back if row.vat_rate), Decimal(0))
    return Sale(invoice.client, invoice.role, invoice.supplier, lines, on, rate)


def sale_data(
    sale: Sale, *, number: str, due_on: date, title: str, terms: str, corrects: Corrected | None
) -> InvoiceData:
    """Goods at their rates of VAT; of a supplier, their part without VAT of ours, and our share beside it."""
    client, legal = sale.client, who_we_are()
    lines, exemption = _printed(sale)
    taxed = any(line.vat_rate for line in lines)
    mentions = [_in_whose_name(sale, sale.supplier)] if sale.role == AGENT and sale.supplier else []
    return InvoiceData(
        number=number,
        issued_on=sale.on,
        due_on=due_on,
        seller=replace(seller_of(client.organisation, legal), vat=vat_number(legal.siret) if taxed else ""),
        buyer=buyer_of(client),
        lines=lines,
        exemption=exemption,
        terms=terms,
        reference=number,
        period=Period(sale.on, sale.on),
        iban="" if corrects else legal.iban,
        bic="" if corrects else legal.bic,
        mentions=(*mentions, *late_payment(client, sale.on)),
        corrects=corrects,
        title=title,
    )


def moves_of(data: InvoiceData, sale: Sale) -> list[Move]:
    """Of the invoice; its credit note is the mirror."""
    theirs = sale.total - sale.ours if sale.role == AGENT else 0
    return goods_moves(
        sale.client.id,
        f"{data.number}, {sale.client.full_name}",
        net=data.net - theirs,
        vats=[(tax.rate, tax.vat) for tax in data.taxes],
        theirs=theirs,
        supplier=sale.supplier.id if sale.supplier and sale.role == AGENT else None,
    )


def keep_lines(
    invoice: Invoice, sale: Sale, data: InvoiceData, corrected: Sequence[InvoiceLine | None] | None = None
) -> None:
    """The rows of a paper: the VAT in each is what we owe of it."""
    agent = sale.role == AGENT
    if agent:
        vats = split(data.vat, [line.ours for line in sale.lines]) if data.vat else [0] * len(sale.lines)
    else:
        vats = data.vat_lines
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            day=sale.on,
            label=line.label[:160],
            units=line.units,
            unit=line.unit[:20],
            unit_price=line.unit_price,
            amount=line.amount,
            vat_rate=sale.rate if agent else line.vat_rate,
            vat=vat,
            ours=line.ours if agent else line.amount,
            corrects=row,
        )
        for line, vat, row in zip(sale.lines, vats, corrected or [None] * len(sale.lines), strict=True)
    )


def _data(sale: Sale, title: str) -> InvoiceData:
    due = sale.on + timedelta(days=int(figures.table().at("invoice.due_days", sale.on)))
    # The number comes late: its counter stays locked until the commit.
    return sale_data(
        sale,
        number=documents.reserve_number(prefix="FA", year=sale.on.year),
        due_on=due,
        title=title,
        terms=f"À payer avant le {due:%d/%m/%Y}, par virement, chèque ou espèces.",
        corrects=None,
    )


def _made(entry: UUID, sale: Sale) -> Invoice:
    invoice = Invoice.objects.get(entry=entry)
    theirs = sale.supplier.id if sale.supplier else None
    if (invoice.client_id, invoice.total, invoice.role, invoice.supplier_id) != (
        sale.client.id,
        sale.total,
        sale.role,
        theirs,
    ):
        raise Refused("key_reused")
    return invoice


def _printed(sale: Sale) -> tuple[tuple[PrintedLine, ...], Exemption | None]:
    if sale.role == OWN_SALE:
        lines = tuple(
            PrintedLine(
                line.label,
                sale.on,
                line.unit_price,
                units=line.units,
                unit=line.unit,
                vat_rate=line.vat_rate,
                goods=True,
            )
            for line in sale.lines
        )
        free = not all(line.vat_rate for line in lines)
        return lines, Exemption(figures.mention(key="vat_franchise", day=sale.on), FRANCHISE) if free else None
    theirs = [
        PrintedLine(_counted(line), sale.on, line.amount - line.ours, vat_rate=Decimal(0), goods=True)
        for line in sale.lines
    ]
    share = [PrintedLine(OUR_SHARE, sale.on, sale.ours, vat_rate=sale.rate)] if sale.ours else []
    why = [figures.mention(key="vat_disbursed", day=sale.on)]
    if share and not sale.rate:
        why.append(figures.mention(key="vat_franchise", day=sale.on))
    return (*theirs, *share), Exemption(" ".join(why), DISBURSED)


def _counted(line: Sold) -> str:
    return line.label if line.units is None else f"{line.label}, {line.units} {line.unit}".strip()


def _in_whose_name(sale: Sale, supplier: Person) -> Mention:
    known = people.supplier(person=supplier.id)
    party = party_of(known) if known else buyer_of(supplier)
    name = f"{party.registered}, SIRET {party.siret}" if party.siret else party.registered
    mention = figures.mention(key="sold_for_another", day=sale.on)
    return Mention(mention.format(agent=sale.client.organisation.name, seller=name))
