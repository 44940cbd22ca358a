"""Somebody asks for help, quietly, on their own page; and what funds did, for everybody."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entremise.doors.frame.templatetags.entremise import money
from entremise.doors.frame.visit import Inside, anyone, signed_in
from entremise.doors.frame.ways import NotForYou, checked, on, read, write
from entremise.doors.frame.words_solidarity import AWARDS, PURPOSES
from entremise.doors.site.nav import foot, head, tabs
from entremise.doors.site.results import local_day, span
from entremise.impact.queries.helping import Stretch, shared
from entremise.impact.rules import FEWEST
from entremise.kernel.act import Door
from entremise.kernel.time import Period
from entremise.people import queries as people
from entremise.solidarity import operations, queries
from entremise.solidarity.models import Award
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


@read(anyone, kept=True)
def show_shared(request: Inside) -> HttpResponse:
    """What came in, what helped, how many people: whole months, never a few people."""
    rows = shared(today=local_day(request))
    funds = [one.fund for one in queries.funds(open_only=True)]
    told = [_told(one) for one in rows]
    context = {"nav": head(), "foot_nav": foot(), "funds": funds, "rows": told, "fewest": FEWEST}
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
