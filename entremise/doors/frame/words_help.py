"""Words of the trade as a screen explains them, where they are first met: what it is, in words that people use."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True)
class Term:
    """question: as somebody asks it. page: of the desk, where the numbers in force stand with their sources."""

    question: Words
    said: Words
    source: Words = ""
    page: str = ""


# The word that explains a reason which stands against somebody, for the desk and for whoever it stands against.
TERM_OF: Final[Mapping[str, str]] = {
    "outside_territory": "state_agreement",
    **dict.fromkeys(("pass_missing", "pass_suspended", "pass_expired"), "pass_iae"),
    **dict.fromkeys(("daily_rest", "weekly_rest", "daily_work", "weekly_work"), "hours_limits"),
    "company_work": "company_hours",
}
TERMS: Final[Mapping[str, Term]] = {
    "pass_iae": Term(
        _("Qu’est-ce qu’un PASS IAE ?"),
        _(
            "L’accord de l’État pour travailler dans une association intermédiaire. Il se demande sur « Les emplois de "
            "l’inclusion », après un diagnostic. Il a 12 signes et une date de fin. Sans lui, aucune mission ne "
            "commence."
        ),
        _("Les emplois de l’inclusion"),
        "figures",
    ),
    "hours_limits": Term(
        _("Pourquoi des limites d’heures ?"),
        _(
            "La loi protège la personne : tant d’heures au plus par jour et par semaine, un repos chaque jour "
            "et chaque "
            "semaine. Toutes ses missions comptent ensemble."
        ),
        _("code du travail, L3121-18, L3121-20, L3131-1 et L3132-2"),
        "figures",
    ),
    "company_hours": Term(
        _("Pourquoi une limite en entreprise ?"),
        _(
            "Une personne ne peut faire qu’un certain nombre d’heures en entreprise par l’association. Le préfet peut "
            "lever cette limite. Chez un particulier, elle ne compte pas."
        ),
        _("code du travail, R5132-18"),
        "figures",
    ),
    "state_agreement": Term(
        _("Qu’est-ce que la convention avec l’État ?"),
        _(
            "L’accord qui fait de nous une association intermédiaire. Il dit dans quelles communes elle peut envoyer "
            "quelqu’un."
        ),
    ),
    "placement_agreement": Term(
        _("Qu’est-ce qu’un contrat de mise à disposition ?"),
        _(
            "Il lie le client et l’association. L’association emploie la personne qui vient et la paie. Le client paie "
            "l’association."
        ),
    ),
    "work_contract": Term(
        _("Qu’est-ce que ce contrat de travail ?"),
        _("Il lie la personne et l’association, qui est son employeur. Il est signé avant le travail."),
    ),
    "mission_order": Term(
        _("Qu’est-ce qu’un ordre de mission ?"),
        _(
            "Il dit à la personne où aller, quand, et pour quel travail. Un seul contrat de travail peut couvrir "
            "plusieurs missions : chacune a son ordre."
        ),
    ),
    "billing_mandate": Term(
        _("Qu’est-ce qu’un mandat de facturation ?"),
        _(
            "La personne indépendante nous charge d’écrire ses factures en son nom. Ses clients la paient directement. "
            "Sans mandat signé, ses factures attendent."
        ),
    ),
    "receipt": Term(
        _("Comment lire ce reçu ?"),
        _(
            "Il dit avant l’accord ce que vous payez, et où va chaque euro. Aucun frais ne s’ajoute à la fin, et la "
            "personne qui travaille ne paie rien pour sa mission."
        ),
    ),
    "tax_credit": Term(
        _("Qu’est-ce que le crédit d’impôt ?"),
        _(
            "Pour un service à la personne chez vous, l’État peut vous rendre une part de ce que vous payez. Avec "
            "l’avance immédiate, l’Urssaf paie cette part à l’association et ne prend que le reste sur votre compte. "
            "Demandez-nous si elle est possible pour vous."
        ),
        _("code général des impôts, 199 sexdecies"),
        "figures",
    ),
    "cesu": Term(
        _("Qu’est-ce qu’un CESU préfinancé ?"),
        _(
            "Un titre que l’employeur, le comité d’entreprise ou le département paie en partie d’avance. Il porte une "
            "année, et paie des services à la personne chez un particulier, jusqu’à fin janvier de l’année suivante. "
            "Un centre nous le rembourse jusqu’à fin février."
        ),
        _("cr-cesu.fr"),
        "figures",
    ),
    "gross_pay": Term(
        _("Pourquoi deux montants ?"),
        _(
            "Le brut est le salaire avant les cotisations. Sur votre compte arrive ce qui reste : moins les "
            "cotisations, "
            "et moins l’impôt si vous en payez."
        ),
    ),
    "fec": Term(
        _("Qu’est-ce que le FEC ?"),
        _("Le fichier de toutes les écritures, que l’administration fiscale peut demander."),
        _("livre des procédures fiscales, A47 A-1"),
    ),
}
