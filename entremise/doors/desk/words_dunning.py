"""Words about reminders: their tones, why none leaves, why somebody said stop."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TONES: Final[Mapping[str, str | Promise]] = {
    "friendly": _("petit rappel"),
    "plain": _("deuxième rappel"),
    "firm": _("troisième rappel, à relire"),
}
HELD: Final[Mapping[str, str | Promise]] = {
    "paused": _("en pause"),
    "debit": _("prélèvement en route"),
    "card": _("paiement par carte en cours"),
    "plan": _("en plusieurs fois"),
    "mandate": _("sera prélevée"),
    "small": _("trop peu pour relancer"),
    "by_hand": _("à la main seulement"),
}
PLANS: Final[Mapping[str, str | Promise]] = {
    "running": _("en cours"),
    "replaced": _("remplacé"),
    "cancelled": _("arrêté"),
    "paid": _("tout payé"),
}
WHY: Final[Mapping[str, str | Promise]] = {
    "call": _("On s’est parlé"),
    "hard_month": _("Le mois est difficile"),
    "contested": _("La facture est contestée"),
    "other": _("Autre raison"),
}
