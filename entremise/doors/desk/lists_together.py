"""Group purchases to take away: all of them, the orders in one, what each would receive, or wants each time."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from entremise.buying import queries as buying
from entremise.buying.models import Article, Purchase, StandingLine
from entremise.buying.rules.closing import Part
from entremise.campaigns import queries as campaigns
from entremise.campaigns.models import Pledge
from entremise.campaigns.rules import Wish
from entremise.doors.desk.nav import buyers, organisers
from entremise.doors.desk.words_together import CAMPAIGNS, MEANS, PLEDGES, SEEN, amount
from entremise.doors.frame.lists import Asked, Column, Listed, in_chunks

FIRST = "en-cours"


def tab(asked: str) -> str:
    return asked if asked in SEEN else FIRST


PURCHASES = Listed[buying.Row](
    name="together",
    title=_("Achats groupés"),
    guard=buyers,
    filters=("quoi",),
    rows=lambda asked: buying.rows(
        purchases=buying.listed(states=SEEN[tab(asked.filters.get("quoi", ""))][1]),
    ),
    columns=(
        Column(_("Numéro"), lambda one: one.purchase.campaign.number, "number"),
        Column(_("Achat"), lambda one: one.purchase.campaign.title),
        Column(_("État"), lambda one: CAMPAIGNS[one.purchase.campaign.state][0]),
        Column(_("Finit le"), lambda one: one.purchase.campaign.closes_at, "moment"),
        Column(_("Foyers"), lambda one: one.progress.pledges, "number"),
        Column(_("Unités"), lambda one: one.progress.units, "number"),
        Column(_("Au plus (€)"), lambda one: one.progress.money, "euros"),
        Column(_("Seuil"), lambda one: amount(one.purchase.campaign.measure, one.purchase.campaign.threshold)),
    ),
)


@dataclass(frozen=True)
class Ordered:
    """One line of somebody's order."""

    pledge: Pledge
    article: Article
    wish: Wish[UUID]


def _ordered(asked: Asked) -> Iterator[Ordered]:
    purchase = _of(asked)
    if purchase is None:
        return
    articles = buying.articles_of(purchase=purchase.id)
    for chunk in in_chunks(campaigns.pledges_kept(campaign=purchase.campaign_id)):
        wishes = campaigns.wishes_of(pledges=[one.id for one in chunk])
        for pledge in chunk:
            for one in articles:
                wish = wishes[pledge.id].get(one.lot_id)
                if wish and wish.quantity:
                    yield Ordered(pledge, one, wish)


ORDERS = Listed[Ordered](
    name="together_one",
    title=_("Commandes d’un achat groupé"),
    guard=buyers,
    filters=("numero",),
    home="together",
    rows=_ordered,
    columns=(
        Column(_("Personne"), lambda one: one.pledge.person.full_name),
        Column(_("Article"), lambda one: one.article.lot.title),
        Column(_("Unité"), lambda one: one.article.unit),
        Column(_("Combien"), lambda one: one.wish.quantity, "number"),
        Column(_("En plus"), lambda one: one.wish.tolerance, "number"),
        Column(_("Au plus l’un (€)"), lambda one: one.wish.ceiling, "euros"),
        Column(_("Paiement"), lambda one: MEANS[one.pledge.means]),
        Column(_("État"), lambda one: PLEDGES[one.pledge.state][0]),
        Column(_("Depuis"), lambda one: one.pledge.made_at, "moment"),
    ),
)


@dataclass(frozen=True)
class Result:
    """What one household would receive of one article."""

    pledge: Pledge
    article: Article
    part: Part[UUID, UUID]


def _results(asked: Asked) -> Iterator[Result]:
    purchase = _of(asked)
    if purchase is None:
        return
    found = buying.preview(purchase=purchase)
    articles = {one.lot_id: one for one in buying.articles_of(purchase=purchase.id)}
    pledges = {one.id: one for one in found.pledges}
    for part in found.closing.parts:
        yield Result(pledges[part.pledge], articles[part.lot], part)


RESULTS = Listed[Result](
    name="together_closing",
    title=_("Répartition d’un achat groupé"),
    guard=organisers,
    filters=("numero",),
    home="together",
    rows=_results,
    columns=(
        Column(_("Personne"), lambda one: one.pledge.person.full_name),
        Column(_("Article"), lambda one: one.article.lot.title),
        Column(_("Unité"), lambda one: one.article.unit),
        Column(_("Reçoit"), lambda one: one.part.units, "number"),
        Column(_("Prix (€)"), lambda one: one.part.price, "euros"),
        Column(_("Somme (€)"), lambda one: one.part.amount, "euros"),
        Column(_("Trop cher pour eux"), lambda one: _("oui") if one.part.too_dear else ""),
    ),
)


def _each_time(asked: Asked) -> Iterator[StandingLine]:
    purchase = _of(asked)
    if purchase is None or purchase.series_id is None:
        return
    for one in buying.standing_in(series=purchase.series_id):
        for line in one.lines.all():
            if line.quantity:
                line.standing = one  # As it was read, with its people.
                yield line


EACH_TIME = Listed[StandingLine](
    name="together_series",
    title=_("La même chose à chaque fois"),
    guard=buyers,
    filters=("numero",),
    home="together",
    rows=_each_time,
    columns=(
        Column(_("Personne"), lambda one: one.standing.person.full_name),
        Column(_("En alternance avec"), lambda one: one.standing.partner.full_name if one.standing.partner else ""),
        Column(_("Article"), lambda one: one.title),
        Column(_("Unité"), lambda one: one.unit),
        Column(_("Combien"), lambda one: one.quantity, "number"),
        Column(_("En plus"), lambda one: one.tolerance, "number"),
        Column(_("Au plus l’un (€)"), lambda one: one.ceiling, "euros"),
        Column(_("Paiement"), lambda one: MEANS[one.standing.means]),
        Column(_("En pause"), lambda one: _("oui") if one.standing.state == "paused" else ""),
    ),
)


def _of(asked: Asked) -> Purchase | None:
    typed = asked.filters.get("numero", "")
    return buying.purchase(number=int(typed)) if typed.isdecimal() and typed.isascii() and len(typed) < 10 else None
