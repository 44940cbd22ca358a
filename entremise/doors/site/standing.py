"""« The same each time »: what a household wants of a purchase that comes again, alone or in turn with another."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from entremise.buying import operations as buying
from entremise.buying import queries
from entremise.buying.models import Purchase, Standing
from entremise.campaigns import queries as pledged
from entremise.doors.frame.series import SAYS, usual_wishes
from entremise.doors.frame.visit import Inside, signed_in
from entremise.doors.frame.ways import checked, on, read, write
from entremise.doors.site.forms_orders import OrderForm, typed_in
from entremise.doors.site.orders import orders_page, paying_of, seen
from entremise.kernel.act import Door
from entremise.kernel.refused import Refused
from entremise.people import queries as people


def standing_page(request: Inside, number: int) -> HttpResponse:
    """As they said it before, or else as they ordered of this one."""
    purchase = _seen(number)
    form = request.form if isinstance(request.form, OrderForm) else None
    known = _own(purchase, request.visit.person)
    context = {
        "purchase": purchase,
        "campaign": purchase.campaign,
        "known": known,
        "form": form or _form(request, None, purchase, known),
    }
    return render(request, "site/standing.html", context)


@write(signed_in, again=standing_page)
def send_standing(request: Inside, number: int) -> HttpResponse:
    """In place of what they said before; nothing is ordered today."""
    purchase, me = _seen(number), request.visit.person
    form = request.form = _form(request, request.POST, purchase, _own(purchase, me))
    checked(form)
    assert purchase.series is not None
    try:
        buying.say_standing(
            act=request.visit.act(Door.SITE),
            series=purchase.series,
            person=people.get(person=me),
            wants=form.wants(),
            means=form.cleaned_data["means"],
            budget=form.cleaned_data["budget"],
        )
    except Refused as refused:
        refused.where = form.beside(refused)
        raise
    messages.success(request, _("C’est noté : la même chose à chaque fois, dès le prochain achat."))
    return redirect("site:orders")


standing = on(get=read(signed_in)(standing_page), post=send_standing)


@write(signed_in, again=orders_page)
def say(request: Inside, number: int) -> HttpResponse:
    """Paused, resumed, skipped, ended; whose turn it is."""
    purchase, me = _seen(number), request.visit.person
    said = SAYS.get(request.POST.get("dit", ""))
    known = queries.taking_part(series=purchase.series.id, person=me) if purchase.series else None
    if said is None or known is None:
        raise Http404
    does, words = said
    does(request.visit.act(Door.SITE), known, people.get(person=me))
    messages.success(request, str(words))
    return redirect("site:orders")


def _seen(number: int) -> Purchase:
    purchase = seen(number)
    if purchase.series is None:
        raise Http404
    return purchase


def _own(purchase: Purchase, me: UUID) -> Standing | None:
    return queries.standing_order(series=purchase.series_id, person=me) if purchase.series_id else None


def _form(request: Inside, data: Any, purchase: Purchase, known: Standing | None) -> OrderForm:
    me, far = request.visit.person, queries.standing(purchase=purchase)
    pledge = pledged.pledge_of(campaign=purchase.campaign_id, person=me)
    if known:
        first = typed_in(usual_wishes(known, [one.article for one in far.lines]), far.lines)
        first |= {"means": known.means, "budget": known.budget}
    elif pledge:
        first = typed_in(pledged.wishes_of(pledges=[pledge.id])[pledge.id], far.lines)
        first |= {"means": pledge.means, "budget": pledge.budget}
    else:
        first = {}
    return OrderForm(data, lines=far.lines, paying=paying_of(me, purchase, pledge), initial=first)
