"""What a client is asked to put aside for a work: paid ahead, or held on their card."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entremise.doors.frame.providers import takes_cards
from entremise.doors.frame.visit import Inside, client
from entremise.doors.frame.ways import on, read, write
from entremise.doors.site.nav import tabs
from entremise.doors.site.payments import lead_on
from entremise.kernel.act import Door
from entremise.payments import queries as paid
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.settlement.models import Deposit


def deposit_page(request: Inside, deposit: UUID) -> HttpResponse:
    """How it stands; as soon as the provider's page is open, it leads there."""
    mine = _mine(request, deposit)
    intent = settled.see_deposit(deposit=mine).intent
    context = {
        "nav": tabs(request, "invoices"),
        "deposit": mine,
        "cards": takes_cards(request.visit.organisation),
    }
    if intent is None:
        return render(request, "site/deposit.html", {**context, "intent": None, "page": ""})
    return lead_on(request, "site/deposit.html", context, intent=intent, page=paid.page_of(intent=intent))


@write(client, again=deposit_page)
def pay(request: Inside, deposit: UUID) -> HttpResponse:
    mine, provider = _mine(request, deposit), takes_cards(request.visit.organisation)
    if not provider:
        raise Http404
    here = reverse("site:deposit", args=[mine.id])
    back = f"{request.build_absolute_uri(here)}?retour=1"
    settlement.pay_deposit(act=request.visit.act(Door.SITE), deposit=mine, provider=provider, back=back)
    return redirect(here)


def _mine(request: Inside, deposit: UUID) -> Deposit:
    """Anybody else's is none."""
    seen = settled.deposit(deposit=deposit)
    if seen is None or seen.client_id != request.visit.person:
        raise Http404
    return seen


deposit = on(get=read(client)(deposit_page), post=pay)
