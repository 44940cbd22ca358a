from datetime import timedelta
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from entremise.doors.frame.visit import Inside, anyone
from entremise.doors.frame.ways import read
from entremise.doors.site.nav import foot, head
from entremise.impact.queries import Report, months_with_work, report
from entremise.jobs.queries.home import offered_activities, usual_quote
from entremise.kernel.clock import now
from entremise.kernel.time import Period

USUAL = 120  # The receipt on the home page explains two hours.


@read(anyone)
def show_home(request: Inside) -> HttpResponse:
    activities = offered_activities()
    quote = usual_quote(activities=activities, minutes=USUAL, on=now().date())
    rows = []
    if quote:
        rows = [
            {"label": _("Salaire de la personne"), "amount": quote.split.wage_gross},
            {"label": _("Cotisations sociales"), "amount": quote.split.employer_contributions},
            {"label": _("Accompagnement vers l’emploi"), "amount": quote.split.accompaniment},
            {"label": _("Accueil, assurance, bureau"), "amount": quote.split.running},
        ]
    context = {
        "nav": head(),
        "foot_nav": foot(),
        "activities": activities,
        "quote": quote,
        "split": rows,
        "year": _this_year(request),
    }
    return render(request, "site/home.html", context)


@read(anyone)
def show_results(request: Inside) -> HttpResponse:
    """What the organisation did in twelve months, each figure with what it is computed from."""
    year = _this_year(request)
    months = months_with_work(until=Period.month_of(now().date()), count=12)
    top = max((minutes for _, minutes in months), default=0) or 1
    bars = [
        {"month": m.first, "minutes": n, "height": max(1, n * 100 // top), "x": i * 8}
        for i, (m, n) in enumerate(months)
    ]
    return render(
        request,
        "site/results.html",
        {"nav": head(), "foot_nav": foot(), "year": year, "bars": bars, "parts": _parts(year)},
    )


def _parts(year: Report) -> list[dict[str, object]]:
    words = {
        "wage_gross": _("Salaires"),
        "employer_contributions": _("Cotisations sociales"),
        "accompaniment": _("Accompagnement"),
        "running": _("Accueil, assurance, bureau"),
    }
    return [{"label": words[name], "amount": amount} for name, amount in year.euro.items() if amount > 0]


def _this_year(request: Inside) -> Report:
    today = now().date()
    zone = ZoneInfo(request.visit.organisation.timezone)
    return report(period=Period(today - timedelta(days=365), today), zone=zone)
