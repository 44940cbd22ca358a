from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from entremise.documents import operations as documents
from entremise.documents.rules import (
    Corrected,
    Exemption,
    InvoiceData,
    Mention,
    Part,
    Party,
    invoice_to_json,
)
from entremise.documents.rules import InvoiceLine as PrintedLine
from entremise.figures import queries as figures
from entremise.figures.rules import FigureTable
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.money import share, split
from entremise.kernel.refused import Refused
from entremise.kernel.time import Period
from entremise.messaging import operations as messaging
from entremise.payments.queries import mandates_of, paying_means
from entremise.people import queries as people
from entremise.people.models import Person
from entremise.settlement.models import Invoice, InvoiceLine, Item, Undertaking
from entremise.settlement.operations.booking import book, who_we_are
from entremise.settlement.operations.deposits import use_deposits
from entremise.settlement.operations.sharing import share_out
from entremise.settlement.queries.deposits import paid_ahead
from entremise.settlement.queries.payers import parts_of
from entremise.settlement.rules.books_fr import invoice_moves
from entremise.settlement.rules.claims import Claim, ClaimLine
from entremise.settlement.rules.employer import split_of
from entremise.settlement.rules.payers import Visit
from entremise.tenancy.models import LegalIdentity, Organisation

PARTS = (
    ("wage_gross", "Salaire de la personne, congés compris"),
    ("employer_contributions", "Cotisations sociales"),
    ("accompaniment", "Accompagnement vers l’emploi"),
    ("running", "Accueil, assurance, bureau"),
)
VATEX = "VATEX-FR-CGI261-7"


@dataclass(frozen=True)
class Relief:
    """What a room above bears of a client's invoice, in cents. ahead: before it is made, of the lines that it will
    have; bear: of an invoice the moment it is made, and says how much; below nothing, what the client said they add.
    """

    ahead: Callable[[UUID, Sequence[ClaimLine]], int]
    bear: Callable[[Invoice], int]


def issue_invoice(*, act: Act, item: Item, claim: Claim, month: Period, relief: Relief | None = None) -> Invoice:
    """A client's invoice of a month: number, lines, ledger entry, Factur-X data and letter in one transaction."""
    client, legal = people.get(person=claim.person), who_we_are()
    table = figures.table()
    on = act.at.astimezone(ZoneInfo(client.organisation.timezone)).date()
    due = on + timedelta(days=int(table.at("invoice.due_days", on)))
    parts, others = _split(claim, table), _others(claim, month)
    prepaid = _prepaid(claim, claim.total - sum(amount for _, amount in others), relief)
    # The number comes late: its counter stays locked until the commit.
    number = documents.reserve_number(prefix="FA", year=on.year)
    data = InvoiceData(
        number=number,
        issued_on=on,
        due_on=due,
        seller=seller_of(client.organisation, legal),
        buyer=buyer_of(client),
        lines=tuple(printed for line in claim.lines for printed in _printed(line)),
        exemption=exemption_on(on),
        terms=f"À payer avant le {due:%d/%m/%Y}, par virement, chèque ou espèces.",
        reference=number,
        period=month,
        iban=legal.iban,
        bic=legal.bic,
        mentions=_mentions(claim, legal, client, on),
        prepaid=prepaid,
        tax_credit=_tax_credit(claim, table, on, sum(amount for _, amount in others)),
        payers=tuple(Part(one.payer.person.full_name, amount) for one, amount in others),
        split=tuple(Part(label, parts[name]) for name, label in PARTS) if parts else (),
    )
    document = documents.issue(
        act=act,
        kind="invoice",
        prefix="FA",
        template="invoice",
        data=invoice_to_json(data),
        person=client,
        about="item",
        about_id=item.id,
        number=number,
    )
    moves = invoice_moves(client.id, data.total, f"{number}, {client.full_name}")
    entry = book(act=act, key=f"invoice:{number}", on=on, cause="invoice", cause_id=document.id, moves=moves)
    invoice = Invoice.objects.create(
        number=number,
        client=client,
        month=month.first,
        issued_on=on,
        due_on=due,
        total=data.total,
        split=parts,
        document=document,
        entry=entry,
        issued_at=act.at,
    )
    InvoiceLine.objects.bulk_create(_row(invoice, line) for line in claim.lines)
    said = {"number": number, "total": data.total}
    record(act=act, type="invoice_issued", thing="invoice", thing_id=invoice.id, data=said)
    share_out(act=act, invoice=invoice, parts=others)
    borne = relief.bear(invoice) if relief else 0
    use_deposits(act=act, invoice=invoice)
    tell(act, invoice, data.due, borne)
    return invoice


def _prepaid(claim: Claim, theirs: int, relief: Relief | None) -> int:
    """Cents of their deposits that pay what is left for them of an invoice."""
    ahead = paid_ahead(client=claim.person, agreements={line.agreement for line in claim.lines})
    borne = relief.ahead(claim.person, claim.lines) if ahead and relief else 0
    return min(ahead, max(0, theirs - borne))


def tell(act: Act, invoice: Invoice, due: int, borne: int) -> None:
    """due: cents. borne: cents of it that the client does not pay; below nothing, what they said they add."""
    client = invoice.client
    by_file, by_means = mandates_of(on=invoice.issued_on, people=[client.id]), paying_means(person=client.id)
    messaging.queue(
        act=act,
        person=client,
        template="invoice_ready",
        context={
            "invoice": invoice,
            "due": max(0, due - borne),
            "added": max(0, -borne),
            "organisation": client.organisation,
            "collected": bool(by_file or by_means),
        },
        key=f"invoice:{invoice.id}",
        about="invoice",
        about_id=invoice.id,
        enclosures=[(invoice.document_id, f"{invoice.number}.pdf")],
    )


def _others(claim: Claim, month: Period) -> list[tuple[Undertaking, int]]:
    """What other payers than the client owe of it."""
    visits = [Visit(line.day, line.minutes, line.amount) for line in claim.lines]
    return parts_of(client=claim.person, month=month.first, visits=visits, last=month.last)


def seller_of(organisation: Organisation, legal: LegalIdentity) -> Party:
    return Party(
        name=organisation.name,
        street=legal.street,
        postcode=legal.postcode,
        city=legal.town,
        siret=legal.siret,
        phone=organisation.phone,
        email=legal.email,
        legal=legal.legal_name,
    )


def buyer_of(client: Person) -> Party:
    siret = client.papers.filter(kind="siret").order_by("-checked_on").values_list("number", flat=True).first()
    return Party(
        name=client.called,
        street=client.street,
        postcode=client.place.postcode if client.place else "",
        city=client.place.name if client.place else "",
        siret=siret or "",
    )


def exemption_on(on: date) -> Exemption:
    return Exemption(figures.mention(key="vat_exempt_placement", day=on), VATEX)


def correction(invoice: Invoice) -> Corrected:
    return Corrected(invoice.number, invoice.issued_on)


def _printed(line: ClaimLine) -> list[PrintedLine]:
    if line.due is not None:
        return [PrintedLine(line.label, line.day, line.due)]
    rows = [PrintedLine(line.label, line.day, line.hourly, line.minutes, line.worker)]
    if line.top_up:
        rows.append(PrintedLine(f"Complément : visite comptée {line.minimum} minutes au moins", line.day, line.top_up))
    if line.travel:
        rows.append(PrintedLine("Déplacement", line.day, line.travel))
    return rows


def _row(invoice: Invoice, line: ClaimLine) -> InvoiceLine:
    return InvoiceLine(
        invoice=invoice,
        fulfilment_id=line.fulfilment,
        agreement_id=line.agreement,
        day=line.day,
        label=line.label[:160],
        minutes=line.minutes if line.due is None else 0,
        unit_price=line.hourly if line.due is None else line.due,
        amount=line.amount,
    )


def _split(claim: Claim, table: FigureTable) -> dict[str, int]:
    """Where each euro of the invoice goes, line by line; empty when a line's own price does not cover its work."""
    sums: Counter[str] = Counter()
    for line in claim.lines:
        try:
            sums.update(_parts(line, table))
        except Refused:
            return {}
    weights = [sums[name] for name, _ in PARTS]
    return dict(zip((name for name, _ in PARTS), split(claim.total, weights), strict=True))


def _parts(line: ClaimLine, table: FigureTable) -> dict[str, int]:
    if line.due is not None and not line.minutes:
        return {"running": line.due}
    parts_of = partial(split_of, minutes=line.minutes, hourly_gross=line.wage, figures=table, day=line.day)
    try:
        parts = parts_of(client_price=line.amount)
    except Refused as refused:
        if line.due is None or refused.code != "price_below_cost":
            raise
        # Less than the worker is paid all the same: all of it goes there.
        parts = parts_of(client_price=int(str(refused.params["cost"])))
    weights = [getattr(parts, name) for name, _ in PARTS]
    return dict(zip((name for name, _ in PARTS), split(line.amount, weights), strict=True))


def _tax_credit(claim: Claim, table: FigureTable, on: date, others: int) -> int:
    """Of what the client pays alone: what others pay opens none (CGI 199 sexdecies), line by line in proportion."""
    opening = sum(line.amount for line in claim.lines if line.tax_credit)
    if not opening:
        return 0
    borne, _rest = split(claim.total - others, [opening, claim.total - opening])
    return share(borne, table.at("home_service_credit_rate", on))


def _mentions(claim: Claim, legal: LegalIdentity, client: Person, on: date) -> tuple[Mention, ...]:
    found = []
    served = any(line.personal_service for line in claim.lines) and client.kind == "individual"
    if served and legal.sap_number and legal.sap_date:
        found.append(Mention(figures.mention(key="home_service_credit", day=on)))
        declared = f"Déclaration services à la personne {legal.sap_number} du {legal.sap_date:%d/%m/%Y}, "
        found.append(Mention(f"{declared}mode mise à disposition."))
    return (*found, *late_payment(client, on))


def late_payment(client: Person, on: date, *, trading: bool = False) -> tuple[Mention, ...]:
    """What an invoice to a company, or its credit note, must say of payment: penalties, recovery fee, discount.

    trading: somebody who works on their own account buys as one.
    """
    if client.kind != Person.Kind.COMPANY and not trading:
        return ()
    table = figures.table()
    points, fee = (f"{table.at(key, on).normalize():f}" for key in ("late_penalty_points", "late_recovery_fee"))
    return (
        Mention(figures.mention(key="late_penalty", day=on).format(points=points.replace(".", ",")), "PMD"),
        Mention(figures.mention(key="late_recovery", day=on).format(fee=fee.replace(".", ",")), "PMT"),
        Mention(figures.mention(key="no_discount", day=on), "AAB"),
    )
