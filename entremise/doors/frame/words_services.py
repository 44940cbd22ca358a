"""The sentences for what the services on top refuse, and the campaigns that several of them use. See `words`."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SERVICES: Final[Mapping[str, Promise]] = {
    # campaigns
    "campaign_not_open": _("La campagne %(number)s n’est pas encore ouverte."),
    "campaign_over": _("La campagne %(number)s ne prend plus d’inscription."),
    "campaign_still_open": _("La campagne %(number)s prend encore des inscriptions. Attendez sa date de fin."),
    "does_not_help": _("Les derniers jours servent à remplir les cartons. Prenez ce qui en remplit un, ou appelez."),
    "lot_taken": _("Il en reste %(units)s : %(title)s. Diminuez la quantité."),
    "nothing_wanted": _("Indiquez une quantité. Exemple : 2."),
    "over_budget": _("Cela fait %(at_most)s au plus, votre limite est de %(budget)s. Diminuez, ou changez la limite."),
    "window_wrong": _("Cette date tombe mal : l’ouverture vient avant le complément, puis vient la fin."),
    # jobs
    "absent_too_early": _("La venue %(number)s n’a pas commencé. Si elle n’aura pas lieu, annulez-la."),
    "already_replacing": _("Quelqu’un est déjà cherché pour cette venue. Ouvrez cette demande-là."),
    "move_blocked": _("Une règle empêche %(name)s de venir à ce moment. Choisissez un autre moment."),
    "not_a_visit_day": _("Aucune venue n’est prévue le %(day)s. Choisissez un jour de la série."),
    "outside_contract": _("Le contrat va du %(first)s au %(last)s. Choisissez un jour entre les deux."),
    "fee_changed": _("Annuler maintenant coûte %(due)s. Relisez le prix, puis confirmez."),
    "excuse_unknown": _("Choisissez l’un des motifs de la liste."),
    "forfeit_settled": _("C’est déjà facturé ou payé. Passez par un avoir, ou par la trésorerie."),
    "nothing_to_waive": _("Rien n’est compté au client pour cette visite. Rechargez la page."),
    "theirs_to_waive": _("Ce montant est dû à %(name)s, pas à nous. Appelez, puis notez son accord."),
    "waiver_needs_reason": _("Écrivez pourquoi rien n’est compté. Exemple : visite déplacée d’un commun accord."),
    "answers_missing": _("Il manque une réponse. Reprenez la demande depuis le début, vos réponses sont gardées."),
    "too_many_begun": _("Trop de demandes arrivent en ce moment. Appelez-nous, une personne vous répond."),
    "activity_not_found": _("L’association ne connaît pas l’activité « %(typed)s ». Exemple : ménage."),
    "activity_not_offered": _("L’association ne propose pas « %(activity)s ». Choisissez une autre activité."),
    "address_needed": _("Il nous manque votre adresse. Appelez-nous : c’est noté en une minute."),
    "block_not_waivable": _("Une règle s’y oppose et personne ne peut passer outre. Choisissez quelqu’un d’autre."),
    "document_not_found": _("Ce document n’est pas dans ce contrat. Rechargez la page."),
    "hours_reversed": _("La fin vient avant le début. Exemple : de 9 h à 11 h 30."),
    "hours_already_logged": _("La mission %(number)s a déjà %(minutes)s. Corrigez-les depuis la page de la mission."),
    "moment_taken": _("Ce moment n’est plus libre. Choisissez-en un autre, ou appelez-nous."),
    "moment_past": _("Ce moment est passé. Dites un jour et une heure à venir. Exemple : mardi matin."),
    "minutes_out_of_range": _("Écrivez une durée entre 15 minutes et 12 heures. Exemple : 2 h."),
    "mission_not_found": _("Aucune mission ne correspond ce jour-là. Vérifiez le jour et le nom."),
    "mission_uncertain": _("%(count)s missions correspondent ce jour-là. Ajoutez le numéro de la demande."),
    "no_hours_yet": _("Personne n’a encore noté d’heures pour la mission %(number)s. Notez-les d’abord."),
    "no_longer_possible": _("Une règle s’y oppose depuis la proposition. Appelez-nous, nous cherchons avec vous."),
    "no_tariff": _("Aucun tarif pour « %(activity)s ». Ajoutez-le dans les réglages."),
    "not_a_worker": _("Cette personne n’a pas de fiche de travail. Remplissez-la d’abord."),
    "not_bookable": _("Cette personne veut d’abord être demandée. Demandez-lui, elle répond vite."),
    "not_possible_then": _("Cette personne ne peut pas venir à ce moment. Choisissez-en un autre, ou appelez-nous."),
    "offer_exists": _("Il y a déjà une annonce pour « %(activity)s ». Changez plutôt celle-là."),
    "offer_gone": _("Cette annonce n’est plus en ligne. Choisissez-en une autre, ou appelez-nous."),
    "price_is_the_tariff": _("Le prix est celui de l’association, le même pour tous. N’écrivez pas de prix."),
    "quote_before_booking": _("À son compte, on est demandé d’abord : le client lit le devis avant de dire oui."),
    "own_offer": _("C’est votre annonce : quelqu’un d’autre peut la choisir."),
    "not_a_party": _("Cette personne ne signe pas ce contrat. Choisissez l’une de celles qui y figurent."),
    "not_running_out": _("La demande %(number)s a encore assez de venues prévues. Revenez quand elles finissent."),
    "not_started_yet": _("La mission %(number)s n’a pas commencé. Notez les heures après."),
    "override_needs_reason": _("Écrivez pourquoi vous passez outre. Exemple : sa voisine l’emmène en voiture."),
    "override_needs_reference": _("Écrivez la référence de la décision du préfet. Exemple : arrêté 2026-114."),
    "person_not_found": _("Personne ne s’appelle « %(typed)s » ici. Vérifiez le nom, ou ajoutez la personne d’abord."),
    "person_uncertain": _(
        "%(count)s personnes peuvent être « %(typed)s ». Ajoutez le téléphone ou le numéro de fiche."
    ),
    "reach_unknown": _("Choisissez jusqu’où aller. Exemple : 5 km."),
    "too_far": _("Cette personne ne va pas jusque chez vous. Choisissez-en une autre, ou appelez-nous."),
    "price_needed": _("Écrivez un seul prix : de l’heure, ou en tout. Exemple : 64,00."),
    "own_price_missing": _("Pour la demande %(number)s, il manque votre prix. Écrivez-le dans le devis."),
    "quote_over": _("Ce devis n’est plus valable depuis le %(last)s. Demandez-en un autre."),
    "valid_day_past": _("Ce jour est passé. Choisissez un jour à venir. Exemple : dans quinze jours."),
    "price_not_positive": _("Écrivez un prix au-dessus de 0. Exemple : 28,00."),
    "not_a_supplier": _("%(name)s ne travaille pas à son compte ici. Ajoutez d’abord son SIRET sur sa fiche."),
    "asked_already": _("La mission %(number)s vous est déjà proposée. Répondez OUI ou NON dans votre espace."),
    "cannot_go": _(
        "Une règle s’oppose à ce que vous alliez à la mission %(number)s. Appelez-nous, on regarde ensemble."
    ),
    "too_many_searches": _("Vous avez déjà %(most)s recherches. Enlevez-en une dans votre espace."),
    "alert_channel_missing": _("Rien ne permet de vous écrire. Donnez-nous un numéro de portable ou un courriel."),
    "not_a_choice": _("Choisissez dans la liste."),
    "words_tell_who": _("Enlevez « %(word)s » : tout le monde lit ce texte. Dites seulement ce qu’il y a à faire."),
    "recurrence_not_understood": _("Écrivez le rythme autrement. Exemple : tous les vendredis."),
}
