"""Papers to sign and papers to keep."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from entremise.documents import queries as documents
from entremise.doors.frame import calling_off as words
from entremise.doors.frame.templatetags.entremise import hours, money, spoken_date
from entremise.doors.frame.visit import Inside, signed_in
from entremise.doors.frame.ways import read, write
from entremise.doors.frame.words_papers import DOCUMENTS
from entremise.doors.site.nav import tabs
from entremise.jobs import operations as jobs
from entremise.jobs.queries import member
from entremise.jobs.queries.calling_off import terms_of
from entremise.jobs.queries.orders import replaced
from entremise.kernel.act import Door


@read(signed_in)
def show_papers(request: Inside) -> HttpResponse:
    person = request.visit.person
    mine = documents.documents_of(person=person)
    gone = replaced(documents=mine)
    kept = [
        {
            "document": document,
            "kind": DOCUMENTS.get(document.kind, _("Document")),
            "replaced": document.id in gone,
        }
        for document in mine
    ]
    context = {"nav": tabs(request, "papers"), "to_sign": member.to_sign(person=person), "kept": kept}
    return render(request, "site/papers.html", context)


def agreement_page(request: Inside, agreement: UUID) -> HttpResponse:
    paper = _mine(request, agreement)
    context = {"nav": tabs(request, "papers"), "paper": paper, "rows": _said(paper), "rule": _rule(paper)}
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


def _said(paper: member.Paper) -> list[dict[str, str]]:
    """What somebody signs, in a few lines; the document says the rest."""
    agreement, promises = paper.agreement, paper.promises
    listing = agreement.listing
    rows = []
    if listing:
        rows.append((_("Quand"), spoken_date(listing.starts_at)))
        rows.append(
            (_("Où"), ", ".join(part for part in (listing.street, listing.place and listing.place.name) if part))
        )
    if agreement.ends_on != agreement.starts_on:
        rows.append((_("Jusqu’au"), spoken_date(agreement.ends_on)))
    roles = {"worker": _("Qui vient"), "supplier": _("Qui vient"), "client": _("Chez qui")}
    rows += [(roles.get(party.role, ""), party.person.called) for party in paper.parties if party.person]
    if "work" in promises:
        rows.append((_("Heures prévues"), hours(promises["work"], "long")))
    if paper.mine.role == "worker" and "wage" in promises:
        wage = _("%(wage)s brut de l’heure, plus les congés payés") % {"wage": money(promises["wage"])}
        rows.append((_("Salaire"), wage))
    if paper.mine.role == "client" and "price" in promises:
        rows.append((_("Prix"), _("%(price)s de l’heure") % {"price": money(promises["price"])}))
    if "fee" in promises:
        rows.append((_("Prix"), _("%(price)s de l’heure") % {"price": money(promises["fee"])}))
    if "whole_fee" in promises:
        rows.append((_("Prix"), money(promises["whole_fee"])))
    rows.append((_("Numéro"), agreement.number))
    return [{"label": label, "value": value} for label, value in rows]


def _rule(paper: member.Paper) -> list[str]:
    """What happens when a visit does not take place, as this party signs it."""
    terms = terms_of(paper.agreement.terms.get("calling_off"))
    return words.rule_of(terms, paper.mine.role)


def _mine(request: Inside, agreement: UUID) -> member.Paper:
    found = member.paper_to_sign(agreement=agreement, person=request.visit.person)
    if found is None:
        raise Http404
    return found
