"""Papers to sign and papers to keep."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entremise.documents import queries as documents
from entremise.doors.frame.visit import Inside, signed_in
from entremise.doors.frame.ways import read, write
from entremise.doors.site.nav import tabs
from entremise.jobs import operations as jobs
from entremise.jobs.queries import member
from entremise.kernel.act import Door

KINDS = {
    "work_contract": gettext_lazy("Contrat de travail"),
    "placement_agreement": gettext_lazy("Contrat de mise à disposition"),
    "mission_order": gettext_lazy("Ordre de mission"),
    "invoice": gettext_lazy("Facture"),
    "credit_note": gettext_lazy("Avoir"),
    "payslip": gettext_lazy("Bulletin de paie"),
}


@read(signed_in)
def show_papers(request: Inside) -> HttpResponse:
    person = request.visit.person
    kept = [
        {"document": document, "kind": KINDS.get(document.kind, gettext_lazy("Document"))}
        for document in documents.documents_of(person=person)
    ]
    context = {"nav": tabs(request, "papers"), "to_sign": member.to_sign(person=person), "kept": kept}
    return render(request, "site/papers.html", context)


def agreement_page(request: Inside, agreement: UUID) -> HttpResponse:
    context = {"nav": tabs(request, "papers"), "paper": _mine(request, agreement)}
    return render(request, "site/agreement.html", context)


@write(signed_in, again=agreement_page)
def sign(request: Inside, agreement: UUID) -> HttpResponse:
    mine = _mine(request, agreement)
    jobs.sign(act=request.visit.act(Door.SITE), agreement=mine.agreement, role=mine.mine.role, how="link")
    messages.success(request, _("C’est signé. Vous retrouvez ce papier ici."))
    return redirect("site:papers")


@read(signed_in)
def download(request: Inside, document: UUID) -> HttpResponse:
    found = documents.document(document=document)
    if found is None or found.person_id != request.visit.person:
        raise Http404
    answer = HttpResponse(documents.pdf(document=found), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return answer


show_agreement = read(signed_in)(agreement_page)


def _mine(request: Inside, agreement: UUID) -> member.Paper:
    found = member.paper_to_sign(agreement=agreement, person=request.visit.person)
    if found is None:
        raise Http404
    return found
