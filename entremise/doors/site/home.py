"""What an organisation shows to everybody: its door."""

from zoneinfo import ZoneInfo

from django.core.cache import caches
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language

from entremise.doors.frame.theme import tokens
from entremise.doors.frame.visit import Inside, anyone
from entremise.doors.frame.ways import read
from entremise.doors.site.cards import cards
from entremise.doors.site.nav import foot, head
from entremise.doors.site.prices import price_parts
from entremise.doors.site.results import local_day, published
from entremise.impact.queries import Report
from entremise.jobs.queries import notices
from entremise.jobs.queries.calling import offered_activities
from entremise.jobs.queries.home import usual_quote
from entremise.jobs.rules.notices import Wanted
from entremise.kernel.act import Door

USUAL = 120  # Minutes: the receipt on the home page explains two hours.
SOONEST = 3  # Jobs that it shows to whoever looks for work.
FRESH = 600  # Seconds that a web process keeps what is said of months that are over; the results page counts anew.


@read(anyone, kept=True)
def show_home(request: Inside) -> HttpResponse:
    activities = offered_activities()
    quote = usual_quote(activities=activities, minutes=USUAL, on=local_day(request))
    year = _year(request)
    at, zone = request.visit.act(Door.SITE).at, ZoneInfo(request.visit.organisation.timezone)
    soonest = notices.search(wanted=Wanted(), at=at, zone=zone).rows[:SOONEST]
    context = {
        "nav": head(),
        "foot_nav": foot(),
        "activities": activities,
        "jobs": cards(soonest, notices.activities(), at) if soonest else [],
        "quote": quote,
        "what": quote.activity.called if quote else "",
        "parts": price_parts(quote) if quote else [],
        "year": year,
        "euro": _cents_for_work(year),
    }
    return render(request, "site/home.html", context)


@read(anyone, kept=True)
def manifest(request: Inside) -> HttpResponse:
    """What a telephone needs to keep a member's space among its applications."""
    organisation = request.visit.organisation
    colours = tokens(organisation.hue_ink, organisation.hue_accent)
    icon = {"src": static("favicon.svg"), "type": "image/svg+xml", "sizes": "any", "purpose": "any"}
    said = {
        "name": organisation.name,
        "short_name": organisation.name[:12],
        "lang": get_language(),
        "start_url": reverse("site:me"),
        "scope": reverse("site:me"),
        "display": "standalone",
        "background_color": colours["page"],
        "theme_color": colours["marque"],
        "icons": [icon],
    }
    return JsonResponse(said, content_type="application/manifest+json")


def _year(request: Inside) -> Report | None:
    """The twelve months of the results page: too many rows to add up for every visitor of the home page."""
    key = f"year:{request.visit.organisation.id}:{local_day(request)}"
    year: Report | None = caches["process"].get_or_set(key, lambda: published(request).report, FRESH)
    return year


def _cents_for_work(year: Report | None) -> int | None:
    """Of each euro that clients paid, the cents that went to wages and contributions; None while hidden."""
    if year is None:
        return None
    whole = sum(year.euro.values())
    work = year.euro.get("wage_gross", 0) + year.euro.get("employer_contributions", 0)
    return round(100 * work / whole) if whole > 0 else None
