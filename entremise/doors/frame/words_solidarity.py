"""What is said of funds and helps, at the desk and at home."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from entremise.doors.frame.templatetags.entremise import money

Words = str | Promise
Badge = tuple[Words, str, str]

PURPOSES: Final[Mapping[str, Words]] = {
    "home_help": _("de l’aide à la maison"),
    "transport": _("se déplacer"),
    "tools": _("un outil ou un équipement"),
    "childcare": _("faire garder un enfant"),
    "food": _("se nourrir"),
    "other": _("autre chose"),
}
GIFTS: Final[Mapping[str, Words]] = {
    "topup": _("don"),
    "suspended": _("heure offerte"),
    "grant": _("subvention"),
    "commission": _("part des commissions"),
    "surplus": _("trop-payé laissé"),
}
HOW: Final[Mapping[str, Words]] = {
    "cash": _("en espèces"),
    "cheque": _("par chèque"),
    "transfer": _("par virement"),
    "card": _("par carte"),
    "share": _("dans les comptes"),
    "invoice": _("sur une facture"),
}
ORIGINS: Final[Mapping[str, Words]] = {
    "public": _("De personnes : dons, arrondis, heures offertes"),
    "grant": _("D’une subvention publique"),
    "body": _("D’une fondation ou d’une autre association"),
}
SEATS: Final[Mapping[str, Words]] = {
    "beneficiary": _("personne aidée"),
    "client": _("cliente ou client"),
    "worker": _("salariée ou salarié"),
    "organisation": _("association"),
    "funder": _("financeur"),
}
ANSWERS: Final[Mapping[str, Words]] = {"for": _("oui"), "against": _("non"), "abstain": _("sans avis")}
RULES: Final[Mapping[str, Badge]] = {
    "proposed": (_("À voter"), "info", "sablier"),
    "adopted": (_("Adoptées"), "ok", "coche"),
    "rejected": (_("Rejetées"), "", "croix"),
}
AWARDS: Final[Mapping[str, Badge]] = {
    "asked": (_("À décider"), "info", "sablier"),
    "withdrawn": (_("Retirée"), "", "croix"),
    "granted": (_("Accordée"), "ok", "coche"),
    "refused": (_("Refusée"), "", "croix"),
    "appealed": (_("À revoir"), "info", "sablier"),
    "upheld": (_("Refusée après recours"), "", "croix"),
    "paid": (_("Versée"), "ok", "coche"),
    "released": (_("Terminée"), "", "coche"),
}
PLACES: Final[Mapping[str, Badge]] = {
    "waiting": (_("Attend son tour"), "info", "sablier"),
    "held": (_("A son prix"), "ok", "coche"),
    "left": (_("Rendue"), "", "croix"),
    "over": (_("Terminée"), "", "coche"),
}
DECIDED: Final[Mapping[str, Words]] = {
    "vote": _("par un vote"),
    "delegate": _("par une personne déléguée"),
    "emergency": _("tout de suite, à l’accueil"),
    "place": _("avec son prix"),
    "item": _("une heure offerte"),
}


def taken_off(percent: int, hourly: int) -> str:
    """What a price of one's own takes off."""
    if percent:
        return gettext("%(percent)s %% de moins") % {"percent": percent}
    return gettext("%(amount)s de moins par heure") % {"amount": money(hourly)}
