"""One person's care budget: what came, what it may be for, a month in plain words, leaving."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.desk.forms_pools import BudgetForm, LeaveForm, MoneyForm, OutcomeForm
from entremise.doors.desk.lists_treasury import month_asked
from entremise.doors.desk.nav import allowed_to, came_back, found, page
from entremise.doors.desk.nav import pool_readers as readers
from entremise.doors.desk.pools import runners
from entremise.doors.desk.solidarity import LINES, told
from entremise.doors.desk.treasury import today
from entremise.doors.frame.templatetags.entremise import money as in_euros
from entremise.doors.frame.visit import Inside
from entremise.doors.frame.ways import BadForm, checked, on, read, write
from entremise.kernel.act import Door
from entremise.kernel.time import around
from entremise.payments import queries as paid
from entremise.people import queries as people
from entremise.people.rules.may import Verb, may
from entremise.pools import operations, queries
from entremise.pools.models import Budget
from entremise.pools.operations.budgets import Granted

receivers = allowed_to(Verb.POOLS_RECEIVE)


def new_page(request: Inside, pool: UUID) -> HttpResponse:
    context = {"pool": found(queries.pool(pool=pool)), "form": came_back(request, BudgetForm) or BudgetForm()}
    return page(request, "budget_new", section="solidarity", context=context)


@write(runners, again=new_page)
def open_budget(request: Inside, pool: UUID) -> HttpResponse:
    form = request.form = BudgetForm(request.POST)
    checked(form)
    given = form.cleaned_data
    granted = Granted(
        kind=given["kind"],
        amount=given["amount"],
        first=given["first"],
        last=given["last"],
        outcomes=given["outcomes"],
        funder=given.get("funder"),
        reference=given["reference"],
    )
    person, seen = people.get(person=given["picked"]), found(queries.pool(pool=pool))
    budget = operations.open_budget(act=request.visit.act(Door.DESK), pool=seen, person=person, granted=granted)
    messages.success(request, _("%(who)s fait partie du groupe.") % {"who": person.full_name})
    return redirect("desk:budget", budget=budget.id)


new = on(get=read(runners)(new_page), post=open_budget)


def budget_page(request: Inside, budget: UUID) -> HttpResponse:
    seen = found(queries.budget(budget=budget))
    month = month_asked(request.GET.get("mois", ""), today(request))
    form = came_back(request, MoneyForm) or MoneyForm(anchor="versement")
    form.lines(_transfers(request))
    context = {
        "budget": seen,
        "left": queries.balance_of(budget=seen.id),
        "statement": queries.statement(budget=seen, month=month),
        "months": around(month),
        "outcomes": queries.outcomes_of(budget=seen.id),
        "coming": queries.coming(budgets=[seen.id]),
        "today": today(request),
        "form": form,
        "outcome_form": came_back(request, OutcomeForm) or OutcomeForm(auto_id="besoin_%s"),
    }
    return page(request, "budget", section="solidarity", context=context)


budget = read(readers)(budget_page)


@write(receivers, again=budget_page)
def pay_in(request: Inside, budget: UUID) -> HttpResponse:
    """Coins, a cheque, or a transfer that the bank's statement shows."""
    form = MoneyForm(request.POST, anchor="versement")
    request.form = form
    form.lines(_transfers(request))
    checked(form)
    given, act = form.cleaned_data, request.visit.act(Door.COUNTER)
    line = None if given["how"] in ("cash", "cheque") else paid.line(line=UUID(given["how"]))
    if line is None and not given["amount"]:
        form.add_error("amount", _("Écrivez le montant ainsi : 24,50."))
        raise BadForm(form)
    row = operations.pay_in(
        act=act,
        budget=_meant(budget),
        amount=given["amount"] or 0,
        how="transfer" if line else given["how"],
        on=given["on"] or today(request),
        key=f"desk:{given['once']}",
        line=line,
    )
    messages.success(request, _("%(amount)s sont sur son budget.") % {"amount": in_euros(row.amount)})
    return redirect("desk:budget", budget=budget)


@write(runners, again=budget_page)
def allow(request: Inside, budget: UUID) -> HttpResponse:
    form = request.form = OutcomeForm(request.POST, auto_id="besoin_%s")
    checked(form)
    given = form.cleaned_data
    operations.allow(
        act=request.visit.act(Door.DESK),
        budget=_meant(budget),
        outcome=given["outcome"],
        since=given["since"] or today(request),
        source=given["source"],
    )
    messages.success(request, _("C’est noté."))
    return redirect("desk:budget", budget=budget)


def _of_outcome(request: Inside, outcome: UUID) -> HttpResponse:
    return budget_page(request, found(queries.outcome(outcome=outcome)).budget_id)


@write(runners, again=_of_outcome)
def stop_allowing(request: Inside, outcome: UUID) -> HttpResponse:
    row = found(queries.outcome(outcome=outcome))
    operations.stop_allowing(act=request.visit.act(Door.DESK), outcome=row)
    messages.success(request, _("C’est noté : plus rien n’est prévu pour cela."))
    return redirect("desk:budget", budget=row.budget_id)


def leave_page(request: Inside, budget: UUID) -> HttpResponse:
    """What leaving means, before it is done."""
    seen = _meant(budget)
    leaving = queries.leaving(budget=seen, at=request.visit.act(Door.DESK).at)
    context = {
        "budget": seen,
        "leaving": leaving,
        "over": seen.last < today(request),
        "form": LeaveForm(initial={"seen": leaving.left}),
    }
    return page(request, "budget_leave", section="solidarity", context=context)


@write(runners, again=leave_page)
def do_leave(request: Inside, budget: UUID) -> HttpResponse:
    form = request.form = LeaveForm(request.POST)
    checked(form)
    seen = _meant(budget)
    act = request.visit.act(Door.DESK, on_behalf_of=seen.person_id)
    end = operations.end_budget if seen.last < today(request) else operations.leave
    end(act=act, budget=seen, seen=form.cleaned_data["seen"])
    messages.success(request, _("C’est noté. Ce qui reste est rendu, une fois les heures passées notées."))
    return redirect("desk:budget", budget=budget)


leave = on(get=read(runners)(leave_page), post=do_leave)


@read(readers)
def funder(request: Inside, funder: UUID) -> HttpResponse:
    """What a funder is told: their budgets only, and of the help only what was agreed with them."""
    month = month_asked(request.GET.get("mois", ""), today(request))
    body = found(next((one for one in queries.funders() if one.id == funder), None))
    rows = queries.funder_statements(funder=body.id, month=month)
    return page(
        request,
        "funder",
        section="solidarity",
        context={"funder": body, "month": month, "months": around(month), "rows": rows},
    )


def _meant(budget: UUID) -> Budget:
    return found(queries.budget(budget=budget))


def _transfers(request: Inside) -> list[tuple[str, str]]:
    if not may(request.visit.actor.roles, Verb.PAYMENTS_RECEIVE):
        return []
    return [(str(one.id), told(one)) for one in paid.unmatched_lines(limit=LINES) if one.amount > 0]
