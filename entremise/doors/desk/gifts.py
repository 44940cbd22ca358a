"""Gift vouchers: sold and printed, spent on an invoice, given back, lapsed."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from entremise.documents.queries import drawn
from entremise.doors.desk.forms_gifts import SellForm
from entremise.doors.desk.lists import offer
from entremise.doors.desk.nav import came_back, counter, found, page
from entremise.doors.desk.solidarity import told
from entremise.doors.frame.gifts import GiftCodeForm
from entremise.doors.frame.keys import known_keys
from entremise.doors.frame.templatetags.entremise import money as in_euros
from entremise.doors.frame.visit import Inside, money_staff
from entremise.doors.frame.ways import checked, on, read, write
from entremise.jobs.queries.notices import activities
from entremise.kernel.act import Door
from entremise.kernel.phone import spoken
from entremise.payments import queries as paid
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.settlement.operations.debits import today
from entremise.settlement.rules.gifts import spoken_code


def gifts_page(request: Inside, **_of: object) -> HttpResponse:
    rows = settled.gift_vouchers()
    day = today(request.visit.act(Door.DESK))
    context = {
        "rows": [{"seen": one, "over": one.over(day)} for one in rows],
        "left": sum(one.left for one in rows),
        "lapsed": settled.lapsed_gifts(on=day),
        "form": came_back(request, SellForm) or _form(),
        "exports": offer(request, "gift_vouchers"),
    }
    return page(request, "gift_vouchers", section="money", context=context)


def _form(data: object = None) -> SellForm:
    lines = [(str(one.id), told(one)) for one in paid.unmatched_lines(limit=200) if one.amount > 0]
    return SellForm(data, services=[one.name for one in activities().values()], lines=lines)


@write(counter, again=gifts_page)
def sell(request: Inside) -> HttpResponse:
    """The code is shown this once: only its digest is kept."""
    form = request.form = _form(request.POST)
    checked(form)
    given = form.cleaned_data
    line = None if given["how"] in ("cash", "cheque") else paid.line(line=UUID(given["how"]))
    voucher, code = settlement.sell_gift_voucher(
        act=request.visit.act(Door.COUNTER),
        value=given["value"],
        how="transfer" if line else given["how"],
        line=line,
        what=given["what"],
        buyer=given["buyer"],
        key=f"counter:{given['once']}",
        secret_key=settings.SECRET_KEY,
    )
    return page(request, "gift_sold", section="money", context={"voucher": voucher, "code": spoken_code(code)})


gifts = on(get=read(counter)(gifts_page), post=sell)


@write(counter, again=gifts_page)
def print_(request: Inside, voucher: UUID) -> HttpResponse:
    """On paper, for whoever has its code at hand. Drawn when asked for, never kept."""
    seen = found(settled.gift_voucher(voucher=voucher)).voucher
    form = request.form = GiftCodeForm({**request.POST.dict(), "once": "print"})
    checked(form)
    if settled.gift_by_code(code=form.cleaned_data["code"], secret_keys=known_keys()) != seen:
        raise Http404
    organisation, at = request.visit.organisation, request.visit.act(Door.DESK).at
    data = {
        "org": {"name": organisation.name, "phone": spoken(organisation.phone) if organisation.phone else ""},
        "reference": seen.reference,
        "code": form.cleaned_data["code"],
        "value": seen.value,
        "what": seen.what,
        "buyer": seen.buyer,
        "until": seen.expires_on.isoformat(),
    }
    pdf = drawn(template="gift_voucher", data=data, at=timezone.localtime(at))
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{seen.reference}.pdf"'
    return answer


@write(money_staff, again=gifts_page)
def give_back(request: Inside, voucher: UUID) -> HttpResponse:
    """What is left, in coins."""
    seen = found(settled.gift_voucher(voucher=voucher))
    settlement.return_gift_voucher(act=request.visit.act(Door.DESK), voucher=seen.voucher)
    messages.success(request, _("%(amount)s à rendre en espèces.") % {"amount": in_euros(seen.left)})
    return redirect("desk:gift_vouchers")


@write(money_staff, again=gifts_page)
def lapse(request: Inside) -> HttpResponse:
    """What nobody spent in time, where the organisation decided that it is its own then."""
    gone = settlement.lapse_gift_vouchers(act=request.visit.act(Door.DESK))
    messages.success(request, _("Bons périmés passés en produit : %(count)s.") % {"count": len(gone)})
    return redirect("desk:gift_vouchers")


def spending_page(request: Inside, number: str, **_of: object) -> HttpResponse:
    invoice = found(settled.invoice_by_number(number=number))
    due = settled.dues(invoices=[invoice])[invoice.id]
    context = {
        "invoice": invoice,
        "due": due,
        "spent": settled.gifts_spent(invoice=invoice.id),
        "form": came_back(request, GiftCodeForm) or GiftCodeForm(),
    }
    return page(request, "gift_spend", section="money", context=context)


@write(counter, again=spending_page)
def spend(request: Inside, number: str) -> HttpResponse:
    """The code that somebody dictates or shows."""
    form = request.form = GiftCodeForm(request.POST)
    checked(form)
    receipt = settlement.spend_gift_voucher(
        act=request.visit.act(Door.COUNTER),
        invoice=found(settled.invoice_by_number(number=number)),
        code=form.cleaned_data["code"],
        key=f"counter:{form.cleaned_data['once']}",
        secret_keys=known_keys(),
    )
    messages.success(request, _("%(amount)s payés par le bon.") % {"amount": in_euros(receipt.amount)})
    return redirect("desk:invoice", number=number)


spending = on(get=read(counter)(spending_page), post=spend)


@write(counter, again=spending_page)
def take_back(request: Inside, number: str, receipt: UUID) -> HttpResponse:
    """It paid the wrong invoice."""
    invoice = found(settled.invoice_by_number(number=number))
    spent = found(next((one for one in settled.gifts_spent(invoice=invoice.id) if one.id == receipt), None))
    settlement.take_back_gift(act=request.visit.act(Door.COUNTER), receipt=spent)
    messages.success(request, _("Repris : la facture est due de nouveau."))
    return redirect("desk:spend_gift_voucher", number=number)
