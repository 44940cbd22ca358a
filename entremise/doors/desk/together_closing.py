"""How a group purchase ends: every household's result is shown, then exactly that is done."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entremise.buying import operations as buying
from entremise.buying import queries as bought
from entremise.buying.models import Article, Purchase
from entremise.buying.queries import Preview
from entremise.buying.rules.closing import Outcome, Part
from entremise.campaigns import operations as campaigns
from entremise.campaigns.models import Pledge
from entremise.doors.desk.forms_orders import CloseForm
from entremise.doors.desk.lists import offer
from entremise.doors.desk.nav import PER_PAGE, came_back, found, fragment, organisers, page
from entremise.doors.desk.words_together import amount, of_tier
from entremise.doors.frame.templatetags.entremise import money
from entremise.doors.frame.visit import Inside
from entremise.doors.frame.ways import checked, on, read, write
from entremise.kernel.act import Door
from entremise.kernel.refused import Refused


def closing_page(request: Inside, number: int) -> HttpResponse:
    """Computed whole, shown a page of households at a time."""
    purchase = found(bought.purchase(number=number))
    if purchase.state == "closing" and purchase.campaign.state == "tipped":
        return page(request, "together_running", section="together", context=_progress(purchase))
    if purchase.closed_at or purchase.seen:  # Closed, or called off meanwhile.
        return redirect("desk:together_one", number=number)
    campaign, seen = purchase.campaign, bought.preview(purchase=purchase)
    articles = {one.lot_id: one for one in bought.articles_of(purchase=purchase.id)}
    listed = Paginator(seen.pledges, PER_PAGE).get_page(request.GET.get("page"))
    parts = seen.parts
    context = {
        "purchase": purchase,
        "campaign": campaign,
        "seen": seen,
        "outcomes": [_outcome(articles[one.lot], one) for one in seen.closing.outcomes],
        "page": listed,
        "rows": [_household(one, parts.get(one.id, ()), articles) for one in listed],
        "nothing": sum(not any(part.units for part in parts.get(one.id, ())) for one in seen.pledges),
        "measured": amount(campaign.measure, seen.measured),
        "threshold": amount(campaign.measure, campaign.threshold),
        "changed": _changed(came_back(request, CloseForm), seen),
        "exports": offer(request, "together_closing", numero=number),
    }
    return page(request, "together_closing", section="together", context=context)


@write(organisers, again=closing_page)
def close(request: Inside, number: int) -> HttpResponse:
    """What was seen comes true, or nothing does."""
    form = request.form = CloseForm(request.POST)
    checked(form)
    purchase = found(bought.purchase(number=number))
    act = request.visit.act(Door.DESK)
    closed = buying.close_purchase(act=act, purchase=purchase, seen=form.cleaned_data["seen"])
    if closed.closed_at:
        messages.success(request, _("Clôturé : le prix est fixé, et ce que chaque foyer reçoit."))
        return redirect("desk:together_one", number=number)
    return redirect("desk:together_closing", number=number)


closing = on(get=read(organisers)(closing_page), post=close)


@read(organisers)
def progress(request: Inside, number: int) -> HttpResponse:
    """The moving part of its page while what each household receives is written down."""
    return fragment(request, "together_progress", _progress(found(bought.purchase(number=number))))


def _progress(purchase: Purchase) -> dict[str, object]:
    return {
        "purchase": purchase,
        "campaign": purchase.campaign,
        "written": bought.written(purchase=purchase),
        "running": purchase.state == "closing" and purchase.campaign.state == "tipped",
    }


@write(organisers, again=closing_page)
def fail(request: Inside, number: int) -> HttpResponse:
    """Too few: nobody pays, and everybody is free again."""
    purchase = found(bought.purchase(number=number))
    if bought.preview(purchase=purchase).enough:
        raise Refused("not_now", {"thing": "purchase", "state": purchase.campaign.state, "verb": "fail"})
    campaigns.fail(act=request.visit.act(Door.DESK), campaign=purchase.campaign)
    messages.success(request, _("Le seuil n’est pas atteint : rien ne part, et personne ne paie."))
    return redirect("desk:together_one", number=number)


def _household(
    pledge: Pledge, parts: Sequence[Part[UUID, UUID]], articles: Mapping[UUID, Article]
) -> dict[str, object]:
    """Their name, what they receive of each article, and what it comes to."""
    return {
        "pledge": pledge,
        "parts": [(articles[part.lot], part) for part in parts],
        "amount": sum(part.amount for part in parts),
    }


def _outcome(article: Article, outcome: Outcome[UUID]) -> dict[str, object]:
    """Why this price and so many boxes, in words."""
    if outcome.tier is None:
        first = min((at_least for at_least, _price in article.tiers), default=0)
        why = _("Le premier palier n’est pas atteint : il faut %(much)s.")
        return {"article": article, "outcome": outcome, "why": why % {"much": of_tier(article.measure, first)}}
    told = {"price": money(outcome.tier.price), "much": of_tier(article.measure, outcome.tier.at_least)}
    why = _("%(price)s l’unité : ce prix demande %(much)s, sans ceux qui le trouvent trop cher.") % told
    left = ""
    if outcome.short:
        left = ngettext(
            "%(count)s unité demandée n’entre dans aucun carton plein.",
            "%(count)s unités demandées n’entrent dans aucun carton plein.",
            outcome.short,
        ) % {"count": outcome.short}
    return {"article": article, "outcome": outcome, "why": why, "left": left}


def _changed(form: CloseForm | None, seen: Preview) -> str:
    """What somebody saw beside what there is now, when it is not the same any more."""
    if form is None or not form.is_valid() or form.cleaned_data["seen"] == seen.digest:
        return ""
    given, closing = form.cleaned_data, seen.closing
    return _("Vous aviez vu %(before)s, %(was)s en tout. C’est maintenant %(now)s, %(total)s en tout.") % {
        "before": amount("pledges", given["households"]),
        "was": money(given["total"]),
        "now": amount("pledges", closing.households),
        "total": money(closing.money),
    }
