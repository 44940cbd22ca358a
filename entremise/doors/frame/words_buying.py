"""What is said of group purchases: how far they are, what a price is made of, what becomes of an order."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from entremise.buying.models import Article, Purchase
from entremise.buying.queries import Line, Order, Standing
from entremise.buying.rules.tiers import Tier
from entremise.campaigns.rules import ENDED, TAKING
from entremise.doors.frame.templatetags.entremise import Part, grouped, money

Words = str | Promise
Badge = tuple[Words, str, str]

ORDERS: Final[Mapping[str, Badge]] = {
    "noted": (_("Notée"), "info", "coche"),
    "counting": (_("On fixe le prix"), "info", "sablier"),
    "leaving": (_("La commande part"), "ok", "coche"),
    "ready": (_("Prête"), "ok", "panier"),
    "collected": (_("Récupérée"), "ok", "coche"),
    "left": (_("Pas récupérée"), "alerte", "alerte"),
    "void": (_("Rien n’est arrivé pour vous"), "alerte", "croix"),
    "paid": (_("Payée"), "ok", "coche"),
    "failed": (_("La commande ne part pas"), "", "croix"),
    "called_off": (_("Achat annulé"), "alerte", "croix"),
    "withdrawn": (_("Vous avez annulé"), "", "croix"),
    "dropped": (_("Annulée, faute de paiement"), "alerte", "croix"),
}
MEANS: Final[Mapping[str, Words]] = {
    "account": _("Mis de côté sur votre compte"),
    "kept": _("Avec votre moyen de paiement enregistré"),
}
PAYS: Final[Mapping[str, Words]] = {
    "before": _("À payer avant que la commande parte"),
    "handover": _("À payer à la remise"),
}


def how_paid(order: Order) -> Words:
    return MEANS.get(order.pledge.means) or PAYS[order.purchase.pays]


def state_of(order: Order) -> str:
    """What became of an order, as a key of ORDERS."""
    pledge, campaign = order.pledge, order.pledge.campaign
    if pledge.state in ("withdrawn", "dropped"):
        return str(pledge.state)
    if order.parcel and order.parcel.state != "waiting":
        return str(order.parcel.state)
    if campaign.state in ENDED:
        return str(campaign.state)
    if pledge.state == "released":
        return "failed"
    if pledge.state == "charged":
        return "paid"
    if order.share or pledge.state == "confirmed":
        return "leaving"
    return "noted" if campaign.state in TAKING else "counting"


def counted(measure: str, count: int) -> str:
    """« 47 foyers », « 3 cartons »."""
    if measure == Article.Measure.HOUSEHOLDS:
        return ngettext("%(count)s foyer", "%(count)s foyers", count) % {"count": grouped(count)}
    return ngettext("%(count)s carton", "%(count)s cartons", count) % {"count": grouped(count)}


def threshold(measure: str, count: int) -> str:
    """What a campaign needs or has, in its own measure."""
    if measure == "money":
        return money(count, "short")
    if measure == "units":
        return ngettext("%(count)s unité", "%(count)s unités", count) % {"count": grouped(count)}
    return counted(Article.Measure.HOUSEHOLDS, count)


def price_now(line: Line) -> str:
    """« Aujourd’hui : 5,75 € par sac de 15 kg. »"""
    said = {"price": money(_tiers(line.article)[0].price), "unit": line.article.unit}
    if line.now is None:
        return _now("Premier prix : %(price)s par %(unit)s.") % said
    return _now("Aujourd’hui : %(price)s par %(unit)s.") % {**said, "price": money(line.now.price)}


def still_needed(line: Line) -> list[str]:
    """What is missing for the next price, and for the box that was begun, each in a sentence."""
    said = []
    if line.ahead:
        more = {
            "count": counted(line.article.measure, line.ahead.missing),
            "price": money(line.ahead.tier.price),
        }
        sentence = (
            _now("Encore %(count)s pour payer %(price)s.") if line.now else _now("Encore %(count)s pour y arriver.")
        )
        said.append(sentence % more)
    if line.missing and line.article.size > 1:
        text = ngettext(
            "Encore %(count)s unité pour remplir le carton commencé.",
            "Encore %(count)s unités pour remplir le carton commencé.",
            line.missing,
        )
        said.append(text % {"count": grouped(line.missing)})
    return said


def reaches(purchase: Purchase, standing: Standing) -> str:
    """Whether there are enough of them yet for the order to leave at all."""
    campaign = purchase.campaign
    has = standing.progress.measured(campaign.measure)
    needed = threshold(campaign.measure, campaign.threshold)
    if has >= campaign.threshold:
        return _now("Seuil atteint : il fallait %(needed)s.") % {"needed": needed}
    missing = threshold(campaign.measure, campaign.threshold - has)
    return _now("Encore %(missing)s pour que la commande parte : il en faut %(needed)s.") % {
        "missing": missing,
        "needed": needed,
    }


def ladder(line: Line) -> str:
    """The tiers as they are read aloud."""
    said = []
    for tier in _tiers(line.article):
        step = _now("%(price)s dès %(count)s") % {
            "price": money(tier.price),
            "count": counted(line.article.measure, tier.at_least),
        }
        if line.now and tier.at_least < line.now.at_least:
            step = _now("%(step)s, dépassé") % {"step": step}
        elif line.now and tier.at_least == line.now.at_least:
            step = _now("%(step)s, atteint, prix d’aujourd’hui") % {"step": step}
        said.append(step)
    return _now("Paliers de prix : %(steps)s.") % {"steps": " ; ".join(said)}


def price_parts(article: Article, price: int) -> list[Part]:
    """Where the price of a unit goes, the biggest part first."""
    parts: Sequence[Part] = (
        {"label": _now("au producteur ou au fournisseur"), "amount": price - article.ours - article.carriage},
        {"label": _now("au transport"), "amount": article.carriage},
        {"label": _now("à l’association, pour organiser"), "amount": article.ours},
    )
    return [part for part in parts if part["amount"]]


def _tiers(article: Article) -> Sequence[Tier]:
    return article.good().tiers


def line_of(line: Line) -> dict[str, object]:
    """A line with its marks at equal distances, so that none hides another: `components/threshold.html` draws it."""
    tiers = _tiers(line.article)
    step, has = 100 / len(tiers), _has(line)
    below = [counted(line.article.measure, tier.at_least) for tier in tiers]
    if len(tiers) > 4 or max(map(len, below)) > 10:  # On a telephone there is no room for more.
        below = [grouped(tier.at_least) for tier in tiers]
    marks = [
        {
            "at": f"{step * (place + 1):.1f}",
            "price": money(tier.price),
            "count": below[place],
            "done": line.now is not None and tier.at_least <= line.now.at_least,
        }
        for place, tier in enumerate(tiers)
    ]
    filled, said = _filled([tier.at_least for tier in tiers], has) * 100, counted(line.article.measure, has)
    wide = 0.6 * len(said) + 1.4  # rem: letters of the label are of about one width.
    left = 0.9 if filled < 20 else wide - 0.9 if filled > 80 else wide / 2  # At an edge it leans inwards.
    return {
        "said": ladder(line),
        "marks": marks,
        "filled": f"{filled:.1f}",
        "label": {"x": f"{-left:.1f}rem", "wide": f"{wide:.1f}rem", "middle": f"{wide / 2 - left:.1f}rem"},
        "has": said,
    }


def _has(line: Line) -> int:
    """What there is by now: of the next price what its own buyers make, so that the line and the words agree."""
    if line.ahead:
        return line.ahead.tier.at_least - line.ahead.missing
    if line.article.measure == Article.Measure.HOUSEHOLDS:
        return line.households
    return line.quantity // line.article.size


def _filled(steps: Sequence[int], has: int) -> float:
    """How far along a line whose marks are at equal distances."""
    before = 0
    for place, at_least in enumerate(steps):
        if has < at_least:
            return (place + (has - before) / (at_least - before)) / len(steps)
        before = at_least
    return 1.0
