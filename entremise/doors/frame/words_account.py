"""A person's own statement in words: what happened, as they would say it."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entremise.settlement.queries import StatementLine
from entremise.settlement.rules.books_fr import CLIENTS, DEPOSITS, MEMBERS, STAFF, SUPPLIERS, THIRD, TIPS

Words = str | Promise

# (kind of account, cause of the entry) → what to say when it is in the person's favour, and when it is not.
HAPPENED: Final[Mapping[tuple[str, str], tuple[Words, Words]]] = {
    (CLIENTS[0], "invoice"): (_("Facture reprise"), _("Facture")),
    (CLIENTS[0], "credit_note"): (_("Avoir"), _("Avoir repris")),
    (CLIENTS[0], "receipt"): (_("Payé, merci"), _("Rendu")),
    (CLIENTS[0], "voucher"): (_("Payé en CESU"), _("CESU repris ou refusé")),
    (CLIENTS[0], "gift_spent"): (_("Payé par un bon cadeau"), _("Bon cadeau repris")),
    (CLIENTS[0], "debit"): (_("Prélevé"), _("Prélèvement revenu")),
    (CLIENTS[0], "gift"): (_("Don repris"), _("Donné à un fonds")),
    (CLIENTS[0], "intent"): (_("Payé par carte"), _("Rendu sur la carte")),
    (CLIENTS[0], "refund_fee"): (_("Frais repris"), _("Frais du remboursement, gardés par le prestataire")),
    (STAFF[0], "payslip"): (_("Paie"), _("Paie corrigée")),
    (STAFF[0], "payout"): (_("Paie revenue"), _("Paie versée")),
    (MEMBERS[0], "account_in"): (_("Versé sur le compte"), _("Versement repris")),
    (THIRD[0], "supplied"): (_("Payé par votre client, par carte"), _("Versé par le prestataire, ou rendu")),
    (THIRD[0], "invoice"): (_("Vendu à un client en votre nom"), _("Vente reprise")),
    (THIRD[0], "credit_note"): (_("Avoir repris"), _("Avoir à un client, en votre nom")),
    (SUPPLIERS[0], "supplier_bill"): (_("Votre facture"), _("Votre facture, reprise")),
    (SUPPLIERS[0], "bill_paid"): (_("Paiement revenu"), _("Votre facture, payée")),
    (DEPOSITS[0], "deposit_in"): (_("Acompte versé"), _("Acompte repris")),
    (DEPOSITS[0], "deposit_back"): (_("Acompte versé"), _("Acompte rendu sur la carte")),
    (MEMBERS[0], "deposit_in"): (_("Paiement par carte gardé"), _("Acompte repris")),
    (MEMBERS[0], "deposit_back"): (_("Paiement par carte gardé"), _("Rendu sur la carte")),
    (CLIENTS[0], "deposit_back"): (_("Payé par carte"), _("Rendu sur la carte")),
    (MEMBERS[0], "tip"): (_("Remerciement repris"), _("Remerciement donné")),
    (TIPS[0], "tip"): (_("Un client vous remercie"), _("Remerciement repris")),
    (MEMBERS[0], "withdrawal"): (_("Remboursement revenu"), _("Remboursé")),
}
MOVED: Final[Mapping[str, Words]] = {
    "receipt": _("Commission gardée"),
    "supplier_bill": _("Votre facture, pour ce qui est vendu en votre nom"),
    "deposit_used": _("Facture payée avec l’acompte"),
    "deposit_left": _("Reste de l’acompte, sur le compte"),
    "overpaid": _("Trop payé, gardé sur le compte"),
    "account_used": _("Facture payée avec le compte"),
    "payslip": _("Remerciements, joints à la paie"),
}
WITHDRAWALS: Final[Mapping[str, Words]] = {
    "asked": _("demandé, part avec le prochain fichier"),
    "ordered": _("en route vers la banque"),
    "paid": _("fait"),
    "dropped": _("annulé"),
    "rejected": _("refusé par la banque : l’argent est de nouveau sur le compte"),
}


def happened(line: StatementLine) -> str:
    """The line in a few words; the label of its entry when nobody found better ones."""
    if line.moved:
        return str(MOVED.get(line.cause, line.piece))
    words = HAPPENED.get((line.code, line.cause))
    return str(words[line.amount < 0]) if words else line.piece
