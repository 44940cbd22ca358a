"""« Remercier » at the counter, and what waits for a payslip."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.desk.forms import ReasonForm
from entremise.doors.desk.lists import offer
from entremise.doors.desk.nav import came_back, counter, found, page
from entremise.doors.frame.forms_thanks import ThankForm
from entremise.doors.frame.templatetags.entremise import money as in_euros
from entremise.doors.frame.visit import Inside, money_staff
from entremise.doors.frame.ways import checked, on, read, write
from entremise.jobs import operations as jobs
from entremise.jobs.queries import thanking
from entremise.kernel.act import Door
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled


def thank_page(request: Inside, mission: UUID) -> HttpResponse:
    seen = found(thanking.thanked(mission=mission))
    at = request.visit.act(Door.COUNTER).at.astimezone(request.visit.zone)
    may = thanking.may_be_thanked(mission=seen.mission) and thanking.offered(at=at)
    context = {
        "mission": seen.mission,
        "tip": seen.tip,
        "form": (came_back(request, ThankForm) or ThankForm(anchor="x")) if may and not seen.tip else None,
        "free": settled.free_on_account(person=seen.mission.client_id),
    }
    return page(request, "thank", section="requests", context=context)


@write(counter, again=thank_page)
def give(request: Inside, mission: UUID) -> HttpResponse:
    """Coins over the counter, or from what the client has with us, as they said."""
    seen = found(thanking.thanked(mission=mission))
    form = request.form = ThankForm(request.POST, anchor="x")
    checked(form)
    given = form.cleaned_data
    act = request.visit.act(Door.COUNTER, on_behalf_of=seen.mission.client_id)
    how, key = given["how"] or "cash", f"desk:{given['once']}"
    tip = jobs.thank(act=act, mission=seen.mission, amount=form.cents, how=how, key=key)
    messages.success(request, _("%(amount)s notés.") % {"amount": in_euros(tip.amount)})
    return redirect("desk:thank", mission=mission)


thank = on(get=read(counter)(thank_page), post=give)


def tips_page(request: Inside, tip: UUID | None = None) -> HttpResponse:
    rows, tried = settled.tips(), came_back(request, ReasonForm)
    context = {
        "rows": [
            {"seen": one, "form": tried if tried and one.tip.id == tip else ReasonForm(auto_id=f"r{one.tip.id.hex}_%s")}
            for one in rows
        ],
        "waiting": sum(one.tip.amount for one in rows if not one.number and not one.taken_back),
        "exports": offer(request, "tips"),
    }
    return page(request, "tips", section="money", context=context)


tips = read(money_staff)(tips_page)


@write(money_staff, again=tips_page)
def take_back(request: Inside, tip: UUID) -> HttpResponse:
    """A mistake, before it is on a payslip."""
    form = request.form = ReasonForm(request.POST, auto_id=f"r{tip.hex}_%s")
    checked(form)
    given = found(settled.tip(tip=tip))
    settlement.take_back_tip(act=request.visit.act(Door.DESK), tip=given, reason=form.cleaned_data["reason"])
    messages.success(request, _("Ce remerciement est repris."))
    return redirect("desk:tips")
