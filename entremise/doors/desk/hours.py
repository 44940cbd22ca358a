"""Hours: to write down, to confirm, to settle when two people say two things."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.desk.forms import HoursForm
from entremise.doors.desk.lists import offer
from entremise.doors.desk.nav import came_back, found, jobs_staff, page
from entremise.doors.frame.templatetags.entremise import hours as in_words
from entremise.doors.frame.visit import Inside
from entremise.doors.frame.ways import checked, read, write
from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission
from entremise.jobs.queries import desk
from entremise.kernel.act import Door
from entremise.kernel.ids import new_id


def hours_page(request: Inside, mission: UUID | None = None) -> HttpResponse:
    visits = desk.hours_to_check(at=request.visit.act(Door.DESK).at)
    context = {
        "differ": [visit for visit in visits if visit.differs],
        "to_log": [visit for visit in visits if visit.logged is None],
        "to_confirm": [visit for visit in visits if visit.logged is not None and not visit.answer],
        "form": came_back(request, HoursForm) or HoursForm(),
        "once": new_id(),
        "tried": mission,
        "typed": request.POST.get("minutes", ""),
        "exports": offer(request, "hours") if visits else None,
    }
    return page(request, "hours", section="hours", context=context)


hours = read(jobs_staff)(hours_page)


@write(jobs_staff, again=hours_page)
def log(request: Inside, mission: UUID) -> HttpResponse:
    """The worker's hours, said on the phone or read on a slip."""
    done, minutes = _typed(request, mission)
    act = request.visit.act(Door.PHONE, on_behalf_of=done.worker_id)
    once = request.POST.get("once") or str(new_id())
    jobs.log_hours(act=act, mission=done, minutes=minutes, key=f"desk:{once}"[:80])
    return _noted(request, done, minutes)


@write(jobs_staff, again=hours_page)
def confirm(request: Inside, mission: UUID) -> HttpResponse:
    """The client's word: the same hours, or theirs."""
    done, minutes = _typed(request, mission)
    act = request.visit.act(Door.PHONE, on_behalf_of=done.client_id)
    jobs.confirm_hours(act=act, mission=done, minutes=minutes)
    return _noted(request, done, minutes)


@write(jobs_staff, again=hours_page)
def settle(request: Inside, mission: UUID) -> HttpResponse:
    """Both sides were heard: what counts."""
    done, minutes = _typed(request, mission)
    jobs.settle_hours(act=request.visit.act(Door.DESK), mission=done, minutes=minutes)
    return _noted(request, done, minutes)


def _typed(request: Inside, mission: UUID) -> tuple[Mission, int]:
    done = found(desk.mission(mission=mission))
    form = request.form = HoursForm(request.POST)
    checked(form)
    return done, form.cleaned_data["minutes"]


def _noted(request: Inside, done: Mission, minutes: int) -> HttpResponse:
    name = done.worker.given_name or done.worker.family_name
    messages.success(request, _("%(hours)s notées pour %(name)s.") % {"hours": in_words(minutes), "name": name})
    return redirect("desk:hours")
