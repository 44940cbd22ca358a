"""To take part in a group purchase: an order, what it can come to, a change of mind, and what became of each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from entremise.buying import operations as buying
from entremise.buying import queries
from entremise.buying.models import Purchase
from entremise.buying.operations import Wants
from entremise.buying.queries import Order, Standing
from entremise.campaigns import operations as campaigns
from entremise.campaigns import queries as pledged
from entremise.campaigns.models import Pledge
from entremise.campaigns.rules import TAKING, Wish
from entremise.doors.frame.templatetags.entremise import money, spoken_date
from entremise.doors.frame.visit import Inside, anyone, signed_in
from entremise.doors.frame.ways import checked, on, read, write
from entremise.doors.frame.words_buying import ORDERS, how_paid, state_of
from entremise.doors.site.forms_orders import OrderForm, Paying, typed_in
from entremise.doors.site.nav import tabs
from entremise.kernel.act import Door
from entremise.kernel.refused import Refused
from entremise.payments.queries import kept_means
from entremise.people import queries as people
from entremise.settlement.queries.accounts import free_on_account

ORDER = "order"  # In the session: what a visitor typed before they were asked who they are, and of which purchase.
_TYPED = ("quantity_", "tolerance_", "ceiling_")
_MOST_TYPED, _LONGEST = 300, 10  # Fields, and signs of one.


def seen(number: int) -> Purchase:
    """One that everybody may see: its plan is nobody's business yet."""
    purchase = queries.purchase(number=number)
    if purchase is None or purchase.campaign.state == "draft":
        raise Http404
    return purchase


def takes(request: Inside, purchase: Purchase) -> bool:
    """Whether somebody may order or change now."""
    campaign = purchase.campaign
    return campaign.state in TAKING and campaign.opens_at <= request.visit.act(Door.SITE).at < campaign.closes_at


def order_form(request: Inside, purchase: Purchase, standing: Standing) -> dict[str, object]:
    """The form as it came back, as somebody ordered before, or empty. Nothing once orders are over."""
    if not takes(request, purchase):
        return {"form": None, "mine": None, "receipt": None}
    me = request.visit.actor.person
    mine = pledged.pledge_of(campaign=purchase.campaign_id, person=me) if me else None
    form = request.form if isinstance(request.form, OrderForm) else None
    if form is None:
        first = typed_in(pledged.wishes_of(pledges=[mine.id])[mine.id], standing.lines) if mine else {}
        first |= {"means": mine.means, "budget": mine.budget} if mine else {}
        first |= _brought(request, purchase.campaign.number)
        form = OrderForm(lines=standing.lines, paying=paying_of(me, purchase, mine), initial=first)
    return {"form": form, "mine": mine, "receipt": _receipt(form, standing)}


def _brought(request: Inside, number: int) -> dict[str, str]:
    """What they typed before they came in."""
    said = request.session.get(ORDER) or {}
    return dict(said["typed"]) if said.get("number") == number else {}


def _typed(request: Inside) -> dict[str, str]:
    asked = ((name, str(said)[:_LONGEST]) for name, said in request.GET.items() if name.startswith(_TYPED))
    return dict(islice(asked, _MOST_TYPED))


def paying_of(me: UUID | None, purchase: Purchase, mine: Pledge | None) -> Paying | None:
    """How they may pay; None for a visitor."""
    if me is None:
        return None
    held = mine.at_most if mine and mine.entry else 0  # Free again when they change their mind.
    before = purchase.pays == Purchase.Pays.BEFORE
    kept = before and any(one.state == "kept" for one in kept_means(person=me))
    return Paying(free_on_account(person=me) + held, kept, before)


def _receipt(form: OrderForm, standing: Standing) -> dict[str, object]:
    """Of what stands in the form now."""
    if form.is_bound:
        return form.receipt()
    typed = {name: form[name].value() for name in form.fields if name.startswith(_TYPED)}
    read_ = OrderForm({name: said for name, said in typed.items() if said}, lines=standing.lines, paying=None)
    read_.is_valid()
    return read_.receipt()


def order_page(request: Inside, number: int) -> HttpResponse:
    """Whoever is not signed in is asked who they are, and finds again what they typed."""
    purchase = seen(number)
    if request.visit.actor.person is None:
        request.session[ORDER] = {"number": number, "typed": _typed(request)}
        back = urlencode({"next": reverse("site:order", args=[number])})
        return redirect(f"{reverse('site:enter')}?{back}")
    standing = queries.standing(purchase=purchase)
    campaign, at = purchase.campaign, request.visit.act(Door.SITE).at
    context = {
        "purchase": purchase,
        "campaign": campaign,
        "filling": campaign.fills_at is not None and campaign.fills_at <= at,
        **order_form(request, purchase, standing),
    }
    return render(request, "site/order.html", context)


@write(signed_in, again=order_page)
def send_order(request: Inside, number: int) -> HttpResponse:
    """In place of what they said before."""
    purchase, me = seen(number), request.visit.person
    standing = queries.standing(purchase=purchase)
    mine = pledged.pledge_of(campaign=purchase.campaign_id, person=me)
    before = pledged.wishes_of(pledges=[mine.id])[mine.id] if mine else {}
    form = OrderForm(request.POST, lines=standing.lines, paying=paying_of(me, purchase, mine))
    request.form = form
    checked(form)
    try:
        pledge = buying.order(
            act=request.visit.act(Door.SITE),
            purchase=purchase,
            person=people.get(person=me),
            wants=form.wants(),
            means=form.cleaned_data["means"],
            budget=form.cleaned_data["budget"],
        )
    except Refused as refused:
        refused.where = form.beside(refused)
        raise
    request.session.pop(ORDER, None)
    said = {"most": money(pledge.at_most), "until": spoken_date(purchase.campaign.closes_at)}
    noted = _("C’est noté : %(most)s au plus. Vous pouvez changer jusqu’au %(until)s.") % said
    messages.success(request, f"{noted} {_place(before, form.wants())}".strip())
    return redirect("site:orders")


order = on(get=read(anyone)(order_page), post=send_order)


def _place(before: Mapping[UUID, Wish[UUID]], wants: Sequence[Wants]) -> str:
    """What a change does to somebody's place in the queue."""
    if not before:
        return ""
    steps = [
        one.quantity - (before[one.article.lot_id].quantity if one.article.lot_id in before else 0) for one in wants
    ]
    if any(step > 0 for step in steps):
        return _("Ce que vous ajoutez prend la suite de la file, le reste garde sa place.")
    return _("Votre place dans la file est gardée.")


@read(anyone)
def show_receipt(request: Inside, number: int) -> HttpResponse:
    """The most that it can come to, while somebody types."""
    lines = queries.standing(purchase=seen(number)).lines
    form = OrderForm(_typed(request), lines=lines, paying=None)
    form.is_valid()
    return render(request, "site/order_receipt.html", {"receipt": form.receipt()})


# What somebody ordered


def orders_page(request: Inside, **_of: int) -> HttpResponse:
    at = request.visit.act(Door.SITE).at
    rows = [_row(request, one, filling=_fills(one, at)) for one in queries.orders_of(person=request.visit.person)]
    usual = queries.standing_by(person=request.visit.person)
    known = {one.standing.series_id for one in usual}
    for row in rows:
        series = row["order"].purchase.series_id
        row["may_repeat"] = series is not None and series not in known
        known.add(series)  # Asked beside the latest of a series only.
    me = request.visit.person
    same = [
        {"known": one.standing, "campaign": one.purchase.campaign, "own": one.standing.person_id == me} for one in usual
    ]
    context = {"nav": tabs(request, "orders"), "rows": rows, "usual": same, "me": me}
    return render(request, "site/orders.html", context)


def _fills(one: Order, at: datetime) -> bool:
    fills_at = one.purchase.campaign.fills_at
    return fills_at is not None and fills_at <= at


def _row(request: Inside, one: Order, *, filling: bool) -> dict[str, Any]:
    state = state_of(one)
    label, tone, icon = ORDERS[state]
    may = one.pledge.state == "pledged" and takes(request, one.purchase)
    return {
        "order": one,
        "campaign": one.purchase.campaign,
        "label": label,
        "tone": tone,
        "icon": icon,
        "means": how_paid(one),
        "waits": state in ("noted", "counting"),
        "may_change": may,
        "may_withdraw": may and not filling,
        "going": one.share is not None
        and (one.pledge.state in ("pledged", "confirmed", "charged") or state in ("ready", "collected")),
        "comes": state in ("leaving", "ready"),
    }


show_orders = read(signed_in)(orders_page)


@write(signed_in, again=orders_page)
def withdraw(request: Inside, number: int) -> HttpResponse:
    """They want nothing of it any more. Pressed again, it is still so."""
    mine = pledged.pledge_of(campaign=seen(number).campaign_id, person=request.visit.person)
    if mine:
        campaigns.withdraw(act=request.visit.act(Door.SITE), pledge=mine)
    messages.success(request, _("C’est annulé. Rien ne vous sera demandé."))
    return redirect("site:orders")
