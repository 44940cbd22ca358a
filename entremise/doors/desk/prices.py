"""Prices of people's own: what the committee opened, who has one or waits. Not for the counter."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.desk.forms_solidarity import BandForm, PlacesForm, PriceForm, of_funds
from entremise.doors.desk.nav import allowed_to, came_back, found, page
from entremise.doors.frame.fields import set_choices
from entremise.doors.frame.visit import Inside
from entremise.doors.frame.ways import checked, on, read, write
from entremise.doors.frame.words_solidarity import taken_off
from entremise.kernel.act import Door
from entremise.people import queries as people
from entremise.people.rules.may import Verb
from entremise.settlement.operations.debits import today
from entremise.solidarity import operations
from entremise.solidarity.models import Band, Place
from entremise.solidarity.queries import funds, left_of, rules_in_force
from entremise.solidarity.queries import prices as queries

readers, askers = allowed_to(Verb.PLACES_READ), allowed_to(Verb.PLACES_ASK)
rulers, payers = allowed_to(Verb.FUNDS_RULE), allowed_to(Verb.AIDS_PAY)


def prices_page(request: Inside, band: UUID | None = None) -> HttpResponse:
    day = today(request.visit.act(Door.DESK))
    steps, typed = queries.bands(on=day), came_back(request, PlacesForm)
    form = came_back(request, BandForm) or BandForm()
    of_funds(form, [one.fund for one in funds(open_only=True)])
    ask_form = came_back(request, PriceForm) or PriceForm()
    _offers(ask_form, [one.band for one in steps])
    context = {
        "steps": [_step(one, typed if one.band.id == band else None) for one in steps],
        "places": [{"place": one, "off": _off(one.band)} for one in queries.places()],
        "form": form,
        "ask_form": ask_form,
        "rules": rules_in_force(on=day),
    }
    return page(request, "prices", section="solidarity", context=context)


def _step(step: queries.Step, typed: PlacesForm | None) -> dict[str, object]:
    form = typed or PlacesForm(anchor=f"p{step.band.id.hex}", initial={"places": step.band.places})
    return {"step": step, "off": _off(step.band), "form": form}


def _off(band: Band) -> str:
    return taken_off(band.percent, band.hourly)


def _offers(form: PriceForm, bands: list[Band]) -> None:
    set_choices(form, "band", [(str(one.id), f"{_off(one)}, {one.first:%d/%m/%Y}") for one in bands])


@write(rulers, again=prices_page)
def open_band(request: Inside) -> HttpResponse:
    form = request.form = BandForm(request.POST)
    of_funds(form, [one.fund for one in funds(open_only=True)])
    checked(form)
    given = form.asked()
    fund = next(one.fund for one in funds(open_only=True) if str(one.fund.id) == given["fund"])
    operations.open_band(act=request.visit.act(Door.DESK), **{**given, "fund": fund})
    messages.success(request, _("Ce prix est ouvert."))
    return redirect("desk:prices")


prices = on(get=read(readers)(prices_page), post=open_band)


@write(rulers, again=prices_page)
def resize(request: Inside, band: UUID) -> HttpResponse:
    row = found(queries.band(band=band))
    form = request.form = PlacesForm(request.POST, anchor=f"p{band.hex}")
    checked(form)
    operations.set_places(act=request.visit.act(Door.DESK), band=row, places=form.cleaned_data["places"])
    messages.success(request, _("C’est noté."))
    return redirect("desk:prices")


@write(askers, again=prices_page)
def ask(request: Inside) -> HttpResponse:
    """Said on the phone, to somebody who sits with the committee."""
    form = request.form = PriceForm(request.POST)
    bands = {str(one.band.id): one.band for one in queries.bands(on=today(request.visit.act(Door.DESK)))}
    _offers(form, list(bands.values()))
    checked(form)
    person = people.get(person=form.cleaned_data["picked"])
    act = request.visit.act(Door.PHONE, on_behalf_of=person.id)
    place = operations.ask_place(act=act, person=person, band=bands[form.cleaned_data["band"]])
    messages.success(
        request, _("C’est son prix.") if place.state == "held" else _("C’est noté : elle attend son tour.")
    )
    return redirect("desk:place", place=place.id)


def place_page(request: Inside, place: UUID, payment: UUID | None = None) -> HttpResponse:
    seen = found(queries.place(place=place))
    context = {
        "place": seen,
        "off": _off(seen.band),
        "turn": queries.turn(place=seen) if seen.state == "waiting" else 0,
        "left": left_of(award=seen.award) if seen.award and seen.state == "held" else 0,
        "payments": queries.payments_of(place=seen),
        "below": queries.below(band=seen.band),
    }
    return page(request, "place", section="solidarity", context=context)


place = read(readers)(place_page)


@write(askers, again=place_page)
def ease(request: Inside, place: UUID) -> HttpResponse:
    row = found(queries.place(place=place))
    operations.ease_place(act=request.visit.act(Door.PHONE, on_behalf_of=row.person_id), place=row)
    return _noted(request, row)


@write(askers, again=place_page)
def leave(request: Inside, place: UUID) -> HttpResponse:
    row = found(queries.place(place=place))
    operations.leave_place(act=request.visit.act(Door.PHONE, on_behalf_of=row.person_id), place=row)
    return _noted(request, row)


@write(payers, again=place_page)
def take_back(request: Inside, place: UUID, payment: UUID) -> HttpResponse:
    """An invoice that was wrong: what was borne of it is the fund's again."""
    row = found(queries.place(place=place))
    borne = found(next((one for one in queries.payments_of(place=row) if one.id == payment), None))
    operations.take_payment_back(act=request.visit.act(Door.DESK), payment=borne)
    return _noted(request, row)


def _noted(request: Inside, place: Place) -> HttpResponse:
    messages.success(request, _("C’est noté."))
    return redirect("desk:place", place=place.id)
