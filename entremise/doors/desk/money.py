"""The month's pay and invoices, and what clients owe."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.desk import words
from entremise.doors.desk.forms_money import CashForm, CreditForm, RefundForm
from entremise.doors.desk.lists import offer
from entremise.doors.desk.nav import came_back, counter, found, fragment, page
from entremise.doors.desk.proofs import stopped
from entremise.doors.frame.providers import providers_of
from entremise.doors.frame.templatetags.entremise import money as in_euros
from entremise.doors.frame.visit import Inside, money_staff
from entremise.doors.frame.ways import checked, on, read, write
from entremise.jobs.queries import money as queries
from entremise.kernel.act import Door
from entremise.kernel.time import Period, parse_month
from entremise.payments import queries as paid
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.settlement.models import Invoice
from entremise.settlement.rules.refunds import bearer_beside_us
from entremise.solidarity import operations as solidarity

LOOKED_BACK = timedelta(days=400)  # A card may be contested for thirteen months.


# The month


def payroll_page(request: Inside) -> HttpResponse:
    today = request.visit.act(Door.DESK).at.date()
    month = _month(request)
    seen = queries.payroll(month=month)
    context = {
        "seen": seen,
        "problems": [{"sentence": words.problem(one), "one": one} for one in seen.preview.problems],
        "before": Period.month_of(month.first - timedelta(days=1)),
        "after": Period.month_of(month.last + timedelta(days=1)),
        "over": today > month.last,
        "steps": [_("Heures"), _("Bulletins et factures"), _("Virements"), _("Banque")],
        "at": _step(seen),
        "exports": offer(request, "payroll", mois=month.label),
        "stopped": stopped(),
    }
    return page(request, "payroll", section="money", context=context)


def _month(request: Inside) -> Period:
    """The month of the address or of the form; the one just over when it says none."""
    today = request.visit.act(Door.DESK).at.date()
    said = request.POST.get("month") or request.GET.get("mois") or ""
    try:
        return parse_month(said)
    except ValueError:
        return Period.month_of(today.replace(day=1) - timedelta(days=1))


def _step(seen: queries.Payroll) -> int:
    if seen.preview.payslips or seen.preview.invoices:
        return 2 if not seen.preview.problems else 1
    return 3 if seen.ready or seen.without else 4


@write(money_staff, again=payroll_page)
def start_run(request: Inside) -> HttpResponse:
    """Start making the month's documents, or take them up again; the clock makes them one by one."""
    run = settlement.open_run(act=request.visit.act(Door.DESK), month=_month(request))
    return redirect("desk:run", run=run.id)


payroll = on(get=read(money_staff)(payroll_page), post=start_run)


@read(money_staff)
def run(request: Inside, run: UUID) -> HttpResponse:
    return page(request, "run", section="money", context=_run(run))


@read(money_staff)
def run_progress(request: Inside, run: UUID) -> HttpResponse:
    """The moving part of that page."""
    return fragment(request, "run_progress", _run(run))


def _run(run: UUID) -> dict[str, object]:
    seen = found(queries.run_page(run=run))
    blocked = [{"person": item.person, "kind": item.kind, "why": words.refusal(item.reason)} for item in seen.blocked]
    return {"seen": seen, "blocked": blocked}


# Invoices


@read(money_staff)
def invoices(request: Inside) -> HttpResponse:
    chosen = request.GET.get("etat", "")
    rows = settled.latest_invoices(limit=200) if chosen == "toutes" else settled.open_invoices()
    today = request.visit.act(Door.DESK).at.date()
    due = sum(row.due for row in rows)
    context = {"rows": rows, "chosen": chosen, "today": today, "due": due, "exports": offer(request, "invoices")}
    return page(request, "invoices", section="money", context=context)


def invoice_page(request: Inside, number: str) -> HttpResponse:
    seen = found(queries.invoice_page(number=number))
    context = {
        "seen": seen,
        "invoice": seen.one.invoice,
        "due": seen.one.due,
        "credit_form": came_back(request, CreditForm) or CreditForm.for_amount(seen.left_to_credit),
        "cash_form": came_back(request, CashForm) or CashForm.for_amount(seen.one.due),
        "online": _payments(request, seen.one.invoice),
    }
    return page(request, "invoice", section="money", context=context)


invoice = read(counter)(invoice_page)


@write(money_staff, again=invoice_page)
def credit(request: Inside, number: str) -> HttpResponse:
    form = request.form = CreditForm(request.POST)
    checked(form)
    note = solidarity.credit(
        act=request.visit.act(Door.DESK),
        invoice=found(settled.invoice_by_number(number=number)),
        reason=form.cleaned_data["reason"],
        amount=form.cleaned_data["amount"],
        key=f"desk:{form.cleaned_data['once']}",
    )
    messages.success(
        request, _("Avoir %(number)s fait, %(total)s.") % {"number": note.number, "total": in_euros(note.total)}
    )
    return redirect("desk:invoice", number=number)


def _payments(request: Inside, invoice: Invoice) -> list[dict[str, object]]:
    """Each payment by card, what is left to give back of it, and who bears the fees of what went back."""
    intents = paid.intents_about(about_ids=[invoice.id])
    fees = settled.refund_fees(intents=[one.id for one in intents])
    tried, beside = came_back(request, RefundForm), bearer_beside_us(invoice.what)
    rows: list[dict[str, object]] = []
    for intent in intents:
        mine = [fee for fee in fees if fee.refund.intent_id == intent.id]
        kept = sum(fee.amount for fee in mine if fee.bearer != "organisation")
        left = intent.taken - intent.given_back - intent.contested - kept
        form = tried if tried and str(intent.id) == request.POST.get("payment") else None
        fresh = form or RefundForm(anchor=intent.id.hex, left=left, bearer_beside_us=beside)
        rows.append({"intent": intent, "left": left, "form": fresh, "fees": [fee for fee in mine if fee.amount]})
    return rows


@write(money_staff, again=invoice_page)
def refund(request: Inside, number: str) -> HttpResponse:
    """Back to the card it came from; the provider does it, and the books follow."""
    try:
        intent = found(paid.intent(intent=UUID(request.POST.get("payment", ""))))
    except ValueError as error:
        raise Http404 from error
    invoice = found(settled.invoice_by_number(number=number))
    if intent.about_id != invoice.id:  # Of another invoice than is looked at.
        raise Http404
    beside = bearer_beside_us(invoice.what)
    form = request.form = RefundForm(request.POST, anchor=intent.id.hex, bearer_beside_us=beside)
    checked(form)
    given, act = form.cleaned_data, request.visit.act(Door.DESK)
    refund = settlement.give_back_online(
        act=act, intent=intent, amount=given["amount"], bearer=given["bearer"], reason=given["reason"]
    )
    messages.success(request, _("%(amount)s vont être rendus.") % {"amount": in_euros(refund.amount)})
    return redirect("desk:invoice", number=number)


@read(money_staff)
def online(request: Inside) -> HttpResponse:
    """The books, the providers and the bank, where they do not agree."""
    names, since = providers_of(request.visit.organisation), request.visit.act(Door.DESK).at - LOOKED_BACK
    context = {"rows": [(words.PROVIDERS[name], settled.reconciled(provider=name, since=since)) for name in names]}
    return page(request, "online", section="money", context=context)


@write(counter, again=invoice_page)
def cash(request: Inside, number: str) -> HttpResponse:
    """Coins or a cheque over the counter."""
    form = request.form = CashForm(request.POST)
    checked(form)
    given, act = form.cleaned_data, request.visit.act(Door.COUNTER)
    settlement.receive_cash(
        act=act,
        invoice=found(settled.invoice_by_number(number=number)),
        amount=given["amount"],
        how=given["how"],
        on=act.at.date(),
        key=f"counter:{given['once']}",
    )
    messages.success(request, _("%(amount)s encaissés.") % {"amount": in_euros(given["amount"])})
    return redirect("desk:invoice", number=number)
