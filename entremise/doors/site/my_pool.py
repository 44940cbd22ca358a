"""One's own care budgets: what is left, a month in plain words, and leaving, whenever one likes."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from entremise.doors.frame.visit import Inside, signed_in
from entremise.doors.frame.ways import checked, on, read, write
from entremise.doors.site.nav import tabs
from entremise.doors.site.results import local_day
from entremise.kernel.act import Door
from entremise.kernel.time import Period, around, parse_month
from entremise.pools import operations, queries
from entremise.pools.models import Budget


class LeaveForm(forms.Form):
    """seen: cents that the page said would be given back."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


@read(signed_in)
def show(request: Inside) -> HttpResponse:
    mine = queries.budgets_of(person=request.visit.person)
    month = _month(request)
    context = {
        "nav": tabs(request, "help"),
        "month": month,
        "months": around(month),
        "mine": [
            {
                "member": one,
                "statement": queries.statement(budget=one.budget, month=month),
                "outcomes": [row for row in queries.outcomes_of(budget=one.budget.id) if row.until is None],
                "coming": queries.coming(budgets=[one.budget.id]),
            }
            for one in mine
        ],
    }
    return render(request, "site/my_pool.html", context)


def leave_page(request: Inside, budget: UUID) -> HttpResponse:
    seen = _mine(request, budget)
    leaving = queries.leaving(budget=seen, at=request.visit.act(Door.SITE).at)
    context = {
        "nav": tabs(request, "help"),
        "budget": seen,
        "leaving": leaving,
        "form": LeaveForm(initial={"seen": leaving.left}),
    }
    return render(request, "site/leave_pool.html", context)


@write(signed_in, again=leave_page)
def do_leave(request: Inside, budget: UUID) -> HttpResponse:
    form = request.form = LeaveForm(request.POST)
    checked(form)
    seen = _mine(request, budget)
    operations.leave(act=request.visit.act(Door.SITE), budget=seen, seen=form.cleaned_data["seen"])
    messages.success(request, _("Votre départ est noté : plus rien n’est prévu pour vous."))
    return redirect("site:my_pool")


leave = on(get=read(signed_in)(leave_page), post=do_leave)


def _mine(request: Inside, budget: UUID) -> Budget:
    found = queries.budget(budget=budget)
    if found is None or found.person_id != request.visit.person:
        raise Http404
    return found


def _month(request: Inside) -> Period:
    try:
        return parse_month(request.GET.get("mois", ""))
    except ValueError:
        return Period.month_of(local_day(request))
