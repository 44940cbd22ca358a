"""A gift voucher pays one's own invoice."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.frame.gifts import GiftCodeForm
from entremise.doors.frame.keys import known_keys
from entremise.doors.frame.limits import HOUR, Limit, by_address, limited
from entremise.doors.frame.templatetags.entremise import money
from entremise.doors.frame.visit import Inside, client
from entremise.doors.frame.ways import checked, write
from entremise.doors.site.hosting import invoices_page
from entremise.kernel.act import Door
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled


def by_person(request: HttpRequest) -> str:
    return str(request.visit.actor.person or "")  # type: ignore[attr-defined]  # Set by the Threshold.


TRIES = Limit("gift-person", 10, HOUR, by_person)
TRIES_BY_ADDRESS = Limit("gift-address", 30, HOUR, by_address)


@limited(TRIES, TRIES_BY_ADDRESS)
@write(client, again=invoices_page)
def spend(request: Inside, number: str) -> HttpResponse:
    """The code pays as much as it holds; the rest stays to be paid."""
    invoice = settled.invoice_by_number(number=number)
    if invoice is None or invoice.client_id != request.visit.person:
        raise Http404
    form = request.form = GiftCodeForm(request.POST, anchor=f"-{number}")
    checked(form)
    receipt = settlement.spend_gift_voucher(
        act=request.visit.act(Door.SITE),
        invoice=invoice,
        code=form.cleaned_data["code"],
        key=f"site:{form.cleaned_data['once']}",
        secret_keys=known_keys(),
    )
    messages.success(request, _("%(amount)s payés par le bon.") % {"amount": money(receipt.amount)})
    return redirect("site:invoices")
