"""Pools of care budgets: what there is, what an hour costs, what budgets may not pay."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entremise.doors.desk.forms_pools import BlockForm, PoolForm, RateForm
from entremise.doors.desk.lists import offer
from entremise.doors.desk.nav import allowed_to, came_back, found, page
from entremise.doors.desk.nav import pool_readers as readers
from entremise.doors.desk.treasury import today
from entremise.doors.frame.visit import Inside
from entremise.doors.frame.ways import checked, on, read, write
from entremise.kernel.act import Door
from entremise.kernel.time import Period, around
from entremise.people import queries as people
from entremise.people.rules.may import Verb
from entremise.pools import operations, queries
from entremise.pools.operations import RateDraft

runners = allowed_to(Verb.POOLS_RUN)


@read(readers)
def pools(request: Inside) -> HttpResponse:
    context = {"pools": queries.pools(), "funders": queries.funders(), "exports": offer(request, "pools")}
    return page(request, "pools", section="solidarity", context=context)


def new_page(request: Inside) -> HttpResponse:
    return page(request, "pool_new", section="solidarity", context={"form": came_back(request, PoolForm) or PoolForm()})


@write(runners, again=new_page)
def open_pool(request: Inside) -> HttpResponse:
    form = request.form = PoolForm(request.POST)
    checked(form)
    given = form.cleaned_data
    pool = operations.open_pool(
        act=request.visit.act(Door.DESK), name=given["name"], about=given["about"], rate=_rate(form)
    )
    messages.success(request, _("Le groupe est ouvert. Ajoutez ses membres."))
    return redirect("desk:pool", pool=pool.id)


new = on(get=read(runners)(new_page), post=open_pool)


def pool_page(request: Inside, pool: UUID) -> HttpResponse:
    seen, act = found(queries.pool(pool=pool)), request.visit.act(Door.DESK)
    context = {
        "pool": seen,
        "rate": queries.rate_on(pool=seen.id, day=today(request)),
        "members": queries.members(pool=seen.id),
        "planned": queries.sessions(pool=seen.id, state="planned"),
        "done": queries.sessions(pool=seen.id, state="done", limit=20),
        "totals": queries.totals(pool=seen.id),
        "now": act.at,
        "last_month": around(_month(request)).before,
    }
    return page(request, "pool", section="solidarity", context=context)


pool = read(readers)(pool_page)


@write(runners, again=pool_page)
def close(request: Inside, pool: UUID) -> HttpResponse:
    operations.close_pool(act=request.visit.act(Door.DESK), pool=found(queries.pool(pool=pool)))
    messages.success(request, _("Le groupe est fermé."))
    return redirect("desk:pools")


@write(runners, again=pool_page)
def send_statements(request: Inside, pool: UUID) -> HttpResponse:
    """Last month's, to every member whose month is new or has changed."""
    made = operations.send_statements(
        act=request.visit.act(Door.DESK), pool=found(queries.pool(pool=pool)), month=around(_month(request)).before
    )
    if made:
        said = ngettext("%(count)s relevé part.", "%(count)s relevés partent.", len(made)) % {"count": len(made)}
    else:
        said = _("Rien de nouveau : les relevés de ce mois sont déjà partis.")
    messages.success(request, said)
    return redirect("desk:pool", pool=pool)


def _month(request: Inside) -> Period:
    return Period.month_of(today(request))


def rate_page(request: Inside, pool: UUID) -> HttpResponse:
    seen = found(queries.pool(pool=pool))
    form = came_back(request, RateForm) or RateForm()
    context = {"pool": seen, "rates": queries.rates(pool=seen.id), "form": form}
    return page(request, "pool_rate", section="solidarity", context=context)


@write(runners, again=rate_page)
def agree_rate(request: Inside, pool: UUID) -> HttpResponse:
    form = request.form = RateForm(request.POST)
    checked(form)
    seen = found(queries.pool(pool=pool))
    operations.agree_rate(act=request.visit.act(Door.DESK), pool=seen, rate=_rate(form))
    messages.success(request, _("C’est noté : ce prix compte à partir de ce jour."))
    return redirect("desk:pool", pool=seen.id)


rate = on(get=read(readers)(rate_page), post=agree_rate)


def blocks_page(request: Inside, **_tried: UUID) -> HttpResponse:
    context = {"blocks": queries.blocks(), "form": came_back(request, BlockForm) or BlockForm()}
    return page(request, "pool_blocks", section="solidarity", context=context)


@write(runners, again=blocks_page)
def add_block(request: Inside) -> HttpResponse:
    form = request.form = BlockForm(request.POST)
    checked(form)
    given = form.cleaned_data
    act = request.visit.act(Door.DESK)
    operations.block(act=act, **{**given, "since": given["since"] or today(request)})
    messages.success(request, _("C’est noté."))
    return redirect("desk:blocks")


blocks = on(get=read(runners)(blocks_page), post=add_block)


@write(runners, again=blocks_page)
def end_block(request: Inside, block: UUID) -> HttpResponse:
    operations.unblock(act=request.visit.act(Door.DESK), block=found(queries.block(block=block)))
    messages.success(request, _("C’est noté : un budget peut de nouveau le payer."))
    return redirect("desk:blocks")


def _rate(form: RateForm) -> RateDraft:
    given = form.cleaned_data
    provider = people.get(person=given["picked"])
    return RateDraft(provider, given["starts_on"], given["ends_on"], form.terms, given["source"])
