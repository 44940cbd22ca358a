"""Purchases that come again: their rhythm, those that were, and who wants the same each time."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.buying import operations as buying
from entremise.buying import queries as bought
from entremise.buying.models import Article, Purchase, Standing
from entremise.campaigns import queries as pledged
from entremise.doors.desk.forms_orders import Known, OrderForm
from entremise.doors.desk.forms_series import RhythmForm, TurnForm
from entremise.doors.desk.lists import offer
from entremise.doors.desk.nav import buyers, came_back, found, organisers, page, paged
from entremise.doors.frame.series import SAYS, usual_wishes
from entremise.doors.frame.visit import Inside
from entremise.doors.frame.ways import checked, on, read, write
from entremise.jobs.queries import persons
from entremise.kernel.act import Door
from entremise.kernel.refused import Refused
from entremise.people import queries as people
from entremise.people.models import Person
from entremise.people.rules.may import Verb, may

MOST_SHOWN = 12  # Purchases of a series: about half a year of every second week.


def series_page(request: Inside, number: int) -> HttpResponse:
    """A name that only one person bears leads to what they want each time."""
    purchase = found(bought.purchase(number=number))
    series = purchase.series
    typed, picked = request.GET.get("who", "").strip(), request.GET.get("picked", "")
    candidates = people.find(typed=typed, limit=8) if typed and series else []
    chosen = [one for one in candidates if str(one.person.id) == picked] or candidates
    if len(chosen) == 1 and request.method == "GET":
        return redirect("desk:together_standing", number=number, person=chosen[0].person.id)
    latest = bought.latest_of(series=series.id) if series else None
    listed = paged(request, bought.standing_in(series=series.id)) if series else None
    form = came_back(request, RhythmForm)
    context = {
        "purchase": purchase,
        "campaign": purchase.campaign,
        "series": series,
        "latest": latest,
        "to_open": latest is not None and latest.campaign.state == "draft",
        "purchases": bought.purchases_of(series=series.id, limit=MOST_SHOWN) if series else [],
        "page": listed,
        "form": form or RhythmForm(initial={"weeks": series.weeks if series else 2}),
        "typed": typed,
        "candidates": candidates,
        "exports": offer(request, "together_series", numero=number),
    }
    return page(request, "together_series", section="together", context=context)


series = read(buyers)(series_page)


@write(organisers, again=series_page)
def rhythm(request: Inside, number: int) -> HttpResponse:
    """It comes again, every so many weeks."""
    form = request.form = RhythmForm(request.POST)
    checked(form)
    purchase = found(bought.purchase(number=number))
    buying.repeat(act=request.visit.act(Door.DESK), purchase=purchase, weeks=form.cleaned_data["weeks"])
    messages.success(request, _("C’est noté : cet achat revient."))
    return redirect("desk:together_series", number=number)


# What somebody wants each time


def standing_page(request: Inside, number: int, person: UUID) -> HttpResponse:
    purchase, who = _of(number, person)
    known = _known(purchase, who)
    articles = bought.articles_of(purchase=purchase.id)
    form = came_back(request, OrderForm) or _form(request, None, purchase, who, articles, known)
    context = {
        "purchase": purchase,
        "campaign": purchase.campaign,
        "person": who,
        "known": known,
        "mine": known is not None and known.person_id == who.id,
        "form": form,
        "rows": form.rows(),
        "turn_form": came_back(request, TurnForm) or TurnForm(),
    }
    return page(request, "together_standing", section="together", context=context)


@write(buyers, again=standing_page)
def say(request: Inside, number: int, person: UUID) -> HttpResponse:
    """In place of what they said before; nothing is ordered today."""
    purchase, who = _of(number, person)
    articles = bought.articles_of(purchase=purchase.id)
    form = request.form = _form(request, request.POST, purchase, who, articles, _known(purchase, who))
    checked(form)
    given = form.cleaned_data
    assert purchase.series is not None
    try:
        buying.say_standing(
            act=request.visit.act(Door(given["door"]), on_behalf_of=person),
            series=purchase.series,
            person=who,
            wants=form.wants(),
            means=given["means"],
            budget=given["budget"],
        )
    except Refused as refused:
        raise form.beside(refused) from refused
    messages.success(request, _("C’est noté : la même chose à chaque fois, dès le prochain achat."))
    return redirect("desk:together_standing", number=number, person=person)


standing = on(get=read(buyers)(standing_page), post=say)


@write(buyers, again=standing_page)
def say_else(request: Inside, number: int, person: UUID) -> HttpResponse:
    """Paused, resumed, skipped, ended; whose turn it is."""
    purchase, who = _of(number, person)
    said = SAYS.get(request.POST.get("dit", ""))
    known = found(_known(purchase, who))
    if said is None:
        raise Http404
    does, words = said
    does(request.visit.act(Door.PHONE, on_behalf_of=person), known, who)
    messages.success(request, str(words))
    return redirect("desk:together_standing", number=number, person=person)


@write(buyers, again=standing_page)
def share(request: Inside, number: int, person: UUID) -> HttpResponse:
    """Two households that both said so take turns."""
    purchase, who = _of(number, person)
    form = request.form = TurnForm(request.POST)
    checked(form)
    known = found(_known(purchase, who))
    other = people.get(person=form.cleaned_data["picked"])
    buying.share_standing(act=request.visit.act(Door.PHONE, on_behalf_of=person), standing=known, partner=other)
    messages.success(request, _("Ces deux foyers alternent. Une lettre part à l’autre foyer."))
    return redirect("desk:together_standing", number=number, person=person)


def _of(number: int, person: UUID) -> tuple[Purchase, Person]:
    purchase, who = found(bought.purchase(number=number)), found(persons.person(person=person))
    if purchase.series is None:
        raise Http404
    return purchase, who


def _known(purchase: Purchase, who: Person) -> Standing | None:
    return bought.taking_part(series=purchase.series_id, person=who.id) if purchase.series_id else None


def _form(
    request: Inside, data: Any, purchase: Purchase, who: Person, articles: list[Article], known: Standing | None
) -> OrderForm:
    """As they said it before, or else as they ordered of this one."""
    account = may(request.visit.actor.roles, Verb.ACCOUNTS_USE)
    if known and known.person_id == who.id:
        wishes = usual_wishes(known, articles)
        return OrderForm(data, articles=articles, known=Known(known, wishes), account=account)
    pledge = pledged.pledge_of(campaign=purchase.campaign_id, person=who.id)
    before = Known(pledge, pledged.wishes_of(pledges=[pledge.id])[pledge.id]) if pledge else None
    return OrderForm(data, articles=articles, known=before, account=account)
