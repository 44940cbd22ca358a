"""A card or an account that the provider keeps for a client: kept, chosen to pay with, taken away."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from entremise.doors.frame.providers import takes_cards
from entremise.doors.frame.visit import Inside, client
from entremise.doors.frame.ways import checked, on, read, write
from entremise.doors.site.forms_dues import ChooseMeansForm, KeepMeansForm
from entremise.doors.site.nav import tabs
from entremise.doors.site.payments import WAIT
from entremise.figures import queries as figures
from entremise.jobs.queries import persons
from entremise.kernel.act import Door
from entremise.payments import operations as payments
from entremise.payments import queries as paid
from entremise.payments.models import KeptMeans
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.settlement.operations.debits import today

PATIENCE = timedelta(minutes=10)  # For so long the page of who has just asked moves on by itself.


def means_page(request: Inside, means: UUID | None = None) -> HttpResponse:
    """What is kept. Just asked for (« garder »), it leads to the provider's page as soon as that is open.

    means: the one whose form came back.
    """
    act, person = request.visit.act(Door.SITE), request.visit.person
    provider, rows = takes_cards(request.visit.organisation), paid.kept_means(person=person)
    back = request.form if isinstance(request.form, ChooseMeansForm) else None
    mandate = paid.mandate_of(person=person)
    known = {one.kind for one in rows if one.state != "expired"}
    context = {
        "nav": tabs(request, "invoices"),
        "rows": [
            {"means": one, "form": back if back and one.id == means else ChooseMeansForm(anchor=one.id.hex)}
            for one in rows
        ],
        "kinds": [kind for kind in KeptMeans.Kind.values if provider and kind not in known],
        "charges": settled.charges_to_come(client=person),
        "mandate": mandate,
        "weeks": int(figures.table().at("sepa_refund_weeks", today(act))),
    }
    answer = render(request, "site/means.html", context)
    asked = [one for one in rows if one.state == "asked" and act.at < one.asked_at + PATIENCE]
    if asked and request.method == "GET":
        latest = max(asked, key=lambda one: one.asked_at)
        if latest.url and "garder" in request.GET:
            answer["Refresh"] = f"0; url={latest.url}"  # No redirect: a form may lead to no other house.
        elif "garder" in request.GET or "retour" in request.GET:
            answer["Refresh"] = str(WAIT)
    return answer


@write(client, again=means_page)
def keep(request: Inside) -> HttpResponse:
    form = request.form = KeepMeansForm(request.POST)
    checked(form)
    provider, person = takes_cards(request.visit.organisation), persons.person(person=request.visit.person)
    if not provider or person is None:
        raise Http404
    here = reverse("site:means")
    back = f"{request.build_absolute_uri(here)}?retour=1"
    kind = form.cleaned_data["kind"]
    payments.keep_means(act=request.visit.act(Door.SITE), person=person, kind=kind, provider=provider, back=back)
    return redirect(f"{here}?garder=1")


means = on(get=read(client)(means_page), post=keep)


@write(client, again=means_page)
def pay_with(request: Inside, means: UUID) -> HttpResponse:
    mine = _mine(request, means)
    form = request.form = ChooseMeansForm(request.POST, anchor=means.hex)
    checked(form)
    settlement.choose_means(act=request.visit.act(Door.SITE), means=mine)
    messages.success(request, _("C’est noté. Nous vous dirons le montant et le jour, avant chaque paiement."))
    return redirect("site:means")


@write(client, again=means_page)
def stop(request: Inside, means: UUID) -> HttpResponse:
    settlement.stop_charging(act=request.visit.act(Door.SITE), means=_mine(request, means))
    messages.success(request, _("C’est noté : plus rien ne sera pris."))
    return redirect("site:means")


@write(client, again=means_page)
def remove(request: Inside, means: UUID) -> HttpResponse:
    settlement.take_away(act=request.visit.act(Door.SITE), means=_mine(request, means))
    messages.success(request, _("C’est enlevé : le prestataire ne le garde plus."))
    return redirect("site:means")


def _mine(request: Inside, means: UUID) -> KeptMeans:
    """Anybody else's is none."""
    found = paid.one_means(means=means, person=request.visit.person)
    if found is None:
        raise Http404
    return found
