"""Somebody asks for help, quietly, on their own page; and what funds did, for everybody."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entremise.doors.frame.templatetags.entremise import money
from entremise.doors.frame.visit import Inside, anyone, signed_in
from entremise.doors.frame.ways import NotForYou, checked, on, read, write
from entremise.doors.frame.words_solidarity import ANSWERS, AWARDS, PURPOSES, taken_off
from entremise.doors.site.nav import foot, head, tabs
from entremise.doors.site.results import local_day, span
from entremise.impact.queries.helping import Stretch, shared
from entremise.impact.rules import FEWEST
from entremise.kernel.act import Door
from entremise.kernel.refused import Refused
from entremise.kernel.time import Period
from entremise.people import queries as people
from entremise.solidarity import operations, queries
from entremise.solidarity.models import Award, Seat
from entremise.solidarity.queries import items, prices
from entremise.solidarity.rules import AWARD


class HelpForm(forms.Form):
    purpose = forms.ChoiceField(
        label=gettext_lazy("Pour quoi ?"),
        choices=list(PURPOSES.items()),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Choisissez dans la liste.")),
    )
    need = forms.CharField(
        label=gettext_lazy("Ce qui vous aiderait, en deux mots"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Exemple : deux heures de ménage ce mois-ci."),
        error_messages={"required": gettext_lazy("Écrivez ce qui vous aiderait. Deux mots suffisent.")},
    )


class AppealForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Ce que vous voulez ajouter"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Écrivez ce que le comité doit savoir de plus.")},
    )


def help_page(request: Inside, award: UUID | None = None) -> HttpResponse:
    form, mine = request.form, queries.awards_of(person=request.visit.person)
    context = {
        "nav": tabs(request, "help"),
        "form": form if isinstance(form, HelpForm) else HelpForm(),
        "rows": [_row(one, form if one.id == award and isinstance(form, AppealForm) else None) for one in mine],
    }
    return render(request, "site/help_asked.html", context)


def _row(award: Award, typed: AppealForm | None) -> dict[str, object]:
    label, tone, icon = AWARDS[award.state]
    appeal = typed or AppealForm(auto_id=f"id_{award.id.hex}_%s")
    return {
        "award": award,
        "purpose": PURPOSES[award.purpose],
        "label": label,
        "tone": tone,
        "icon": icon,
        "appeal": appeal if AWARD.allows(award.state, "appeal") else None,
        "withdrawable": AWARD.allows(award.state, "withdraw"),
    }


@write(signed_in, again=help_page)
def ask(request: Inside) -> HttpResponse:
    form = request.form = HelpForm(request.POST)
    checked(form)
    act, person = request.visit.act(Door.SITE), people.get(person=request.visit.person)
    operations.ask_help(act=act, person=person, **form.cleaned_data)
    messages.success(request, _("C’est envoyé. Vous aurez une réponse ici, ou par téléphone."))
    return redirect("site:help_asked")


help_asked = on(get=read(signed_in)(help_page), post=ask)


@write(signed_in, again=help_page)
def appeal(request: Inside, award: UUID) -> HttpResponse:
    """Once: the committee looks again."""
    form = request.form = AppealForm(request.POST, auto_id=f"id_{award.hex}_%s")
    mine = _mine(request, award)
    checked(form)
    operations.appeal(act=request.visit.act(Door.SITE), award=mine, words=form.cleaned_data["words"])
    messages.success(request, _("C’est envoyé. Le comité regarde encore une fois."))
    return redirect("site:help_asked")


@write(signed_in, again=help_page)
def withdraw(request: Inside, award: UUID) -> HttpResponse:
    operations.withdraw(act=request.visit.act(Door.SITE), award=_mine(request, award))
    messages.success(request, _("Votre demande est retirée."))
    return redirect("site:help_asked")


def _mine(request: Inside, award: UUID) -> Award:
    found = queries.award(award=award)
    if found is None or found.person_id != request.visit.person:
        raise NotForYou
    return found


# The committee: what people need, without their names


class VoteForm(forms.Form):
    answer = forms.ChoiceField(
        label=gettext_lazy("Votre réponse"),
        choices=list(ANSWERS.items()),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Choisissez oui, non ou sans avis.")),
    )


def vote_page(request: Inside, award: UUID | None = None) -> HttpResponse:
    seat, typed = _seat(request), request.form
    rows = []
    for one in queries.to_vote(seat=seat):
        mine = typed if one.id == award and isinstance(typed, VoteForm) else None
        form = mine or VoteForm(auto_id=f"id_{one.id.hex}_%s")
        rows.append({"award": one, "purpose": PURPOSES[one.purpose], "form": form})
    rules = queries.rules_in_force(on=local_day(request))
    return render(request, "site/committee.html", {"nav": tabs(request, "help"), "rows": rows, "rules": rules})


show_votes = read(signed_in)(vote_page)


@write(signed_in, again=vote_page)
def vote(request: Inside, award: UUID) -> HttpResponse:
    seat = _seat(request)
    form = request.form = VoteForm(request.POST, auto_id=f"id_{award.hex}_%s")
    checked(form)
    found = next((one for one in queries.to_vote(seat=seat) if one.id == award), None)
    if found is None:
        raise Refused("not_now", {"thing": "vote", "state": "", "verb": "vote"})
    operations.vote(act=request.visit.act(Door.SITE), on=found, answers={seat.id: form.cleaned_data["answer"]})
    messages.success(request, _("C’est noté."))
    return redirect("site:votes")


def _seat(request: Inside) -> Seat:
    seat = queries.seat_of(person=request.visit.person, on=local_day(request))
    if seat is None:
        raise Http404
    return seat


# For everybody


@read(anyone, kept=True)
def show_shared(request: Inside) -> HttpResponse:
    """What came in, what helped, how many people: whole months, never a few people."""
    rows = shared(today=local_day(request))
    funds = [one.fund for one in queries.funds(open_only=True)]
    told = [_told(one) for one in rows]
    steps = [
        {"band": one.band, "off": taken_off(one.band.percent, one.band.hourly)}
        for one in prices.bands(on=local_day(request))
        if one.band.places
    ]
    context = {"nav": head(), "foot_nav": foot(), "funds": funds, "rows": told, "fewest": FEWEST, "steps": steps}
    context["items"] = [one for one in items.items() if one.given >= FEWEST]
    return render(request, "site/solidarity.html", context)


def _short(period: Period) -> str:
    first, last = date_format(period.first, "M"), date_format(period.last, "M")
    return first if first == last else f"{first}–{last}"


def _told(one: Stretch) -> dict[str, object]:
    period = one.period
    months = (period.last.year - period.first.year) * 12 + period.last.month - period.first.month + 1
    return {
        "label": span(period),
        "short": _short(period),
        "amount": max(0, one.given) // months,
        "months": months,
        "received": money(one.received),
        "given": money(one.given),
        "helped": one.helped,
    }
