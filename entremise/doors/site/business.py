"""What somebody who works on their own account sold through us: invoices in their name, commission, statements."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from entremise.documents import queries as documents
from entremise.doors.frame.providers import takes_cards
from entremise.doors.frame.visit import Inside, supplier
from entremise.doors.frame.ways import read, write
from entremise.doors.site.nav import tabs
from entremise.jobs import operations as jobs
from entremise.jobs.queries import calling_off, member
from entremise.kernel.act import Door
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.settlement.models import SupplierInvoice


def business_page(request: Inside, **_of: UUID) -> HttpResponse:
    person = request.visit.person
    context = {
        "nav": tabs(request, "business"),
        "called_off": calling_off.owed_to(person=person),
        "sold": settled.sold_by(supplier=person),
        "cards": takes_cards(request.visit.organisation),
        "owed": settled.owed_by(client=person),
        "ours": settled.invoices_of(client=person),
        "statements": documents.documents_of(person=person, kinds=("supplier_statement",), limit=24),
    }
    return render(request, "site/business.html", context)


show = read(supplier)(business_page)


@write(supplier, again=business_page)
def paid(request: Inside, sale: UUID) -> HttpResponse:
    """« Mon client m’a payé »."""
    act = request.visit.act(Door.SITE)
    settlement.mark_supplier_paid(act=act, invoice=_mine(request, sale), on=act.at.date())
    messages.success(request, _("C’est noté : payée."))
    return redirect("site:business")


@write(supplier, again=business_page)
def forgo(request: Inside, mission: UUID) -> HttpResponse:
    """What a client owes for a visit that did not take place: they let it be."""
    found = member.mission_of(mission=mission, worker=request.visit.person)
    if found is None:
        raise Http404
    jobs.waive(act=request.visit.act(Door.SITE), mission=found)
    messages.success(request, _("C’est noté : votre client ne doit rien pour cette visite."))
    return redirect("site:business")


@read(supplier)
def download(request: Inside, sale: UUID) -> HttpResponse:
    """Their own copy of what was sent to a client in their name."""
    found = _mine(request, sale)
    answer = HttpResponse(documents.pdf(document=found.document), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return answer


def _mine(request: Inside, sale: UUID) -> SupplierInvoice:
    found = settled.supplier_invoice(invoice=sale)
    if found is None or found.supplier_id != request.visit.person:
        raise Http404
    return found
