"""Yearly tax certificates: what each client really paid for personal services."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import ngettext

from entremise.doors.desk.lists import offer
from entremise.doors.desk.lists_money import year_asked
from entremise.doors.desk.nav import page
from entremise.doors.frame.visit import Inside, money_staff
from entremise.doors.frame.ways import on, read, write
from entremise.kernel.act import Door
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.settlement.operations.debits import today


def certificates_page(request: Inside) -> HttpResponse:
    day = today(request.visit.act(Door.DESK))
    year = _year(request, day)
    rows = settled.client_years(year=year)
    context = {
        "year": year,
        "rows": rows,
        "paid": sum(one.paid for one in rows),
        "cesu": sum(one.cesu for one in rows),
        "to_make": sum(one.to_make for one in rows),
        "over": year < day.year,
        "last": settled.certified_until(year=year, on=day),
        "exports": offer(request, "certificates", annee=year),
    }
    return page(request, "certificates", section="money", context=context)


@write(money_staff, again=certificates_page)
def make(request: Inside) -> HttpResponse:
    """All that are missing, or say something else by now; each client hears of theirs."""
    act = request.visit.act(Door.DESK)
    year = _year(request, today(act))
    made = settlement.issue_certificates(act=act, year=year)
    said = ngettext("%(count)s attestation faite.", "%(count)s attestations faites.", len(made))
    messages.success(request, said % {"count": len(made)})
    return redirect(f"{reverse('desk:certificates')}?annee={year}")


certificates = on(get=read(money_staff)(certificates_page), post=make)


def _year(request: Inside, day: date) -> int:
    """The year of the form or of the address; the one just over when they say none."""
    said = request.POST.get("year") or request.GET.get("annee") or str(day.year - 1)
    return year_asked(said, day)
