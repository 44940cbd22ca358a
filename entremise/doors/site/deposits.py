"""What a client is asked to put aside for a work: paid ahead, or held on their card."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entremise.doors.frame.providers import takes_cards
from entremise.doors.frame.visit import Inside, client
from entremise.doors.frame.ways import on, read, write
from entremise.doors.site.nav import tabs
from entremise.kernel.act import Door
from entremise.payments import queries as paid
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.settlement.models import Deposit

WAIT = 2  # Seconds, while the provider opens its page or tells us how it stands.


def deposit_page(request: Inside, deposit: UUID) -> HttpResponse:
    """How it stands; as soon as the provider's page is open, it leads there."""
    mine = _mine(request, deposit)
    intent = settled.see_deposit(deposit=mine).intent
    page = paid.page_of(intent=intent) if intent and intent.state == "asked" else ""
    context = {
        "nav": tabs(request, "invoices"),
        "deposit": mine,
        "intent": intent,
        "page": page,
        "cards": takes_cards(request.visit.organisation),
    }
    answer = render(request, "site/deposit.html", context)
    if page and "retour" not in request.GET:
        answer["Refresh"] = f"0; url={page}"  # No redirect: a form may lead to no other house.
    elif intent and intent.state == "asked":
        answer["Refresh"] = str(WAIT)
    return answer


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
