"""Why a debit came back, in words that a person understands. The codes are those of ISO 20022."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: Final[Mapping[str, str | Promise]] = {
    "AC01": _("ce numéro de compte n’existe pas"),
    "AC04": _("le compte est fermé"),
    "AC06": _("le compte est bloqué"),
    "AC13": _("ce compte n’accepte pas ce genre de prélèvement"),
    "AG01": _("ce compte n’accepte pas les prélèvements"),
    "AG02": _("la banque n’a pas compris cette opération"),
    "AM04": _("pas assez d’argent sur le compte"),
    "AM05": _("la banque a cru le recevoir deux fois"),
    "BE05": _("la banque ne connaît pas notre identifiant créancier"),
    "CNOR": _("notre banque n’est pas connue de la leur"),
    "DNOR": _("leur banque n’est pas connue de la nôtre"),
    "DT01": _("le jour demandé n’était pas possible"),
    "FF01": _("le fichier n’est pas comme la banque le veut"),
    "MD01": _("pas de mandat, dit la banque"),
    "MD02": _("le mandat est incomplet"),
    "MD06": _("la personne a demandé à être remboursée"),
    "MD07": _("la personne est décédée"),
    "MS02": _("la personne a refusé"),
    "MS03": _("la banque ne dit pas pourquoi"),
    "RC01": _("la banque du compte n’est pas la bonne"),
    "RR01": _("la banque a besoin du compte du payeur"),
    "RR02": _("la banque a besoin du nom ou de l’adresse"),
    "RR03": _("la banque a besoin de notre nom ou adresse"),
    "RR04": _("une règle de leur banque"),
    "SL01": _("la personne a bloqué les prélèvements"),
    "by_hand": _("mis de côté par une personne du bureau"),
    "no_mandate": _("plus de mandat"),
    "paid": _("payée entre-temps"),
    "plan_changed": _("le calendrier a changé"),
    "replaced": _("remplacé par un autre"),
    "": _("sans raison donnée"),
}

# Why kept means were not charged; other words are the provider's own.
CHARGES: Final[Mapping[str, str | Promise]] = {
    "authentication_required": _("sa banque veut qu’elle confirme elle-même"),
    "insufficient_funds": _("pas assez d’argent sur le compte"),
    "expired_card": _("la carte n’est plus valable"),
    "means_gone": _("la carte ou le compte n’est plus chez le prestataire, ou plus valable"),
    "no_answer": _("le prestataire n’a pas répondu"),
    "": _("sans raison donnée"),
}
