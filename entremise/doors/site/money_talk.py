"""A client says that what they owe is a trouble: nobody reminds them of it, and somebody calls."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.frame.visit import Inside, client
from entremise.doors.frame.ways import checked, write
from entremise.doors.site.forms_dues import TroubleForm
from entremise.doors.site.hosting import invoices_page
from entremise.kernel.act import Door
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled


@write(client, again=invoices_page)
def trouble(request: Inside) -> HttpResponse:
    owed = settled.owed_of(client=request.visit.person)
    form = request.form = TroubleForm(request.POST, owed=owed)
    checked(form)
    given = form.cleaned_data
    if owed:
        invoice = next((one.invoice for one in owed if one.invoice.number == given["number"]), None)
        settlement.pause_reminders(
            act=request.visit.act(Door.SITE),
            client=owed[0].invoice.client,
            invoice=invoice,
            why=given["why"],
            note=given["note"],
        )
    messages.success(request, _("C’est noté. Aucun rappel ne part, et nous vous appelons."))
    return redirect("site:invoices")
