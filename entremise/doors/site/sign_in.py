"""How people without password come in: a code by text, a line of a printed card, a link."""

from datetime import timedelta
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from entremise.doors.frame.limits import limit
from entremise.doors.frame.sessions import let_in
from entremise.doors.frame.visit import Inside, anyone, signed_in
from entremise.doors.frame.ways import checked, read, write
from entremise.doors.frame.words import sentence
from entremise.kernel.act import THE_CLOCK, Act, Door
from entremise.kernel.clock import now
from entremise.kernel.phone import is_mobile, parse_phone
from entremise.kernel.refused import Refused
from entremise.messaging import operations as messaging
from entremise.messaging.rules import Purpose
from entremise.people import operations as people
from entremise.people import queries as known
from entremise.people.operations import Entrance

CODE_LASTS = timedelta(minutes=15)
ASKED, MAY_BE = "asked_phone", "may_be"


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label=_("Votre téléphone"),
        max_length=30,
        help_text=_("Exemple : 06 39 98 14 27. Les espaces n’ont pas d’importance."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Votre code"),
        max_length=20,
        help_text=_("Les 6 chiffres reçus par SMS, ou ceux de votre carte."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    from_card = forms.BooleanField(label=_("Ce code vient de ma carte imprimée"), required=False)


@read(anyone)
def show_enter(request: Inside) -> HttpResponse:
    return render(request, "site/enter.html", {"form": request.form or PhoneForm()})


@write(anyone, again=show_enter)
def ask_code(request: Inside) -> HttpResponse:
    """The answer is the same whether anybody has this number or not."""
    form = request.form = PhoneForm(request.POST)
    checked(form)
    phone = parse_phone(form.cleaned_data["phone"])
    limit(what="code", whose=phone, most=5, seconds=3600)
    limit(what="code-from", whose=request.META.get("REMOTE_ADDR", ""), most=30, seconds=3600)
    request.session[ASKED] = phone
    somebody = known.people_with_phone(phone=phone)
    if somebody and is_mobile(phone):
        act = Act(by=THE_CLOCK, at=now(), door=Door.SITE)
        key, secret = people.make_entry_code(
            act=act, person=somebody[0], kind="code", lasting=CODE_LASTS, secret_key=settings.SECRET_KEY
        )
        messaging.queue(
            act=act,
            person=somebody[0],
            template="entry_code",
            context={"code": secret, "organisation": request.visit.organisation},
            key=f"code:{key.id}",
            purpose=Purpose.ANSWER,
            channel="text",
            address=phone,
        )
    return redirect("site:code")


@read(anyone)
def show_code(request: Inside) -> HttpResponse:
    phone = request.session.get(ASKED)
    if not phone:
        return redirect("site:enter")
    position = known.card_position(phone=phone, at=now(), secret_key=settings.SECRET_KEY)
    return render(request, "site/code.html", {"form": request.form or CodeForm(), "phone": phone, "line": position})


@write(anyone, again=show_code)
def try_code(request: Inside) -> HttpResponse:
    form = request.form = CodeForm(request.POST)
    checked(form)
    phone = request.session.get(ASKED, "")
    limit(what="try", whose=phone or request.META.get("REMOTE_ADDR", ""), most=20, seconds=3600)
    position = None
    if form.cleaned_data["from_card"]:
        position = known.card_position(phone=phone, at=now(), secret_key=settings.SECRET_KEY)
    entrance = people.enter(
        secret=form.cleaned_data["code"],
        phone=phone,
        at=now(),
        secret_key=settings.SECRET_KEY,
        position=position,
    )
    if entrance.refused:
        # Shown here, not raised: the try must be counted even though nobody comes in.
        form.add_error("code", sentence(entrance.refused))
        line = known.card_position(phone=phone, at=now(), secret_key=settings.SECRET_KEY)
        return render(request, "site/code.html", {"form": form, "phone": phone, "line": line}, status=422)
    return _come_in(request, entrance)


@read(anyone)
def show_who(request: Inside) -> HttpResponse:
    candidates = [known.get(person=UUID(person)) for person in request.session.get(MAY_BE, [])]
    if not candidates:
        return redirect("site:enter")
    return render(request, "site/who.html", {"people": candidates})


@write(anyone, again=show_who)
def choose_who(request: Inside) -> HttpResponse:
    chosen = request.POST.get("person", "")
    if chosen not in request.session.get(MAY_BE, []):
        raise Refused("choose_one")
    let_in(request, person=chosen, organisation=request.visit.organisation)
    return redirect("site:me")


@read(anyone)
def show_link(request: Inside, token: str) -> HttpResponse:
    """A page with one button: programs that look at links before people do must not use them up."""
    key = known.link_of(token=token, secret_key=settings.SECRET_KEY)
    return render(request, "site/link.html", {"known": key is not None, "key": key})


@write(anyone, again=show_link)
def use_link(request: Inside, token: str) -> HttpResponse:
    limit(what="link", whose=request.META.get("REMOTE_ADDR", ""), most=60, seconds=3600)
    entrance = people.enter(secret=token, phone=None, at=now(), secret_key=settings.SECRET_KEY)
    if entrance.refused:
        request.refusal = sentence(entrance.refused)
        return render(request, "site/link.html", {"known": False, "key": None}, status=422)
    return _come_in(request, entrance)


@write(signed_in, again=show_enter)
def leave(request: Inside) -> HttpResponse:
    logout(request)
    return redirect("site:home")


def _come_in(request: Inside, entrance: Entrance) -> HttpResponse:
    if len(entrance.people) > 1:
        request.session[MAY_BE] = [str(person.id) for person in entrance.people]
        return redirect("site:who")
    let_in(request, person=entrance.people[0].id, organisation=request.visit.organisation)
    return redirect(entrance.leads_to or "site:me")
