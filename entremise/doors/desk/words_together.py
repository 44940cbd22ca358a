"""What group purchases are called at the desk, and how they stand in a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from entremise.buying.queries import Line
from entremise.buying.rules.tiers import Tier
from entremise.campaigns.rules import Wish
from entremise.doors.desk.words import Badge, Words
from entremise.doors.frame.templatetags.entremise import grouped, money, spoken_date

CAMPAIGNS: Final[Mapping[str, Badge]] = {
    "draft": (_("à ouvrir"), "", "crayon"),
    "open": (_("inscriptions ouvertes"), "ok", "coche"),
    "filling": (_("complément des cartons"), "info", "panier"),
    "closing": (_("à clôturer"), "attente", "sablier"),
    "tipped": (_("commande décidée"), "ok", "coche"),
    "committed": (_("commandé"), "ok", "coche"),
    "failed": (_("seuil pas atteint"), "", "croix"),
    "called_off": (_("abandonné"), "", "croix"),
    "finished": (_("terminé"), "ok", "coche"),
}
PLEDGES: Final[Mapping[str, Badge]] = {
    "pledged": (_("inscrit"), "info", "coche"),
    "withdrawn": (_("annulé"), "", "refaire"),
    "released": (_("libéré"), "", "refaire"),
    "confirmed": (_("à payer"), "attente", "sablier"),
    "charged": (_("payé"), "ok", "coche"),
    "dropped": (_("pas payé à temps"), "", "croix"),
}
# The tabs of the list: what each shows.
SEEN: Final[Mapping[str, tuple[Words, tuple[str, ...]]]] = {
    "en-cours": (_("En cours"), ("draft", "open", "filling", "closing", "tipped", "committed")),
    "a-cloturer": (_("À clôturer"), ("closing",)),
    "finis": (_("Finis"), ("finished", "failed", "called_off")),
    "tous": (_("Tous"), tuple(CAMPAIGNS)),
}
MEANS: Final[Mapping[str, Words]] = {
    "later": _("paie quand c’est demandé"),
    "account": _("mis de côté sur son compte"),
    "kept": _("carte ou compte gardé"),
}
ROLES: Final[Mapping[str, Words]] = {
    "own_sale": _("Nous les achetons et les revendons"),
    "agent": _("Le fournisseur les vend, nous rassemblons les commandes"),
}
PAYS: Final[Mapping[str, Words]] = {
    "before": _("Avant que la commande parte"),
    "handover": _("À la remise"),
}
MEASURES: Final[Mapping[str, Words]] = {
    "pledges": _("foyers"),
    "units": _("unités en tout"),
    "money": _("euros en tout"),
}
TIER_MEASURES: Final[Mapping[str, Words]] = {"boxes": _("cartons"), "households": _("foyers")}
STRATEGIES: Final[Mapping[str, Words]] = {
    "queue": _("Le premier inscrit est servi le premier"),
    "fair": _("Un à chacun, puis un deuxième à chacun"),
}
WRONG_TIME: Final[Mapping[int, Words]] = {
    0: _("Cette heure n’existe pas ce jour-là : on passe à l’heure d’été. Choisissez une heure plus tard."),
    2: _("Cette heure vient deux fois ce jour-là : on passe à l’heure d’hiver. Choisissez-en une autre."),
}


def amount(measure: str, value: int) -> str:
    """So much of what counts towards a threshold: « 20 foyers », « 40 unités », « 800,00 € »."""
    if measure == "money":
        return money(value)
    if measure == "units":
        return ngettext("%(count)s unité", "%(count)s unités", value) % {"count": grouped(value)}
    return ngettext("%(count)s foyer", "%(count)s foyers", value) % {"count": grouped(value)}


def of_tier(measure: str, value: int) -> str:
    """So many of what a tier counts: « 13 foyers », « 2 cartons »."""
    if measure == "boxes":
        return ngettext("%(count)s carton", "%(count)s cartons", value) % {"count": grouped(value)}
    return amount("pledges", value)


def tier_words(measure: str, tier: Tier) -> str:
    return _now("%(price)s à partir de %(much)s") % {
        "price": money(tier.price),
        "much": of_tier(measure, tier.at_least),
    }


def standing_words(line: Line) -> list[str]:
    """How one article stands: the price that is reached, what is missing for the next, and for the box."""
    measure, said = line.article.measure, []
    if line.now:
        said.append(_now("Prix atteint : %(price)s.") % {"price": money(line.now.price)})
    else:
        said.append(_now("Pas encore de prix atteint."))
    if line.ahead:
        told = {"much": of_tier(measure, line.ahead.missing), "price": money(line.ahead.tier.price)}
        said.append(_now("Encore %(much)s pour payer %(price)s.") % told)
    if line.missing:
        words = ngettext(
            "Il manque %(count)s unité pour remplir le carton commencé.",
            "Il manque %(count)s unités pour remplir le carton commencé.",
            line.missing,
        )
        said.append(words % {"count": line.missing})
    return said


@dataclass(frozen=True)
class Wanted:
    """A wish for one article, as it is said."""

    title: str
    unit: str
    wish: Wish[UUID]

    @property
    def said(self) -> str:
        told = {
            "quantity": self.wish.quantity,
            "unit": self.unit,
            "title": self.title,
            "most": self.wish.tolerance,
            "price": money(self.wish.ceiling),
        }
        if self.wish.tolerance:
            text = _now("%(title)s : %(quantity)s × %(unit)s, et jusqu’à %(most)s de plus, à %(price)s au plus")
            return text % told
        return _now("%(title)s : %(quantity)s × %(unit)s, à %(price)s au plus") % told


def to_read_aloud(wanted: Sequence[Wanted], at_most: int, closes_at: datetime) -> str:
    """What somebody hears before they say yes."""
    told = {
        "wanted": " ; ".join(one.said for one in wanted),
        "at_most": money(at_most),
        "until": spoken_date(closes_at),
    }
    return (
        _now(
            "Je note %(wanted)s. Vous paierez au plus %(at_most)s. Rien n’est pris aujourd’hui. "
            "Vous pouvez changer ou annuler jusqu’au %(until)s. C’est bien ça ?"
        )
        % told
    )
