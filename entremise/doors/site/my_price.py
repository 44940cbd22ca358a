"""Somebody's own price: asked for without proof, theirs while they want it, known to nobody who comes to their home."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entremise.doors.frame.fields import EurosField, set_choices
from entremise.doors.frame.visit import Inside, signed_in
from entremise.doors.frame.ways import checked, read, write
from entremise.doors.frame.words_solidarity import taken_off
from entremise.doors.site.nav import tabs
from entremise.doors.site.results import local_day
from entremise.kernel.act import Door
from entremise.payments.queries import mandate_of
from entremise.people import queries as people
from entremise.solidarity import operations
from entremise.solidarity.models import Fund, Place
from entremise.solidarity.queries import contributions, funds, left_of
from entremise.solidarity.queries import prices as queries


class AddForm(forms.Form):
    """fund: which one, where there are several."""

    fund = forms.ChoiceField(
        label=gettext_lazy("Pour quel fonds"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Choisissez dans la liste.")),
    )
    hourly = EurosField(label=gettext_lazy("Ajouté par heure"))

    def __init__(self, data: Any = None, *, funds: Iterable[Fund], initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial=initial)
        set_choices(self, "fund", [(str(one.id), one.name) for one in funds])


def price_page(request: Inside, **_tried: UUID) -> HttpResponse:
    mine = queries.places_of(person=request.visit.person)
    taken = {one.band.first for one in mine}
    steps = queries.bands(on=local_day(request))
    lowest = {one.band.first: one.band.step for one in steps}
    context = {
        **_adding(request),
        "nav": tabs(request, "help"),
        "mine": [_mine(one, lowest.get(one.band.first, 0)) for one in mine],
        "steps": [
            {"step": one, "off": taken_off(one.band.percent, one.band.hourly)}
            for one in steps
            if one.band.first not in taken and one.band.places
        ],
    }
    return render(request, "site/my_price.html", context)


def _adding(request: Inside) -> dict[str, object]:
    """What they add for others, and the form; none where we collect their invoices, or no fund is open."""
    person = request.visit.person
    open_funds = [one.fund for one in funds(open_only=True)]
    current, scale = contributions.contribution_of(person=person), contributions.grid(on=local_day(request))
    typed = request.form if isinstance(request.form, AddForm) else None
    first: dict[str, object] = {"hourly": scale.suggested}
    if current:
        first = {"hourly": current.hourly, "fund": str(current.fund_id)}
    offered = open_funds and mandate_of(person=person) is None
    return {
        "adds": current,
        "grid": scale,
        "given": contributions.given_by(person=person),
        "form": (typed or AddForm(funds=open_funds, initial=first)) if offered else None,
    }


def _mine(place: Place, lowest: int) -> dict[str, object]:
    band = place.band
    return {
        "place": place,
        "off": taken_off(band.percent, band.hourly),
        "left": left_of(award=place.award) if place.award else 0,
        "turn": queries.turn(place=place) if place.state == "waiting" else 0,
        "lower": place.state == "held" and band.step < lowest,
    }


show = read(signed_in)(price_page)


@write(signed_in, again=price_page)
def ask(request: Inside, band: UUID) -> HttpResponse:
    row = queries.band(band=band)
    if row is None:
        raise Http404
    act, person = request.visit.act(Door.SITE), people.get(person=request.visit.person)
    place = operations.ask_place(act=act, person=person, band=row)
    said = (
        _("C’est votre prix.") if place.state == "held" else _("C’est noté. Nous vous écrivons quand c’est votre tour.")
    )
    messages.success(request, said)
    return redirect("site:my_price")


@write(signed_in, again=price_page)
def add(request: Inside) -> HttpResponse:
    """A little more on each invoice, for somebody else."""
    open_funds = {str(one.fund.id): one.fund for one in funds(open_only=True)}
    form = request.form = AddForm(request.POST, funds=open_funds.values())
    checked(form)
    given = form.cleaned_data
    operations.set_contribution(
        act=request.visit.act(Door.SITE),
        person=people.get(person=request.visit.person),
        fund=open_funds[given["fund"]],
        hourly=given["hourly"],
    )
    messages.success(request, _("Merci. C’est ajouté à partir de la prochaine facture."))
    return redirect("site:my_price")


@write(signed_in, again=price_page)
def ease(request: Inside, place: UUID) -> HttpResponse:
    """« En ce moment c’est difficile. »"""
    operations.ease_place(act=request.visit.act(Door.SITE), place=_of(request, place))
    messages.success(request, _("C’est votre prix."))
    return redirect("site:my_price")


@write(signed_in, again=price_page)
def leave(request: Inside, place: UUID) -> HttpResponse:
    operations.leave_place(act=request.visit.act(Door.SITE), place=_of(request, place))
    messages.success(request, _("C’est noté. La place est libre pour quelqu’un d’autre."))
    return redirect("site:my_price")


def _of(request: Inside, place: UUID) -> Place:
    found = queries.place(place=place)
    if found is None or found.person_id != request.visit.person:
        raise Http404
    return found
