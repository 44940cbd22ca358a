"""What clients add to their invoices for others: written down on the phone, lowered or stopped on a word."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.desk.forms_solidarity import ContributionForm, of_funds
from entremise.doors.desk.nav import allowed_to, came_back, page
from entremise.doors.frame.visit import Inside
from entremise.doors.frame.ways import checked, on, read, write
from entremise.kernel.act import Door
from entremise.people import queries as people
from entremise.people.rules.may import Verb
from entremise.settlement.operations.debits import today
from entremise.solidarity import operations
from entremise.solidarity.queries import contributions as queries
from entremise.solidarity.queries import funds

setters = allowed_to(Verb.CONTRIBUTIONS_SET)


def contributions_page(request: Inside) -> HttpResponse:
    form = came_back(request, ContributionForm) or ContributionForm()
    of_funds(form, [one.fund for one in funds(open_only=True)])
    grid = queries.grid(on=today(request.visit.act(Door.DESK)))
    context = {"form": form, "contributions": queries.contributions(), "grid": grid}
    return page(request, "contributions", section="solidarity", context=context)


@write(setters, again=contributions_page)
def set_one(request: Inside) -> HttpResponse:
    form = request.form = ContributionForm(request.POST)
    open_funds = {str(one.fund.id): one.fund for one in funds(open_only=True)}
    of_funds(form, open_funds.values())
    checked(form)
    given = form.cleaned_data
    operations.set_contribution(
        act=request.visit.act(Door.PHONE, on_behalf_of=given["picked"]),
        person=people.get(person=given["picked"]),
        fund=open_funds[given["fund"]],
        hourly=given["hourly"],
    )
    messages.success(request, _("C’est noté."))
    return redirect("desk:contributions")


contributions = on(get=read(setters)(contributions_page), post=set_one)
