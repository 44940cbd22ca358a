"""A sentence for every refusal. Rooms say no with a code; here the code becomes words a person understands.

A law test wants each code that a room raises in these tables, and nothing else. By room, then by code.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entremise.doors.frame.templatetags.entremise import hours, money, spoken_date
from entremise.doors.frame.words_needs import NEEDED
from entremise.doors.frame.words_services import SERVICES
from entremise.kernel.refused import Refused
from entremise.people.rules.preview import Reason

SENTENCES: Final[Mapping[str, Promise]] = {
    # kernel
    "not_now": _("Cette action n’est plus possible : la situation a changé entre-temps. Rechargez la page."),
    "phone_not_understood": _("Le numéro « %(typed)s » n’est pas complet. Exemple : 06 39 98 14 27."),
    # doors
    "upload_gone": _("Le fichier attendait depuis trop longtemps. Choisissez-le à nouveau."),
    # figures
    "figure_missing": _("Le chiffre « %(key)s » manque au %(day)s. Ajoutez-le dans les réglages."),
    "figure_unknown": _("Aucun chiffre ne s’appelle « %(key)s ». Choisissez-le dans la liste."),
    "source_missing": _("Écrivez d’où vient ce chiffre. Exemple : conseil d’administration du 12 mars."),
    "unit_differs": _("Ce chiffre se compte en « %(unit)s ». Gardez cette unité."),
    # people
    "attempt_differs": _("La tentative « %(key)s » a déjà servi pour autre chose. Donnez un autre nom."),
    "scope_missing": _("Cochez au moins une chose que ce programme peut faire."),
    "account_exists": _("Cette personne a déjà un identifiant. Donnez-lui plutôt un nouveau mot de passe."),
    "code_expired": _("Ce code n’est plus valable. Demandez-en un autre, il arrive en une minute."),
    "code_wrong": _("Ce n’est pas le bon code. Vérifiez les six chiffres, ou demandez-en un autre."),
    "column_missing": _("Il manque la colonne « %(column)s ». Ajoutez-la dans la première ligne du tableau."),
    "coordinate_not_understood": _("Écrivez « %(typed)s » en degrés. Exemple : 46,5802."),
    "date_not_understood": _("Écrivez la date « %(typed)s » avec jour, mois et année. Exemple : 24/11/2026."),
    "date_too_late": _("La date « %(typed)s » vient trop tard. Écrivez une date au plus tard le %(latest)s."),
    "dates_reversed": _("La fin vient avant le début (%(first)s). Écrivez une fin plus tardive que le %(last)s."),
    "digits_lost": _("Le tableur a arrondi « %(typed)s ». Mettez la colonne au format texte, puis retapez le numéro."),
    "duration_not_understood": _("Écrivez la durée « %(typed)s » en heures. Exemple : 2 h 30 ou 2,5."),
    "email_not_understood": _("L’adresse « %(typed)s » n’est pas complète. Exemple : prenom.nom@exemple.fr."),
    "file_empty": _("Le fichier « %(name)s » ne contient aucune ligne. Choisissez-en un autre."),
    "file_kind_not_read": _("« %(name)s » n’est pas un tableau. Enregistrez-le en CSV, ODS ou XLSX."),
    "file_not_readable": _("Le fichier « %(name)s » est abîmé. Enregistrez-le à nouveau depuis le tableur."),
    "file_old_or_locked": _(
        "« %(name)s » est d’un ancien format, ou protégé par un mot de passe. Enregistrez-le en ODS ou XLSX, sans mot "
        "de passe."
    ),
    "file_quote_open": _("Un guillemet reste ouvert à la ligne %(line)s de « %(name)s ». Fermez-le."),
    "file_too_large": _("« %(name)s » dépasse %(megabytes)s Mo. Coupez-le en plusieurs fichiers."),
    "file_too_many_cells": _("« %(name)s » a plus de %(most)s cases. Coupez-le en plusieurs fichiers."),
    "line_too_long": _("Cette ligne a %(cells)s cases pour %(columns)s colonnes. Enlevez le séparateur en trop."),
    "lines_refused": _("Lignes à corriger : %(count)s. Corrigez-les, ou importez seulement les autres."),
    "login_taken": _("L’identifiant « %(login)s » est déjà pris. Choisissez-en un autre."),
    "name_missing": _("Écrivez un nom. Exemple : Marsan."),
    "name_not_understood": _("Écrivez « %(typed)s » avec le nom puis le prénom. Exemple : MARSAN Odile."),
    "nir_not_understood": _("Le numéro de sécurité sociale a 13 chiffres et une clé de 2. Relisez-le sur la carte."),
    "no_header": _("La première ligne de « %(name)s » doit nommer les colonnes. Exemple : Nom ; Téléphone ; Commune."),
    "not_allowed": _("Votre rôle ne permet pas cette action. Demandez à une personne de la direction."),
    "rate_not_understood": _("« %(typed)s » n’est pas un taux. Écrivez-le ainsi : 3,5."),
    "number_not_understood": _("Écrivez « %(typed)s » en chiffres. Exemple : 12,50."),
    "pass_number_not_understood": _("Le numéro de PASS IAE a 12 signes. Exemple : 99999 26 12345."),
    "password_weak": _("Choisissez un mot de passe d’au moins 12 signes. Exemple : quatre mots sans lien."),
    "path_not_local": _("Ce lien mène ailleurs. Choisissez une page de ce site."),
    "person_unknown": _("La personne choisie n’est plus là. Choisissez-en une autre, ou créez-la."),
    "place_code_not_understood": _("Le code de commune « %(typed)s » n’est pas complet. Exemple : 86194."),
    "postcode_not_understood": _("Le code postal « %(typed)s » n’est pas complet. Exemple : 86000."),
    "role_not_understood": _("Écrivez « client » ou « salarié » à la place de « %(typed)s »."),
    "siret_not_understood": _("Ce SIRET n’existe pas. Relisez ses 14 chiffres. Exemple : 732 829 320 00074."),
    "siret_taken": _("Le SIRET %(siret)s est déjà celui de quelqu’un d’autre ici. Cherchez sa fiche."),
    "vat_number_not_understood": _("Ce numéro de TVA n’est pas celui de ce SIRET. Exemple : FR 44 732 829 320."),
    "time_not_understood": _("Écrivez l’heure « %(typed)s » ainsi : 9 h 30."),
    "too_long": _("Ce texte a %(length)s signes, la place est de %(most)s. Raccourcissez-le."),
    "too_many_codes": _("%(most)s codes sont déjà partis cette heure-ci. Prenez le dernier reçu, ou appelez-nous."),
    "too_many_tries": _("Trop d’essais avec ce code. Demandez-en un autre, ou appelez-nous."),
    "yes_or_no_not_understood": _("Écrivez « oui » ou « non » à la place de « %(typed)s »."),
    # ledger
    "already_resolved": _("Cette somme réservée est déjà versée ou libérée. Rechargez la page."),
    "already_reversed": _("Cette écriture est déjà annulée. Rechargez la page."),
    "day_is_over": _("Le %(day)s est déjà arrêté dans les comptes. Choisissez un jour plus récent."),
    "key_reused": _("Cette opération existe déjà avec d’autres montants. Rechargez la page avant de recommencer."),
    "not_enough": _("Le solde ne suffit pas. Diminuez le montant."),
    "not_held": _("Aucune somme n’est réservée ici. Rechargez la page."),
    "not_posted": _("Seule une écriture passée peut être annulée. Rechargez la page."),
    "payouts_stopped": _(
        "Plus rien n’est versé depuis le %(since)s : le contrôle des comptes a trouvé une erreur. Ouvrez Argent pour "
        "la lire, et prévenez la personne qui tient le serveur."
    ),
    "period_closed": _("Les comptes sont clos jusqu’au %(up_to)s. Choisissez une date plus récente."),
    # messaging
    "call_ended": _("Cet appel est déjà terminé. Commencez un nouvel appel."),
    # documents
    "scan_not_readable": _("Ce fichier ne s’ouvre pas. Prenez une photo : JPEG, PNG, WEBP ou TIFF."),
    "scan_too_large": _("Ce fichier dépasse %(megabytes)s Mo. Prenez une photo plus petite."),
    # payments
    "bank_file_not_understood": _(
        "Ce fichier n’est ni un relevé camt.053, ni un avis camt.054 ou pain.002. Demandez-le à la banque."
    ),
    "creditor_id_missing": _("L’identifiant créancier (ICS) manque. Demandez-le à la banque, notez-le aux réglages."),
    "creditor_id_not_understood": _("Cet identifiant créancier n’existe pas. Exemple : FR72 ZZZ 123456."),
    "iban_not_understood": _("Cet IBAN n’est pas complet. Relisez-le sur le relevé d’identité bancaire."),
    "nothing_to_collect": _("Aucune facture n’attend de prélèvement. Rechargez la page."),
    "nothing_to_pay": _("Aucune paie n’attend de virement. Préparez d’abord les paies du mois."),
    "own_iban_missing": _("L’IBAN de l’association manque. Ajoutez-le dans les réglages."),
    "signed_later": _("Ce jour n’est pas encore là. Écrivez le jour de la signature. Exemple : 12/11/2026."),
    "statement_does_not_add_up": _("Les lignes de ce relevé ne donnent pas son solde. Téléchargez-le à nouveau."),
    "statement_of_another_account": _("Ce relevé est celui d’un autre compte. Choisissez celui de l’association."),
    # market
    "already_taken": _("La demande %(number)s est déjà pourvue. Dire oui trop tard ne change rien pour la suite."),
    # agreements
    "already_signed": _("Ce document est déjà signé. Préparez un nouveau contrat pour le changer."),
    "hours_confirmed": _("Ces heures sont confirmées (%(minutes)s). Appelez-nous pour les revoir ensemble."),
    "hours_wanted_out_of_range": _("Personne ne travaille plus de %(minutes)s par semaine. Écrivez moins."),
    "hours_out_of_range": _("Écrivez une durée entre 0 et 24 heures. Exemple : 3 h 30."),
    "hours_replaced": _("Ces heures ont été corrigées entre-temps. Rechargez la page."),
    "already_replied": _("Vous avez déjà répondu à cet avis. Pour ajouter quelque chose, appelez-nous."),
    "feedback_over": _("Le temps pour donner cet avis est passé. Appelez-nous, nous en parlons."),
    "opinion_missing": _("Choisissez une réponse : très bien, ça va, ou pas bien."),
    "words_missing": _("Écrivez pourquoi, en quelques mots. Exemple : nous n’avions pas convenu de cette heure."),
    "no_difference": _("Il n’y a plus d’écart sur ces heures. Rechargez la page."),
    "not_signed_yet": _("Le contrat %(number)s attend encore une signature. Signez-le d’abord."),
    # settlement
    "already_ordered": _("Le bulletin %(number)s est déjà dans un fichier de virements. Rechargez la page."),
    "amount_not_taken": _("Écrivez un montant entre 0,01 € et ce qui reste du paiement, %(left)s."),
    "nothing_due": _("La facture %(number)s est déjà payée. Rechargez la page."),
    "not_a_body": _("%(name)s est un particulier. Choisissez un organisme, une entreprise ou une collectivité."),
    "nothing_late": _("Ce payeur n’a rien en retard. Revenez après l’échéance."),
    "pays_for_itself": _("Un payeur paie pour quelqu’un d’autre. Choisissez une autre personne."),
    "vouchers_not_for_this": _(
        "Les CESU ne paient que des services à la personne, chez un particulier. Choisissez un autre moyen."
    ),
    "vouchers_too_much": _(
        "Les CESU paient au plus %(due)s ici, et on ne rend pas la monnaie. Prenez-en moins : le reste servira "
        "ailleurs."
    ),
    "gift_code_wrong": _("Ce code n’est pas juste. Relisez ses douze chiffres sur le bon."),
    "gift_code_unknown": _("Aucun bon ne porte ce code. Relisez ses douze chiffres, ou appelez-nous."),
    "gift_over": _("Ce bon se dépensait jusqu’au %(last)s. Appelez-nous : on regarde ensemble."),
    "gift_empty": _("Il ne reste rien sur ce bon. Prenez un autre moyen de payer."),
    "gift_not_for_this": _("Ce bon paie « %(what)s », et rien de plus ici. Prenez un autre moyen de payer."),
    "gift_voucher_sold": _(
        "Ce bon est déjà vendu, et son code a été montré. Rechargez la page pour en vendre un autre."
    ),
    "year_not_over": _("L’année %(year)s n’est pas terminée. Revenez en janvier."),
    "not_declared": _("Il manque la déclaration aux services à la personne. Ajoutez-la dans les réglages."),
    "voucher_taken": _("Le CESU %(number)s est déjà pris. Relisez son numéro."),
    "voucher_over": _("Le millésime %(year)s ne se prend plus depuis le %(last)s. Demandez un CESU plus récent."),
    "voucher_to_come": _("Le millésime %(year)s n’existe pas encore. Relisez l’année imprimée sur le CESU."),
    "voucher_not_understood": _("Relisez le CESU « %(number)s » : un numéro, et une valeur au-dessus de 0."),
    "voucher_claim_over": _("Le CESU %(number)s se remboursait jusqu’au %(last)s. Décochez-le."),
    "batch_differs": _(
        "Le virement, de %(due)s, et la commission doivent faire ensemble %(left)s. Sur la page du bordereau, dites la "
        "commission, ou ce qui est refusé."
    ),
    "share_out_of_range": _("Écrivez une part au-dessus de 0, et au plus 100 pour un pourcentage. Exemple : 65."),
    "nothing_to_spread": _("Rien n’est à payer sur ces factures. Choisissez-en une autre."),
    "plan_running": _("Un paiement en plusieurs fois court déjà. Changez celui-là, ou appelez-nous."),
    "plan_too_long": _("Choisissez au plus %(most)s échéances, en %(days)s jours. Au-delà, appelez la trésorerie."),
    "plan_too_small": _("C’est trop peu pour autant d’échéances. Choisissez-en moins."),
    "reminder_too_early": _("La facture %(number)s n’est pas encore en retard. Revenez après son échéance."),
    "reminder_held": _(
        "La facture %(number)s est en pause, ou un paiement est en route. Reprenez d’abord les relances."
    ),
    "payment_on_its_way": _("Un paiement de la facture %(number)s est déjà en route. Il faut attendre sa réponse."),
    "means_kept_already": _("C’est déjà gardé. Enlevez-le d’abord pour en garder un autre."),
    "means_not_kept": _("Ce moyen de paiement n’est pas gardé, ou n’est plus valable."),
    "mandate_pays_already": _("Vos factures sont prélevées par votre mandat : arrêtez-le d’abord."),
    "amount_not_due": _("Écrivez un montant entre 0,01 € et ce qui reste dû, %(due)s."),
    "cash_wage_too_large": _("La loi limite un salaire en espèces à %(ceiling)s. Faites un chèque ou un virement."),
    "credit_too_large": _("Écrivez un montant entre 0,01 € et ce qui reste de la facture, %(left)s."),
    "amount_needed": _("Écrivez un montant."),
    "account_empty": _("Il n’y a rien sur ce compte."),
    "account_too_low": _("Il y a %(left)s sur ce compte."),
    "takes_no_cards": _("%(name)s n’est pas encore payable par carte. Payez au compte écrit sur la facture."),
    "deposit_asked_already": _("Un acompte est déjà demandé pour ce contrat."),
    "deposit_not_ours": _("Ce travail se paie à quelqu’un d’autre : nous ne demandons pas d’acompte pour lui."),
    "amount_not_held": _("Écrivez un montant entre 0,01 € et ce qui est réservé, %(held)s."),
    "account_not_empty": _("Il reste %(left)s sur ce compte : rendez-les ou dépensez-les d’abord."),
    "fee_not_theirs": _("Ces frais sont pour l’organisation : cette personne n’y est pour rien."),
    "already_thanked": _("Un remerciement a déjà été donné pour cette visite."),
    "not_to_thank_yet": _("On remercie après la visite, pour le travail de nos salariés."),
    "tip_out_of_range": _("Écrivez un montant entre 0,01 € et %(ceiling)s."),
    "tip_paid_out": _("Ce remerciement est déjà sur un bulletin de paie : voyez avec la personne."),
    "tips_not_offered": _("Les remerciements en argent ne sont pas proposés en ce moment."),
    "nothing_overpaid": _("Rien n’a été payé de trop."),
    "no_account_to_pay": _("Nous n’avons pas d’IBAN pour cette personne. Notez-le d’abord, ou rendez des espèces."),
    "order_changed": _("La liste a changé entre-temps. Regardez-la de nouveau, puis confirmez."),
    "second_person_needed": _(
        "Ce fichier de %(total)s dépasse ce qu’une personne peut faire seule : une autre personne le confirme."
    ),
    "day_past": _("Ce jour est passé. Choisissez aujourd’hui ou plus tard."),
    "day_to_come": _("Ce jour n’est pas terminé. Choisissez un jour passé. Exemple : 31/12/2026."),
    "debit_on_its_way": _("La banque prélève déjà %(due)s pour cette facture. Attendez sa réponse."),
    "debit_too_early": _("Choisissez le %(first)s ou plus tard : les clients sont prévenus avant."),
    "supplier_needed": _("Il manque le fournisseur au nom de qui ces produits sont vendus. Choisissez-le."),
    "number_needed": _("Écrivez le numéro imprimé sur la facture."),
    "bill_known": _("Cette facture est déjà notée, sous la référence %(reference)s. Relisez son numéro."),
    "bill_vat_wrong": _("À ce taux, la TVA n’est pas celle-ci. Relisez la facture."),
    "bill_due_early": _("On paie le jour de la facture ou plus tard. Relisez les deux dates."),
    "bill_needs_another": _("Vous avez noté cette facture de %(total)s : une autre personne l’approuve."),
    "line_differs": _("Ce numéro fait %(due)s, pas le montant de la ligne. Choisissez-en un autre."),
    "no_surplus": _("Rien n’a été payé de trop sur cette facture, ou moins que cela : %(due)s."),
    # solidarity
    "band_incomplete": _("Écrivez un pourcentage de 1 à 100, ou un montant par heure, et au moins une place."),
    "band_order": _("Chaque prix enlève plus que celui d’avant, et de la même façon. Exemple : 20 %%, puis 40 %%."),
    "contribution_lower": _("Pour baisser ou arrêter, appelez-nous. Vous ne devez rien : ce surplus est libre."),
    "contribution_out_of_grid": _("Écrivez un montant entre %(minimum)s et %(ceiling)s par heure."),
    "eases_used": _(
        "Vous avez déjà baissé votre prix %(count)s fois cette saison. Appelez-nous : on cherche ensemble."
    ),
    "no_lower_price": _("C’est déjà le prix le plus bas. Demandez un coup de pouce, ou appelez-nous."),
    "place_known": _("Cette personne a déjà un prix, ou l’attend, pour cette saison. Quittez-le d’abord."),
    "price_full": _("Aucune place n’est libre à ce prix pour le moment. Vous gardez le vôtre ; appelez-nous."),
    "season_over": _("Cette saison est terminée. Choisissez des dates à venir."),
    "seasons_meet": _("Une autre saison couvre une partie de ces jours. Reprenez ses dates, ou commencez après elle."),
    "already_seated": _("Cette personne siège déjà. Terminez d’abord son siège."),
    "award_too_large": _("Les règles permettent entre 0,01 € et %(due)s pour cette aide."),
    "award_too_small": _("Écrivez un montant entre 0,01 € et ce qui reste de l’aide, %(due)s."),
    "award_year_spent": _("Les règles limitent l’aide d’une année : il reste %(due)s pour cette personne."),
    "earlier_year_open": _("Une année d’avant n’est pas encore arrêtée. Commencez par elle."),
    "emergencies_used": _("Les règles permettent %(count)s aides immédiates par an. Passez par le comité."),
    "fund_closed": _("Ce fonds est terminé. Choisissez-en un autre."),
    "fund_known": _("Un fonds porte déjà ce nom. Choisissez-en un autre. Exemple : Mobilité 2027."),
    "fund_not_empty": _("Ce fonds contient encore de l’argent. Utilisez-le avant de le fermer."),
    "fund_not_for_this": _("L’argent de ce fonds est réservé à autre chose. Choisissez un autre fonds."),
    "gift_incomplete": _("Il manque le montant, le moyen, l’heure offerte ou la référence. Exemple : 20,00."),
    "invoice_not_for_this": _("Cette aide est pour autre chose qu’une facture de chez nous. Versez-la autrement."),
    "no_beneficiary_seat": _("Aucune personne aidée ne siège : rien ne peut être décidé. Complétez le comité."),
    "no_rules": _("Aucune règle n’est encore votée. Proposez-les, puis faites-les voter."),
    "not_a_delegate": _("Seule une personne déléguée du comité décide sans vote. Enregistrez les votes."),
    "not_their_invoice": _("La facture %(number)s est celle de quelqu’un d’autre. Relisez son numéro."),
    "nothing_left_of_it": _("Toutes ces heures sont prises. Choisissez-en une autre, ou notez une demande d’aide."),
    "nothing_to_share": _("Ce mois n’a pas de commission à partager. Regardez le taux aux réglages."),
    "nothing_to_state": _("Aucun fonds n’a eu de mouvement cette année-là. Choisissez une autre année."),
    "own_case": _("%(name)s est concerné par cette demande, ou vit avec la personne : quelqu’un d’autre décide."),
    "purpose_not_covered": _("Les règles ou le fonds ne couvrent pas ce besoin. Choisissez dans la liste."),
    "quorum_missing": _("%(count)s personnes ont voté, il en faut %(quorum)s. Enregistrez d’autres votes."),
    "vote_against": _("La majorité n’a pas dit oui. Refusez la demande, en disant pourquoi."),
    "vote_for": _("La majorité a dit oui. Accordez l’aide."),
    "vote_open": _("Une version attend déjà son vote. Terminez-le d’abord."),
    "year_stated": _("L’année %(year)s est arrêtée. Choisissez un jour plus récent."),
    "nothing_ticked": _("Cochez au moins une part."),
    "several_payers": _("Ces parts ne sont pas d’un même payeur. Cochez celles d’un seul."),
    "shares_differ": _(
        "Les parts cochées font %(sum)s et la ligne %(of_line)s : l’écart est de %(gap)s. Cochez autrement ; seule la "
        "dernière peut être payée en partie."
    ),
    "nothing_chosen": _("Choisissez au moins une facture, avec ce que la ligne en paie."),
    "beyond_the_line": _("C’est plus que ce qui reste de la ligne, %(left)s. Écrivez un montant plus petit."),
    "line_not_spent": _("Il reste %(left)s de la ligne, et plusieurs clients : répartissez tout, au centime près."),
    "not_undoable": _(
        "Cette ligne est de salaires, de prélèvements, de CESU, de bons, d’un fonds ou d’un compte. Dites-le sur leur "
        "page."
    ),
    "month_to_come": _("Ce mois n’est pas terminé. Revenez le premier jour du mois suivant."),
    "number_unknown": _("Rien n’attend sous le numéro %(number)s. Exemple : FA-2026-0042 ou BP-2026-0042."),
    "no_billing_mandate": _("Le mandat de facturation manque. Faites-le signer, puis notez-le sur sa fiche."),
    "no_legal_identity": _("L’identité de l’association manque. Ajoutez-la dans les réglages : nom, SIRET, adresse."),
    "not_an_invoice": _("%(number)s est déjà un avoir. Choisissez la facture qu’il corrige."),
    "pay_above_four_ceilings": _("La paie brute (%(gross)s) dépasse ce que le calcul connaît. Faites-la à la main."),
    "price_below_cost": _("Le prix (%(price)s) ne couvre pas le coût (%(cost)s). Augmentez-le."),
    "wage_below_minimum": _("Le salaire horaire (%(hourly)s) est sous le minimum (%(minimum)s). Augmentez-le."),
    "reason_needed": _("Écrivez pourquoi. Exemple : une heure comptée en trop le 12."),
    "withholding_rate_needed": _("Cette paie demande un taux d’impôt. Notez-le parmi les papiers de la personne."),
    **SERVICES,
    **NEEDED,
}

# What an import says of a line beyond refusals: why it is this person, what to look at.
LINES: Final[Mapping[str, Promise]] = {
    "birth_dates_differ": _("Ressemble à %(name)s, né un autre jour. Est-ce la même personne ?"),
    "decided": _("Comme vous l’avez choisi."),
    "client_missing": _("Le client manque. Exemple : MARSAN Odile."),
    "day_missing": _("Le jour manque. Exemple : 24/11/2026."),
    "homonym": _("%(name)s porte le même nom. Est-ce la même personne ?"),
    "iban_left_out": _("L’IBAN n’est pas repris : une personne du bureau l’ajoute depuis la fiche."),
    "line_known": _("Déjà importé."),
    "minutes_missing": _("La durée manque. Exemple : 2 h 30, ou une heure de début et de fin."),
    "mission_found": _("Heures de la mission %(number)s."),
    "name_guessed": _("Lu ainsi : prénom « %(given)s », nom « %(family)s »."),
    "number_of_another": _("Ce numéro de fiche est celui de %(name)s. Est-ce la même personne ?"),
    "phone_of_another": _("Ce téléphone est celui de %(name)s. Est-ce la même personne ?"),
    "place_not_found": _("La commune « %(typed)s » n’est pas dans la liste. L’adresse est gardée sans elle."),
    "postcode_missing": _("Le code postal manque. Exemple : 86000."),
    "same_address": _("Même nom et même adresse que %(name)s."),
    "same_birth_date": _("Même nom et même date de naissance que %(name)s."),
    "same_email": _("Même nom et même adresse de courriel que %(name)s."),
    "same_number": _("Même nom et même numéro de fiche que %(name)s."),
    "same_phone": _("Même nom et même téléphone que %(name)s."),
    "several": _("Plusieurs fiches portent ce numéro, dont %(name)s. Est-ce la même personne ?"),
    "shares_phone": _("Partage son téléphone avec %(name)s."),
    "start_guessed": _("Aucune heure n’est écrite. Noté à %(start)s."),
    "titles_differ": _("Même nom que %(name)s, mais une autre civilité. Est-ce la même personne ?"),
    "travel_not_understood": _("Écrivez à pied, à vélo, en bus ou en voiture à la place de « %(typed)s »."),
    "what_missing": _("Le travail manque. Exemple : ménage."),
    "worker_missing": _("La personne qui a travaillé manque. Exemple : MARSAN Odile."),
}

# Minor units.
AMOUNTS: Final = frozenset(
    {
        "at_most",
        "budget",
        "ceiling",
        "cost",
        "due",
        "gap",
        "gross",
        "held",
        "hourly",
        "left",
        "minimum",
        "of_line",
        "price",
        "sum",
        "total",
    }
)


def sentence(refused: Refused) -> str:
    """The sentence of a refusal in the active language. KeyError for a code without words: that is a bug."""
    return str(SENTENCES[refused.code]) % _spoken(refused.params)


def line_words(reason: Reason) -> str:
    """What an import says of one of its lines."""
    return str(LINES.get(reason.code) or SENTENCES[reason.code]) % _spoken(reason.params)


def _spoken(params: Mapping[str, object]) -> dict[str, object]:
    return {name: _value(name, value) for name, value in params.items()}


def _value(name: str, value: object) -> object:
    if isinstance(value, datetime):
        return spoken_date(value)
    if isinstance(value, date):
        return f"{spoken_date(value)} {value.year}"
    if isinstance(value, int) and name == "minutes":
        return hours(value)
    return money(value) if isinstance(value, int) and name in AMOUNTS else value
