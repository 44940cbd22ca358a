"""Agreements, who signed them, and the papers that were issued."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from entremise.documents import queries as documents
from entremise.documents.models import Document
from entremise.documents.rules import OF_MONEY
from entremise.doors.api import pages
from entremise.doors.api.door import DESK, LARGEST_SCAN, act_of, asks, found, only, tells, whose
from entremise.doors.api.told import Someone
from entremise.doors.api.types import PAGE, Chosen, Cursor, Given, Limit, Named, Scan, Spelled, Told
from entremise.jobs import operations as jobs
from entremise.jobs.operations import calls
from entremise.jobs.queries import desk, listed
from entremise.jobs.queries.desk import Contract
from entremise.kernel.act import Act

AgreementState = Literal["drawn_up", "active", "ended", "cancelled"]
AGREEMENTS, DOCUMENTS = "agreements", "documents"


class PartyTold(Told):
    """Somebody bound by an agreement. person null: the organisation. document: what they sign."""

    role: str
    person: Someone | None
    must_sign: bool
    signed_at: datetime | None
    document: UUID | None


class AgreementTold(Told):
    """Parties and what they promised each other. missing: roles that have not signed."""

    number: str
    mode: str
    title: str
    state: AgreementState
    request: int | None
    starts_on: date
    ends_on: date
    drawn_up_at: datetime
    parties: list[PartyTold]
    missing: list[str]


class Agreements(Told):
    """A page of agreements; next: the cursor of the page after, null on the last."""

    rows: list[AgreementTold]
    next: str | None


class NewSignature(Given):
    """A party read it, or heard it read, and signs."""

    role: Literal["client", "worker"]


class SignedPaper(NewSignature):
    """The paper came back signed: its photo or scan, which is drawn anew and kept with the contract."""

    scan: Scan


class DocumentTold(Told):
    """A paper that was issued for ever. `/documents/{document}/content` is its PDF."""

    id: UUID
    kind: str
    number: str
    person: UUID | None
    issued_at: datetime


class Documents(Told):
    """A page of documents; next: the cursor of the page after, null on the last."""

    rows: list[DocumentTold]
    next: str | None


@asks("/agreements", "agreements:read", answer=Agreements, summary="Agreements, the latest first")
def list_agreements(
    request: HttpRequest,
    state: Literal["", AgreementState] = "",
    cursor: Cursor = "",
    limit: Limit = PAGE,
) -> Agreements:
    """Staff find all of them, others those that bind them."""
    before = pages.before(cursor, of=AGREEMENTS)
    rows = listed.agreements(of=whose(request, *DESK), state=state, before=before, limit=limit)
    page, following = pages.split(rows, limit=limit, of=AGREEMENTS)
    return Agreements(rows=[_told(one) for one in listed.contracts(agreements=page)], next=following)


@asks("/agreements/{number}", "agreements:read", answer=AgreementTold, summary="One agreement")
def read_agreement(request: HttpRequest, number: Spelled) -> AgreementTold:
    return _told(_contract(request, number))


@tells("/agreements/{number}/signatures", "agreements:write", answer=AgreementTold, summary="A party signs")
def sign_agreement(request: HttpRequest, number: Spelled, body: NewSignature) -> AgreementTold:
    """The last signature makes the missions ready."""
    seen = _contract(request, number)
    jobs.sign(act=_act_for(request, seen, body.role), agreement=seen.agreement, role=body.role, how="screen")
    return _told(_contract(request, number))


@tells(
    "/agreements/{number}/signed-papers",
    "agreements:write",
    answer=AgreementTold,
    summary="A party signed on paper",
    largest=LARGEST_SCAN,
)
def return_paper(request: HttpRequest, number: Spelled, body: SignedPaper) -> AgreementTold:
    """For staff. What is not an image is refused; a body may be as large as eight megabytes."""
    seen = _contract(request, number)
    act = _act_for(request, seen, body.role)
    calls.return_paper(act=act, agreement=seen.agreement, role=body.role, content=body.scan)
    return _told(_contract(request, number))


@asks("/documents", "agreements:read", answer=Documents, summary="Papers that were issued, the latest first")
def list_documents(request: HttpRequest, person: Chosen = None, cursor: Cursor = "", limit: Limit = PAGE) -> Documents:
    """All but those about money, which `/invoices` and `/payslips` name."""
    before = pages.before(cursor, of=DOCUMENTS)
    rows = listed.documents(of=whose(request, *DESK), person=person, before=before, limit=limit)
    page, following = pages.split(rows, limit=limit, of=DOCUMENTS)
    return Documents(rows=[_document(one) for one in page], next=following)


@asks("/documents/{document}", "agreements:read", answer=DocumentTold, summary="One paper")
def read_document(request: HttpRequest, document: Named) -> DocumentTold:
    return _document(_paper(request, document))


@asks("/documents/{document}/content", "agreements:read", answer=bytes, summary="A paper as PDF")
def download_document(request: HttpRequest, document: Named) -> HttpResponse:
    return pdf(_paper(request, document))


@asks("/documents/{document}/scan", "agreements:read", answer=bytes, summary="The latest scan of a signed paper")
def download_scan(request: HttpRequest, document: Named) -> HttpResponse:
    """For whoever works at the desk."""
    only(request, *DESK)
    kept = documents.scans_of(document=_paper(request, document).id)
    return HttpResponse(bytes(found(kept[0] if kept else None).content), content_type="image/jpeg")


def pdf(document: Document) -> HttpResponse:
    answer = HttpResponse(documents.pdf(document=document), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{document.number}.pdf"'
    return answer


def _paper(request: HttpRequest, document: UUID) -> Document:
    """Of money, only through the addresses of money, whose scope is another."""
    row, mine = documents.document(document=document), whose(request, *DESK)
    fits = row and row.kind not in OF_MONEY and mine in (None, row.person_id)
    return found(row if fits else None)


def _contract(request: HttpRequest, number: str) -> Contract:
    seen, mine = desk.contract_numbered(number=number), whose(request, *DESK)
    bound = seen and (mine is None or any(one.person_id == mine for one in seen.parties))
    return found(seen if bound else None)


def _act_for(request: HttpRequest, seen: Contract, role: str) -> Act:
    """In the name of whoever has this part."""
    party, act = seen.people.get(role), act_of(request)
    return act.for_person(party.person_id) if party and party.person_id else act


def _told(seen: Contract) -> AgreementTold:
    row = seen.agreement
    return AgreementTold.drawn(
        row,
        request=row.listing.number if row.listing else None,
        parties=[
            PartyTold(
                role=party.role,
                person=Someone.of(party.person) if party.person else None,
                must_sign=party.must_sign,
                signed_at=next((one.at for one in party.signatures.all()), None),
                document=party.document_id,
            )
            for party in seen.parties
        ],
        missing=seen.missing,
    )


def _document(row: Document) -> DocumentTold:
    return DocumentTold.drawn(row, person=row.person_id)
