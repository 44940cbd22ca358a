"""A client lets us collect what they owe, signed in on their own page; or takes it back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from entremise.doors.frame.visit import Inside, client
from entremise.doors.frame.ways import checked, on, read, write
from entremise.doors.site.forms import MandateForm
from entremise.doors.site.nav import tabs
from entremise.figures import queries as figures
from entremise.jobs.queries import persons
from entremise.kernel.act import Door
from entremise.kernel.refused import Refused
from entremise.payments import operations as payments
from entremise.payments import queries as paid
from entremise.settlement.operations.debits import today
from entremise.tenancy.queries import legal_identity


def mandate_page(request: Inside) -> HttpResponse:
    legal, day = legal_identity(), today(request.visit.act(Door.SITE))
    form = getattr(request, "form", None)
    context = {
        "nav": tabs(request, "invoices"),
        "mandate": paid.mandate_of(person=request.visit.person),
        "legal": legal,
        "weeks": int(figures.table().at("sepa_refund_weeks", day)),
        "form": form if isinstance(form, MandateForm) else MandateForm(),
    }
    return render(request, "site/mandate.html", context)


@write(client, again=mandate_page)
def sign_mandate(request: Inside) -> HttpResponse:
    form = request.form = MandateForm(request.POST)
    checked(form)
    act, legal = request.visit.act(Door.SITE), legal_identity()
    person = persons.person(person=request.visit.person)
    if legal is None or not legal.creditor_id or person is None:
        raise Refused("creditor_id_missing")
    iban = form.cleaned_data["iban"]
    payments.give_mandate(act=act, person=person, iban=iban, signed_on=today(act), how="site")
    messages.success(request, _("C’est signé. Vos prochaines factures seront prélevées, et vous saurez quand, avant."))
    return redirect("site:invoices")


mandate = on(get=read(client)(mandate_page), post=sign_mandate)


@write(client, again=mandate_page)
def revoke_mandate(request: Inside) -> HttpResponse:
    act, found = request.visit.act(Door.SITE), paid.mandate_of(person=request.visit.person)
    if found:
        payments.revoke_mandate(act=act, mandate=found)
    messages.success(request, _("C’est noté : plus rien ne sera prélevé."))
    return redirect("site:invoices")
