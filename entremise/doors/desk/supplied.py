"""What clients paid by card to people who work on their own account, and giving it back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.desk.forms_money import GiveBackForm
from entremise.doors.desk.lists import offer
from entremise.doors.desk.nav import came_back, found, page
from entremise.doors.frame.templatetags.entremise import money
from entremise.doors.frame.visit import Inside, money_staff
from entremise.doors.frame.ways import checked, on, read, write
from entremise.kernel.act import Door
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.settlement.queries import Supplied


def supplied_page(request: Inside) -> HttpResponse:
    rows = [{"one": one, "form": _form(request, one)} for one in settled.supplied_by_card()]
    return page(request, "supplied", section="money", context={"rows": rows, "exports": offer(request, "supplied")})


def _form(request: Inside, one: Supplied) -> GiveBackForm:
    back = came_back(request, GiveBackForm)
    if back and str(one.invoice.id) == request.POST.get("invoice"):
        return back
    return GiveBackForm(anchor=one.invoice.id.hex, initial={"amount": one.intent.left})


@write(money_staff, again=supplied_page)
def refund(request: Inside) -> HttpResponse:
    """Back to the client's card; what the supplier got of it is called back."""
    try:
        invoice = found(settled.supplier_invoice(invoice=UUID(request.POST.get("invoice", ""))))
    except ValueError:
        invoice = found(None)
    form = request.form = GiveBackForm(request.POST, anchor=invoice.id.hex)
    checked(form)
    amount = form.cleaned_data["amount"]
    settlement.refund_supplied(act=request.visit.act(Door.DESK), invoice=invoice, amount=amount)
    messages.success(request, _("%(amount)s vont être rendus sur la carte.") % {"amount": money(amount)})
    return redirect("desk:supplied")


supplied = on(get=read(money_staff)(supplied_page), post=refund)
