"""A client spreads what they owe over a few months, alone, as far as the organisation lets anybody."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from entremise.doors.frame.forms_plans import PlanForm
from entremise.doors.frame.visit import Inside, client
from entremise.doors.frame.ways import checked, on, read, write
from entremise.doors.site.nav import tabs
from entremise.jobs.queries import persons
from entremise.kernel.act import Door
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.settlement.operations.debits import today


def plan_page(request: Inside) -> HttpResponse:
    day, asked = today(request.visit.act(Door.SITE)), _form(request)
    dates = asked.dates(day) if asked.is_bound else []
    back = request.form if isinstance(request.form, PlanForm) else None
    context = {
        "nav": tabs(request, "invoices"),
        "running": settled.plan_running(client=request.visit.person, on=day),
        "owed": bool(asked.owed),
        "form": back or asked,
        "dates": dates,
        "confirm": asked.to_confirm() if dates and not back else None,
    }
    return render(request, "site/plan.html", context)


def _form(request: Inside) -> PlanForm:
    data = request.POST or (request.GET if "count" in request.GET else None)
    limits = settled.limits(on=today(request.visit.act(Door.SITE)))
    return PlanForm(data, owed=settled.owed_of(client=request.visit.person), limits=limits)


@write(client, again=plan_page)
def agree(request: Inside) -> HttpResponse:
    form = request.form = _form(request)
    checked(form)
    given, person = form.cleaned_data, persons.person(person=request.visit.person)
    if person is not None:
        settlement.agree_plan(
            act=request.visit.act(Door.SITE),
            client=person,
            invoices=form.chosen,
            count=given["count"],
            first_on=given["first_on"],
            key=f"site:{person.id}:{given['once']}",
        )
    messages.success(request, _("C’est convenu. Nous vous écrivons avant chaque date."))
    return redirect("site:plan")


plan = on(get=read(client)(plan_page), post=agree)
