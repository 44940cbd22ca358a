"""Programs that come in at the API: which keys there are, as whom they act, and the end of one."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from entremise.doors.desk.fields import DayField
from entremise.doors.desk.nav import allowed_to, came_back, found, page
from entremise.doors.frame.fields import set_choices
from entremise.doors.frame.visit import Inside
from entremise.doors.frame.ways import checked, on, read, write
from entremise.jobs.queries import persons
from entremise.kernel.act import Door
from entremise.people import operations as people
from entremise.people import queries as known
from entremise.people.models import Person
from entremise.people.rules.may import Verb

YEAR = timedelta(days=365)
direction = allowed_to(Verb.PROGRAMS_LET_IN)

SCOPES: Final[Mapping[str, Promise]] = {
    "people:read": lazy("Voir les personnes"),
    "people:write": lazy("Ajouter et changer des personnes"),
    "requests:read": lazy("Voir les demandes, les tarifs et les propositions"),
    "requests:write": lazy("Écrire des demandes, proposer, répondre"),
    "agreements:read": lazy("Voir les contrats et les papiers"),
    "agreements:write": lazy("Signer des contrats"),
    "missions:read": lazy("Voir les missions et leurs heures"),
    "missions:write": lazy("Annuler des missions, noter des absences"),
    "hours:write": lazy("Noter, confirmer et trancher des heures"),
    "tasks:read": lazy("Voir les tâches et les messages"),
    "tasks:write": lazy("Finir des tâches, noter des appels"),
    "money:read": lazy("Voir les factures et les bulletins"),
    "money:write": lazy("Lancer les paies, noter un compte bancaire"),
    "purchases:read": lazy("Voir les achats groupés et les commandes"),
    "purchases:write": lazy("Commander, clôturer des achats groupés"),
}


class ProgramForm(forms.Form):
    label = forms.CharField(
        label=lazy("Quel programme"), max_length=80, help_text=lazy("Exemple : site de la mairie de Valmarelle")
    )
    person = forms.ChoiceField(label=lazy("Il agit au nom de"))
    scopes = forms.MultipleChoiceField(
        label=lazy("Ce qu’il peut faire"), choices=list(SCOPES.items()), widget=forms.CheckboxSelectMultiple
    )
    expires_on = DayField(label=lazy("Jusqu’au"), required=True)

    def __init__(
        self, people_: list[Person], data: QueryDict | None = None, initial: dict[str, object] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.known = {str(one.id): one for one in people_}
        set_choices(self, "person", [(key, one.full_name) for key, one in self.known.items()])

    @property
    def who(self) -> Person:
        return self.known[self.cleaned_data["person"]]


def programs_page(request: Inside) -> HttpResponse:
    today = request.visit.act(Door.DESK).at.date()
    initial: dict[str, object] = {"person": request.GET.get("personne", ""), "expires_on": today + YEAR}
    form = came_back(request, ProgramForm) or ProgramForm(_possible(request), initial=initial)
    rows = [
        {"key": key, "scopes": [SCOPES[one] for one in key.scopes if one in SCOPES], "over": key.expires_on <= today}
        for key in known.program_keys()
    ]
    return page(request, "programs", section="settings", context={"rows": rows, "form": form})


@write(direction, again=programs_page)
def let_in(request: Inside) -> HttpResponse:
    """The key is shown this once: only its digest is kept."""
    form = request.form = ProgramForm(_possible(request), request.POST)
    checked(form)
    last: date = form.cleaned_data["expires_on"]
    key, secret = people.make_program_key(
        act=request.visit.act(Door.DESK),
        person=form.who,
        label=form.cleaned_data["label"],
        scopes=form.cleaned_data["scopes"],
        expires_on=last,
        secret_key=settings.SECRET_KEY,
    )
    return page(request, "program_key", section="settings", context={"key": key, "secret": secret})


programs = on(get=read(direction)(programs_page), post=let_in)


@write(direction, again=lambda request, key: programs_page(request))
def shut_out(request: Inside, key: UUID) -> HttpResponse:
    people.revoke_program_key(act=request.visit.act(Door.DESK), key=found(known.program_key(key=key)))
    messages.success(request, _("Cette clé n’ouvre plus rien."))
    return redirect("desk:programs")


def _possible(request: Inside) -> list[Person]:
    """As whom a program may act: who works at the desk, and whoever's card it was asked from."""
    staff = [one.person for one in persons.staff_members()]
    asked = request.POST.get("person") or request.GET.get("personne") or ""
    try:
        other = persons.person(person=UUID(asked)) if asked not in {str(one.id) for one in staff} else None
    except ValueError:
        other = None
    return [*staff, other] if other else staff
