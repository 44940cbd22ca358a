"""Offers at the desk: those to look at, one of them, and what somebody says of theirs on the telephone."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.desk.forms_offers import BookForm
from entremise.doors.desk.lists import offer as offer_list
from entremise.doors.desk.lists_work import OFFER_STATES
from entremise.doors.desk.nav import allowed_to, came_back, found, jobs_staff, page, paged
from entremise.doors.frame.forms_offers import FreeMomentForm, FreeTimesForm, OfferForm
from entremise.doors.frame.templatetags.entremise import spoken_date
from entremise.doors.frame.visit import Inside
from entremise.doors.frame.ways import checked, on, read, write
from entremise.jobs import operations as jobs
from entremise.jobs.models import Offer
from entremise.jobs.queries import offers
from entremise.kernel.act import Act, Door
from entremise.people import queries as people
from entremise.people.rules.may import Verb

USUAL = 120  # Minutes of a visit, until somebody says otherwise.


@read(jobs_staff)
def listed(request: Inside) -> HttpResponse:
    chosen = request.GET.get("etat", "")
    rows = paged(request, offers.offers_in(states=OFFER_STATES.get(chosen, OFFER_STATES[""])))
    context = {"page": rows, "chosen": chosen, "exports": offer_list(request, "offers")}
    return page(request, "offers", section="requests", context=context)


def offer_page(request: Inside, number: int) -> HttpResponse:
    offer, at = _offer(number), request.visit.act(Door.DESK).at
    named = offer.person_id in offers.agreed_to_be_named(people=[offer.person_id])
    visits = offers.free_visits(offer=offer, client=None, minutes=USUAL, at=at)
    initial = OfferForm.of(offer, named=named, zone=_zone(request))
    context = {
        "offer": offer,
        "form": came_back(request, OfferForm) or OfferForm(by_quote=offer.by_quote, initial=initial),
        "book_form": came_back(request, BookForm) or BookForm(visits=visits),
        "named": named,
    }
    return page(request, "offer", section="requests", context=context)


show = read(jobs_staff)(offer_page)


@write(jobs_staff, again=offer_page)
def revise(request: Inside, number: int) -> HttpResponse:
    """What its person says on the telephone, or what the desk mends."""
    offer = _offer(number)
    form = request.form = OfferForm(request.POST, by_quote=offer.by_quote)
    checked(form)
    jobs.revise_offer(act=_act(request, offer.person_id), offer=offer, terms=form.terms(_zone(request)))
    return _noted(request, _("Annonce changée."), number)


offer = on(get=show, post=revise)


@write(allowed_to(Verb.OFFERS_OPEN), again=offer_page)
def open_(request: Inside, number: int) -> HttpResponse:
    jobs.open_offer(act=request.visit.act(Door.DESK), offer=_offer(number))
    return _noted(request, _("Annonce en ligne. Son auteur est prévenu."), number)


@write(jobs_staff, again=offer_page)
def pause(request: Inside, number: int) -> HttpResponse:
    one = _offer(number)
    jobs.pause_offer(act=_act(request, one.person_id), offer=one)
    return _noted(request, _("Annonce en pause."), number)


@write(jobs_staff, again=offer_page)
def resume(request: Inside, number: int) -> HttpResponse:
    one = _offer(number)
    jobs.resume_offer(act=_act(request, one.person_id), offer=one)
    return _noted(request, _("Annonce de nouveau en ligne."), number)


@write(jobs_staff, again=offer_page)
def end(request: Inside, number: int) -> HttpResponse:
    one = _offer(number)
    jobs.end_offer(act=_act(request, one.person_id), offer=one)
    return _noted(request, _("Annonce retirée. Les missions prévues restent."), number)


@write(allowed_to(Verb.REQUESTS_POST), again=offer_page)
def book(request: Inside, number: int) -> HttpResponse:
    """A client on the telephone takes a free moment."""
    one, at = _offer(number), request.visit.act(Door.PHONE).at
    visits = offers.free_visits(offer=one, client=None, minutes=USUAL, at=at)
    form = request.form = BookForm(request.POST, visits=visits)
    checked(form)
    client = people.get(person=form.cleaned_data["picked"])
    act = request.visit.act(Door.PHONE, on_behalf_of=client.id)
    mission = jobs.book(act=act, offer=one, client=client, starts_at=form.cleaned_data["start"], minutes=USUAL)
    said = _("Réservé pour %(name)s, %(when)s. Il reste à signer.")
    messages.success(request, said % {"name": client.called, "when": spoken_date(mission.starts_at)})
    return redirect("desk:request", number=mission.number)


def _noted(request: Inside, said: str, number: int) -> HttpResponse:
    messages.success(request, said)
    return redirect("desk:offer", number=number)


# Somebody's own, on the telephone


def of_person_page(request: Inside, person: UUID, **_of: UUID) -> HttpResponse:
    whose = people.get(person=person)
    mine = offers.my_offers(person=person, at=request.visit.act(Door.DESK).at)
    mode, initial = mine.mode(request.GET.get("mode", "")), {"named": mine.agreed_to_be_named}
    context = {
        "person": whose,
        "mine": mine,
        "mode": mode,
        "form": came_back(request, OfferForm)
        or OfferForm(by_quote=mode.by_quote, activities=mine.activities, initial=initial),
        "times": came_back(request, FreeTimesForm) or FreeTimesForm(worker=mine.worker),
        "moment": came_back(request, FreeMomentForm) or FreeMomentForm(),
    }
    return page(request, "person_offers", section="people", context=context)


@write(jobs_staff, again=of_person_page)
def put_up(request: Inside, person: UUID) -> HttpResponse:
    whose = people.get(person=person)
    mine = offers.my_offers(person=person, at=request.visit.act(Door.PHONE).at)
    mode = mine.mode(request.GET.get("mode", ""))
    form = request.form = OfferForm(request.POST, by_quote=mode.by_quote, activities=mine.activities)
    checked(form)
    activity = next(one for one in mine.activities if one.code == form.cleaned_data["activity"])
    terms = form.terms(_zone(request))
    made = jobs.put_up(act=_act(request, person), person=whose, activity=activity, terms=terms, mode=mode.code)
    return _noted(request, _("Annonce notée."), made.listing.number)


of_person = on(get=read(jobs_staff)(of_person_page), post=put_up)


@write(jobs_staff, again=of_person_page)
def set_times(request: Inside, person: UUID) -> HttpResponse:
    worker = offers.my_offers(person=person, at=request.visit.act(Door.PHONE).at).worker
    form = request.form = FreeTimesForm(request.POST, worker=worker)
    checked(form)
    jobs.set_free_times(act=_act(request, person), person=people.get(person=person), weekly=form.weekly())
    return _of(request, person)


@write(jobs_staff, again=of_person_page)
def add_moment(request: Inside, person: UUID) -> HttpResponse:
    form = request.form = FreeMomentForm(request.POST)
    checked(form)
    whose = people.get(person=person)
    jobs.add_free_moment(act=_act(request, person), person=whose, window=form.window(_zone(request)))
    return _of(request, person)


@write(jobs_staff, again=of_person_page)
def remove_moment(request: Inside, person: UUID, moment: UUID) -> HttpResponse:
    free = found(offers.free_moment(moment=moment, person=person))
    jobs.remove_free_moment(act=_act(request, person), free=free)
    return _of(request, person)


def _of(request: Inside, person: UUID) -> HttpResponse:
    messages.success(request, _("C’est noté."))
    return redirect("desk:person_offers", person=person)


def _offer(number: int) -> Offer:
    return found(offers.offer_numbered(number=number))


def _act(request: Inside, person: UUID) -> Act:
    return request.visit.act(Door.PHONE, on_behalf_of=person)


def _zone(request: Inside) -> ZoneInfo:
    return request.visit.zone
