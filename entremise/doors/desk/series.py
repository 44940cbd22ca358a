"""One visit of a recurring job that differs: a day without, another moment, somebody else."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.desk.forms import DayForm, MoveForm, ReasonForm
from entremise.doors.desk.nav import came_back, found, jobs_staff, page
from entremise.doors.desk.requests import request_page
from entremise.doors.frame.visit import Inside
from entremise.doors.frame.ways import checked, on, read, write
from entremise.jobs import operations as jobs
from entremise.jobs.queries import desk
from entremise.kernel.act import Door


@write(jobs_staff, again=request_page)
def differ(request: Inside, number: int) -> HttpResponse:
    """« Pas le 24 décembre », or somebody comes on a holiday."""
    form = request.form = DayForm(request.POST)
    checked(form)
    job, day = found(desk.request_numbered(number=number)), form.cleaned_data["day"]
    act = request.visit.act(Door.PHONE, on_behalf_of=job.client_id)
    if form.cleaned_data["keep"]:
        jobs.keep(act=act, request=job, day=day)
        messages.success(request, _("Noté : quelqu’un vient ce jour-là."))
    else:
        jobs.skip(act=act, request=job, day=day)
        messages.success(request, _("Noté : personne ne vient ce jour-là. Les autres venues ne changent pas."))
    return redirect("desk:request", number=number)


def visit_page(request: Inside, mission: UUID) -> HttpResponse:
    given, zone = found(desk.mission(mission=mission)), request.visit.zone
    local = given.starts_at.astimezone(zone)
    context = {
        "mission": given,
        "missed": given.state == "no_show_worker",
        "open": given.state in ("agreed", "ready"),
        "form": came_back(request, MoveForm) or MoveForm(initial={"day": local.date(), "start": local.time()}),
        "reason_form": came_back(request, ReasonForm) or ReasonForm(),
    }
    return page(request, "move_visit", section="requests", context=context)


@write(jobs_staff, again=visit_page)
def move_visit(request: Inside, mission: UUID) -> HttpResponse:
    """Both were asked."""
    form = request.form = MoveForm(request.POST)
    checked(form)
    given = found(desk.mission(mission=mission))
    starts_at = form.starts_at(request.visit.zone)
    jobs.move_visit(act=request.visit.act(Door.PHONE), mission=given, starts_at=starts_at)
    messages.success(request, _("Venue déplacée, les deux personnes sont prévenues."))
    return redirect("desk:request", number=given.number)


@write(jobs_staff, again=visit_page)
def replace_once(request: Inside, mission: UUID) -> HttpResponse:
    """Somebody else for this visit only; after a missed one, at another moment."""
    given, starts_at = found(desk.mission(mission=mission)), None
    form = request.form = MoveForm(request.POST) if given.state == "no_show_worker" else ReasonForm(request.POST)
    checked(form)
    if isinstance(form, MoveForm):
        starts_at = form.starts_at(request.visit.zone)
    act, reason = request.visit.act(Door.PHONE), form.cleaned_data.get("reason", "")
    search = jobs.replace_once(act=act, mission=given, reason=reason, starts_at=starts_at)
    messages.success(request, _("Le reste de la série ne change pas. Choisissez à qui proposer cette venue."))
    return redirect("desk:request", number=search.listing.number)


move = on(get=read(jobs_staff)(visit_page), post=move_visit)
