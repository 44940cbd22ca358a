"""Somebody's own price: asked for without proof, theirs while they want it, known to nobody who comes to their home."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from entremise.doors.frame.visit import Inside, signed_in
from entremise.doors.frame.ways import read, write
from entremise.doors.frame.words_solidarity import taken_off
from entremise.doors.site.nav import tabs
from entremise.doors.site.results import local_day
from entremise.kernel.act import Door
from entremise.people import queries as people
from entremise.solidarity import operations
from entremise.solidarity.models import Place
from entremise.solidarity.queries import left_of
from entremise.solidarity.queries import prices as queries


def price_page(request: Inside, **_tried: UUID) -> HttpResponse:
    mine = queries.places_of(person=request.visit.person)
    taken = {one.band.first for one in mine}
    steps = queries.bands(on=local_day(request))
    lowest = {one.band.first: one.band.step for one in steps}
    context = {
        "nav": tabs(request, "help"),
        "mine": [_mine(one, lowest.get(one.band.first, 0)) for one in mine],
        "steps": [
            {"step": one, "off": taken_off(one.band.percent, one.band.hourly)}
            for one in steps
            if one.band.first not in taken and one.band.places
        ],
    }
    return render(request, "site/my_price.html", context)


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
