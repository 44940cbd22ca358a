"""What the organisation decides: tariffs, figures, activities, who works at the desk; and the published rule."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.desk.forms_settings import (
    AccountForm,
    ActivityForm,
    FigureForm,
    IdentityForm,
    RenewForm,
    TariffForm,
    TerritoryForm,
)
from entremise.doors.desk.lists import offer
from entremise.doors.desk.nav import came_back, found, page
from entremise.doors.frame.visit import Inside, staff, with_role
from entremise.doors.frame.ways import checked, on, read, write
from entremise.doors.frame.words_ranking import criteria
from entremise.figures import operations as figures
from entremise.jobs import operations as jobs
from entremise.jobs.queries import persons, setup
from entremise.kernel.act import Door, Role
from entremise.people import operations as people
from entremise.people.models import Person
from entremise.tenancy.queries import legal_identity

money_or_director = with_role(Role.TREASURER, Role.DIRECTOR)
director = with_role(Role.DIRECTOR)


@read(staff)
def settings(request: Inside) -> HttpResponse:
    today = request.visit.act(Door.DESK).at.date()
    seen = setup.everything(on=today)
    return page(request, "settings", section="settings", context={"seen": seen, "staff": persons.staff_members()})


@read(staff)
def ranking(request: Inside) -> HttpResponse:
    """The rule that orders suggestions, as it is published."""
    return page(request, "ranking", section="settings", context={"rows": criteria()})


# Tariffs


def tariffs_page(request: Inside) -> HttpResponse:
    today = request.visit.act(Door.DESK).at.date()
    seen = setup.everything(on=today)
    form = came_back(request, TariffForm) or TariffForm(seen.activities, initial={"valid_from": today})
    context = {"seen": seen, "form": form, "exports": offer(request, "tariffs")}
    return page(request, "tariffs", section="settings", context=context)


@write(money_or_director, again=tariffs_page)
def set_tariff(request: Inside) -> HttpResponse:
    act = request.visit.act(Door.DESK)
    form = request.form = TariffForm(setup.everything(on=act.at.date()).activities, request.POST)
    checked(form)
    jobs.set_tariff(act=act, **form.tariff())
    return _noted(request, "desk:tariffs")


tariffs = on(get=read(staff)(tariffs_page), post=set_tariff)


# Figures


def figures_page(request: Inside) -> HttpResponse:
    today = request.visit.act(Door.DESK).at.date()
    seen = setup.figures(on=today)
    form = came_back(request, FigureForm) or FigureForm(seen.policy, initial={"valid_from": today})
    context = {"seen": seen, "form": form, "exports": offer(request, "figures")}
    return page(request, "figures", section="settings", context=context)


@write(money_or_director, again=figures_page)
def override(request: Inside) -> HttpResponse:
    act = request.visit.act(Door.DESK)
    form = request.form = FigureForm(setup.figures(on=act.at.date()).policy, request.POST)
    checked(form)
    figures.override(act=act, **form.override())
    return _noted(request, "desk:figures")


figures_ = on(get=read(staff)(figures_page), post=override)


# Activities and territory


def activities_page(request: Inside) -> HttpResponse:
    seen = setup.everything(on=request.visit.act(Door.DESK).at.date())
    chosen = next((one for one in seen.activities if one.code == request.GET.get("code")), None)
    context = {
        "seen": seen,
        "form": came_back(request, ActivityForm) or ActivityForm.of(chosen),
        "territory_form": came_back(request, TerritoryForm) or TerritoryForm(),
        "exports": offer(request, "activities"),
    }
    return page(request, "activities", section="settings", context=context)


@write(money_or_director, again=activities_page)
def describe_activity(request: Inside) -> HttpResponse:
    form = request.form = ActivityForm(request.POST)
    checked(form)
    jobs.add_activity(act=request.visit.act(Door.DESK), **form.described())
    return _noted(request, "desk:activities")


activities = on(get=read(staff)(activities_page), post=describe_activity)


@write(money_or_director, again=activities_page)
def cover_place(request: Inside) -> HttpResponse:
    form = request.form = TerritoryForm(request.POST)
    checked(form)
    jobs.cover_place(act=request.visit.act(Door.DESK), place=form.cleaned_data["place"])
    return _noted(request, "desk:activities")


def identity_page(request: Inside) -> HttpResponse:
    form = came_back(request, IdentityForm) or IdentityForm(instance=legal_identity())
    return page(request, "identity", section="settings", context={"form": form})


@write(director, again=identity_page)
def set_identity(request: Inside) -> HttpResponse:
    form = request.form = IdentityForm(request.POST)
    checked(form)
    jobs.set_identity(act=request.visit.act(Door.DESK), **form.cleaned_data)
    return _noted(request, "desk:settings")


identity = on(get=read(director)(identity_page), post=set_identity)


# Who works at the desk


def account_page(request: Inside, person: UUID) -> HttpResponse:
    colleague = _colleague(request, person)
    kind = RenewForm if colleague.account_id else AccountForm
    context = {"form": came_back(request, kind) or kind(), "person": colleague}
    return page(request, "account", section="settings", context=context)


@write(director, again=account_page)
def give_account(request: Inside, person: UUID) -> HttpResponse:
    """A colleague gets a login, or a new password for it; the second factor is theirs to add at their next sign-in."""
    act, colleague = request.visit.act(Door.DESK), _colleague(request, person)
    form = request.form = (RenewForm if colleague.account_id else AccountForm)(request.POST)
    checked(form)
    if colleague.account_id:
        people.renew_account(act=act, person=colleague, password=form.cleaned_data["password"])
    else:
        people.give_account(act=act, person=colleague, **form.cleaned_data)
    return _noted(request, "desk:settings")


def _colleague(request: Inside, person: UUID) -> Person:
    """Somebody else: one's own password changes where the one before is asked."""
    return found(persons.person(person=person) if person != request.visit.person else None)


account = on(get=read(director)(account_page), post=give_account)


def _noted(request: Inside, where: str) -> HttpResponse:
    messages.success(request, _("C’est noté."))
    return redirect(where)
