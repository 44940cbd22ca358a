"""The rule of visits that do not take place, and what one costs now, in plain words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entremise.doors.frame.templatetags.entremise import hours, money, rate
from entremise.jobs.queries.calling_off import Calling
from entremise.jobs.rules.calling_off import WRITTEN, Terms

EXCUSES: Final[Mapping[str, str | Promise]] = {
    "hardship": gettext_lazy("Maladie, accident ou décès"),
    "weather": gettext_lazy("Intempérie"),
    "ours": gettext_lazy("Erreur de notre part"),
    "goodwill": gettext_lazy("Autre raison, à écrire"),
}


def rule(terms: Terms) -> list[str]:
    """For whoever asks for help, before they agree."""
    said = {
        "hours": terms.free_hours,
        "minutes": terms.grace_minutes,
        "late": rate(terms.late_share),
        "absent": rate(terms.absent_share),
    }
    return [
        _("Annuler est gratuit jusqu’à %(hours)s heures avant la visite.") % said,
        _("C’est aussi gratuit pendant les %(minutes)s minutes qui suivent la dernière signature.") % said,
        _("Plus tard, %(late)s du prix de la visite est dû, car la personne s’est rendue libre.") % said,
        _("Si personne n’est là à l’arrivée, %(absent)s du prix est dû.") % said,
        _("Rien n’est dû en cas de maladie, d’accident, de décès ou d’intempérie : appelez-nous."),
    ]


def rule_for_worker(terms: Terms) -> list[str]:
    """For whoever works."""
    said = {"hours": terms.free_hours, "paid": rate(terms.paid_share)}
    return [
        _("Si la visite est annulée moins de %(hours)s heures avant, %(paid)s des heures prévues est payé.") % said,
        _("C’est pareil si personne n’est là quand vous arrivez. Appelez-nous avant de repartir."),
    ]


def rule_for_supplier(terms: Terms) -> list[str]:
    """For whoever works on their own account, before they send a quote and before they sign."""
    said = {"hours": terms.free_hours, "late": rate(terms.late_share), "absent": rate(terms.absent_share)}
    return [
        _("Si le client annule moins de %(hours)s heures avant, il vous doit %(late)s du prix.") % said,
        _("Si personne n’est là à votre arrivée, il vous doit %(absent)s. Appelez-nous avant de repartir.") % said,
        _("Rien n’est dû en cas de maladie, d’accident, de décès ou d’intempérie. Vous pouvez aussi y renoncer."),
    ]


def rule_of(terms: Terms | None, role: str) -> list[str]:
    """As a party of an agreement or a quote reads it; nothing where it says nothing."""
    readers = {"worker": rule_for_worker, "supplier": rule_for_supplier}
    return readers.get(role, rule)(terms) if terms else []


def cost(calling: Calling) -> str:
    """What calling off, or not having been there, costs the client."""
    terms, due = calling.terms, calling.due
    if terms is None:
        return _("Rien n’est dû : le contrat n’en parle pas.")
    said = {"fee": money(due.fee), "hours": terms.free_hours, "minutes": terms.grace_minutes}
    return {
        "unsigned": _("Rien n’est dû : tout le monde n’a pas encore signé."),
        "grace": _("Rien n’est dû : la dernière signature date de moins de %(minutes)s minutes.") % said,
        "early": _("Rien n’est dû : la visite est dans plus de %(hours)s heures.") % said,
        "late": _("%(fee)s sont dus : la visite est dans moins de %(hours)s heures.") % said,
        "absent": _("%(fee)s sont dus : la personne est venue, ou allait venir, et personne n’était là.") % said,
    }[due.why]


def excuses(*, theirs: bool) -> list[tuple[str, str | Promise]]:
    """What the desk may choose: what is owed to somebody else it does not give away."""
    return [(code, said) for code, said in EXCUSES.items() if not theirs or code in WRITTEN]


def to_whom(calling: Calling, name: str) -> str:
    """Who gets what the client owes, where it is not us; else empty."""
    if not calling.theirs or not calling.due.fee:
        return ""
    said = {"name": name, "ours": money(calling.commission)}
    return _("Cette somme va à %(name)s, dont %(ours)s de commission pour l’association.") % said


def paid(calling: Calling, name: str) -> str:
    """What whoever would have come gets all the same, for the desk; empty when nothing."""
    if calling.theirs:
        return to_whom(calling, name)
    if not calling.due.minutes:
        return ""
    said = {"name": name, "hours": hours(calling.due.minutes), "pay": money(calling.pay), "rest": money(calling.borne)}
    if calling.borne:
        return _("Nous payons %(hours)s à %(name)s (%(pay)s brut), dont %(rest)s au moins à notre charge.") % said
    return _("Nous payons %(hours)s à %(name)s (%(pay)s brut).") % said
