from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entremise.doors.frame.visit import Inside
from entremise.kernel.act import Role

Entry = tuple[str, str | Promise, str]

WORKS: tuple[Entry, ...] = (
    ("me", _("Missions"), "accueil"),
    ("hours", _("Heures"), "heure"),
    ("pay", _("Paie"), "euro"),
)
HOSTS: tuple[Entry, ...] = (
    ("visits", _("Visites"), "accueil"),
    ("invoices", _("Factures"), "euro"),
    ("papers", _("Papiers"), "doc"),
)
ON_THEIR_OWN: tuple[Entry, ...] = (*WORKS[:2], ("business", _("Mes ventes"), "euro"))
AT_HOME: Entry = ("visits", _("Chez moi"), "personnes")
HELP: Entry = ("help", _("Aide"), "bulle")


def tabs(request: Inside, at: str) -> list[dict[str, object]]:
    """Four or five tabs of a member's own pages; at: the one that is open."""
    roles = request.visit.actor.roles
    entries: tuple[Entry, ...] = ()
    if roles & {Role.WORKER, Role.SUPPLIER}:
        entries = WORKS if Role.WORKER in roles else ON_THEIR_OWN
        entries = (*entries, *([AT_HOME] if Role.CLIENT in roles else []))
    elif Role.CLIENT in roles:
        entries = HOSTS
    return [
        {"url": reverse(f"site:{name}"), "label": label, "icon": icon, "current": name == at}
        for name, label, icon in (*entries, HELP)
    ]


def head(at: str = "") -> list[dict[str, object]]:
    return [
        {"url": reverse("site:jobs"), "label": _("Travailler"), "current": at == "jobs"},
        {"url": reverse("site:offers"), "label": _("Coups de main"), "current": at == "offers"},
        {"url": reverse("site:purchases"), "label": _("Achats groupés"), "current": at == "purchases"},
        {"url": reverse("site:results"), "label": _("Nos résultats"), "current": at == "results"},
    ]


def foot() -> list[dict[str, object]]:
    return [
        {"url": reverse("site:results"), "label": _("Ce que nous faisons, mesuré")},
        {"url": reverse("site:solidarity"), "label": _("L’entraide")},
        {"url": reverse("site:give"), "label": _("Donner")},
        {"url": reverse("site:job_ranking"), "label": _("Comment c’est classé")},
    ]
