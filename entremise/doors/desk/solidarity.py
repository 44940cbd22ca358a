"""Funds and what comes into them."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.desk.forms_solidarity import FundForm, GiftForm, ShareForm, SurplusForm, of_funds
from entremise.doors.desk.lists import offer
from entremise.doors.desk.nav import came_back, found, givers, page
from entremise.doors.frame.templatetags.entremise import money as in_euros
from entremise.doors.frame.visit import Inside, money_staff, staff
from entremise.doors.frame.ways import BadForm, checked, on, read, write
from entremise.kernel.act import Door
from entremise.kernel.time import Period, parse_month
from entremise.payments import queries as paid
from entremise.payments.models import BankLine
from entremise.people import queries as people
from entremise.people.rules.may import Verb, may
from entremise.settlement import queries as settled
from entremise.settlement.operations.debits import today
from entremise.solidarity import operations, queries
from entremise.solidarity.models import Fund

LINES = 50  # Transfers that a form offers.


@read(staff)
def solidarity(request: Inside) -> HttpResponse:
    """What there is, who waits, what is still to be paid."""
    reads, pays = (may(request.visit.actor.roles, verb) for verb in (Verb.AIDS_READ, Verb.AIDS_PAY))
    context = {
        "funds": queries.funds(),
        "waiting": queries.awards_waiting() if reads else [],
        "to_pay": queries.awards_to_pay() if reads or pays else [],
        "latest": queries.latest_awards(limit=12) if reads else [],
        "rules": queries.rules_in_force(on=today(request.visit.act(Door.DESK))),
        "exports": offer(request, "solidarity"),
    }
    return page(request, "solidarity", section="solidarity", context=context)


def new_fund_page(request: Inside) -> HttpResponse:
    context = {"form": came_back(request, FundForm) or FundForm()}
    return page(request, "fund_new", section="solidarity", context=context)


@write(money_staff, again=new_fund_page)
def open_fund(request: Inside) -> HttpResponse:
    form = request.form = FundForm(request.POST)
    checked(form)
    operations.open_fund(act=request.visit.act(Door.DESK), **form.cleaned_data)
    messages.success(request, _("Le fonds est ouvert."))
    return redirect("desk:solidarity")


new_fund = on(get=read(money_staff)(new_fund_page), post=open_fund)


@write(money_staff, again=lambda request, fund: solidarity(request))
def close_fund(request: Inside, fund: UUID) -> HttpResponse:
    operations.close_fund(act=request.visit.act(Door.DESK), fund=found(queries.fund(fund=fund)))
    messages.success(request, _("Le fonds est fermé."))
    return redirect("desk:solidarity")


# What comes in


def gifts_page(request: Inside, **_tried: UUID) -> HttpResponse:
    act = request.visit.act(Door.DESK)
    funds = [one.fund for one in queries.funds(open_only=True)]
    month = Period.month_of(today(act).replace(day=1) - timedelta(days=1))
    form = came_back(request, GiftForm) or GiftForm(anchor="don")
    share_form = came_back(request, ShareForm) or ShareForm(initial={"month": month.label})
    surplus_form = came_back(request, SurplusForm) or SurplusForm(anchor="trop")
    for one in (form, share_form, surplus_form):
        of_funds(one, funds)
    form.lines(_transfers(request))
    context = {
        "form": form,
        "share_form": share_form,
        "surplus_form": surplus_form,
        "funds": funds,
        "gifts": queries.latest_gifts(),
        "month": month,
        "to_share": queries.commission_to_share(month=month),
        "exports": offer(request, "gifts"),
    }
    return page(request, "gifts", section="solidarity", context=context)


@write(givers, again=gifts_page)
def give(request: Inside) -> HttpResponse:
    """Coins, a cheque, or a transfer that the bank's statement shows."""
    form = GiftForm(request.POST, anchor="don")
    request.form = form
    of_funds(form, _open())
    form.lines(_transfers(request))
    checked(form)
    given, act = form.cleaned_data, request.visit.act(Door.COUNTER)
    line = _line(given["how"])
    if line is None and not given["amount"]:
        form.add_error("amount", _("Écrivez le montant ainsi : 24,50."))
        raise BadForm(form)
    if given["kind"] != "topup" and not given["words"]:
        form.add_error("words", _("Dites ce qui est offert, ou la référence. Exemple : 1 heure de ménage."))
        raise BadForm(form)
    kind, words = given["kind"], given["words"]
    gift = operations.give(
        act=act,
        fund=_fund(given["fund"]),
        kind=kind,
        amount=given["amount"] or 0,
        how="transfer" if line else given["how"],
        on=given["on"] or today(act),
        key=f"desk:{given['once']}",
        giver=people.get(person=given["picked"]) if given["picked"] else None,
        item=words if kind == "suspended" else "",
        reference=words if kind == "grant" else "",
        line=line,
    )
    messages.success(request, _("%(amount)s reçus, merci.") % {"amount": in_euros(gift.amount)})
    return redirect("desk:gifts")


gifts = on(get=read(givers)(gifts_page), post=give)


@write(money_staff, again=gifts_page)
def take_gift_back(request: Inside, gift: UUID) -> HttpResponse:
    """A cheque that bounced, a slip of the pen; what came by card goes back to the card."""
    act, row = request.visit.act(Door.DESK), found(queries.gift(gift=gift))
    if row.asked:
        operations.return_gift(act=act, asked=row.asked)
        messages.success(request, _("C’est demandé : ce don quitte le fonds quand le prestataire l’a rendu."))
    else:
        operations.take_back(act=act, gift=row)
        messages.success(request, _("Ce don est repris."))
    return redirect("desk:gifts")


@write(money_staff, again=gifts_page)
def share(request: Inside) -> HttpResponse:
    """The part of a month's commissions that the organisation decided to give."""
    form = request.form = ShareForm(request.POST)
    of_funds(form, _open())
    checked(form)
    gift = operations.share_commission(
        act=request.visit.act(Door.DESK),
        fund=_fund(form.cleaned_data["fund"]),
        month=parse_month(form.cleaned_data["month"]),
    )
    messages.success(request, _("%(amount)s versés au fonds.") % {"amount": in_euros(gift.amount)})
    return redirect("desk:gifts")


@write(givers, again=gifts_page)
def leave_surplus(request: Inside) -> HttpResponse:
    """A client leaves what they paid too much."""
    form = request.form = SurplusForm(request.POST, anchor="trop")
    of_funds(form, _open())
    checked(form)
    given = form.cleaned_data
    invoice = settled.invoice_by_number(number=given["number"])
    if invoice is None:
        form.add_error("number", _("Aucune facture n’a ce numéro. Exemple : FA-2026-0042."))
        raise BadForm(form)
    act = request.visit.act(Door.DESK, on_behalf_of=invoice.client_id)
    gift = operations.leave_surplus(
        act=act, fund=_fund(given["fund"]), invoice=invoice, amount=given["amount"], key=f"desk:{given['once']}"
    )
    messages.success(request, _("%(amount)s versés au fonds.") % {"amount": in_euros(gift.amount)})
    return redirect("desk:gifts")


def _open() -> list[Fund]:
    return [one.fund for one in queries.funds(open_only=True)]


def _fund(chosen: str) -> Fund:
    return found(queries.fund(fund=UUID(chosen)))


def _transfers(request: Inside) -> list[tuple[str, str]]:
    if not may(request.visit.actor.roles, Verb.PAYMENTS_RECEIVE):
        return []
    rows = [one for one in paid.unmatched_lines(limit=LINES) if one.amount > 0]
    return [(str(one.id), told(one)) for one in rows]


def told(line: BankLine) -> str:
    """A line of the statement in a list of choices."""
    said = _("Virement du %(day)s, %(amount)s, %(who)s")
    day: date = line.booked_on
    return said % {
        "day": f"{day:%d/%m/%Y}",
        "amount": in_euros(abs(line.amount)),
        "who": line.counterparty or line.text,
    }


def _line(how: str) -> BankLine | None:
    return None if how in ("cash", "cheque") else paid.line(line=UUID(how))
