"""Cards for people who work on their own account: their account with the provider, and what their clients pay on it."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from entremise.doors.frame.providers import takes_cards
from entremise.doors.frame.visit import Inside, client, supplier
from entremise.doors.frame.ways import on, read, write
from entremise.doors.site.hosting import invoices_page
from entremise.doors.site.nav import tabs
from entremise.doors.site.payments import WAIT
from entremise.jobs.queries import persons
from entremise.kernel.act import Door
from entremise.payments import operations as payments
from entremise.payments import queries as paid
from entremise.payments.rules.accounts import PAGE_LASTS
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.settlement.models import SupplierInvoice


def account_page(request: Inside) -> HttpResponse:
    """Whether they can be paid by card; as soon as the provider's page is open, it leads there."""
    provider, at = takes_cards(request.visit.organisation), request.visit.act(Door.SITE).at
    if not provider:
        raise Http404
    account = paid.provider_account(person=request.visit.person, provider=provider)
    fresh = account and account.page_at and at < account.page_at + PAGE_LASTS
    page = account.page if account and fresh and "retour" not in request.GET else ""
    waits = bool(
        account and account.state == "asked" and not account.page and account.look_at and account.look_at <= at
    )
    context = {"nav": tabs(request, "business"), "account": account, "page": page, "waits": waits}
    answer = render(request, "site/card_account.html", context)
    if page:
        answer["Refresh"] = f"0; url={page}"
    elif waits:
        answer["Refresh"] = str(WAIT)
    return answer


@write(supplier, again=account_page)
def ask_account(request: Inside) -> HttpResponse:
    provider, person = takes_cards(request.visit.organisation), persons.person(person=request.visit.person)
    if not provider or person is None:
        raise Http404
    here = reverse("site:card_account")
    back = f"{request.build_absolute_uri(here)}?retour=1"
    payments.ask_account(act=request.visit.act(Door.SITE), person=person, provider=provider, back=back)
    return redirect(here)


card_account = on(get=read(supplier)(account_page), post=ask_account)


@write(client, again=invoices_page)
def pay(request: Inside, sale: UUID) -> HttpResponse:
    """A client pays a supplier by card."""
    invoice, provider = _mine(request, sale), takes_cards(request.visit.organisation)
    if not provider:
        raise Http404
    act, back = request.visit.act(Door.SITE), request.build_absolute_uri(reverse("site:supplied_back", args=[sale]))
    intent = settlement.pay_supplier_online(act=act, invoice=invoice, provider=provider, back=back)
    return redirect("site:payment", intent=intent.id)


@read(client)
def back(request: Inside, sale: UUID) -> HttpResponse:
    """The provider's page leads back here, whatever became of it."""
    latest = paid.intents_about(about_ids=[_mine(request, sale).id])
    if not latest:
        return redirect("site:invoices")
    return redirect(f"{reverse('site:payment', args=[latest[0].id])}?retour=1")


def _mine(request: Inside, sale: UUID) -> SupplierInvoice:
    """What whoever asks owes to a supplier; anybody else's is none."""
    found = settled.supplier_invoice(invoice=sale)
    if found is None or found.client_id != request.visit.person:
        raise Http404
    return found
