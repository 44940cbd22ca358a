"""Bills of suppliers: written down, approved, disputed, paid by file or by hand, come back."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.buying import queries as buying
from entremise.doors.desk.forms_money import PayForm
from entremise.doors.desk.forms_purchases import BillForm, HandForm, ReasonForm
from entremise.doors.desk.lists import offer
from entremise.doors.desk.nav import came_back, found, page
from entremise.doors.desk.proofs import stopped
from entremise.doors.desk.treasury import file_is_ready, second, today, waits_for_somebody
from entremise.doors.desk.words_purchases import BILLS, SEEN
from entremise.doors.frame.visit import Inside, money_staff
from entremise.doors.frame.ways import checked, on, read, write
from entremise.jobs.queries import persons
from entremise.kernel.act import Door
from entremise.payments.queries import bank_account_of
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.settlement.models import SupplierBill


@read(money_staff)
def purchases(request: Inside) -> HttpResponse:
    """What suppliers bill us: first what is still to be approved or paid."""
    asked = request.GET.get("quoi", "open")
    state = asked if asked in SEEN or asked in BILLS else "open"
    rows = settled.bills(state=state)
    context = {
        "rows": rows,
        "state": state,
        "tabs": SEEN.items(),
        "total": sum(one.total for one in rows if one.state != "withdrawn"),
        "today": today(request),
        "to_pay": settled.bills_to_order(),
        "exports": offer(request, "purchases", quoi=state),
    }
    return page(request, "purchases", section="money", context=context)


def new_page(request: Inside) -> HttpResponse:
    context = {"form": came_back(request, BillForm) or BillForm(initial=_of_purchase(request.GET.get("achat", "")))}
    return page(request, "purchase_new", section="money", context=context)


def _of_purchase(number: str) -> dict[str, object]:
    """What is known of the bill of a group purchase: it is paid once its parcels were handed over."""
    bought = buying.purchase(number=int(number)) if number.isdecimal() and len(number) < 10 else None
    if bought is None or bought.supplier is None:
        return {}
    due = buying.kept_until(purchase=bought) + timedelta(days=1)
    said = {"who": bought.supplier.full_name, "picked": bought.supplier_id, "role": bought.role}
    return {**said, "label": bought.campaign.title, "due_on": due}


@write(money_staff, again=new_page)
def write_down(request: Inside) -> HttpResponse:
    form = request.form = BillForm(request.POST)
    checked(form)
    given = form.cleaned_data
    bill = settlement.write_bill(
        act=request.visit.act(Door.DESK),
        supplier=found(persons.person(person=given["picked"])),
        number=given["number"],
        dated_on=given["dated_on"],
        due_on=given["due_on"],
        role=given["role"],
        lines=given["lines"],
    )
    messages.success(request, _("Facture notée sous la référence %(number)s.") % {"number": bill.reference})
    return redirect("desk:purchase", bill=bill.id)


new = on(get=read(money_staff)(new_page), post=write_down)


def bill_page(request: Inside, bill: UUID) -> HttpResponse:
    seen = found(settled.supplier_bill(bill=bill))
    limit = settled.second_person_above(on=today(request), by=request.visit.person)
    tried = came_back(request, ReasonForm)
    who = [persons.person(person=one) if one else None for one in (seen.written_by, seen.approved_by)]
    context = {
        "bill": seen,
        "written_by": who[0],
        "approved_by": who[1],
        "goes_to": bank_account_of(person=seen.supplier_id),
        "needs_another": seen.total > limit and seen.written_by == request.visit.person,
        "dispute_form": tried if tried and tried.about == "litige" else ReasonForm(about="litige"),
        "withdraw_form": tried if tried and tried.about == "reprise" else ReasonForm(about="reprise"),
        "hand_form": came_back(request, HandForm) or HandForm(auto_id="remise_%s"),
        "stopped": stopped(),
    }
    return page(request, "purchase", section="money", context=context)


purchase = read(money_staff)(bill_page)


@write(money_staff, again=bill_page)
def approve(request: Inside, bill: UUID) -> HttpResponse:
    approved = settlement.approve_bill(act=request.visit.act(Door.DESK), bill=_meant(bill))
    if bank_account_of(person=approved.supplier_id):
        messages.success(request, _("Approuvée : elle part avec le prochain fichier de virements."))
    else:
        messages.success(
            request, _("Approuvée. Elle part par virement dès que nous avons un IBAN pour ce fournisseur.")
        )
    return redirect("desk:purchase", bill=bill)


@write(money_staff, again=bill_page)
def dispute(request: Inside, bill: UUID) -> HttpResponse:
    """Not paid until that is settled."""
    form = request.form = ReasonForm(request.POST, about="litige")
    checked(form)
    settlement.dispute_bill(act=request.visit.act(Door.DESK), bill=_meant(bill), reason=form.cleaned_data["reason"])
    messages.success(request, _("Elle n’est pas payée tant que ce n’est pas réglé."))
    return redirect("desk:purchase", bill=bill)


@write(money_staff, again=bill_page)
def resume(request: Inside, bill: UUID) -> HttpResponse:
    settlement.resume_bill(act=request.visit.act(Door.DESK), bill=_meant(bill))
    messages.success(request, _("C’est réglé : elle attend d’être approuvée."))
    return redirect("desk:purchase", bill=bill)


@write(money_staff, again=bill_page)
def withdraw(request: Inside, bill: UUID) -> HttpResponse:
    """A mistake, or their supplier took it back: nothing is owed for it any more."""
    form = request.form = ReasonForm(request.POST, about="reprise")
    checked(form)
    settlement.withdraw_bill(act=request.visit.act(Door.DESK), bill=_meant(bill), reason=form.cleaned_data["reason"])
    messages.success(request, _("Reprise : nous ne devons plus rien pour elle."))
    return redirect("desk:purchase", bill=bill)


@write(money_staff, again=bill_page)
def hand_over(request: Inside, bill: UUID) -> HttpResponse:
    """By cheque or in coins, today."""
    form = request.form = HandForm(request.POST, auto_id="remise_%s")
    checked(form)
    settlement.hand_over_bill(act=request.visit.act(Door.DESK), bill=_meant(bill), how=form.cleaned_data["how"])
    messages.success(request, _("Payée."))
    return redirect("desk:purchase", bill=bill)


@write(money_staff, again=bill_page)
def send_back(request: Inside, bill: UUID) -> HttpResponse:
    """The bank did not carry it out, or its money came back; or it was never handed over."""
    settlement.send_bill_back(act=request.visit.act(Door.DESK), bill=_meant(bill), on=today(request))
    messages.success(request, _("Elle est de nouveau à payer. Vérifiez l’IBAN avec le fournisseur."))
    return redirect("desk:purchase", bill=bill)


def pay_page(request: Inside) -> HttpResponse:
    """Who would be paid, how much and where, before the file is made."""
    waiting, seen = settled.waiting_approval(kind="bills"), settled.bills_to_order()
    on_day = waiting.execution_on if waiting else PayForm.usual_day(today(request))
    context = {
        "seen": seen,
        "on_their_way": settled.bills_on_their_way(),
        "form": came_back(request, PayForm) or PayForm(initial={"on": on_day, "seen": seen.digest}),
        "stopped": stopped(),
        "exports": offer(request, "pay_bills"),
        **second(request, waiting, total=seen.total, digest=seen.digest),
    }
    return page(request, "pay_bills", section="money", context=context)


@write(money_staff, again=pay_page)
def order(request: Inside) -> HttpResponse:
    """One transfer file for every approved bill; or what a second person has to agree to first."""
    form = request.form = PayForm(request.POST)
    checked(form)
    given = form.cleaned_data
    made = settlement.order_bills(
        act=request.visit.act(Door.DESK), execution_on=given["on"], seen=given["seen"] or None
    )
    if made.file is None:
        messages.success(request, waits_for_somebody())
        return redirect("desk:pay_bills")
    messages.success(request, file_is_ready(made.file))
    return redirect("desk:bank")


pay = on(get=read(money_staff)(pay_page), post=order)


def _meant(bill: UUID) -> SupplierBill:
    return found(settled.supplier_bill(bill=bill))
