"""Why somebody cannot go to a job, as it is said to them: what stands against it, and that a call may help."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entremise.jobs.rules.limits import Block

_SAID: Final[Mapping[str, str | Promise]] = {
    "outside_territory": _("Ce lieu est trop loin : nous n’avons pas le droit d’y envoyer quelqu’un."),
    "place_unknown": _("Nous ne savons pas encore où est ce travail."),
    "dangerous_work": _("Ce travail est trop dangereux : nous ne le proposons pas."),
    "recent_dismissal": _("Cette entreprise doit attendre avant de prendre quelqu’un."),
    "pass_missing": _("Il vous faut un PASS IAE. Nous le demandons avec vous."),
    "pass_suspended": _("Votre PASS IAE est suspendu ce jour-là."),
    "pass_expired": _("Votre PASS IAE est terminé ce jour-là. Nous regardons la suite avec vous."),
    "right_to_work_expired": _("Votre autorisation de travail est terminée ce jour-là. Montrez-nous la nouvelle."),
    "already_begun": _("Cette mission a déjà commencé."),
    "overlap": _("Vous avez déjà une mission à ce moment-là."),
    "daily_rest": _("Il faut du repos entre deux journées de travail, et il n’y en a pas assez."),
    "weekly_rest": _("Il faut un jour de repos dans la semaine, et il n’y en a plus."),
    "daily_work": _("Votre journée serait trop longue : la loi met une limite."),
    "weekly_work": _("Votre semaine serait trop longue : la loi met une limite."),
    "not_a_worker": _("Vous n’êtes pas encore inscrit pour travailler. Venez nous voir."),
}


def said(block: Block) -> str | Promise:
    """In plain words; what is not listed is a matter for a conversation."""
    return _SAID.get(block.code, _("Une règle s’y oppose ce jour-là."))
