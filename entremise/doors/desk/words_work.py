"""Those who work, as the desk says it: how they get there, on whose account; and what came of a task."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

BLOCKS: Final[Mapping[str, Words]] = {
    "registration_missing": _("Entreprise pas encore vérifiée au registre : notez ce papier sur sa fiche."),
    "registration_old": _("Entreprise vérifiée au registre le %(on)s : à regarder de nouveau."),
    "insurance_missing": _("Pas d’assurance professionnelle notée."),
    "insurance_expired": _("Assurance professionnelle terminée le %(on)s."),
}
BLOCKED_COUNT: Final[Mapping[str, Words]] = {
    "registration_missing": _("entreprise à vérifier"),
    "registration_old": _("entreprise à revérifier"),
    "insurance_missing": _("sans assurance"),
    "insurance_expired": _("assurance terminée"),
}
TRADES: Final[Mapping[str, Words]] = {
    "craft": _("Artisanat ou commerce : jardin, ménage, réparations"),
    "liberal": _("Autre service : cours, informatique, papiers"),
}
VAT: Final[Mapping[str, Words]] = {
    "franchise": _("Sans TVA (franchise, article 293 B)"),
    "standard": _("Avec TVA au taux normal"),
    "intermediate": _("Avec TVA au taux intermédiaire"),
}
TRAVEL_MODES: Final[Mapping[str, Words]] = {
    "walk": _("À pied"),
    "bike": _("À vélo"),
    "bus": _("En bus"),
    "car": _("En voiture"),
}
# What closed a task by itself; anything else is what somebody wrote.
OUTCOMES: Final[Mapping[str, Words]] = {
    "done": "",
    "filled": _("demande pourvue"),
    "cancelled": _("annulé"),
    "unmet": _("demande sans solution"),
    "signed": _("contrat signé"),
    "opened": _("annonce ouverte"),
    "ended": _("annonce retirée"),
    "spoken": _("appelé"),
    "settled": _("jour convenu"),
}
QUOTES: Final[Mapping[str, tuple[Words, str, str]]] = {
    "sent": (_("Réponse du client attendue"), "info", "sablier"),
    "accepted": (_("Accepté"), "ok", "coche"),
    "declined": (_("Refusé"), "", "croix"),
    "replaced": (_("Remplacé"), "", "info"),
    "lapsed": (_("Plus valable"), "", "croix"),
}
