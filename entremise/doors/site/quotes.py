"""Quotes: a supplier names a price, a client answers."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.frame.fields import QuoteForm
from entremise.doors.frame.visit import Inside, client, supplier
from entremise.doors.frame.ways import checked, write
from entremise.doors.site import hosting, working
from entremise.doors.site.forms import AnswerForm
from entremise.jobs import operations as jobs
from entremise.jobs.queries import quotes
from entremise.kernel.act import Door
from entremise.market.queries import proposal as proposal_of


@write(supplier, again=working.home_page)
def send(request: Inside, proposal: UUID) -> HttpResponse:
    found = proposal_of(proposal=proposal)
    if found is None or found.person_id != request.visit.person:
        raise Http404
    form = request.form = QuoteForm(request.POST, anchor=proposal.hex)
    checked(form)
    jobs.send_quote(act=request.visit.act(Door.SITE), proposal=found, **form.asked())
    messages.success(request, _("Devis envoyé. Nous vous prévenons dès que la personne a répondu."))
    return redirect("site:me")


@write(client, again=hosting.home_page)
def answer(request: Inside, quote: UUID) -> HttpResponse:
    found = quotes.quote(quote=quote)
    if found is None or found.request.client_id != request.visit.person:
        raise Http404
    form = AnswerForm(request.POST)
    checked(form)
    act = request.visit.act(Door.SITE)
    if form.cleaned_data["answer"] == "yes":
        jobs.accept_quote(act=act, quote=found)
        messages.success(request, _("C’est d’accord. La visite est prévue."))
    else:
        jobs.decline_quote(act=act, quote=found)
        messages.success(request, _("C’est noté : NON. Refuser ne coûte rien."))
    return redirect("site:visits")
