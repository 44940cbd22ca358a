"""Instalments that are agreed with a client on the telephone: a calendar to read aloud, then a yes."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.desk.forms import ReasonForm
from entremise.doors.desk.lists import offer
from entremise.doors.desk.lists_money import SPREAD
from entremise.doors.desk.nav import came_back, found, page
from entremise.doors.frame.forms_plans import PlanForm
from entremise.doors.frame.visit import Inside
from entremise.doors.frame.ways import checked, on, read, write
from entremise.jobs.queries import persons
from entremise.kernel.act import Door
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.settlement.operations.debits import today


@read(SPREAD)
def plans(request: Inside) -> HttpResponse:
    """All that run, in the order of their next dates."""
    rows = settled.running_plans(on=today(request.visit.act(Door.DESK)))
    return page(request, "plans", section="money", context={"rows": rows, "exports": offer(request, "plans")})


def plan_page(request: Inside, person: UUID, **_of: UUID) -> HttpResponse:
    client, day = found(persons.person(person=person)), today(request.visit.act(Door.DESK))
    asked, back = _form(request, person), came_back(request, PlanForm)
    dates = asked.dates(day) if asked.is_bound else []
    seen = settled.plans_of(client=person, on=day)
    context = {
        "person": client,
        "running": next((one for one in seen if one.plan.state == "running"), None),
        "before": [one for one in seen if one.plan.state != "running"],
        "owed": bool(asked.owed),
        "form": back or asked,
        "dates": dates,
        "confirm": asked.to_confirm() if dates and not back else None,
        "reason_form": came_back(request, ReasonForm) or ReasonForm(auto_id="arret_%s"),
    }
    return page(request, "plan", section="money", context=context)


def _form(request: Inside, person: UUID) -> PlanForm:
    """What the address chose, or what the agreement sent."""
    data = request.POST or (request.GET if "count" in request.GET else None)
    limits = settled.limits(on=today(request.visit.act(Door.DESK)))
    return PlanForm(data, owed=settled.owed_of(client=person), limits=limits)


@write(SPREAD, again=plan_page)
def agree(request: Inside, person: UUID) -> HttpResponse:
    """They said yes."""
    form = request.form = _form(request, person)
    checked(form)
    given = form.cleaned_data
    settlement.agree_plan(
        act=request.visit.act(Door.PHONE, on_behalf_of=person),
        client=found(persons.person(person=person)),
        invoices=form.chosen,
        count=given["count"],
        first_on=given["first_on"],
        key=f"desk:{given['once']}",
        instead_of=given["instead_of"],
    )
    messages.success(request, _("C’est convenu. Le calendrier part à la personne."))
    return redirect("desk:plan", person=person)


plan = on(get=read(SPREAD)(plan_page), post=agree)


@write(SPREAD, again=plan_page)
def cancel(request: Inside, person: UUID, plan: UUID) -> HttpResponse:
    """The plan is given up: what is left is due as before."""
    form = request.form = ReasonForm(request.POST, auto_id="arret_%s")
    checked(form)
    act, meant = request.visit.act(Door.DESK), found(settled.plan(plan=plan, client=person))
    settlement.cancel_plan(act=act, plan=meant, reason=form.cleaned_data["reason"])
    messages.success(request, _("Ce calendrier est arrêté."))
    return redirect("desk:plan", person=person)
