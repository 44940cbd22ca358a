"""What lines of the bank are called, what they may pay, and why."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from entremise.doors.desk.words import EXPLANATIONS, Badge, Words

UNDO: Final[Mapping[str, Words]] = {
    "wrong_invoice": _("mauvaise facture"),
    "wrong_client": _("mauvais client"),
    "not_a_payment": _("ce n’était pas cela"),
    "entered_twice": _("noté deux fois"),
}
BEARERS: Final[Mapping[str, Words]] = {
    "organisation": _("à la charge de l’organisation"),
    "client": _("à la charge du client, qui a annulé"),
    "supplier": _("à la charge de l’indépendant"),
}
STEPS: Final[Mapping[str, Badge]] = {
    "sure": (_("Sûr, 3 sur 3"), "ok", "coche"),
    "likely": (_("Probable, 2 sur 3"), "info", "coche"),
    "possible": (_("Possible, 1 sur 3"), "", "info"),
}
REASONS: Final[Mapping[str, Words]] = {
    "cited": _("numéro de facture écrit"),
    "learned": _("payeur déjà reconnu pour ce client"),
    "known_account": _("compte déjà connu pour ce client"),
    "same_name": _("même nom"),
    "alike_name": _("nom proche"),
    "amount_only": _("montant identique, rien d’autre"),
    "exact": _("montant exact"),
    "grouped": _("total exact de plusieurs factures"),
    "partial": _("une partie de la facture"),
    "spread": _("plusieurs factures, la dernière en partie"),
    "beyond": _("plus que ce qui est dû : le reste est gardé pour ce client"),
    "one_of_several": _("la plus ancienne de ce montant"),
    "shares_cited": _("références de parts écrites"),
    "payer_account": _("compte connu de ce payeur"),
    "payer_name": _("nom de ce payeur"),
    "all_open": _("tout ce qu’il doit, au centime"),
    "one_month": _("toutes ses parts d’un mois, au centime"),
    "some": _("plusieurs de ses parts"),
}
UNDONE: Final[Mapping[str, Words]] = {
    "wrong_invoice": _("rapprochement annulé : mauvaise facture"),
    "wrong_client": _("rapprochement annulé : mauvais client"),
    "not_a_payment": _("rapprochement annulé : ce n’était pas cela"),
    "entered_twice": _("rapprochement annulé : noté deux fois"),
}
MATCHES: Final[Mapping[str, Words]] = {
    **EXPLANATIONS,
    "cited": _("numéro de facture écrit"),
    "several_cited": _("plusieurs factures écrites"),
    "payer_and_amount": _("même nom, même montant"),
    "amount_only": _("même montant seulement"),
    "partial": _("moins que la facture"),
    "overpaid": _("plus que la facture"),
    "several_differ": _("plusieurs factures, autre total"),
    "nothing_found": _("aucune facture ne correspond"),
    "money_out": _("sortie d’argent"),
    "reversal": _("opération annulée par la banque"),
    "wages_file": _("salaires virés"),
    "wage_returned": _("paie revenue"),
    "debit": _("prélèvements encaissés"),
    "debit_returned": _("prélèvement revenu"),
    "by_hand": _("reconnue à la main"),
    "shares_cited": _("références de parts écrites"),
    "shares_differ": _("parts d’un payeur, autre total"),
    "payer_account": _("compte connu de ce payeur, total exact"),
    "given_back": _("argent rendu ou repris"),
    "gift_voucher": _("bon cadeau vendu"),
    "vouchers": _("CESU remboursés"),
    "gift": _("don à un fonds"),
    "award": _("aide versée"),
    "withdrawal": _("argent rendu à une personne"),
    "supplier_bill": _("fournisseur payé"),
    "bill_returned": _("paiement d’un fournisseur revenu"),
    "learned": _("payeur connu, même montant"),
    **UNDONE,
}
