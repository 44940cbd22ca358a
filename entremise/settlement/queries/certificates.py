"""« Attestation fiscale » : what each client really paid in a year for personal services, and who came."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Sum

from entremise.documents.models import Document
from entremise.figures import queries as figures
from entremise.people.models import Person
from entremise.settlement.models import Invoice, InvoiceLine, PayerShare, Receipt
from entremise.settlement.rules.certificates import Money, Paid, paid_in
from entremise.settlement.rules.vouchers import last_day

KIND = "tax_certificate"
GIVEN = ("fund", "gift_voucher")  # Somebody else's money.


@dataclass(frozen=True)
class Served:
    """A visit that was paid in the year."""

    day: date
    what: str
    worker: str
    minutes: int


@dataclass
class ClientYear:
    """A client's year, in cents. document: the latest certificate of it, when there is one."""

    client: Person
    paid: int = 0
    cesu: int = 0
    visits: list[Served] = field(default_factory=list)
    document: Document | None = None

    @property
    def own(self) -> int:
        """What was paid without vouchers."""
        return self.paid - self.cesu

    @property
    def to_make(self) -> bool:
        """Nothing was certified of it yet, or something else."""
        told = self.document.data if self.document else {}
        return (told.get("paid"), told.get("cesu")) != (self.paid, self.cesu)


def certified_until(*, year: int, on: date) -> date:
    """The last day to give it."""
    return last_day(year, int(figures.table().at("tax_certificate_months", on)))


def client_years(*, year: int) -> list[ClientYear]:
    """Clients who paid something for personal services that year, by name. A constant number of queries."""
    invoices = list(
        Invoice.objects.filter(
            receipts__received_on__year=year,
            client__kind=Person.Kind.INDIVIDUAL,
            kind=Invoice.Kind.INVOICE,
            what="work",
        )
        .select_related("client__place", "client__organisation")
        .distinct()
        .order_by("client__family_name", "client_id", "number")
    )
    served, sums = _served(invoices), _Sums(invoices)
    found: dict[UUID, ClientYear] = {}
    for invoice in invoices:
        paid = sums.paid(invoice, year, sum(line.amount for line in served[invoice.id]))
        if paid.amount:
            one = found.setdefault(invoice.client_id, ClientYear(invoice.client))
            one.paid, one.cesu = one.paid + paid.amount, one.cesu + paid.cesu
            one.visits += [_visit(line) for line in served[invoice.id]]
    for document in Document.objects.filter(kind=KIND, person__in=found, data__year=year).order_by("issued_at", "id"):
        if document.person_id:
            found[document.person_id].document = document
    for one in found.values():
        one.visits.sort(key=lambda visit: visit.day)
    return list(found.values())


class _Sums:
    """What moves what a client bears of these invoices, asked once."""

    def __init__(self, invoices: list[Invoice]) -> None:
        self.taken: defaultdict[UUID, int] = defaultdict(int)  # By credit notes, other payers and funds.
        self.money: defaultdict[UUID, list[Money]] = defaultdict(list)
        notes = Invoice.objects.filter(corrects__in=invoices).order_by().values_list("corrects")
        others = PayerShare.objects.filter(invoice__in=invoices).order_by().values_list("invoice")
        for rows, what in ((notes, "total"), (others, "amount")):
            for invoice, amount in rows.annotate(sum=Sum(what)):
                self.taken[invoice] += amount
        receipts = Receipt.objects.filter(invoice__in=invoices, share=None).exclude(how="credit_note")
        for invoice, how, amount, on in receipts.values_list("invoice", "how", "amount", "received_on"):
            if how in GIVEN:
                self.taken[invoice] += amount
            else:
                self.money[invoice].append(Money(on, amount, cesu=how == "cesu"))

    def paid(self, invoice: Invoice, year: int, services: int) -> Paid:
        borne = max(0, invoice.total - self.taken[invoice.id])
        return paid_in(year, borne=borne, services=services, total=invoice.total, money=self.money[invoice.id])


def _served(invoices: Iterable[Invoice]) -> dict[UUID, list[InvoiceLine]]:
    """Lines of work done; without minutes nobody was served."""
    rows = InvoiceLine.objects.filter(
        invoice__in=list(invoices), minutes__gt=0, agreement__terms__personal_service=True
    ).select_related("agreement")
    found: defaultdict[UUID, list[InvoiceLine]] = defaultdict(list)
    for line in rows.order_by("day", "id"):
        found[line.invoice_id].append(line)
    return found


def _visit(line: InvoiceLine) -> Served:
    terms = line.agreement.terms if line.agreement else {}
    return Served(line.day, line.label, str(terms.get("worker", "")), line.minutes)
