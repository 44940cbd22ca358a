"""Hours of help that a pool has: planned, written down, cancelled."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.desk.forms_pools import PlanForm, RecordForm
from entremise.doors.desk.nav import came_back, found, page
from entremise.doors.desk.pools import runners
from entremise.doors.frame.visit import Inside
from entremise.doors.frame.ways import checked, on, read, write
from entremise.kernel.act import Door
from entremise.pools import operations, queries
from entremise.pools.models import Session
from entremise.pools.operations.sessions import Planned


def plan_page(request: Inside, pool: UUID) -> HttpResponse:
    seen = found(queries.pool(pool=pool))
    form = came_back(request, PlanForm) or PlanForm()
    form.members(_members(seen.id))
    return page(request, "care_plan", section="solidarity", context={"pool": seen, "form": form})


@write(runners, again=plan_page)
def plan_session(request: Inside, pool: UUID) -> HttpResponse:
    form = PlanForm(request.POST)
    request.form = form
    form.members(_members(pool))
    checked(form)
    given = form.cleaned_data
    budgets = [UUID(one) for one in given["budgets"]]
    planned = Planned(form.starts_at(request.visit.zone), given["minutes"], given["outcome"], budgets)
    operations.plan_session(act=request.visit.act(Door.DESK), pool=found(queries.pool(pool=pool)), planned=planned)
    messages.success(request, _("C’est prévu."))
    return redirect("desk:pool", pool=pool)


plan = on(get=read(runners)(plan_page), post=plan_session)


def session_page(request: Inside, session: UUID) -> HttpResponse:
    seen = _meant(session)
    rows = queries.commitments_of(session=seen.id)
    form = came_back(request, RecordForm) or RecordForm(rows=rows, minutes=seen.minutes)
    now = request.visit.act(Door.DESK).at
    context = {"session": seen, "rows": rows, "form": form, "begun": seen.starts_at <= now}
    return page(request, "care_session", section="solidarity", context=context)


@write(runners, again=session_page)
def record_session(request: Inside, session: UUID) -> HttpResponse:
    seen = _meant(session)
    form = RecordForm(request.POST, rows=queries.commitments_of(session=seen.id), minutes=seen.minutes)
    request.form = form
    checked(form)
    operations.record_session(
        act=request.visit.act(Door.DESK), session=seen, minutes=form.cleaned_data["minutes"], present=form.present
    )
    messages.success(request, _("C’est noté, et payé par le budget de chaque personne présente."))
    return redirect("desk:pool", pool=seen.pool_id)


session = on(get=read(runners)(session_page), post=record_session)


@write(runners, again=session_page)
def cancel(request: Inside, session: UUID) -> HttpResponse:
    seen = _meant(session)
    operations.cancel_session(act=request.visit.act(Door.DESK), session=seen)
    messages.success(request, _("Annulé : personne ne paie."))
    return redirect("desk:pool", pool=seen.pool_id)


def _members(pool: UUID) -> list[tuple[str, str]]:
    rows = queries.members(pool=pool)
    return [(str(one.budget.id), one.budget.person.full_name) for one in rows if one.budget.state == "active"]


def _meant(session: UUID) -> Session:
    return found(queries.session(session=session))
