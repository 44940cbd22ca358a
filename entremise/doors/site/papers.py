"""Papers to sign and papers to keep."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from entremise.agreements.models import Party
from entremise.agreements.queries import parties_of
from entremise.documents import queries as documents
from entremise.doors.frame.visit import Inside, signed_in
from entremise.doors.frame.ways import read, write
from entremise.doors.site.nav import tabs
from entremise.jobs import operations as jobs
from entremise.jobs.queries import member
from entremise.kernel.act import Door


@read(signed_in)
def show_papers(request: Inside) -> HttpResponse:
    person = request.visit.person
    context = {
        "nav": tabs(request),
        "to_sign": member.to_sign(person=person),
        "documents": documents.documents_of(person=person),
    }
    return render(request, "site/papers.html", context)


@read(signed_in)
def show_agreement(request: Inside, agreement: UUID) -> HttpResponse:
    mine = _mine(agreement, request.visit.person)
    context = {
        "nav": tabs(request),
        "party": mine,
        "agreement": mine.agreement,
        "signed": mine.signatures.exists(),
        "parties": parties_of(agreement=agreement),
    }
    return render(request, "site/agreement.html", context)


@write(signed_in, again=show_agreement)
def sign(request: Inside, agreement: UUID) -> HttpResponse:
    mine = _mine(agreement, request.visit.person)
    jobs.sign(act=request.visit.act(Door.SITE), agreement=mine.agreement, role=mine.role, how="link")
    messages.success(request, _("C’est signé. Vous retrouvez ce papier ici."))
    return redirect("site:papers")


@read(signed_in)
def download(request: Inside, document: UUID) -> HttpResponse:
    found = documents.document(document=document)
    if found is None or found.person_id != request.visit.person:
        raise Http404
    response = HttpResponse(documents.pdf(document=found), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return response


def _mine(agreement: UUID, person: UUID) -> Party:
    party = member.party_of(agreement=agreement, person=person)
    if party is None:
        raise Http404
    return party
