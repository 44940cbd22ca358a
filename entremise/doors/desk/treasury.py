"""The treasurer's room: today's money, who is owed what, payment files and their second person, the books."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entremise.doors.desk.forms_money import CloseForm, PayForm
from entremise.doors.desk.lists import offer
from entremise.doors.desk.lists_treasury import month_asked, year_of
from entremise.doors.desk.nav import came_back, found, page
from entremise.doors.desk.proofs import stopped
from entremise.doors.frame.templatetags.entremise import money as in_euros
from entremise.doors.frame.visit import Inside, money_staff
from entremise.doors.frame.ways import checked, on, read, write
from entremise.jobs.queries import money as queries
from entremise.jobs.queries import persons
from entremise.kernel.act import Door
from entremise.kernel.time import Period
from entremise.ledger.queries import closed_to
from entremise.payments.models import BankFile
from entremise.payments.queries import unmatched_count
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.settlement.models import Approval
from entremise.settlement.queries.treasury import Flow

PER_PAGE = 100


def today(request: Inside) -> date:
    return request.visit.act(Door.DESK).at.date()


@read(money_staff)
def money(request: Inside) -> HttpResponse:
    """Where the money is, who owes what since when, and what waits for somebody."""
    day = today(request)
    month = Period.month_of(day.replace(day=1) - timedelta(days=1))
    seen = settled.treasury(on=day)
    context = {
        "seen": seen,
        "flows": _flows(seen.flows),
        "payroll": queries.payroll(month=month),
        "unmatched": unmatched_count(),
        "approvals": [one for kind in Approval.Kind if (one := settled.waiting_approval(kind=kind))],
        "stopped": stopped(),
        "exports": offer(request, "money"),
    }
    return page(request, "money", section="money", context=context)


def _flows(flows: Sequence[Flow]) -> list[dict[str, object]]:
    return [
        {
            "label": date_format(one.month, "F Y"),
            "short": date_format(one.month, "M"),
            "came": one.came,
            "went": one.went,
        }
        for one in flows
    ]


# A payment file and its second person


def transfers_page(request: Inside) -> HttpResponse:
    """Who would be paid, how much and where, before the file is made."""
    day, waiting = today(request), settled.waiting_approval(kind="wages")
    on_day = waiting.execution_on if waiting else PayForm.usual_day(day)
    seen = settled.wages_to_order()
    context = {
        "seen": seen,
        "form": came_back(request, PayForm) or PayForm(initial={"on": on_day, "seen": seen.digest}),
        "stopped": stopped(),
        "exports": offer(request, "pay"),
        **second(request, waiting, total=seen.total, digest=seen.digest),
    }
    return page(request, "pay", section="money", context=context)


def second(request: Inside, waiting: Approval | None, *, total: int, digest: str) -> dict[str, object]:
    """What a page says of the second person: whether one is needed, who prepared the file, whether it is still that."""
    limit = settled.second_person_above(on=today(request), by=request.visit.person)
    who = persons.person(person=waiting.asked_by) if waiting and waiting.asked_by else None
    return {
        "limit": limit,
        "needs_two": total > limit,
        "waiting": waiting,
        "asked_by": who.full_name if who else _("Quelqu’un"),
        "mine": bool(waiting and waiting.asked_by == request.visit.person),
        "changed": bool(waiting and waiting.digest != digest),
    }


@write(money_staff, again=transfers_page)
def order_transfers(request: Inside) -> HttpResponse:
    """One transfer file for every wage still to be paid; or what a second person has to agree to first."""
    form = request.form = PayForm(request.POST)
    checked(form)
    given = form.cleaned_data
    ordered = settlement.order_payouts(
        act=request.visit.act(Door.DESK), execution_on=given["on"], seen=given["seen"] or None
    )
    if ordered.file is None:
        messages.success(request, waits_for_somebody())
        return redirect("desk:pay")
    messages.success(request, file_is_ready(ordered.file))
    return redirect("desk:bank")


def file_is_ready(file: BankFile) -> str:
    said = ngettext(
        "Fichier de %(count)s virement prêt, %(total)s.",
        "Fichier de %(count)s virements prêt, %(total)s.",
        file.lines,
    )
    return said % {"count": file.lines, "total": in_euros(file.total)}


def waits_for_somebody() -> str:
    return _("Préparé. Une autre personne le confirme avant que le fichier soit fait.")


pay = on(get=read(money_staff)(transfers_page), post=order_transfers)


def transfers_again(request: Inside, **_tried: object) -> HttpResponse:
    return transfers_page(request)


@write(money_staff, again=transfers_again)
def withdraw(request: Inside, approval: UUID) -> HttpResponse:
    """Not like this after all."""
    kept = found(settled.approval(approval=approval))
    settlement.withdraw_approval(act=request.visit.act(Door.DESK), approval=kept)
    messages.success(request, _("C’est retiré : rien n’est fait."))
    return redirect(
        {"wages": "desk:pay", "debits": "desk:debits", "bills": "desk:pay_bills"}.get(kept.kind, "desk:withdrawals")
    )


# The books


@read(money_staff)
def owing(request: Inside) -> HttpResponse:
    """What we owe, to whom and since when."""
    rows = settled.owing(on=today(request))
    total = sum(one.amount for one in rows)
    context = {"rows": rows, "total": total, "exports": offer(request, "owing")}
    return page(request, "owing", section="money", context=context)


@read(money_staff)
def account_lines(request: Inside, code: str) -> HttpResponse:
    """One account, month by month, down to its entries."""
    month = month_asked(request.GET.get("mois", ""), today(request))
    seen = found(settled.account_page(code=code, month=month))
    lines = Paginator(seen.lines, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "seen": seen,
        "lines": lines,
        **_around(month),
        "exports": offer(request, "account_lines", code=code, mois=month.label),
    }
    return page(request, "account_lines", section="money", context=context)


@read(money_staff)
def journal(request: Inside) -> HttpResponse:
    """A month's entries, as accounting software takes them in."""
    month = month_asked(request.GET.get("mois", ""), today(request))
    rows = Paginator(list(settled.journal(period=month)), PER_PAGE).get_page(request.GET.get("page"))
    context = {"rows": rows, "month": month, **_around(month), "exports": offer(request, "journal", mois=month.label)}
    return page(request, "journal", section="money", context=context)


def _around(month: Period) -> dict[str, object]:
    return {
        "before": Period.month_of(month.first - timedelta(days=1)),
        "after": Period.month_of(month.last + timedelta(days=1)),
    }


@read(money_staff)
def reports(request: Inside) -> HttpResponse:
    """VAT, activity and money of a year, month by month."""
    day = today(request)
    year = year_of(request.GET.get("annee", ""), day)
    seen = settled.year(year=year, on=day)
    columns = [{"short": date_format(one.month, "M"), "amount": max(0, one.billed), "months": 1} for one in seen.months]
    years = range(request.visit.organisation.founded_at.year, day.year + 1)
    context = {
        "seen": seen,
        "columns": columns,
        "years": years,
        "exports": offer(request, "reports", annee=year),
        "everything": offer(request, "everything"),
    }
    return page(request, "reports", section="money", context=context)


def closing_page(request: Inside) -> HttpResponse:
    """What is still open of the days that would be shut, then shut them."""
    form = came_back(request, CloseForm)
    asked = request.GET.get("au", "")
    last_month = today(request).replace(day=1) - timedelta(days=1)
    day = _day(asked) or last_month
    context = {
        "seen": settled.to_close(up_to=day),
        "closed_to": closed_to(),
        "form": form or CloseForm(initial={"up_to": day}),
    }
    return page(request, "closing", section="money", context=context)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@write(money_staff, again=closing_page)
def close(request: Inside) -> HttpResponse:
    """Shut the books up to a day."""
    form = request.form = CloseForm(request.POST)
    checked(form)
    shut = settlement.close_books(act=request.visit.act(Door.DESK), up_to=form.cleaned_data["up_to"])
    messages.success(request, _("Comptes clos jusqu’au %(day)s.") % {"day": f"{shut:%d/%m/%Y}"})
    return redirect("desk:closing")


closing = on(get=read(money_staff)(closing_page), post=close)
