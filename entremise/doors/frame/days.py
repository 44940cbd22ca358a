"""The days of the week and public holidays by their names."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# From Monday on.
WEEKDAYS = (_("Lundi"), _("Mardi"), _("Mercredi"), _("Jeudi"), _("Vendredi"), _("Samedi"), _("Dimanche"))
HOLIDAYS: Final[Mapping[str, str | Promise]] = {
    "new_year": _("jour de l’An"),
    "easter_monday": _("lundi de Pâques"),
    "labour_day": _("fête du Travail"),
    "victory_day": _("8 mai"),
    "ascension": _("Ascension"),
    "whit_monday": _("lundi de Pentecôte"),
    "bastille_day": _("14 juillet"),
    "assumption": _("Assomption"),
    "all_saints": _("Toussaint"),
    "armistice": _("11 novembre"),
    "christmas": _("Noël"),
}
