"""The day at the desk: what waits for a human, in the order of the work."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.buying import queries as buying
from entremise.doors.desk.first_steps import path
from entremise.doors.desk.forms import OutcomeForm
from entremise.doors.desk.lists import offer
from entremise.doors.desk.nav import buyers, came_back, found, jobs_staff, page
from entremise.doors.frame.visit import Inside, staff
from entremise.doors.frame.ways import checked, on, read, write
from entremise.jobs.operations import calls
from entremise.jobs.queries import desk
from entremise.kernel.act import Door
from entremise.kernel.time import Window
from entremise.messaging import operations as messaging
from entremise.people import operations as people

ONE_DAY = timedelta(days=1)


def today_page(request: Inside) -> HttpResponse:
    at, zone = request.visit.act(Door.DESK).at, request.visit.zone
    midnight = datetime.combine(at.astimezone(zone).date(), time(), zone)
    day = Window(midnight, midnight + ONE_DAY)
    chosen = request.GET.get("jour", "")
    only = {"aujourdhui": day, "demain": Window(day.end, day.end + ONE_DAY)}.get(chosen)
    board = desk.board(at=at, today=day, only=only)
    context = {
        "board": board,
        "chosen": chosen if only else "",
        "day": midnight,
        "at": at,
        "steps": path(request),
        "together": buying.to_look_after(until=midnight + 2 * ONE_DAY) if buyers(request.visit) else [],
    }
    return page(request, "today", section="today", context=context)


today = read(staff)(today_page)


@write(jobs_staff, again=today_page)
def hide_first_steps(request: Inside) -> HttpResponse:
    """Somebody knows their way: the first steps are gone for them."""
    people.hide_first_steps(act=request.visit.act(Door.DESK))
    return redirect("desk:today")


@read(staff)
def tasks(request: Inside) -> HttpResponse:
    """Everything that waits for a human."""
    context = {"tasks": desk.tasks(), "at": request.visit.act(Door.DESK).at, "exports": offer(request, "tasks")}
    return page(request, "tasks", section="today", context=context)


def task_page(request: Inside, task: UUID) -> HttpResponse:
    seen = found(desk.task_page(task=task))
    form = came_back(request, OutcomeForm) or OutcomeForm()
    return page(request, "task", section="today", context={"seen": seen, "task": seen.task, "form": form})


@write(staff, again=task_page)
def finish_task(request: Inside, task: UUID) -> HttpResponse:
    form = request.form = OutcomeForm(request.POST)
    checked(form)
    seen = found(desk.task_page(task=task))
    act, outcome = request.visit.act(Door.DESK), form.cleaned_data["outcome"] or "done"
    if seen.incoming:
        calls.read_message(act=act, incoming=seen.incoming, outcome=outcome)
    else:
        messaging.finish_task(act=act, task=seen.task, outcome=outcome)
    messages.success(request, _("C’est noté."))
    return redirect("desk:today")


task = on(get=read(staff)(task_page), post=finish_task)


@read(staff)
def incoming(request: Inside) -> HttpResponse:
    """Messages that nobody understood yet, oldest first."""
    context = {"rows": desk.messages_to_read(), "exports": offer(request, "messages")}
    return page(request, "messages", section="today", context=context)
