from django.urls import reverse
from django.utils.translation import gettext as _

from entremise.doors.frame.visit import Inside
from entremise.kernel.act import Role


def tabs(request: Inside) -> list[dict[str, object]]:
    """The tabs of a member's own pages."""
    works = Role.WORKER in request.visit.actor.roles
    entries = [
        ("me", _("Missions") if works else _("Visites"), "accueil"),
        ("hours", _("Heures"), "heure"),
        ("money", _("Paie") if works else _("Factures"), "euro"),
        ("papers", _("Papiers"), "doc"),
        ("help", _("Aide"), "bulle"),
    ]
    return [
        {"url": (url := reverse(f"site:{name}")), "label": label, "icon": icon, "current": request.path == url}
        for name, label, icon in entries
    ]


def foot() -> list[dict[str, str]]:
    return [{"url": reverse("site:results"), "label": str(_("Nos résultats"))}]


def head() -> list[dict[str, object]]:
    return [{"url": reverse("site:results"), "label": _("Nos résultats"), "current": False}]
