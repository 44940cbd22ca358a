"""How people come in: a code by text, a line of a printed card, or a link. No password, no puzzle."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from entremise.doors.frame.limits import HOUR, Limit, by_address, by_phone, limited
from entremise.doors.frame.sessions import let_in
from entremise.doors.frame.visit import Inside, anyone, signed_in
from entremise.doors.frame.ways import checked, on, read, write
from entremise.doors.frame.words import sentence
from entremise.doors.site.asking import UNSENT
from entremise.doors.site.forms import CardForm, CodeForm, PhoneForm, WhoForm
from entremise.doors.site.letters import send_way_in
from entremise.doors.site.orders import ORDER
from entremise.jobs import operations as jobs
from entremise.kernel.act import Door
from entremise.kernel.refused import Refused
from entremise.people import operations as people
from entremise.people import queries
from entremise.people.models import Person
from entremise.people.rules.entry import check_path

ENTRANCE = "entrance"  # In the session: the phone somebody says is theirs, where they want to go, who they may be.
ASKS_BY_PHONE = Limit("ask-phone", 5, HOUR, by_phone)
ASKS_BY_ADDRESS = Limit("ask-address", 60, HOUR, by_address)
TRIES_BY_ADDRESS = Limit("try-address", 60, HOUR, by_address)
CODE_LASTS = timedelta(minutes=15)


def _said(request: Inside) -> dict[str, str]:
    said = request.session.get(ENTRANCE)
    return said if isinstance(said, dict) else {}


def _next(path: str) -> str:
    """A page of ours to go to afterwards, or empty."""
    try:
        return check_path(path)
    except Refused:
        return ""


def phone_page(request: Inside) -> HttpResponse:
    form = request.form or PhoneForm(initial={"next": _next(request.GET.get("next", ""))})
    return render(request, "site/enter.html", {"form": form})


@limited(ASKS_BY_PHONE, ASKS_BY_ADDRESS)
@write(anyone, again=phone_page)
def ask_for_code(request: Inside) -> HttpResponse:
    """Send a way in to the number, if somebody has it. The answer is the same whether it is known or not."""
    form = request.form = PhoneForm(request.POST)
    checked(form)
    phone = form.cleaned_data["phone"]
    wanted = _next(form.cleaned_data["next"])
    known = queries.people_with_phone(phone=phone)
    if known:
        send_way_in(request, known, phone=phone, lasting=CODE_LASTS, leads_to=wanted)
    request.session[ENTRANCE] = {"phone": phone, "next": wanted}
    return redirect("site:code")


enter = on(get=read(anyone)(phone_page), post=ask_for_code)


def code_page(request: Inside) -> HttpResponse:
    phone = _said(request).get("phone")
    if not phone:
        return redirect("site:enter")
    at = request.visit.act(Door.SITE).at
    position = queries.card_position(phone=phone, at=at, secret_key=settings.SECRET_KEY)
    form = request.form
    context = {
        "phone": phone,
        "position": position,
        "form": form if isinstance(form, CodeForm) else CodeForm(),
        "card": form if isinstance(form, CardForm) else CardForm(initial={"position": position}),
        "back": reverse("site:enter"),
    }
    return render(request, "site/code.html", context)


@limited(TRIES_BY_ADDRESS)
@write(anyone, again=code_page)
def give_code(request: Inside) -> HttpResponse:
    said = _said(request)
    if not said.get("phone"):
        return redirect("site:enter")
    form = request.form = CardForm(request.POST) if "position" in request.POST else CodeForm(request.POST)
    checked(form)
    entrance = people.enter(
        secret=form.cleaned_data["code"],
        phone=said["phone"],
        position=form.cleaned_data.get("position"),
        at=request.visit.act(Door.SITE).at,
        secret_key=settings.SECRET_KEY,
    )
    if entrance.refused:
        form.add_error("code", sentence(entrance.refused))
        page = code_page(request)  # Returned, not raised: the try that it cost must be kept.
        page.status_code = 422
        return page
    return _welcome(request, entrance.people, entrance.leads_to or said.get("next", ""))


code = on(get=read(anyone)(code_page), post=give_code)


def _welcome(request: Inside, found: tuple[Person, ...], leads_to: str) -> HttpResponse:
    if len(found) > 1:
        until = (request.visit.act(Door.SITE).at + CODE_LASTS).isoformat()
        request.session[ENTRANCE] = {"people": [str(person.id) for person in found], "next": leads_to, "until": until}
        return redirect("site:who")
    begun, order = request.session.get(UNSENT), request.session.get(ORDER)
    let_in(request, person=found[0], organisation=request.visit.organisation)
    if order:
        request.session[ORDER] = order
    if begun:  # They were asking for help when they were asked who they are.
        act = request.visit.act(Door.SITE, on_behalf_of=found[0].id)
        jobs.take_over_unsent(act=act, unsent=UUID(begun), client=found[0])
        request.session[UNSENT] = begun
    return HttpResponseRedirect(leads_to or reverse("site:me"))


def who_page(request: Inside) -> HttpResponse:
    found = _people(request)
    if not found:
        return redirect("site:enter")
    return render(request, "site/who.html", {"form": request.form or WhoForm(people=found)})


@write(anyone, again=who_page)
def say_who(request: Inside) -> HttpResponse:
    """A household shares its telephone: the code proved the phone, and the person says who they are."""
    found = _people(request)
    if not found:
        return redirect("site:enter")
    form = request.form = WhoForm(request.POST, people=found)
    checked(form)
    chosen = tuple(person for person in found if person.id == form.cleaned_data["person"])
    return _welcome(request, chosen, _said(request).get("next", ""))


who = on(get=read(anyone)(who_page), post=say_who)


def _people(request: Inside) -> list[Person]:
    """Who may say that it is them: for as long as the code itself would have lasted."""
    said = request.session.get(ENTRANCE, {})
    if "until" not in said or datetime.fromisoformat(said["until"]) < request.visit.act(Door.SITE).at:
        return []
    return [queries.get(person=UUID(one)) for one in said.get("people", [])]


def link_page(request: Inside, token: str) -> HttpResponse:
    """One button. Whoever previews the link in a messenger only sees the page, and the link stays good."""
    key = queries.link_of(token=token, secret_key=settings.SECRET_KEY)
    if key and request.visit.actor.person == key.person_id:
        return HttpResponseRedirect(key.leads_to or reverse("site:me"))
    return render(request, "site/link.html", {"over": False, "leads_to": key.leads_to if key else ""})


@limited(TRIES_BY_ADDRESS)
@write(anyone, again=link_page)
def use_link(request: Inside, token: str) -> HttpResponse:
    at = request.visit.act(Door.SITE).at
    entrance = people.enter(secret=token, phone=None, at=at, secret_key=settings.SECRET_KEY)
    if entrance.refused:
        return render(request, "site/link.html", {"over": True, "leads_to": entrance.leads_to}, status=422)
    return _welcome(request, entrance.people, entrance.leads_to)


link = on(get=read(anyone)(link_page), post=use_link)


@write(signed_in, again=phone_page)
def leave(request: Inside) -> HttpResponse:
    logout(request)
    return redirect("site:home")


@write(signed_in, again=phone_page)
def leave_everywhere(request: Inside) -> HttpResponse:
    """A telephone was lost or lent: nobody stays in on any device, and nothing sent before opens."""
    me = queries.get(person=request.visit.person)
    people.end_visits(act=request.visit.act(Door.SITE), person=me)
    logout(request)
    return redirect("site:home")
