"""What is said of needs, of what suppliers answer, and of the votes on it."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
Badge = tuple[Words, str, str]

NEEDED: Final[Mapping[str, Promise]] = {
    "answers_over": _("Les offres étaient attendues jusqu’au %(until)s. Appelez-nous si la vôtre arrive plus tard."),
    "day_past": _("Ce jour est passé. Choisissez-en un à venir."),
    "method_unknown": _("Choisissez une façon de voter dans la liste."),
    "named_twice": _("Deux offres ont la même place. Donnez à chacune la sienne."),
    "need_elsewhere": _("Un de ces besoins est déjà dans un autre appel. Rechargez la page."),
    "need_what": _("Écrivez ce qu’il vous faut. Exemple : granulés de bois."),
    "no_answers": _("Aucun fournisseur n’a encore répondu au besoin %(number)s."),
    "no_vote_of_theirs": _("Votent les personnes qui ont dit ce besoin. Dites-le aussi, et l’accueil vous ajoute."),
    "nobody_to_vote": _("Aucun besoin n’est rattaché au numéro %(number)s : personne ne peut voter."),
    "supplier_differs": _("L’offre choisie est celle de %(name)s. Gardez ce fournisseur, ou arrêtez cet appel."),
    "tender_over": _("Cette offre n’est plus valable. Rechargez la page."),
    "too_many_needs": _("%(most)s besoins attendent déjà. Retirez ceux qui ne servent plus."),
    "valid_too_short": _("L’offre doit tenir jusqu’à la fin du vote, le %(until)s."),
    "vote_open_still": _("Le vote court jusqu’au %(until)s, et des personnes n’ont pas encore voté."),
    "vote_over": _("Le vote s’est terminé le %(until)s."),
    "vote_too_early": _("Le vote finit après la réception des offres. Choisissez un jour plus tard."),
}

NEEDS: Final[Mapping[str, Badge]] = {
    "said": (_("noté"), "", "coche"),
    "gathered": (_("des offres sont cherchées"), "info", "cherche"),
    "met": (_("un achat est ouvert"), "ok", "coche"),
    "withdrawn": (_("retiré"), "", "croix"),
}
BRIEFS: Final[Mapping[str, Badge]] = {
    "draft": (_("en préparation"), "", "doc"),
    "asking": (_("offres attendues"), "info", "cherche"),
    "voting": (_("vote ouvert"), "accent", "personnes"),
    "chosen": (_("choisi"), "ok", "coche"),
    "planned": (_("achat ouvert"), "ok", "coche"),
    "given_up": (_("sans suite"), "", "croix"),
}
METHODS: Final[Mapping[str, Words]] = {
    "approval": _("oui à toutes les offres qui conviennent ; la plus approuvée l’emporte"),
    "ranking": _("les offres par ordre de préférence ; la dernière sort jusqu’à ce qu’une ait plus de la moitié"),
}
