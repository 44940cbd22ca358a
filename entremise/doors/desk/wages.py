"""Wages: what is still to pay, what is on its way, what came back, what was handed over."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.desk.forms_money import HandOverForm
from entremise.doors.desk.lists import offer
from entremise.doors.desk.nav import came_back, found, page
from entremise.doors.desk.proofs import stopped
from entremise.doors.frame.templatetags.entremise import money as in_euros
from entremise.doors.frame.visit import Inside, money_staff
from entremise.doors.frame.ways import checked, read, write
from entremise.jobs.queries import money as queries
from entremise.kernel.act import Door
from entremise.settlement import operations as settlement
from entremise.settlement.queries import owed


def wages_page(request: Inside, **_tried: object) -> HttpResponse:
    context = {
        "seen": queries.wages(),
        "form": came_back(request, HandOverForm) or HandOverForm(),
        "exports": offer(request, "wages"),
        "stopped": stopped(),
    }
    return page(request, "wages", section="money", context=context)


wages = read(money_staff)(wages_page)


@write(money_staff, again=wages_page)
def hand_over(request: Inside, number: str) -> HttpResponse:
    """A wage paid in coins or by cheque."""
    payslip = found(owed.payslip_by_number(number=number))
    form = request.form = HandOverForm(request.POST)
    checked(form)
    settlement.hand_over(act=request.visit.act(Door.DESK), payslip=payslip, how=form.cleaned_data["how"])
    said = {"amount": in_euros(payslip.paid), "name": payslip.worker.full_name}
    messages.success(request, _("%(amount)s remis à %(name)s.") % said)
    return redirect("desk:wages")


@write(money_staff, again=wages_page)
def send_back(request: Inside, payout: UUID) -> HttpResponse:
    """The bank sent it back, or it was noted by mistake."""
    act = request.visit.act(Door.DESK)
    today = act.at.astimezone(request.visit.zone).date()
    settlement.send_back(act=act, payout=found(owed.payout(payout=payout)), on=today)
    messages.success(request, _("Cette paie est de nouveau à payer."))
    return redirect("desk:wages")
