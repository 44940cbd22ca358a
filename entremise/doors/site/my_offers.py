"""What somebody who works offers, and when they are free."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from entremise.doors.frame.forms_offers import FreeMomentForm, FreeTimesForm, OfferForm
from entremise.doors.frame.visit import Inside, worker
from entremise.doors.frame.ways import checked, on, read, write
from entremise.doors.site.forms import said_by
from entremise.doors.site.nav import tabs
from entremise.jobs import operations as jobs
from entremise.jobs.models import Offer
from entremise.jobs.queries import offers
from entremise.jobs.queries.offers import MyOffers
from entremise.jobs.rules.modes import Mode
from entremise.kernel.act import Act, Door
from entremise.people import queries as people


def mine_page(request: Inside, **_of: object) -> HttpResponse:
    mine, form = _mine(request), request.form
    times, moment = (form if isinstance(form, kind) else None for kind in (FreeTimesForm, FreeMomentForm))
    if not (times or moment):
        request.refusal = request.refusal or said_by(form)
    context = {
        "nav": tabs(request, "me"),
        "mine": mine,
        "times": times or FreeTimesForm(worker=mine.worker),
        "moment": moment or FreeMomentForm(),
    }
    return render(request, "site/my_offers.html", context)


show_mine = read(worker)(mine_page)


def new_page(request: Inside) -> HttpResponse:
    mine = _mine(request)
    mode, initial = _mode(request, mine), {"named": mine.agreed_to_be_named}
    form = request.form or OfferForm(by_quote=mode.by_quote, activities=mine.activities, initial=initial)
    return _form_page(request, mine, form, None)


@write(worker, again=new_page)
def put_up(request: Inside) -> HttpResponse:
    mine = _mine(request)
    mode = _mode(request, mine)
    form = request.form = OfferForm(request.POST, by_quote=mode.by_quote, activities=mine.activities)
    checked(form)
    jobs.put_up(
        act=_act(request),
        person=people.get(person=request.visit.person),
        activity=next(one for one in mine.activities if one.code == form.cleaned_data["activity"]),
        terms=form.terms(_zone(request)),
        mode=mode.code,
    )
    messages.success(request, _("C’est noté. Une personne de l’accueil lit l’annonce, puis elle paraît."))
    return redirect("site:my_offers")


new = on(get=read(worker)(new_page), post=put_up)


def change_page(request: Inside, number: int) -> HttpResponse:
    offer, mine = _offer(request, number), _mine(request)
    initial = OfferForm.of(offer, named=mine.agreed_to_be_named, zone=_zone(request))
    form = request.form or OfferForm(by_quote=offer.by_quote, initial=initial)
    return _form_page(request, mine, form, offer)


@write(worker, again=change_page)
def revise(request: Inside, number: int) -> HttpResponse:
    offer = _offer(request, number)
    form = request.form = OfferForm(request.POST, by_quote=offer.by_quote)
    checked(form)
    jobs.revise_offer(act=_act(request), offer=offer, terms=form.terms(_zone(request)))
    messages.success(request, _("C’est noté. Une personne de l’accueil relit l’annonce, puis elle paraît."))
    return redirect("site:my_offers")


change = on(get=read(worker)(change_page), post=revise)


def _form_page(request: Inside, mine: MyOffers, form: BaseForm, offer: Offer | None) -> HttpResponse:
    context = {"nav": tabs(request, "me"), "form": form, "offer": offer, "commission": mine.commission}
    return render(request, "site/my_offer.html", context)


def _mode(request: Inside, mine: MyOffers) -> Mode:
    """Whoever is employed and works on their own account too says in the address which it is."""
    return mine.mode(request.GET.get("mode", ""))


@write(worker, again=mine_page)
def pause(request: Inside, number: int) -> HttpResponse:
    jobs.pause_offer(act=_act(request), offer=_offer(request, number))
    return _noted(request, _("Annonce en pause. Personne ne la voit."))


@write(worker, again=mine_page)
def resume(request: Inside, number: int) -> HttpResponse:
    jobs.resume_offer(act=_act(request), offer=_offer(request, number))
    return _noted(request, _("Annonce de nouveau en ligne."))


@write(worker, again=mine_page)
def end(request: Inside, number: int) -> HttpResponse:
    jobs.end_offer(act=_act(request), offer=_offer(request, number))
    return _noted(request, _("Annonce retirée. Les missions prévues restent."))


# When


@write(worker, again=mine_page)
def set_times(request: Inside) -> HttpResponse:
    form = request.form = FreeTimesForm(request.POST, worker=_mine(request).worker)
    checked(form)
    jobs.set_free_times(act=_act(request), person=people.get(person=request.visit.person), weekly=form.weekly())
    return _noted(request, _("Vos heures libres sont notées."))


@write(worker, again=mine_page)
def add_moment(request: Inside) -> HttpResponse:
    form = request.form = FreeMomentForm(request.POST)
    checked(form)
    me = people.get(person=request.visit.person)
    jobs.add_free_moment(act=_act(request), person=me, window=form.window(_zone(request)))
    return _noted(request, _("Ce jour est noté."))


@write(worker, again=mine_page)
def remove_moment(request: Inside, moment: UUID) -> HttpResponse:
    free = offers.free_moment(moment=moment, person=request.visit.person)
    if free is None:
        raise Http404
    jobs.remove_free_moment(act=_act(request), free=free)
    return _noted(request, _("Ce jour est enlevé. Les missions prévues restent."))


def _noted(request: Inside, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("site:my_offers")


def _mine(request: Inside) -> MyOffers:
    return offers.my_offers(person=request.visit.person, at=_act(request).at)


def _offer(request: Inside, number: int) -> Offer:
    found = offers.offer_numbered(number=number)
    if found is None or found.person_id != request.visit.person:
        raise Http404
    return found


def _act(request: Inside) -> Act:
    return request.visit.act(Door.SITE)


def _zone(request: Inside) -> ZoneInfo:
    return request.visit.zone
