"""Search everywhere: people, requests, contracts, invoices, and what one can do."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entremise.doors.desk.call import marked
from entremise.doors.desk.nav import fragment, page
from entremise.doors.frame.visit import Inside, Visit, staff
from entremise.doors.frame.ways import read
from entremise.jobs.queries import everywhere
from entremise.kernel.act import Door
from entremise.kernel.words import fold
from entremise.people.rules.may import Verb, may


@dataclass(frozen=True)
class Action:
    page: str
    label: str | Promise
    icon: str
    verb: Verb
    keys: str = ""


ACTIONS = (
    Action("call", _("Nouvel appel"), "tel", Verb.REQUESTS_POST, "F2"),
    Action("hours", _("Noter des heures"), "heure", Verb.HOURS_LOG),
    Action("contracts", _("Faire signer un contrat"), "doc", Verb.MISSIONS_SIGN),
    Action("add_person", _("Ajouter une personne"), "plus", Verb.PEOPLE_ADD),
    Action("together", _("Suivre les achats groupés"), "panier", Verb.PLEDGES_MAKE),
    Action("new_together", _("Planifier un achat groupé"), "panier", Verb.CAMPAIGNS_RUN),
    Action("payroll", _("Préparer la paie du mois"), "euro", Verb.MONTHS_SETTLE),
    Action("bank", _("Importer un relevé de banque"), "telecharger", Verb.STATEMENTS_IMPORT),
    Action("imports", _("Importer un tableau"), "telecharger", Verb.IMPORTS_RUN),
    Action("results", _("Voir les résultats"), "graphe", Verb.IMPACT_READ),
)


@read(staff)
def search(request: Inside) -> HttpResponse:
    typed = request.GET.get("q", "").strip()
    return page(request, "search", context={"typed": typed, **_found(request.visit, typed)})


@read(staff)
def palette(request: Inside) -> HttpResponse:
    """Options of the search box; actions first when nothing is typed."""
    typed = request.GET.get("q", "").strip()
    return fragment(request, "palette", {"typed": typed, **_found(request.visit, typed)})


def _found(visit: Visit, typed: str) -> dict[str, object]:
    may_bill, at = may(visit.actor.roles, Verb.MONTHS_SETTLE), visit.act(Door.DESK).at
    seen = everywhere.find(typed=typed, invoices=may_bill, at=at)
    words = fold(typed).split()
    actions = [
        {"label": one.label, "icon": one.icon, "url": reverse(f"desk:{one.page}"), "keys": one.keys}
        for one in ACTIONS
        if may(visit.actor.roles, one.verb) and all(word in fold(str(one.label)) for word in words)
    ]
    people = [{"found": one, "name": marked(one.person.full_name, typed)} for one in seen.people]
    return {"seen": seen, "people": people, "actions": actions, "count": seen.count + len(actions)}
