"""One visit that does not take place: what it costs is shown before it is confirmed."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.desk.forms import CallOffForm, ReasonForm
from entremise.doors.desk.nav import came_back, found, jobs_staff, page
from entremise.doors.desk.requests import page_of_mission
from entremise.doors.frame import calling_off as words
from entremise.doors.frame.templatetags.entremise import money
from entremise.doors.frame.visit import Inside
from entremise.doors.frame.ways import checked, on, read, write
from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission
from entremise.jobs.queries import calling_off as queries
from entremise.jobs.queries import desk
from entremise.kernel.act import Door


def cancel_page(request: Inside, mission: UUID) -> HttpResponse:
    given = found(desk.mission(mission=mission))
    calling = queries.calling_off(missions=[given], at=request.visit.act(Door.PHONE).at)[given.id]
    return _page(request, given, calling, "cancel")


@write(jobs_staff, again=cancel_page)
def cancel(request: Inside, mission: UUID) -> HttpResponse:
    """One visit that the client does not want."""
    given = found(desk.mission(mission=mission))
    form = _said(request, given)
    act = request.visit.act(Door.PHONE, on_behalf_of=given.client_id)
    jobs.cancel_mission(act=act, mission=given, **form.said())
    messages.success(request, _("Venue annulée, les deux personnes sont prévenues."))
    return redirect("desk:request", number=given.number)


def absence_page(request: Inside, mission: UUID) -> HttpResponse:
    given = found(desk.mission(mission=mission))
    return _page(request, given, queries.absent(mission=given), "absence")


@write(jobs_staff, again=absence_page)
def report(request: Inside, mission: UUID) -> HttpResponse:
    """Somebody did not come."""
    given = found(desk.mission(mission=mission))
    form = _said(request, given)
    who = request.POST.get("who", "")
    if who not in ("worker", "client"):
        raise BadRequest
    jobs.report_absence(act=request.visit.act(Door.PHONE), mission=given, who=who, **form.said())
    messages.success(request, _("Absence notée. Une tâche vous rappelle d’appeler."))
    return redirect("desk:request", number=given.number)


@write(jobs_staff, again=page_of_mission)
def waive(request: Inside, mission: UUID) -> HttpResponse:
    """Nothing is counted to the client after all: by us, or by whoever it is owed to, on the telephone."""
    form = request.form = ReasonForm(request.POST)
    checked(form)
    given = found(desk.mission(mission=mission))
    theirs = given.worker_id if given.request.owed_to_who_comes else None
    act = request.visit.act(Door.PHONE if theirs else Door.DESK, on_behalf_of=theirs)
    jobs.waive(act=act, mission=given, reason=form.cleaned_data["reason"])
    messages.success(request, _("Rien ne sera compté au client pour cette visite."))
    return redirect("desk:request", number=given.number)


def _said(request: Inside, given: Mission) -> CallOffForm:
    form = request.form = CallOffForm(request.POST, theirs=given.request.owed_to_who_comes)
    checked(form)
    return form


def _page(request: Inside, given: Mission, calling: queries.Calling, what: str) -> HttpResponse:
    form = came_back(request, CallOffForm) or CallOffForm(theirs=calling.theirs)
    context = {
        "mission": given,
        "what": what,
        "form": form,
        "fee": calling.due.fee,
        "cost": words.cost(calling),
        "paid": words.paid(calling, given.worker.called),
        "rule": words.rule(calling.terms) if calling.terms else [],
        "owed": money(calling.due.fee),
        "open": given.state in ("agreed", "ready"),
    }
    return page(request, "call_off", section="requests", context=context)


cancel_visit = on(get=read(jobs_staff)(cancel_page), post=cancel)
absence = on(get=read(jobs_staff)(absence_page), post=report)
