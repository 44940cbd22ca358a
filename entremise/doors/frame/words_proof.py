"""A sentence for everything that a proof of the books may find, for the terminal and for the desk."""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entremise.doors.frame.templatetags.entremise import hours, money
from entremise.ledger.rules import Problem

PROBLEMS: Final[Mapping[str, Promise]] = {
    "wall_down": _("La table %(about)s n’est plus protégée contre les changements. Lancez « entremise migrate »."),
    "unbalanced": _("Les comptes en %(about)s ne s’équilibrent plus : il y a %(found)s de trop."),
    "bounded_differs": _("Le solde gardé de « %(about)s » est %(found)s, ses écritures donnent %(expected)s."),
    "bound_passed": _("Le compte « %(about)s » est à %(found)s, au-delà de sa limite de %(expected)s."),
    "fold_differs": _("Le cumul du compte « %(about)s » est %(found)s, ses écritures donnent %(expected)s."),
    "seal_broken": _("Le scellé du %(about)s n’est plus celui qui avait été posé."),
    "transfer_changed": _("L’écriture %(about)s a été changée après coup."),
    "transfer_gone": _("L’écriture %(about)s a disparu d’un jour scellé."),
    "transfer_added": _("L’écriture %(about)s a été glissée dans un jour déjà scellé."),
    "history_broken": _("L’historique a été changé au rang %(found)s (fait %(about)s)."),
}
AMOUNTS: Final[Mapping[str, Callable[[int], str]]] = {"EUR": money, "HOUR": hours}  # By asset, from minor units.


def problem(found: Problem) -> str:
    """One problem in the active language."""
    said = AMOUNTS.get(found.asset, str)
    sums = {"found": said(found.found), "expected": said(found.expected)}
    return str(PROBLEMS[found.code]) % {"about": found.about, **sums}
