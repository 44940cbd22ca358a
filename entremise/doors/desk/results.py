"""What the organisation achieved, with the same numbers as its public page."""

from datetime import date

from django.http import HttpResponse

from entremise.doors.desk.nav import page
from entremise.doors.frame.visit import Inside, staff
from entremise.doors.frame.ways import read
from entremise.impact import queries as impact
from entremise.impact.rules import FEWEST
from entremise.kernel.act import Door
from entremise.kernel.time import Period, parse_month


@read(staff)
def results(request: Inside) -> HttpResponse:
    """A month, or a year so far."""
    today = request.visit.act(Door.DESK).at.date()
    said = request.GET.get("mois", "")
    try:
        period = parse_month(said)
    except ValueError:
        period = Period(date(today.year, 1, 1), today)
    zone = request.visit.zone
    months = impact.months_with_work(until=Period.month_of(today), count=12, zone=zone)
    context = {
        "report": impact.report(period=period, zone=zone),
        "chosen": said if period.label == said else "",
        "months": months,
        "most": max((minutes for _month, minutes in months), default=0) or 1,
        "fewest": FEWEST,
    }
    return page(request, "results", section="results", context=context)
