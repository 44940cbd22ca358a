"""Group purchases as everybody sees them: those that run, one of them and how far it is, and ways to tell others."""

from csp.decorators import csp_replace
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.clickjacking import xframe_options_exempt

from entremise.buying import queries
from entremise.buying.models import Article, Purchase
from entremise.buying.queries import Line, Ordered, Standing
from entremise.campaigns.rules import ENDED, TAKING
from entremise.documents.queries import drawn, qr_code
from entremise.doors.frame.addresses import home_of
from entremise.doors.frame.limits import HOUR, Limit, by_address, limited
from entremise.doors.frame.templatetags.entremise import money, spoken_date
from entremise.doors.frame.visit import Inside, anyone
from entremise.doors.frame.ways import read
from entremise.doors.frame.words_buying import (
    counted,
    line_of,
    price_now,
    price_parts,
    reaches,
    still_needed,
    threshold,
)
from entremise.doors.site.forms_orders import usual
from entremise.doors.site.nav import foot, head
from entremise.doors.site.orders import order_form, seen
from entremise.kernel.act import Door
from entremise.kernel.phone import spoken

POSTERS = Limit("poster", 60, HOUR, by_address)
MOST_HOUSES = 120  # Drawn on the page; a number says it for more.
NEXT_HOUSES = 40


@read(anyone, kept=True)
def show_purchases(request: Inside) -> HttpResponse:
    at = request.visit.act(Door.SITE).at
    rows = queries.running(at=at)
    found = queries.standings(purchases=rows)
    context = {
        "nav": head("purchases"),
        "foot_nav": foot(),
        "rows": [{"purchase": one, "reaches": reaches(one, found[one.id]), **_in_short(found[one.id])} for one in rows],
    }
    return render(request, "site/purchases.html", context)


def _in_short(standing: Standing) -> dict[str, object]:
    """A card of the list: one article in words; of several, how many there are."""
    only = standing.lines[0] if len(standing.lines) == 1 else None
    return {
        "households": standing.progress.pledges,
        "articles": len(standing.lines),
        "line": line_of(only) if only else None,
        "now": price_now(only) if only else "",
        "missing": still_needed(only) if only else [],
    }


@read(anyone, kept=True)
def show_purchase(request: Inside, number: int) -> HttpResponse:
    purchase = seen(number)
    standing = queries.standing(purchase=purchase)
    context = {
        "nav": head("purchases"),
        "foot_nav": foot(),
        **figures(purchase, standing),
        **_said(request, purchase, standing),
        **order_form(request, purchase, standing),
    }
    return render(request, "site/purchase.html", context)


@read(anyone, kept=True)
def show_figures(request: Inside, number: int) -> HttpResponse:
    """What the page asks for again from time to time: how far it is, and nothing else."""
    purchase = seen(number)
    return render(request, "site/purchase_figures.html", figures(purchase, queries.standing(purchase=purchase)))


@read(anyone)
def short_link(request: Inside, number: int) -> HttpResponse:
    """`/e/104`, as a printed square or a neighbour says it."""
    return redirect("site:purchase", number=seen(number).campaign.number)


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@read(anyone)
def show_frame(request: Inside, number: int) -> HttpResponse:
    """For a page of somebody else's: how far it is and a link. Nothing here can be pressed by mistake, or tells who."""
    purchase = seen(number)
    context = figures(purchase, queries.standing(purchase=purchase))
    return render(request, "site/purchase_frame.html", context)


@limited(POSTERS, method="GET")
@read(anyone, kept=True)
def poster(request: Inside, number: int) -> HttpResponse:
    """An A4 to hang up: what, the prices, until when, how to take part, and a square to photograph."""
    purchase, organisation = seen(number), request.visit.organisation
    campaign, short = purchase.campaign, _short(request, purchase)
    local = localtime(campaign.closes_at)
    data = {
        "org": {
            "name": organisation.name,
            "phone": spoken(organisation.phone) if organisation.phone else "",
            "hours": organisation.opening_hours,
        },
        "title": campaign.title,
        "about": purchase.about,
        "supplier": purchase.supplier.full_name if purchase.supplier else "",
        "articles": [_on_paper(one) for one in queries.articles_of(purchase=purchase.id)],
        "closes": spoken_date(local),
        "threshold": threshold(campaign.measure, campaign.threshold),
        "where": purchase.where,
        "handed_from": purchase.handed_from.isoformat(),
        "handed_until": purchase.handed_until.isoformat(),
        "address": short.partition("://")[2],
        "qr": qr_code(text=short),
    }
    pdf = drawn(template="purchase_poster", data=data, at=localtime(request.visit.act(Door.SITE).at))
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="affiche-{campaign.number}.pdf"'
    return answer


def _on_paper(article: Article) -> dict[str, object]:
    return {
        "title": article.lot.title,
        "unit": article.unit,
        "tiers": [
            {"price": money(tier.price), "count": counted(article.measure, tier.at_least)}
            for tier in article.good().tiers
        ],
    }


# What pages of it share


def figures(purchase: Purchase, standing: Standing) -> dict[str, object]:
    """How far it is, in words and drawn."""
    campaign = purchase.campaign
    final = {one.article.id: one for one in queries.ordered(purchase=purchase.id)} if purchase.closed_at else {}
    return {
        "purchase": purchase,
        "campaign": campaign,
        "taking": campaign.state in TAKING,
        "ended": campaign.state in ENDED,
        "households": standing.progress.pledges,
        "reaches": reaches(purchase, standing),
        "lines": [_drawn(line, final.get(line.article.id)) for line in standing.lines],
    }


def _drawn(line: Line, final: Ordered | None) -> dict[str, object]:
    """price: of today, or the one that was obtained; parts: where it goes."""
    price = final.price if final else usual(line)
    return {
        "article": line.article,
        "line": line_of(line),
        "now": price_now(line),
        "missing": still_needed(line),
        "final": final,
        "price": price,
        "parts": price_parts(line.article, price),
    }


def _said(request: Inside, purchase: Purchase, standing: Standing) -> dict[str, object]:
    campaign, short = purchase.campaign, _short(request, purchase)
    act = request.visit.act(Door.SITE)
    return {
        "needed": threshold(campaign.measure, campaign.threshold),
        "houses": min(standing.progress.pledges, MOST_HOUSES),
        "next_houses": _next(purchase, standing),
        "waits": act.at < campaign.opens_at,
        "over": act.at >= campaign.closes_at,
        "filling": campaign.fills_at is not None and campaign.fills_at <= act.at,
        "in_boxes": any(line.article.size > 1 for line in standing.lines),
        "short": short,
        "shown_short": short.partition("://")[2],
        "square": qr_code(text=short, elastic=True),
        "price_from": min(usual(line) for line in standing.lines),
        "frame": request.build_absolute_uri(reverse("site:purchase_frame", args=[campaign.number])),
        "tells": request.visit.organisation.name,
    }


def _next(purchase: Purchase, standing: Standing) -> int:
    """Houses that are missing, while households are what counts."""
    missing = [
        line.ahead.missing
        for line in standing.lines
        if line.ahead and line.article.measure == Article.Measure.HOUSEHOLDS
    ]
    if purchase.campaign.measure == "pledges":
        missing.append(purchase.campaign.threshold - standing.progress.pledges)
    return min(max([0, *missing]), NEXT_HOUSES)


def _short(request: Inside, purchase: Purchase) -> str:
    """The same in every language: it is said aloud and printed."""
    return f"{home_of(request.visit.organisation)}/e/{purchase.campaign.number}"
