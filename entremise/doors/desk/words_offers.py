"""What the states of an offer are called at the desk."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from entremise.doors.desk.words import Badge

OFFERS: Final[Mapping[str, Badge]] = {
    "draft": (_("À ouvrir"), "alerte", "alerte"),
    "open": (_("En ligne"), "ok", "coche"),
    "paused": (_("En pause"), "", "pause"),
    "closed": (_("Retirée"), "", "croix"),
}
