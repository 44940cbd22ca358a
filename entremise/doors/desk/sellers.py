"""Those who sell through us, by quarter: what the yearly return of a platform asks (DAC7)."""

from django.http import HttpResponse

from entremise.doors.desk.lists import offer
from entremise.doors.desk.lists_money import year_asked
from entremise.doors.desk.nav import page
from entremise.doors.frame.visit import Inside, money_staff
from entremise.doors.frame.ways import read
from entremise.kernel.act import Door
from entremise.settlement import queries as settled


@read(money_staff)
def sellers(request: Inside) -> HttpResponse:
    year = year_asked(request.GET.get("annee", ""), request.visit.act(Door.DESK).at.date())
    context = {"rows": settled.seller_quarters(year=year), "year": year, "exports": offer(request, "sellers")}
    return page(request, "sellers", section="money", context=context)
