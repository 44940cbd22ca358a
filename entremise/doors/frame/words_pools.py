"""What is said of care budgets and shared hours, at the desk and at home."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
Badge = tuple[Words, str, str]

KINDS: Final[Mapping[str, Words]] = {
    "apa": _("APA, aide du département"),
    "own": _("Son propre argent"),
    "direct_payment": _("Aide versée à la personne (direct payment)"),
    "isf": _("Budget tenu pour la personne (ISF)"),
}
CARE: Final[Mapping[str, Words]] = {
    "personal_care": _("toilette et habillage"),
    "meals": _("repas"),
    "housework": _("ménage et linge"),
    "shopping": _("courses"),
    "outings": _("sorties"),
    "company": _("compagnie"),
    "respite": _("relais d’un proche"),
}
OUTCOMES: Final[Mapping[str, Words]] = {
    **CARE,
    "health_care": _("soins médicaux"),
    "rent": _("loyer"),
    "bills": _("factures de la maison"),
    "gambling": _("jeux d’argent"),
    "debts": _("dettes"),
}
BUDGETS: Final[Mapping[str, Badge]] = {
    "active": (_("En cours"), "ok", "coche"),
    "leaving": (_("Départ noté"), "info", "sablier"),
    "left": (_("Parti"), "", "fleche"),
    "ended": (_("Terminé"), "", "coche"),
}
FEES: Final[Mapping[str, Words]] = {
    "hourly": _("Un montant par heure"),
    "percent": _("Un pourcentage du prix de l’aide"),
}
HOW: Final[Mapping[str, Words]] = {
    "cash": _("en espèces"),
    "cheque": _("par chèque"),
    "transfer": _("par virement"),
    "back": _("rendu"),
}
