"""Paper for the desk: the plan of a day, the calls to make, the slip of a visit. Drawn when asked for, never kept."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone

from entremise.documents.queries import drawn, qr_code
from entremise.doors.desk import words
from entremise.doors.desk.nav import found, jobs_staff
from entremise.doors.frame.addresses import home_of
from entremise.doors.frame.templatetags.entremise import short_date
from entremise.doors.frame.visit import Inside, staff
from entremise.doors.frame.ways import read
from entremise.jobs.models import Mission
from entremise.jobs.queries import sheets
from entremise.kernel.act import Door
from entremise.kernel.phone import spoken
from entremise.kernel.time import Window

ONE_DAY = timedelta(days=1)


@read(jobs_staff)
def day_plan(request: Inside) -> HttpResponse:
    """Who goes where and when, on the day of the address or today."""
    today = timezone.localtime(request.visit.act(Door.DESK).at).date()
    try:
        on = date.fromisoformat(request.GET.get("jour", ""))
    except ValueError:
        on = today + ONE_DAY if request.GET.get("jour") == "demain" else today
    visits = sheets.day_plan(day=_day(request, on))
    return _sheet(request, "day_plan", on, {"on": on.isoformat(), "visits": [_visit(one) for one in visits]})


@read(staff)
def call_sheet(request: Inside) -> HttpResponse:
    """Whom to call today, why, and what to say."""
    today = timezone.localtime(request.visit.act(Door.DESK).at).date()
    calls = sheets.calls_to_make(until=_day(request, today).end)
    return _sheet(request, "call_sheet", today, {"on": today.isoformat(), "calls": [_call(one) for one in calls]})


@read(jobs_staff)
def slip(request: Inside, mission: UUID) -> HttpResponse:
    """What, when, where, and hours to circle; its square opens the job."""
    one = found(sheets.slip_of(mission=mission))
    home = home_of(request.visit.organisation)
    data = {**_slip(one), "qr": qr_code(text=f"{home}/m/{one.number}")}
    return _sheet(request, "hours_slip", timezone.localtime(one.starts_at).date(), data)


def _sheet(request: Inside, template: str, on: date, data: Mapping[str, object]) -> HttpResponse:
    organisation, at = request.visit.organisation, request.visit.act(Door.DESK).at
    org = {"name": organisation.name, "phone": spoken(organisation.phone) if organisation.phone else ""}
    pdf = drawn(template=template, data={**data, "org": org}, at=timezone.localtime(at))
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{template}-{on:%Y-%m-%d}.pdf"'
    return answer


def _visit(one: sheets.PlannedVisit) -> dict[str, object]:
    mission, place = one.mission, one.mission.request.listing.place
    return {
        "from": _clock(mission.starts_at),
        "until": _clock(mission.ends_at),
        "job_number": str(mission.number),
        "title": mission.request.activity.name,
        "worker": mission.worker.full_name,
        "worker_phone": spoken(one.worker_phone) if one.worker_phone else "",
        "client": mission.client.called,
        "client_phone": spoken(one.client_phone) if one.client_phone else "",
        "street": mission.request.listing.street,
        "city": place.name if place else "",
        "access": ", ".join(mission.client.remarks),
        "unsigned": ", ".join(person.called for person in one.unsigned),
    }


def _call(one: sheets.CallToMake) -> dict[str, object]:
    task = one.task
    return {
        "who": task.person.called if task.person else str(task.params.get("name") or spoken(one.phone)),
        "phone": spoken(one.phone),
        "why": str(words.TASKS.get(task.kind, task.kind)),
        "number": str(task.params.get("number") or ""),
        "before": short_date(task.due_at),
        "say": " ".join(one.say.split()) or str(task.params.get("note") or ""),
    }


def _slip(mission: Mission) -> dict[str, object]:
    request, place = mission.request, mission.request.listing.place
    equipment = request.activity.equipment
    return {
        "job_number": str(mission.number),
        "title": request.activity.name,
        "pictogram": "",
        "worker": mission.worker.full_name,
        "client": mission.client.called,
        "client_note": "",
        "on": timezone.localtime(mission.starts_at).date().isoformat(),
        "from": _clock(mission.starts_at),
        "until": _clock(mission.ends_at),
        "minutes": request.minutes,
        "street": request.listing.street,
        "city": place.name if place else "",
        "access": ", ".join(mission.client.remarks),
        "tasks": [request.note or request.activity.name],
        "bring": [equipment] if equipment else [],
        "plan": "",
    }


def _clock(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local.hour} h {local.minute:02}" if local.minute else f"{local.hour} h"


def _day(request: Inside, on: date) -> Window:
    midnight = datetime.combine(on, time(), request.visit.zone)
    return Window(midnight, datetime.combine(on + ONE_DAY, time(), midnight.tzinfo))
