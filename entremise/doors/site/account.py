"""A member's own account: what stands between them and us, line by line, and what they may do with it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from entremise.doors.frame.fields import WithdrawForm
from entremise.doors.frame.templatetags.entremise import money
from entremise.doors.frame.visit import Inside, signed_in
from entremise.doors.frame.ways import checked, read, write
from entremise.doors.frame.words_account import happened
from entremise.doors.site.lists import offer
from entremise.doors.site.nav import tabs
from entremise.jobs.queries import persons
from entremise.kernel.act import Door
from entremise.kernel.ids import new_id
from entremise.payments.queries import bank_account_of
from entremise.people.models import Person
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled


def account_page(request: Inside, **_tried: object) -> HttpResponse:
    me = _me(request)
    seen, back = settled.statement(person=me.id), getattr(request, "form", None)
    due = [one for one in settled.invoices_of(client=me.id) if one.due] if seen.free else []
    context = {
        "nav": tabs(request, "account"),
        "seen": seen,
        "lines": [{"line": line, "words": happened(line)} for line in seen.lines[:200]],
        "due": due,
        "once": new_id(),
        "goes_to": bank_account_of(person=me.id),
        "form": back if isinstance(back, WithdrawForm) else WithdrawForm.for_amount(seen.free),
        "exports": offer(request, "account"),
    }
    return render(request, "site/account.html", context)


account = read(signed_in)(account_page)


@write(signed_in, again=account_page)
def use(request: Inside, number: str) -> HttpResponse:
    """Pay an invoice with what one has here."""
    invoice = settled.invoice_by_number(number=number)
    if invoice is None or invoice.client_id != request.visit.person:
        raise Http404
    key = f"site:{request.POST.get('once', '')[:40]}:{invoice.id}"
    receipt = settlement.pay_from_account(act=request.visit.act(Door.SITE), invoice=invoice, key=key)
    messages.success(request, _("%(amount)s payés avec votre compte.") % {"amount": money(receipt.amount)})
    return redirect("site:account")


@write(signed_in, again=account_page)
def keep(request: Inside) -> HttpResponse:
    """What was paid too much comes to one's account."""
    kept = settlement.keep_overpaid(act=request.visit.act(Door.SITE), person=_me(request))
    messages.success(request, _("%(amount)s gardés sur votre compte.") % {"amount": money(kept)})
    return redirect("site:account")


@write(signed_in, again=account_page)
def withdraw(request: Inside) -> HttpResponse:
    """Ask for money back, by a transfer to one's own bank account."""
    form = request.form = WithdrawForm(request.POST)
    checked(form)
    given = form.cleaned_data
    settlement.withdraw(
        act=request.visit.act(Door.SITE),
        person=_me(request),
        amount=given["amount"],
        how="transfer",
        key=f"site:{request.visit.person}:{given['once']}",
    )
    messages.success(request, _("C’est demandé. L’argent part avec nos prochains virements."))
    return redirect("site:account")


@write(signed_in, again=account_page)
def drop(request: Inside, withdrawal: UUID) -> HttpResponse:
    """Not wanted any more: it stays on the account."""
    mine = settled.withdrawal(withdrawal=withdrawal)
    if mine is None or mine.person_id != request.visit.person:
        raise Http404
    settlement.drop_withdrawal(act=request.visit.act(Door.SITE), withdrawal=mine)
    messages.success(request, _("C’est annulé : l’argent reste sur votre compte."))
    return redirect("site:account")


def _me(request: Inside) -> Person:
    person = persons.person(person=request.visit.person)
    if person is None:
        raise Http404
    return person
