from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import models

from entremise.documents import rules
from entremise.documents.adapters import qr
from entremise.documents.adapters.facturx import invoice_pdf
from entremise.documents.adapters.typesetting import typeset
from entremise.documents.models import Document, Print, Scan


def document(*, document: UUID) -> Document | None:
    return Document.objects.select_related("person").filter(id=document).first()


def documents_of(*, person: UUID, kinds: tuple[str, ...] = (), limit: int = 100) -> list[Document]:
    """What was issued to a person, newest first; without the frozen data."""
    rows = Document.objects.filter(person_id=person).defer("data")
    return list((rows.filter(kind__in=kinds) if kinds else rows).order_by("-issued_at", "-id")[:limit])


def documents_about(*, about_id: UUID) -> list[Document]:
    return list(Document.objects.filter(about_id=about_id).defer("data").select_related("person").order_by("issued_at"))


def latest_about(*, about: Collection[UUID], kind: str) -> Document | None:
    """The last of its kind about one of these things, with its data."""
    rows = Document.objects.filter(about_id__in=about, kind=kind).select_related("person")
    return rows.order_by("-issued_at", "-id").first()


def unprinted(*, limit: int = 50) -> list[Document]:
    """Issued and not printed yet, oldest first."""
    printed = models.Exists(Print.objects.filter(document=models.OuterRef("id")))
    return list(Document.objects.filter(~printed).order_by("issued_at", "id")[:limit])


def print_of(*, document: UUID) -> bytes | None:
    """The PDF as it was first made, or None when the clock has not come round yet."""
    content = Print.objects.filter(document_id=document).values_list("content", flat=True).first()
    return bytes(content) if content is not None else None


def pdf(*, document: Document) -> bytes:
    """The PDF of a document: the one kept, or the same bytes made now."""
    return print_of(document=document.id) or render(document=document)


def render(*, document: Document) -> bytes:
    """Make the PDF from the frozen data. Pure: the same document gives the same bytes."""
    if document.template == "invoice":
        return invoice_pdf(rules.invoice_from_json(document.data))
    # Local: the day that is printed is the day it was here.
    issued = document.issued_at.astimezone(ZoneInfo(document.organisation.timezone)).isoformat()
    data = {**document.data, "number": document.number, "issued_at": issued}
    return typeset(document.template, data, standard="ua-1")


def drawn(*, template: str, data: Mapping[str, Any], at: datetime) -> bytes:
    """A sheet for today that nobody signs: the PDF of `templates/documents/<template>.typ`, kept nowhere."""
    return typeset(template, {**data, "issued_at": at.isoformat()}, standard="ua-1")


def qr_code(*, text: str, elastic: bool = False) -> str:
    """A square to photograph, as SVG. elastic: for a page, which says how large it is."""
    return qr.svg(text, elastic=elastic)


def scans_of(*, document: UUID) -> list[Scan]:
    return list(Scan.objects.filter(document_id=document).order_by("-received_at"))
