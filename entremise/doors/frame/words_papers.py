"""What papers are called, at the desk and at home: kind of a document → its word."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DOCUMENTS: Final[Mapping[str, str | Promise]] = {
    "placement_agreement": _("Contrat de mise à disposition"),
    "work_contract": _("Contrat de travail"),
    "mission_order": _("Ordre de mission"),
    "quote": _("Devis"),
    "service_order": _("Bon de commande"),
    "purchase_order": _("Commande au fournisseur"),
    "supplier_invoice": _("Facture d’une personne indépendante"),
    "supplier_statement": _("Relevé"),
    "hours_slip": _("Relevé d’heures"),
    "invoice": _("Facture"),
    "credit_note": _("Avoir"),
    "mandate": _("Mandat de prélèvement à signer"),
    "payslip": _("Bulletin de paie"),
    "tax_certificate": _("Attestation fiscale"),
    "care_statement": _("Relevé d’aide partagée"),
    "fund_statement": _("Suivi des fonds dédiés"),
    "letter": _("Courrier"),
}
