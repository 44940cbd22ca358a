import hashlib
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from entremise.documents.adapters.scans import clean
from entremise.documents.models import Document, Print, Scan
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.people.models import Person
from entremise.tenancy import scope
from entremise.tenancy.operations import next_number


def issue(
    *,
    act: Act,
    kind: str,
    prefix: str,
    template: str,
    data: Mapping[str, object],
    person: Person | None = None,
    about: str = "",
    about_id: UUID | None = None,
    number: str = "",
) -> Document:
    """Issue a document for ever: its number, template and data are frozen; the clock prints it from them.

    prefix and year make the series (`FA-2026-0042`), gapless because the counter's row is locked until the commit.
    number: given when the caller numbered it already, from the same kind of series.
    """
    document = Document.objects.create(
        kind=kind,
        number=number or reserve_number(prefix=prefix, year=act.at.year),
        person=person,
        template=template,
        language=person.language if person else "fr",
        data=dict(data),
        about=about,
        about_id=about_id,
        issued_at=act.at,
    )
    data_of_fact = {"kind": kind, "number": document.number}
    record(act=act, type="document_issued", thing="document", thing_id=document.id, data=data_of_fact)
    return document


def reserve_number(*, prefix: str, year: int) -> str:
    """The next number of a yearly series, taken inside the caller's transaction."""
    return f"{prefix}-{year}-{next_number(series=f'{prefix}-{year}'):04d}"


def keep_print(*, document: UUID, pdf: bytes, at: datetime) -> None:
    """Keep the first print of a document; a second worker's identical print is dropped."""
    row = Print(
        id=new_id(),
        organisation_id=scope.current(),
        document_id=document,
        content=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
        made_at=at,
    )
    Print.objects.bulk_create([row], ignore_conflicts=True)


def keep_scan(*, act: Act, document: Document, content: bytes) -> Scan:
    """Keep a signed paper that came back. Images are re-encoded, which checks them and strips their metadata.

    Raises Refused("scan_not_readable") or Refused("scan_too_large").
    """
    image, mime = clean(content)
    scan = Scan.objects.create(
        document=document,
        content=image,
        mime=mime,
        sha256=hashlib.sha256(image).hexdigest(),
        received_at=act.at,
        received_by=act.by.person,
    )
    record(act=act, type="scan_kept", thing="document", thing_id=document.id, data={"sha256": scan.sha256})
    return scan
