"""What people have with us: one account at a time at the counter, and the money that goes back to them."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.desk.forms_money import PayForm, PayInForm
from entremise.doors.desk.lists import offer
from entremise.doors.desk.nav import came_back, counter, found, page
from entremise.doors.desk.proofs import stopped
from entremise.doors.desk.treasury import file_is_ready, second, today, waits_for_somebody
from entremise.doors.frame.fields import WithdrawForm
from entremise.doors.frame.templatetags.entremise import money as in_euros
from entremise.doors.frame.visit import Inside, money_staff
from entremise.doors.frame.ways import checked, on, read, write
from entremise.doors.frame.words_account import happened
from entremise.jobs.queries import persons
from entremise.kernel.act import Door
from entremise.kernel.ids import new_id
from entremise.payments.queries import bank_account_of
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled


def account_page(request: Inside, person: UUID, **_tried: object) -> HttpResponse:
    whose = found(persons.person(person=person))
    seen = settled.statement(person=person)
    context = {
        "person": whose,
        "seen": seen,
        "lines": [{"line": line, "words": happened(line)} for line in seen.lines[:200]],
        "due": [one for one in settled.invoices_of(client=person) if one.due] if seen.free else [],
        "once": new_id(),
        "goes_to": bank_account_of(person=person),
        "in_form": came_back(request, PayInForm) or PayInForm.fresh(),
        "form": came_back(request, WithdrawForm) or WithdrawForm.for_amount(seen.free),
        "exports": offer(request, "member_account", person=person),
        "stopped": stopped(),
    }
    return page(request, "member_account", section="people", context=context)


account = read(counter)(account_page)


@write(counter, again=account_page)
def pay_in(request: Inside, person: UUID) -> HttpResponse:
    """Coins or a cheque, ahead of any invoice."""
    form = request.form = PayInForm(request.POST)
    checked(form)
    given = form.cleaned_data
    settlement.pay_in(
        act=request.visit.act(Door.COUNTER, on_behalf_of=person),
        person=found(persons.person(person=person)),
        amount=given["amount"],
        how=given["how"],
        key=f"counter:{given['once']}",
    )
    messages.success(request, _("%(amount)s versés sur ce compte.") % {"amount": in_euros(given["amount"])})
    return redirect("desk:member_account", person=person)


@write(counter, again=account_page)
def keep(request: Inside, person: UUID) -> HttpResponse:
    """What was paid too much comes to the account."""
    act = request.visit.act(Door.DESK, on_behalf_of=person)
    kept = settlement.keep_overpaid(act=act, person=found(persons.person(person=person)))
    messages.success(request, _("%(amount)s gardés sur ce compte.") % {"amount": in_euros(kept)})
    return redirect("desk:member_account", person=person)


@write(counter, again=account_page)
def use(request: Inside, person: UUID, number: str) -> HttpResponse:
    """An invoice of theirs is paid with what they have here."""
    invoice = found(settled.invoice_by_number(number=number))
    if invoice.client_id != person:
        raise Http404
    key = f"desk:{request.POST.get('once', '')[:40]}:{invoice.id}"
    act = request.visit.act(Door.DESK, on_behalf_of=person)
    receipt = settlement.pay_from_account(act=act, invoice=invoice, key=key)
    messages.success(request, _("%(amount)s payés avec ce compte.") % {"amount": in_euros(receipt.amount)})
    return redirect("desk:member_account", person=person)


@write(counter, again=account_page)
def withdraw(request: Inside, person: UUID) -> HttpResponse:
    """Money back: coins now, or a transfer with the next file."""
    form = request.form = WithdrawForm(request.POST)
    checked(form)
    given = form.cleaned_data
    settlement.withdraw(
        act=request.visit.act(Door.COUNTER, on_behalf_of=person),
        person=found(persons.person(person=person)),
        amount=given["amount"],
        how=given["how"] or "transfer",
        key=f"desk:{person}:{given['once']}",
    )
    messages.success(request, _("C’est noté : %(amount)s.") % {"amount": in_euros(given["amount"])})
    return redirect("desk:member_account", person=person)


@write(counter, again=account_page)
def close(request: Inside, person: UUID) -> HttpResponse:
    act = request.visit.act(Door.DESK, on_behalf_of=person)
    settlement.close_account(act=act, person=found(persons.person(person=person)))
    messages.success(request, _("Ce compte est fermé."))
    return redirect("desk:member_account", person=person)


# Money that goes back, all together


def withdrawals_page(request: Inside, **_tried: object) -> HttpResponse:
    waiting = settled.waiting_approval(kind="withdrawals")
    seen, day = settled.withdrawals_to_order(), today(request)
    on_day = waiting.execution_on if waiting else PayForm.usual_day(day)
    context = {
        "seen": seen,
        "on_their_way": settled.withdrawals_on_their_way(),
        "form": came_back(request, PayForm) or PayForm(initial={"on": on_day, "seen": seen.digest}),
        "exports": offer(request, "withdrawals"),
        "stopped": stopped(),
        **second(request, waiting, total=seen.total, digest=seen.digest),
    }
    return page(request, "withdrawals", section="money", context=context)


@write(money_staff, again=withdrawals_page)
def order(request: Inside) -> HttpResponse:
    """One transfer file for what people asked back, or what a second person has to agree to first."""
    form = request.form = PayForm(request.POST)
    checked(form)
    given, act = form.cleaned_data, request.visit.act(Door.DESK)
    made = settlement.order_withdrawals(act=act, execution_on=given["on"], seen=given["seen"] or None)
    if made.file is None:
        messages.success(request, waits_for_somebody())
        return redirect("desk:withdrawals")
    messages.success(request, file_is_ready(made.file))
    return redirect("desk:bank")


withdrawals = on(get=read(money_staff)(withdrawals_page), post=order)


@write(money_staff, again=withdrawals_page)
def drop(request: Inside, withdrawal: UUID) -> HttpResponse:
    """Asked for by mistake, or the account is not good: the money stays where it was."""
    act, meant = request.visit.act(Door.DESK), found(settled.withdrawal(withdrawal=withdrawal))
    if meant.state == "ordered":
        settlement.reject_withdrawal(act=act, withdrawal=meant)
    else:
        settlement.drop_withdrawal(act=act, withdrawal=meant)
    messages.success(request, _("Cet argent reste sur le compte de la personne. Prévenez-la."))
    return redirect("desk:withdrawals")
