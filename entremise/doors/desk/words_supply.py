"""What becomes of a group purchase after it closed, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from entremise.buying.rules.supplying import Balance
from entremise.doors.desk.words import Badge, Words

PURCHASES: Final[Mapping[str, Badge]] = {
    "planned": (_("à clôturer"), "attente", "sablier"),
    "closing": (_("clôture en cours"), "attente", "sablier"),
    "closed": (_("à commander"), "attente", "sablier"),
    "ordered": (_("commandé, à recevoir"), "info", "sablier"),
    "received": (_("reçu, à remettre"), "info", "panier"),
    "handing": (_("remise en cours"), "info", "panier"),
    "finished": (_("terminé"), "ok", "coche"),
    "off": (_("n’aura pas lieu"), "", "croix"),
}
PARCELS: Final[Mapping[str, Badge]] = {
    "waiting": (_("attend la livraison"), "attente", "sablier"),
    "ready": (_("prêt"), "info", "panier"),
    "collected": (_("remis"), "ok", "coche"),
    "left": (_("pas retiré"), "", "croix"),
    "void": (_("rien pour ce foyer"), "", "croix"),
}
# What the pick-up list shows: tab → its word and the states of parcels.
SEEN: Final[Mapping[str, tuple[Words, tuple[str, ...]]]] = {
    "a-remettre": (_("À remettre"), ("waiting", "ready")),
    "finis": (_("Finis"), ("collected", "left", "void")),
}


def differences(balance: Balance) -> list[str]:
    """What does not agree between what was ordered, billed and received, and what to do about it."""
    said = []
    if balance.missing > 0:
        said.append(_now("Il en manque %(units)s : demandez le reste, ou un avoir.") % {"units": balance.missing})
    if balance.missing < 0:
        said.append(
            _now("%(units)s de plus que commandé : gardez-les seulement s’ils sont offerts ou vendus.")
            % {"units": -balance.missing}
        )
    if balance.billed_more > 0:
        said.append(
            _now("%(units)s sur la facture ne sont pas arrivés : contestez-la, ou demandez un avoir.")
            % {"units": balance.billed_more}
        )
    if balance.billed_more < 0:
        said.append(_now("%(units)s sont arrivés sans être facturés.") % {"units": -balance.billed_more})
    if balance.left:
        said.append(_now("%(units)s à proposer de nouveau.") % {"units": balance.left})
    return said
