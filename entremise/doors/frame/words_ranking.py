"""The published rule of suggestions in words (C. conso. L111-7): the desk and everybody read the same."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entremise.jobs.rules import matching

Words = str | Promise

_CRITERIA: Final[Mapping[str, tuple[Words, Words]]] = {
    "not_blocked": (_("Peut y aller"), _("Aucune règle ne s’y oppose : papiers, repos, trajet, durée.")),
    "knows_activity": (_("Sait faire"), _("La personne l’a déjà fait, ou a été formée.")),
    "free_then": (_("Est libre à ce moment"), _("D’après les horaires qu’elle a donnés.")),
    "knows_client": (_("Connaît la maison"), _("Elle y a déjà travaillé.")),
    "hours_still_wanted": (_("Attend encore des heures"), _("Part des heures voulues qui manque cette semaine.")),
    "longest_without": (_("Attend depuis le plus longtemps"), _("En semaines depuis la dernière mission.")),
    "shortest_way": (_("Habite le plus près"), _("En minutes, avec son propre moyen de transport.")),
    "drawn_by_lot": (_("Tirage au sort"), _("Toujours le même pour une demande : recharger la page n’y change rien.")),
}


def criteria() -> list[dict[str, object]]:
    """Each criterion in its order, with its title and why it counts."""
    rows = ((one, *_CRITERIA[one.code]) for one in matching.CRITERIA)
    return [{"criterion": one, "title": title, "why": why} for one, title, why in rows]
