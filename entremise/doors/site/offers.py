"""Offers as everybody sees them, and how a client picks one: ask its person, or book a free moment."""

from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from entremise.doors.frame.templatetags.entremise import hours, spoken_date
from entremise.doors.frame.visit import Inside, anyone, client
from entremise.doors.frame.ways import checked, on, read, write
from entremise.doors.site.forms_offers import AskForm, BookForm
from entremise.doors.site.nav import foot, head
from entremise.doors.site.prices import price_parts
from entremise.jobs import operations as jobs
from entremise.jobs.models import Offer
from entremise.jobs.queries import offers
from entremise.jobs.queries.calling import offered_activities
from entremise.jobs.queries.offers import OfferPage
from entremise.jobs.rules.offers import LENGTHS
from entremise.kernel.act import Door, Role
from entremise.people import queries as people
from entremise.people.models import Person, Place

PER_PAGE = 20
USUAL = 120  # Minutes of a visit, until the client chooses.


@read(anyone, kept=True)
def show_offers(request: Inside) -> HttpResponse:
    at = request.visit.act(Door.SITE).at
    chosen, typed = request.GET.get("quoi", ""), request.GET.get("ou", "").strip()[:100]
    near = _place(typed)
    rows = offers.open_offers(at=at, activity=chosen, near=near)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": head("offers"),
        "foot_nav": foot(),
        "page": page,
        "rows": offers.shown(offers=list(page), at=at),
        "activities": offered_activities(),
        "query": urlencode({name: said for name, said in (("quoi", chosen), ("ou", typed)) if said}),
        "chosen": chosen,
        "typed": typed,
        "near": near,
    }
    return render(request, "site/offers.html", context)


def _place(typed: str) -> Place | None:
    found = people.find_place(typed=typed, limit=1) if typed else []
    return found[0] if found else None


@read(anyone, kept=True)
def show_offer(request: Inside, number: int) -> HttpResponse:
    seen = _seen(request, number)
    if seen is None:
        return _gone(request)
    context = {
        "nav": head("offers"),
        "foot_nav": foot(),
        **_said(request, seen),
        "lengths": LENGTHS,
        "may_pick": Role.CLIENT in request.visit.actor.roles or request.visit.actor.person is None,
        "days": [{"day": day, "visits": visits} for day, visits in seen.visits.items()],
    }
    return render(request, "site/offer_detail.html", context)


def _length(request: Inside) -> int:
    said = request.GET.get("duree", "")
    return int(said) if said in {str(one) for one in LENGTHS} else USUAL


def _seen(request: Inside, number: int) -> OfferPage | None:
    """The offer while it can be picked. Not found where no offer ever had this number."""
    at, minutes = request.visit.act(Door.SITE).at, _length(request)
    seen = offers.offer_page(number=number, client=_client(request), minutes=minutes, at=at, start=_start(request))
    if seen is None and offers.offer_numbered(number=number) is None:
        raise Http404
    return seen


def _gone(request: Inside) -> HttpResponse:
    context = {"nav": head("offers"), "foot_nav": foot()}
    return render(request, "site/offer_gone.html", context, status=HTTPStatus.GONE)


def _client(request: Inside) -> Person | None:
    """Whoever is at the door, when they may ask for help."""
    person = request.visit.actor.person
    return people.get(person=person) if person and Role.CLIENT in request.visit.actor.roles else None


def _said(request: Inside, seen: OfferPage) -> dict[str, object]:
    return {
        "seen": seen,
        "offer": seen.shown.offer,
        "what": seen.shown.offer.activity.called,
        "name": seen.shown.name,
        "parts": price_parts(seen.price) if seen.price else [],
        "long": hours(seen.minutes, "long"),
        "back": f"{reverse('site:offer', args=[seen.shown.offer.listing.number])}?duree={seen.minutes}",
    }


# Asking for somebody


def ask_page(request: Inside, number: int) -> HttpResponse:
    seen = _seen(request, number)
    if seen is None:
        return _gone(request)
    form = request.form or AskForm(initial=AskForm.at(_start(request)))
    return render(request, "site/offer_ask.html", {**_said(request, seen), "form": form, "me": _client(request)})


@write(client, again=ask_page)
def send_ask(request: Inside, number: int) -> HttpResponse:
    form = request.form = AskForm(request.POST)
    checked(form)
    offer = _offer(number)
    jobs.ask_person(
        act=request.visit.act(Door.SITE),
        offer=offer,
        client=people.get(person=request.visit.person),
        starts_at=form.starts_at(request.visit.zone),
        minutes=_length(request),
        note=form.cleaned_data["note"],
        else_another=form.cleaned_data["otherwise"] == "another",
    )
    by_quote = _("C’est demandé. Nous vous envoyons son devis, à accepter ou non.")
    messages.success(request, by_quote if offer.by_quote else _("C’est demandé. Nous vous disons la réponse."))
    return redirect("site:visits")


ask = on(get=read(client)(ask_page), post=send_ask)


# Booking a moment


def book_page(request: Inside, number: int) -> HttpResponse:
    seen, start = _seen(request, number), _start(request)
    if seen is None:
        return _gone(request)
    if start is None:
        return redirect("site:offer", number=number)
    form = request.form or BookForm()
    context = {
        **_said(request, seen),
        "form": form,
        "me": _client(request),
        "start": start,
        "end": start + timedelta(minutes=seen.minutes),
    }
    return render(request, "site/offer_book.html", context)


@write(client, again=book_page)
def send_book(request: Inside, number: int) -> HttpResponse:
    """The moment is in the address, so that a page that comes back still names it."""
    form = request.form = BookForm(request.POST)
    checked(form)
    offer, start = _offer(number), _start(request)
    if start is None:
        return redirect("site:offer", number=number)
    mission = jobs.book(
        act=request.visit.act(Door.SITE),
        offer=offer,
        client=people.get(person=request.visit.person),
        starts_at=start,
        minutes=_length(request),
        note=form.cleaned_data["note"],
    )
    said = _("C’est réservé : %(when)s. Il reste à signer.")
    messages.success(request, said % {"when": spoken_date(mission.starts_at)})
    return redirect("site:agreement", agreement=mission.agreement_id)


book = on(get=read(client)(book_page), post=send_book)


def _offer(number: int) -> Offer:
    found = offers.offer_numbered(number=number)
    if found is None:
        raise Http404
    return found


def _start(request: Inside) -> datetime | None:
    """The moment that the address names, or None when it names none that can be read."""
    try:
        moment = parse_datetime(request.GET.get("debut", ""))
    except ValueError:
        return None
    return moment if moment and moment.tzinfo and 2000 < moment.year < 2200 else None
