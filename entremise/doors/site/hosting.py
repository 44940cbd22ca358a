"""A client's own pages: who comes and when, hours to confirm, invoices."""

from collections import defaultdict
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from entremise.buying.queries import has_orders
from entremise.doors.frame import calling_off as words
from entremise.doors.frame.gifts import GiftCodeForm
from entremise.doors.frame.providers import takes_cards
from entremise.doors.frame.visit import Inside, client
from entremise.doors.frame.ways import checked, on, read, write
from entremise.doors.site.forms import CallOffForm, CountForm, said_by
from entremise.doors.site.forms_dues import PayForm, TroubleForm
from entremise.doors.site.lists import offer
from entremise.doors.site.nav import tabs
from entremise.doors.site.payments import lead_on
from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission
from entremise.jobs.queries import calling_off as queries
from entremise.jobs.queries import member, thanking
from entremise.kernel.act import Door
from entremise.kernel.refused import Refused
from entremise.payments import queries as paid
from entremise.settlement import queries as settled
from entremise.settlement.models import Invoice
from entremise.settlement.operations.debits import today
from entremise.settlement.rules.deposits import LIVE
from entremise.solidarity import operations as giving
from entremise.solidarity import queries as solidarity
from entremise.solidarity.queries import contributions, prices


def home_page(request: Inside, mission: UUID | None = None, **_of: UUID) -> HttpResponse:
    at = request.visit.act(Door.SITE).at
    mine = member.client_home(client=request.visit.person, at=at)
    rows = []
    for visit in mine.to_confirm:
        back = request.form if visit.mission.id == mission and isinstance(request.form, CountForm) else None
        rows.append({"visit": visit, "form": back or CountForm(anchor=visit.mission.id.hex)})
    if mission not in {visit.mission.id for visit in mine.to_confirm}:
        request.refusal = request.refusal or said_by(request.form)
    quotes = []
    for one in mine.quotes:
        rule = words.rule_of(queries.terms_of(one.quote.calling_off), "client")
        quotes.append({"quote": one.quote, "split": one.split, "starts": one.starts, "rule": rule})
    given = contributions.given_by(person=request.visit.person)
    context = {"nav": tabs(request, "visits"), "mine": mine, "to_confirm": rows, "quotes": quotes, "given": given}
    context["ordered"] = has_orders(person=request.visit.person)
    return render(request, "site/visits.html", context)


@read(client)
def show_visits(request: Inside) -> HttpResponse:
    return home_page(request)


@write(client, again=home_page)
def confirm_hours(request: Inside, mission: UUID) -> HttpResponse:
    """« C’est juste », or the client's own count: a difference is settled by a person who calls both."""
    found = _mine(request, mission)
    minutes = None
    if "minutes" in request.POST:
        form = request.form = CountForm(request.POST, anchor=mission.hex)
        checked(form)
        minutes = form.cleaned_data["minutes"]
    jobs.confirm_hours(act=request.visit.act(Door.SITE), mission=found, minutes=minutes)
    agreed = found.state == "confirmed"
    messages.success(
        request, _("Merci, c’est confirmé.") if agreed else _("Merci. Nous appelons pour comprendre l’écart.")
    )
    return redirect("site:visits")


def call_off_page(request: Inside, mission: UUID) -> HttpResponse:
    """What it costs, before it is said. The price shown travels with the form: if it changed, it is shown anew."""
    found, at = _mine(request, mission), request.visit.act(Door.SITE).at
    calling = queries.calling_off(missions=[found], at=at)[found.id]
    context = {
        "open": found.state in member.COMING and found.starts_at > at,
        "nav": tabs(request, "visits"),
        "mission": found,
        "cost": words.cost(calling),
        "to_whom": words.to_whom(calling, found.worker.given_name),
        "fee": calling.due.fee,
        "rule": words.rule(calling.terms) if calling.terms else [],
    }
    return render(request, "site/call_off.html", context)


@write(client, again=call_off_page)
def call_off_visit(request: Inside, mission: UUID) -> HttpResponse:
    found = _mine(request, mission)
    form = CallOffForm(request.POST)
    checked(form)
    jobs.cancel_mission(act=request.visit.act(Door.SITE), mission=found, fee=form.cleaned_data["fee"] or 0)
    messages.success(request, _("C’est annulé. La personne qui devait venir est prévenue."))
    return redirect("site:visits")


def _mine(request: Inside, mission: UUID) -> Mission:
    found = member.mission_of(mission=mission, client=request.visit.person)
    if found is None:
        raise Http404
    return found


call_off = on(get=read(client)(call_off_page), post=call_off_visit)


def invoices_page(request: Inside, number: str = "", **_of: object) -> HttpResponse:
    """number: of the invoice whose form came back."""
    owed, invoices = member.client_money(client=request.visit.person)
    cards, bought = takes_cards(request.visit.organisation), settled.bought_by(client=request.visit.person)
    to_come = settled.debits_to_come(client=request.visit.person)
    due = [one for one in invoices if one.due > 0]
    others = defaultdict(list)
    for row in settled.shares_of(invoices=[one.invoice.id for one in invoices]):
        others[row.share.invoice_id].append(row.share)
    added = contributions.added_to(invoices=[one.invoice.id for one in invoices])
    borne = prices.borne(invoices=[one.invoice.id for one in invoices])
    rows = [
        {
            "invoice": one.invoice,
            "due": one.due,
            "theirs": one.invoice.total - borne[one.invoice.id] if one.invoice.id in borne else None,
            "addition": added.get(one.invoice.id),
            "debit": to_come.get(one.invoice.id),
            "others": others[one.invoice.id],
            "gift": _gift_form(request, one.invoice.number, number) if one.due > 0 else None,
        }
        for one in invoices
    ]
    form, cards = getattr(request, "form", None), takes_cards(request.visit.organisation)
    context = {
        "nav": tabs(request, "invoices"),
        "owed": owed,
        "deposits": [one for one in settled.deposits_of(client=request.visit.person) if one.state in LIVE],
        "invoices": rows,
        "mandate": paid.mandate_of(person=request.visit.person),
        "pauses": settled.pauses_of(client=request.visit.person, on=today(request.visit.act(Door.SITE))),
        "trouble": (form if isinstance(form, TroubleForm) else TroubleForm(owed=due)) if due else None,
        "bought": bought,
        "by_card": paid.paid_by_provider(people={one.invoice.supplier_id for one in bought}, provider=cards),
        "exports": offer(request, "invoices"),
        "cards": cards,
        "topup": solidarity.topup(on=today(request.visit.act(Door.SITE))) if cards and due else None,
    }
    return render(request, "site/invoices.html", context)


def _gift_form(request: Inside, mine: str, tried: str) -> GiftCodeForm:
    back = getattr(request, "form", None)
    return back if mine == tried and isinstance(back, GiftCodeForm) else GiftCodeForm(anchor=f"-{mine}")


show_invoices = read(client)(invoices_page)


@write(client, again=invoices_page)
def pay(request: Inside, number: str) -> HttpResponse:
    """By card, on the provider's page: we ask it to open one, which takes a moment. With something for a fund, when
    that was ticked.
    """
    invoice, provider = _owed(request, number), takes_cards(request.visit.organisation)
    if not provider:
        raise Http404
    form, act = PayForm(request.POST), request.visit.act(Door.SITE)
    request.form = form
    checked(form)
    wanted, offered = form.cleaned_data["extra"], solidarity.topup(on=today(act))
    if wanted and (offered is None or offered[0].id != wanted):
        raise Refused("fund_closed")
    fund, amount = offered if wanted and offered else (None, 0)
    intent = giving.pay_with_gift(
        act=act,
        invoice=invoice,
        provider=provider,
        back=request.build_absolute_uri(reverse("site:payment_back", args=[number])),
        fund=fund,
        amount=amount,
    )
    return redirect("site:payment", intent=intent.id)


@read(client)
def show_payment(request: Inside, intent: UUID) -> HttpResponse:
    """How a payment stands; as soon as the provider's page is open, it leads there."""
    found = paid.intent(intent=intent)
    if found is None or found.person_id != request.visit.person or found.about not in ("invoice", "supplied"):
        raise Http404
    about = settled.supplier_invoice if found.about == "supplied" else settled.invoice
    at = request.visit.act(Door.SITE).at.astimezone(request.visit.zone)
    context: dict[str, object] = {
        "nav": tabs(request, "invoices"),
        "invoice": about(invoice=found.about_id),
        "gift": solidarity.gift_asked(intent=found.id),
        "thanks": thanking.waits(client=found.person_id, at=at),
    }
    return lead_on(request, "site/payment.html", context, intent=found, page=paid.page_of(intent=found))


@read(client)
def payment_back(request: Inside, number: str) -> HttpResponse:
    """The provider's page leads back here, whatever became of it."""
    invoice = _owed(request, number)
    latest = paid.intents_about(about_ids=[invoice.id])
    if not latest:
        return redirect("site:invoices")
    return redirect(f"{reverse('site:payment', args=[latest[0].id])}?retour=1")


def _owed(request: Inside, number: str) -> Invoice:
    """An invoice of whoever asks; anybody else's is none."""
    invoice = settled.invoice_by_number(number=number)
    if invoice is None or invoice.client_id != request.visit.person:
        raise Http404
    return invoice
