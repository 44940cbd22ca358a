"""Words about bodies that pay for others."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: Final[Mapping[str, str | Promise]] = {
    "ccas": _("CCAS d’une commune"),
    "department": _("Département (APA)"),
    "employer": _("Employeur"),
    "sponsor": _("Offre des heures"),
    "mutual": _("Mutuelle"),
    "other": _("Autre organisme"),
}
SHARES: Final[Mapping[str, str | Promise]] = {
    "percent": _("% de la facture"),
    "per_hour": _("€ par heure"),
    "per_month": _("€ par mois"),
}
SPANS: Final[Mapping[str, str | Promise]] = {
    "month": _("par mois"),
    "all": _("en tout"),
}
