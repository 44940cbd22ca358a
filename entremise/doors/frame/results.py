"""What the published figures are called, what they mean, and which rows they are computed from."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from babel.numbers import format_decimal
from django.utils.functional import Promise
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

from entremise.doors.frame.templatetags.entremise import hours, money, percent
from entremise.impact.rules import Figure

Words = str | Promise


@dataclass(frozen=True)
class Meaning:
    """label: above the number. line: what exactly. how: how it is counted. rows: of which kinds, codes of ROWS."""

    label: Words
    line: Words
    how: Words
    rows: tuple[str, ...]


FIGURES: Final[Mapping[str, Meaning]] = {
    "hours": Meaning(
        _("Heures de travail"),
        _("confirmées, ou présumées après silence"),
        _(
            "Chaque venue compte pour les heures que la personne a notées et que le client a confirmées. "
            "Sans réponse du client dans le délai, elles sont présumées justes. Un écart compte une fois réglé."
        ),
        ("jobs",),
    ),
    "jobs": Meaning(
        _("Venues"),
        _("avec au moins une heure qui compte"),
        _("Une venue, c’est une personne qui va une fois chez un client et dont les heures comptent."),
        ("jobs",),
    ),
    "workers": Meaning(
        _("Personnes salariées"),
        _("avec au moins une heure qui compte"),
        _("Chaque personne compte une fois, quel que soit le nombre de ses venues."),
        ("jobs",),
    ),
    "clients": Meaning(
        _("Foyers et structures aidés"),
        _("clients avec au moins une heure qui compte"),
        _("Chaque client compte une fois, quel que soit le nombre de venues chez lui."),
        ("jobs",),
    ),
    "net_pay": Meaning(
        _("Salaires nets versés"),
        _("somme des bulletins de paie"),
        _("La somme des salaires nets, avant impôt, des bulletins de paie de ces mois."),
        ("payslips",),
    ),
    "first_yes": Meaning(
        _("Délai pour trouver quelqu’un"),
        _("en médiane, de la demande au premier oui"),
        _("De toutes les demandes qui ont eu un oui, celle du milieu : autant ont attendu moins, autant plus."),
        ("answered",),
    ),
    "within_day": Meaning(
        _("Trouvé en un jour"),
        _("des demandes qui ont eu un oui"),
        _("Part des demandes dont le premier oui est venu moins de 24 heures après la demande."),
        ("answered",),
    ),
    "by_voice": Meaning(
        _("Demandes par la voix"),
        _("par téléphone ou sur place"),
        _(
            "Part des demandes reçues par téléphone ou à l’accueil ; les autres viennent d’internet ou par SMS. "
            "Celles d’un tableau importé ne comptent pas."
        ),
        ("requests",),
    ),
    "unmet": Meaning(
        _("Demandes restées sans personne"),
        _("une promesse non tenue se dit aussi"),
        _("Part des demandes pour lesquelles personne n’a été trouvé, et que l’accueil a closes ainsi."),
        ("requests",),
    ),
    "calls": Meaning(
        _("Appels reçus"),
        _("notés à l’accueil, même sans suite"),
        _("Chaque appel noté par l’accueil, qu’il devienne une demande ou non."),
        ("calls",),
    ),
    "content": Meaning(
        _("Très contents de nous"),
        _("des clients et salariés qui ont répondu"),
        _(
            "Part de ceux qui, après une mission, ont dit que tout allait bien avec l’association elle-même. "
            "Chacun compte une fois, pour sa dernière réponse. Personne d’autre n’est noté."
        ),
        ("opinions",),
    ),
}
ROWS: Final[Mapping[str, Words]] = {
    "jobs": _("lignes d’heures confirmées"),
    "requests": _("demandes"),
    "answered": _("demandes avec un oui"),
    "invoices": _("factures et avoirs"),
    "payslips": _("bulletins de paie"),
    "calls": _("appels"),
    "opinions": _("personnes qui ont répondu"),
}
PARTS: Final[Mapping[str, Words]] = {
    "wage_gross": _("Salaires"),
    "employer_contributions": _("Cotisations sociales"),
    "accompaniment": _("Accompagnement vers l’emploi"),
    "running": _("Accueil, assurance, bureau"),
}


def said(figure: Figure) -> str:
    """A published figure in its unit; a dash when it is hidden, or a share of nothing."""
    if figure.value is None or (not figure.n and figure.unit in ("percent", "minutes_wait")):
        return "–"
    if figure.unit == "cents":
        return money(figure.value)
    if figure.unit in ("minutes", "minutes_wait"):
        return hours(figure.value)
    return percent(figure.value) if figure.unit == "percent" else plain(Decimal(figure.value))


def plain(value: Decimal) -> str:
    """Without the zeros that a column adds."""
    return format_decimal(value, format="#,##0.########", locale=to_locale(get_language() or "fr"))
