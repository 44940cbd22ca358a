"""Hours that somebody gave for somebody else: how many there are, and one taken without a word."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.desk.forms_solidarity import ItemForm
from entremise.doors.desk.nav import allowed_to, came_back, page
from entremise.doors.frame.templatetags.entremise import money as in_euros
from entremise.doors.frame.visit import Inside
from entremise.doors.frame.ways import BadForm, checked, on, read, write
from entremise.kernel.act import Door
from entremise.people.rules.may import Verb
from entremise.settlement import queries as settled
from entremise.solidarity import operations
from entremise.solidarity.queries import items as queries

takers = allowed_to(Verb.AIDS_HURRY)


def items_page(request: Inside) -> HttpResponse:
    rows = queries.items()
    form = came_back(request, ItemForm) or ItemForm(anchor="prendre")
    form.offers(one.name for one in rows if one.left)
    return page(request, "items", section="solidarity", context={"items": rows, "form": form})


@write(takers, again=items_page)
def take(request: Inside) -> HttpResponse:
    """Somebody finds it hard to pay: an hour that was given pays it."""
    form = request.form = ItemForm(request.POST, anchor="prendre")
    form.offers(one.name for one in queries.items())
    checked(form)
    given = form.cleaned_data
    invoice = settled.invoice_by_number(number=given["number"])
    if invoice is None:
        form.add_error("number", _("Aucune facture n’a ce numéro. Exemple : FA-2026-0042."))
        raise BadForm(form)
    act = request.visit.act(Door.PHONE, on_behalf_of=invoice.client_id)
    paid = operations.take_item(act=act, invoice=invoice, item=given["item"], key=f"item:{given['once']}")
    messages.success(request, _("%(amount)s réglés par une heure offerte.") % {"amount": in_euros(paid.amount)})
    return redirect("desk:items")


items = on(get=read(takers)(items_page), post=take)
