"""Anybody gives to a fund: by card where the organisation has a provider, by transfer, by cheque, at the counter."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language

from entremise.doors.frame.limits import HOUR, Limit, by_address, limited
from entremise.doors.frame.providers import HELLOASSO, takes_gifts
from entremise.doors.frame.visit import Inside, anyone
from entremise.doors.frame.ways import checked, on, read, write
from entremise.doors.site.forms_giving import GiveForm
from entremise.doors.site.nav import foot, head
from entremise.doors.site.payments import lead_on
from entremise.kernel.act import Act, Door
from entremise.payments import queries as paid
from entremise.people import operations as people
from entremise.people import queries as known
from entremise.people.models import Person
from entremise.settlement.operations.debits import today
from entremise.solidarity import operations, queries
from entremise.solidarity.models import Fund
from entremise.tenancy.queries import legal_identity

GIFT = "gift"  # In the session: what this visitor gives.
GIVES = Limit("give", 20, HOUR, by_address)


def give_page(request: Inside) -> HttpResponse:
    funds, provider = _funds(request), takes_gifts(request.visit.organisation)
    context = {
        "nav": head(),
        "foot_nav": foot(),
        "funds": funds,
        "form": request.form or _form(request, None),
        "cards": provider,
        "tip": provider == HELLOASSO,
        "legal": legal_identity(),
    }
    return render(request, "site/give.html", context)


@limited(GIVES)
@write(anyone, again=give_page)
def give_by_card(request: Inside) -> HttpResponse:
    """On the provider's page: we ask it to open one, which takes a moment."""
    provider = takes_gifts(request.visit.organisation)
    if not provider:
        raise Http404
    form = request.form = _form(request, request.POST)
    checked(form)
    act = request.visit.act(Door.SITE)
    fund = next(one for one in _funds(request) if str(one.id) == form.cleaned_data["fund"])
    giver = _giver(act, form)
    intent = operations.give_online(
        act=act.for_person(giver.id),
        giver=giver,
        fund=fund,
        amount=form.cleaned_data["cents"],
        provider=provider,
        back=request.build_absolute_uri(reverse("site:gift_back")),
    )
    request.session[GIFT] = str(intent.id)
    return redirect("site:gift")


give = on(get=read(anyone)(give_page), post=give_by_card)


@read(anyone)
def show_gift(request: Inside) -> HttpResponse:
    """How a visitor's own gift stands; as soon as the provider's page is open, it leads there."""
    key = request.session.get(GIFT)
    asked = queries.gift_asked(intent=UUID(key)) if key else None
    context: dict[str, object] = {"nav": head(), "foot_nav": foot(), "asked": asked}
    if asked is None:
        return render(request, "site/gift.html", context)
    page = paid.page_of(intent=asked.intent)
    return lead_on(request, "site/gift.html", context, intent=asked.intent, page=page)


@read(anyone)
def gift_back(request: Inside) -> HttpResponse:
    """The provider's page leads back here, whatever became of it, and adds words of its own to the address."""
    return redirect(f"{reverse('site:gift')}?retour=1")


def _funds(request: Inside) -> list[Fund]:
    return queries.funds_to_give(on=today(request.visit.act(Door.SITE)))


def _form(request: Inside, data: object) -> GiveForm:
    return GiveForm(data, funds=_funds(request), known=request.visit.actor.person is not None)


def _giver(act: Act, form: GiveForm) -> Person:
    """Whoever has signed in, else somebody new, as they say: nobody is recognised by a name or a number (ADR 14)."""
    if act.by.person:
        return known.get(person=act.by.person)
    said = form.cleaned_data
    return people.add_visitor(act=act, name=said["name"], language=get_language() or "fr", roles=(), **said["reach"])
