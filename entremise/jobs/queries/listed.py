"""Everything about jobs as lists, the newest first, a page at a time.

of: only what is this person's, None for everybody's. before: the row that the page before ended with. Each list has one
row more than `limit` when there are others, and asks a constant number of queries.
"""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from entremise.agreements.models import Agreement, Party
from entremise.documents.models import Document
from entremise.documents.rules import OF_MONEY
from entremise.jobs.models import Mission, Offer, Request, SavedSearch, SupplierQuote, Tariff
from entremise.jobs.queries.desk import Contract, Visit, with_hours, with_parties
from entremise.jobs.queries.offers import every_offer, offers_in, open_offers
from entremise.kernel.act import Role
from entremise.market.models import Proposal
from entremise.messaging.models import Incoming, Task
from entremise.people.models import Membership, Person
from entremise.people.queries import on_file
from entremise.settlement.models import Invoice, Payout, Payslip, SupplierInvoice
from entremise.settlement.queries import OpenInvoice, dues
from entremise.tenancy.queries import newest


def people(*, of: UUID | None, role: Role | None, before: UUID | None, limit: int) -> list[Person]:
    """Who is known; role: those who hold it now."""
    rows = on_file().select_related("place")
    if role:
        held = Membership.objects.filter(person=OuterRef("id"), role=role.value, until__isnull=True)
        rows = rows.filter(Exists(held))
    return newest(rows=rows.filter(id=of) if of else rows, before=before, limit=limit)


def requests(*, of: UUID | None, state: str, client: UUID | None, before: UUID | None, limit: int) -> list[Request]:
    rows = Request.objects.select_related("client", "activity", "listing__place")
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(client_id=client) if client else rows
    return newest(rows=rows.filter(client_id=of) if of else rows, before=before, limit=limit)


def offers(*, at: datetime, activity: str, before: UUID | None, limit: int) -> list[Offer]:
    """What everybody may see of them."""
    return newest(rows=open_offers(at=at, activity=activity), before=before, limit=limit)


def kept_offers(*, of: UUID | None, state: str, before: UUID | None, limit: int) -> list[Offer]:
    """In every state unless one is said."""
    rows = offers_in(states=[state]) if state else every_offer()
    return newest(rows=rows.filter(person_id=of) if of else rows, before=before, limit=limit)


def proposals(*, of: UUID | None, request: int | None, state: str, before: UUID | None, limit: int) -> list[Proposal]:
    rows = Proposal.objects.select_related("person", "listing__place")
    rows = rows.filter(listing__number=request) if request else rows
    rows = rows.filter(state=state) if state else rows
    return newest(rows=rows.filter(person_id=of) if of else rows, before=before, limit=limit)


def proposal(*, of: UUID | None, proposal: UUID) -> Proposal | None:
    rows = Proposal.objects.select_related("person", "listing__place").filter(id=proposal)
    return (rows.filter(person_id=of) if of else rows).first()


def missions(
    *, of: UUID | None, state: str, request: int | None, person: UUID | None, before: UUID | None, limit: int
) -> list[Mission]:
    """person: where they work, or are worked for."""
    rows = _missions()
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(number=request) if request else rows
    rows = rows.filter(Q(worker_id=person) | Q(client_id=person)) if person else rows
    return newest(rows=rows.filter(Q(worker_id=of) | Q(client_id=of)) if of else rows, before=before, limit=limit)


def visits(*, missions: list[Mission]) -> list[Visit]:
    """These missions with the hours that count now and the client's answer."""
    return with_hours(missions)


def mission(*, of: UUID | None, mission: UUID) -> Mission | None:
    rows = _missions().filter(id=mission)
    return (rows.filter(Q(worker_id=of) | Q(client_id=of)) if of else rows).first()


def agreements(*, of: UUID | None, state: str, before: UUID | None, limit: int) -> list[Agreement]:
    rows = Agreement.objects.select_related("listing")
    rows = rows.filter(state=state) if state else rows
    if of:
        rows = rows.filter(Exists(Party.objects.filter(agreement=OuterRef("id"), person_id=of)))
    return newest(rows=rows, before=before, limit=limit)


def contracts(*, agreements: list[Agreement]) -> list[Contract]:
    """These agreements with their parties and signatures."""
    return with_parties(agreements)


def documents(*, of: UUID | None, person: UUID | None, before: UUID | None, limit: int) -> list[Document]:
    """Whatever was issued but what is about money; without the frozen data."""
    rows = Document.objects.exclude(kind__in=OF_MONEY).defer("data")
    rows = rows.filter(person_id=person) if person else rows
    return newest(rows=rows.filter(person_id=of) if of else rows, before=before, limit=limit)


def quotes(*, of: UUID | None, state: str, request: int | None, before: UUID | None, limit: int) -> list[SupplierQuote]:
    """of: those that this person sent, or that were sent to them."""
    rows = _quotes(of)
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(request__listing__number=request) if request else rows
    return newest(rows=rows, before=before, limit=limit)


def quote(*, of: UUID | None, quote: UUID) -> SupplierQuote | None:
    return _quotes(of).filter(id=quote).first()


def search(*, search: UUID) -> SavedSearch | None:
    return SavedSearch.objects.filter(id=search, state="active").select_related("person").first()


def sales(*, of: UUID | None, before: UUID | None, limit: int) -> list[SupplierInvoice]:
    """of: what this person sold, or bought."""
    return newest(rows=_sales(of), before=before, limit=limit)


def sale(*, of: UUID | None, sale: UUID) -> SupplierInvoice | None:
    return _sales(of).filter(id=sale).first()


def payouts(*, of: UUID | None, before: UUID | None, limit: int) -> list[Payout]:
    """Wages on their way, paid or come back; of: this worker's."""
    rows = Payout.objects.select_related("payslip__worker")
    return newest(rows=rows.filter(payslip__worker_id=of) if of else rows, before=before, limit=limit)


def tariffs() -> list[Tariff]:
    """In force, to come and replaced, by activity and kind of client."""
    rows = Tariff.objects.select_related("activity")
    return list(rows.order_by("activity__position", "client_kind", "-valid_from"))


def invoices(*, of: UUID | None, client: UUID | None, before: UUID | None, limit: int) -> list[Invoice]:
    rows = Invoice.objects.select_related("client", "corrects")
    rows = rows.filter(client_id=client) if client else rows
    return newest(rows=rows.filter(client_id=of) if of else rows, before=before, limit=limit)


def with_dues(*, invoices: list[Invoice]) -> list[OpenInvoice]:
    """These invoices with what is still due of each."""
    due = dues(invoices=invoices)
    return [OpenInvoice(one, due[one.id]) for one in invoices]


def payslips(*, of: UUID | None, worker: UUID | None, before: UUID | None, limit: int) -> list[Payslip]:
    rows = Payslip.objects.select_related("worker")
    rows = rows.filter(worker_id=worker) if worker else rows
    return newest(rows=rows.filter(worker_id=of) if of else rows, before=before, limit=limit)


def tasks(*, done: bool, before: UUID | None, limit: int) -> list[Task]:
    rows = Task.objects.select_related("person").filter(done_at__isnull=not done)
    return newest(rows=rows, before=before, limit=limit)


def task(*, task: UUID) -> Task | None:
    return Task.objects.select_related("person").filter(id=task).first()


def messages(*, handled: bool, before: UUID | None, limit: int) -> list[Incoming]:
    rows = Incoming.objects.select_related("person").filter(handled_at__isnull=not handled)
    return newest(rows=rows, before=before, limit=limit)


def message(*, message: UUID) -> Incoming | None:
    return Incoming.objects.select_related("person").filter(id=message).first()


def _quotes(of: UUID | None) -> QuerySet[SupplierQuote]:
    rows = SupplierQuote.objects.select_related(
        "request__listing", "request__client", "supplier", "proposal", "document"
    ).defer("document__data")
    return rows.filter(Q(supplier_id=of) | Q(request__client_id=of)) if of else rows


def _sales(of: UUID | None) -> QuerySet[SupplierInvoice]:
    rows = SupplierInvoice.objects.select_related("supplier", "client", "document").defer("document__data")
    rows = rows.prefetch_related("payments")
    return rows.filter(Q(supplier_id=of) | Q(client_id=of)) if of else rows


def _missions() -> QuerySet[Mission]:
    return Mission.objects.select_related(
        "worker", "client", "agreement", "proposal", "request__listing__place", "request__activity"
    )
