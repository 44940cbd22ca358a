"""What bills of suppliers are called."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from entremise.doors.desk.words import Badge, Words

BILLS: Final[Mapping[str, Badge]] = {
    "received": (_("à approuver"), "attente", "sablier"),
    "approved": (_("à payer"), "info", "euro"),
    "disputed": (_("contestée"), "alerte", "alerte"),
    "ordered": (_("en route vers la banque"), "info", "sablier"),
    "paid": (_("payée"), "ok", "coche"),
    "withdrawn": (_("reprise"), "", "refaire"),
}
ROLES: Final[Mapping[str, Words]] = {
    "own_sale": _("nous les achetons"),
    "agent": _("ils sont vendus à nos clients en son nom"),
}
SEEN: Final[Mapping[str, Words]] = {
    "open": _("À suivre"),
    "": _("Toutes"),
}
