"""Prepaid vouchers (CESU préfinancé): taken for an invoice, sent to be reimbursed, reimbursed."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entremise.doors.desk.forms_vouchers import ClaimForm, PaidForm, VouchersForm, WhyForm
from entremise.doors.desk.lists import offer
from entremise.doors.desk.nav import came_back, counter, found, page
from entremise.doors.frame.templatetags.entremise import money as in_euros
from entremise.doors.frame.visit import Inside, money_staff
from entremise.doors.frame.ways import checked, on, read, write
from entremise.kernel.act import Door
from entremise.payments import queries as paid
from entremise.payments.models import BankLine
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.settlement.models import Voucher
from entremise.settlement.operations.debits import today

# For an invoice


def taking_page(request: Inside, number: str, voucher: UUID | None = None) -> HttpResponse:
    invoice = found(settled.invoice_by_number(number=number))
    day = today(request.visit.act(Door.COUNTER))
    context = {
        "invoice": invoice,
        "may": settled.payable_by_voucher(invoice=invoice),
        "until": settled.accepted_until(vintage=day.year, on=day),
        "rows": [_row(request, one, voucher) for one in settled.vouchers_of(invoice=invoice.id)],
        "form": came_back(request, VouchersForm) or VouchersForm(on=day),
    }
    return page(request, "vouchers_take", section="money", context=context)


@write(counter, again=taking_page)
def take(request: Inside, number: str) -> HttpResponse:
    act = request.visit.act(Door.COUNTER)
    form = request.form = VouchersForm(request.POST, on=today(act))
    checked(form)
    taken = settlement.take_vouchers(
        act=act,
        invoice=found(settled.invoice_by_number(number=number)),
        vouchers=form.cleaned_data["vouchers"],
        key=f"counter:{form.cleaned_data['once']}",
    )
    said = ngettext("%(count)s CESU pris, %(total)s.", "%(count)s CESU pris, %(total)s.", len(taken))
    total = in_euros(sum(one.amount for one in taken))
    messages.success(request, said % {"count": len(taken), "total": total})
    return redirect("desk:invoice", number=number)


taking = on(get=read(counter)(taking_page), post=take)


@write(counter, again=taking_page)
def hand_back(request: Inside, number: str, voucher: UUID) -> HttpResponse:
    """It was mistyped, or the client takes it back."""
    meant = found(settled.voucher(voucher=voucher))
    if meant.invoice.number != number:
        raise Http404
    reason = _reason(request, voucher)
    settlement.hand_back_voucher(act=request.visit.act(Door.COUNTER), voucher=meant, reason=reason)
    messages.success(request, _("CESU repris : la facture est due de nouveau."))
    return redirect("desk:take_vouchers", number=number)


# To the centre


def vouchers_page(request: Inside) -> HttpResponse:
    act = request.visit.act(Door.DESK)
    held = settled.vouchers_held(on=today(act))
    context = {
        "held": held,
        "batches": settled.voucher_batches(),
        "form": came_back(request, ClaimForm),
        "chosen": request.POST.getlist("vouchers") if request.method == "POST" else [str(one.id) for one in held.rows],
        "exports": offer(request, "vouchers"),
    }
    return page(request, "vouchers", section="money", context=context)


@write(money_staff, again=vouchers_page)
def claim(request: Inside) -> HttpResponse:
    act = request.visit.act(Door.DESK)
    held = settled.vouchers_held(on=today(act)).rows
    form = request.form = ClaimForm(request.POST, rows=held)
    checked(form)
    chosen = set(form.cleaned_data["vouchers"])
    batch = settlement.claim_vouchers(act=act, vouchers=[one for one in held if one.id in chosen])
    messages.success(request, _("Bordereau %(number)s fait.") % {"number": batch.reference})
    return redirect("desk:voucher_batch", batch=batch.id)


vouchers = on(get=read(money_staff)(vouchers_page), post=claim)


@write(money_staff, again=vouchers_page)
def write_off(request: Inside) -> HttpResponse:
    """What nobody claimed in time."""
    lost = settlement.write_off_vouchers(act=request.visit.act(Door.DESK))
    total = in_euros(sum(one.amount for one in lost))
    messages.success(request, _("Passé en perte : %(total)s.") % {"total": total})
    return redirect("desk:vouchers")


def batch_page(request: Inside, batch: UUID, voucher: UUID | None = None) -> HttpResponse:
    seen = found(settled.voucher_batch(batch=batch))
    lines = _lines(seen.left) if seen.batch.state == "sent" else []
    context = {
        "seen": seen,
        "batch": seen.batch,
        "rows": [_row(request, one, voucher) for one in settled.vouchers_in(batch=batch)],
        "lines": lines,
        "form": came_back(request, PaidForm) or PaidForm(lines=lines),
        "exports": offer(request, "vouchers", bordereau=batch),
    }
    return page(request, "voucher_batch", section="money", context=context)


batch = read(money_staff)(batch_page)


@write(money_staff, again=batch_page)
def pay(request: Inside, batch: UUID) -> HttpResponse:
    """The line of the bank, and what the centre kept."""
    seen = found(settled.voucher_batch(batch=batch))
    form = request.form = PaidForm(request.POST, lines=_lines(seen.left))
    checked(form)
    given = form.cleaned_data
    line = paid.line(line=given["line"])
    settlement.pay_batch(act=request.visit.act(Door.DESK), batch=seen.batch, line=line, fee=given["fee"])
    messages.success(request, _("Bordereau %(number)s remboursé.") % {"number": seen.batch.reference})
    return redirect("desk:voucher_batch", batch=batch)


@write(money_staff, again=batch_page)
def reopen(request: Inside, batch: UUID) -> HttpResponse:
    """It was another line."""
    settlement.reopen_batch(act=request.visit.act(Door.DESK), batch=found(settled.voucher_batch(batch=batch)).batch)
    messages.success(request, _("Rapprochement annulé : l’écriture est extournée, la ligne attend."))
    return redirect("desk:voucher_batch", batch=batch)


@write(money_staff, again=batch_page)
def refuse(request: Inside, batch: UUID, voucher: UUID) -> HttpResponse:
    """The centre does not reimburse it: the client owes that part again."""
    meant = found(settled.voucher(voucher=voucher))
    if meant.batch_id != batch:
        raise Http404
    reason = _reason(request, voucher)
    settlement.refuse_voucher(act=request.visit.act(Door.DESK), voucher=meant, reason=reason)
    messages.success(request, _("CESU refusé : la facture est due de nouveau."))
    return redirect("desk:voucher_batch", batch=batch)


def _reason(request: Inside, voucher: UUID) -> str:
    form = request.form = WhyForm(request.POST, anchor=voucher.hex)
    checked(form)
    return str(form.cleaned_data["reason"])


def _row(request: Inside, one: Voucher, tried: UUID | None) -> dict[str, object]:
    """A voucher and its own form: the one that came back with a refusal is of one of them."""
    back = came_back(request, WhyForm) if one.id == tried else None
    return {"one": one, "form": back or WhyForm(anchor=one.id.hex)}


def _lines(left: int) -> list[tuple[BankLine, str]]:
    said = settled.lines_for_batch(left=left)
    return [(one, f"{date_format(one.booked_on, 'd/m/Y')}, {in_euros(one.amount)}, {one.text[:60]}") for one in said]
