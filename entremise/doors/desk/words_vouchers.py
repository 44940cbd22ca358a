"""Words about prepaid vouchers."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entremise.doors.desk.words import Badge

ISSUERS: Final[Mapping[str, str | Promise]] = {
    "domiserve": "Domiserve",
    "edenred": "Edenred",
    "pluxee": "Pluxee",
    "up": "Up",
    "bimpli": "Bimpli",
    "other": _("Autre émetteur"),
}
FORMS: Final[Mapping[str, str | Promise]] = {
    "paper": _("Chèques en papier"),
    "lot": _("Paiement sur le site de l’émetteur"),
}
STATES: Final[Mapping[str, Badge]] = {
    "held": (_("à envoyer"), "alerte", "sablier"),
    "returned": (_("repris"), "", "refaire"),
    "claimed": (_("envoyé"), "info", "sablier"),
    "refused": (_("refusé par le centre"), "alerte", "alerte"),
    "paid": (_("remboursé"), "ok", "coche"),
    "lost": (_("jamais envoyé, passé en perte"), "", "alerte"),
}
BATCHES: Final[Mapping[str, Badge]] = {
    "sent": (_("à rembourser"), "info", "sablier"),
    "paid": (_("remboursé"), "ok", "coche"),
}
