"""The first day at the desk: a short path of steps, done or not as the rows say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from entremise.doors.desk.nav import jobs_staff
from entremise.doors.frame.lists import Words
from entremise.doors.frame.visit import Guard, Inside, money_staff, staff, with_role
from entremise.jobs.queries.first_steps import first_steps
from entremise.kernel.act import Role


@dataclass(frozen=True)
class Step:
    """page: where it is done. guard: who can do it there; the others read who does."""

    label: Words
    why: Words
    page: str
    guard: Guard = staff


_director = with_role(Role.DIRECTOR)
_C_D = with_role(Role.COORDINATOR, Role.DIRECTOR)

STEPS: Final[Mapping[str, Step]] = {
    "identity": Step(
        _("Écrire l’identité de l’association"), _("Contrats et factures la portent."), "identity", _director
    ),
    "activities": Step(_("Choisir les activités"), _("Ce que vous proposez, et avec quels mots."), "activities"),
    "tariffs": Step(_("Écrire un tarif"), _("Le prix d’une heure et le salaire, dits avant l’accord."), "tariffs"),
    "territory": Step(_("Écrire le territoire"), _("Les communes de la convention."), "activities"),
    "people": Step(_("Faire entrer les personnes"), _("D’un tableau, ou une par une."), "imports", _C_D),
    "call": Step(_("Prendre un premier appel"), _("F2, puis une ligne : le reste se remplit."), "call", jobs_staff),
    "proposal": Step(_("Proposer à quelqu’un"), _("Les raisons sont dites, vous choisissez."), "requests", jobs_staff),
    "contract": Step(_("Faire signer un contrat"), _("Par lien, à l’écran ou sur papier."), "contracts", jobs_staff),
    "hours": Step(_("Confirmer des heures"), _("La personne note, le client confirme."), "hours", jobs_staff),
    "month": Step(_("Faire un premier mois"), _("Bulletins, factures et virements d’un coup."), "payroll", money_staff),
}


def path(request: Inside) -> list[dict[str, object]]:
    """The steps as the board shows them, the first that is left marked; none for those who only see money."""
    if not jobs_staff(request.visit):
        return []
    seen = first_steps(person=request.visit.person)
    here = next((code for code, done in seen.items() if not done and STEPS[code].guard(request.visit)), "")
    return [
        {
            "step": STEPS[code],
            "done": done,
            "here": code == here,
            "url": reverse(f"desk:{STEPS[code].page}") if STEPS[code].guard(request.visit) else "",
        }
        for code, done in seen.items()
    ]
