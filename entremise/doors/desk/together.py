"""The organiser's room of group purchases: planned, opened, followed, called off."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.buying import operations as buying
from entremise.buying import queries as bought
from entremise.buying.models import Article, Brief, Purchase
from entremise.buying.operations import Plan
from entremise.campaigns import operations as campaigns
from entremise.campaigns import queries as pledged
from entremise.campaigns.rules import TAKING, Wish
from entremise.doors.desk.forms_buying import MOST_ARTICLES, PlanForm, proposed
from entremise.doors.desk.forms_orders import ReasonForm
from entremise.doors.desk.forms_series import next_of
from entremise.doors.desk.lists import offer
from entremise.doors.desk.lists_together import tab
from entremise.doors.desk.nav import buyers, came_back, found, organisers, page, paged
from entremise.doors.desk.words_together import SEEN, amount, standing_words, tier_words
from entremise.doors.frame.visit import Inside
from entremise.doors.frame.ways import checked, on, read, write
from entremise.jobs.queries import persons
from entremise.kernel.act import Door
from entremise.kernel.refused import Refused
from entremise.people import queries as people


@read(buyers)
def together(request: Inside) -> HttpResponse:
    chosen = tab(request.GET.get("quoi", ""))
    listed = paged(request, bought.listed(states=SEEN[chosen][1]))
    rows = [
        {
            "row": one,
            "reached": amount(one.purchase.campaign.measure, one.measured),
            "threshold": amount(one.purchase.campaign.measure, one.purchase.campaign.threshold),
        }
        for one in bought.rows(purchases=listed)
    ]
    context = {
        "rows": rows,
        "page": listed,
        "chosen": chosen,
        "tabs": [(key, words) for key, (words, _states) in SEEN.items()],
        "exports": offer(request, "together", quoi=chosen),
    }
    return page(request, "together", section="together", context=context)


# Planned


def plan_page(request: Inside) -> HttpResponse:
    brief = _brief(request)
    before = None if brief else _before(request)
    form = came_back(request, PlanForm)
    if form is None and before:
        articles = bought.articles_of(purchase=before.id)
        at = request.visit.act(Door.DESK).at
        again = next_of(before, articles, now=at, zone=request.visit.zone)
        form = _form(request, initial=again, count=len(articles))
    form = form or _form(request, initial=proposed(brief) if brief else None)
    return _plan(request, form, brief, before)


def _plan(request: Inside, form: PlanForm, brief: Brief | None, before: Purchase | None) -> HttpResponse:
    context = {"form": form, "most": MOST_ARTICLES, "brief": brief, "before": before}
    return page(request, "together_new", section="together", context=context)


def _brief(request: Inside) -> Brief | None:
    """The brief that it answers, when the address or the form names one whose choice is made."""
    number = request.POST.get("besoin") or request.GET.get("besoin", "")
    brief = bought.brief(number=int(number)) if number.isdecimal() and len(number) < 9 else None
    return brief if brief and brief.state == "chosen" else None


def _before(request: Inside) -> Purchase | None:
    """The last purchase of a series, when the address or the form names one that comes again."""
    number = request.POST.get("suite") or request.GET.get("suite", "")
    named = bought.purchase(number=int(number)) if number.isdecimal() and len(number) < 9 else None
    return bought.latest_of(series=named.series_id) if named and named.series_id else None


@write(organisers, again=plan_page)
def plan_it(request: Inside) -> HttpResponse:
    """Written down and not open yet. Another article is only more fields: nothing is written then."""
    typed, brief = request.POST, _brief(request)
    before = None if brief else _before(request)
    form = request.form = _form(request, typed)
    if typed.get("do") == "more":
        request.form = None
        more = _form(request, initial=typed.dict(), count=len(form.articles) + 1)
        return _plan(request, more, brief, before)
    checked(form)
    act, plan = request.visit.act(Door.DESK), _meant(form, before)
    try:
        terms = form.terms(act.at)
        if brief:
            made = buying.plan_for(act=act, brief=brief, terms=terms, plan=plan)
        elif before and before.series:
            made = buying.plan_next(act=act, series=before.series, terms=terms, plan=plan)
        else:
            made = buying.plan(act=act, terms=terms, plan=plan)
    except Refused as refused:
        raise form.beside(refused) from refused
    messages.success(
        request, _("Achat %(number)s noté. Relisez-le, puis ouvrez-le.") % {"number": made.campaign.number}
    )
    return redirect("desk:together_one", number=made.campaign.number)


new = on(get=read(organisers)(plan_page), post=plan_it)


def _meant(form: PlanForm, before: Purchase | None) -> Plan:
    """before: what the form does not ask is as it was then."""
    given = form.cleaned_data
    return Plan(
        role=given["role"],
        pays=before.pays if before else "handover",
        where=given["where"],
        handed_from=given["handed_from"],
        handed_until=given["handed_until"],
        articles=given["drafts"],
        about=given["about"],
        strategy=given["strategy"],
        supplier=persons.person(person=given["picked"]) if given["picked"] else None,
        organiser=before.campaign.organiser if before else None,
    )


def _form(request: Inside, data: object = None, *, initial: dict[str, Any] | None = None, count: int = 0) -> PlanForm:
    """With as many articles as the form that was sent says it has."""
    typed = request.POST.get("count", "") if request.method == "POST" else ""
    count = count or (int(typed) if typed in {str(one) for one in range(1, MOST_ARTICLES + 1)} else 1)
    at = request.visit.act(Door.DESK).at
    return PlanForm(data, on=at.date(), zone=request.visit.zone, count=count, initial=initial)


# One


def one_page(request: Inside, number: int) -> HttpResponse:
    """How it stands, and who wants what. A name that only one person bears leads to their order."""
    purchase = found(bought.purchase(number=number))
    typed, picked = request.GET.get("who", "").strip(), request.GET.get("picked", "")
    candidates = people.find(typed=typed, limit=8) if typed else []
    chosen = [one for one in candidates if str(one.person.id) == picked] or candidates
    if len(chosen) == 1 and request.method == "GET":
        return redirect("desk:together_order", number=number, person=chosen[0].person.id)
    campaign, at = purchase.campaign, request.visit.act(Door.DESK).at
    seen = bought.standing(purchase=purchase)
    listed = paged(request, pledged.pledges_kept(campaign=campaign.id))
    wishes = pledged.wishes_of(pledges=[one.id for one in listed])
    reached = seen.progress.measured(campaign.measure)
    context = {
        "purchase": purchase,
        "campaign": campaign,
        "lines": [_line(one) for one in seen.lines],
        "progress": seen.progress,
        "reached": reached,
        "reached_words": amount(campaign.measure, reached),
        "threshold_words": amount(campaign.measure, campaign.threshold),
        "page": listed,
        "rows": [(one, _wants(seen, wishes[one.pledge.id])) for one in bought.pledged(pledges=listed)],
        "taking": campaign.state in TAKING,
        "takes": campaign.state in TAKING and campaign.opens_at <= at < campaign.closes_at,
        "over": campaign.state in TAKING and at >= campaign.closes_at,
        "typed": typed,
        "candidates": candidates,
        "reason_form": came_back(request, ReasonForm) or ReasonForm(),
        "exports": offer(request, "together_one", numero=number),
    }
    return page(request, "together_one", section="together", context=context)


one = read(buyers)(one_page)


def _line(line: bought.Line) -> dict[str, object]:
    article = line.article
    tiers = [(tier_words(article.measure, tier), tier == line.now) for tier in article.good().tiers]
    return {"line": line, "article": article, "words": standing_words(line), "tiers": tiers}


def _wants(seen: bought.Standing, wishes: Mapping[UUID, Wish[UUID]]) -> list[tuple[Article, Wish[UUID]]]:
    """Article and wish, in the order of the page."""
    rows = ((line.article, wishes.get(line.article.lot_id)) for line in seen.lines)
    return [(article, wish) for article, wish in rows if wish]


@write(organisers, again=one_page)
def open_(request: Inside, number: int) -> HttpResponse:
    campaigns.open_campaign(act=request.visit.act(Door.DESK), campaign=found(bought.purchase(number=number)).campaign)
    messages.success(request, _("Ouvert : les inscriptions sont prises."))
    return redirect("desk:together_one", number=number)


@write(organisers, again=one_page)
def call_off(request: Inside, number: int) -> HttpResponse:
    """Nothing comes of it; what was set aside for it is free again."""
    form = request.form = ReasonForm(request.POST)
    checked(form)
    campaign = found(bought.purchase(number=number)).campaign
    campaigns.call_off(act=request.visit.act(Door.DESK), campaign=campaign, reason=form.cleaned_data["reason"])
    messages.success(request, _("Abandonné. Personne ne doit rien."))
    return redirect("desk:together_one", number=number)
