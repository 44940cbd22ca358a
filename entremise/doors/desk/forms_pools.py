"""What is typed about pools, budgets and shared hours."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from entremise.doors.desk.fields import DayField, EurosField, HoursField, WhoForm
from entremise.doors.desk.forms import MoveForm
from entremise.doors.desk.forms_solidarity import OnceForm
from entremise.doors.frame.fields import set_choices
from entremise.doors.frame.words_pools import CARE, FEES, KINDS, OUTCOMES
from entremise.people import queries as people
from entremise.pools.models import Commitment
from entremise.pools.rules.sharing import Terms

_CHOOSE = dict.fromkeys(("required", "invalid_choice"), _("Choisissez dans la liste."))
_WHO_COMES = _("Cochez au moins une personne.")


def _choice(label: Any, choices: Mapping[str, Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(choices.items()), error_messages=_CHOOSE)


def _line(label: Any, *, most: int = 200, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=help_text,
        error_messages={"required": _("Écrivez quelques mots.")},
    )


class RateForm(WhoForm):
    """What was agreed with whoever helps. who: of them."""

    hourly = EurosField(label=_("Prix d’une heure d’aide"), help_text=_("Ce que reçoit qui vient aider."))
    fee_how = _choice(_("Nos frais"), FEES)
    fee_value = EurosField(label=_("Combien (euros, ou pour cent)"), help_text=_("Exemple : 1,50. Rien : 0."))
    alone = EurosField(
        label=_("Prix d’une heure sans le groupe"), help_text=_("Ce que paierait chaque personne, seule.")
    )
    source = _line(_("D’où vient ce prix"), help_text=_("Exemple : tarif du département, janvier 2026"))
    starts_on = DayField(label=_("Du"), required=True, help_text=_("Exemple : 01/12/2026"))
    ends_on = DayField(label=_("Au"), required=True, help_text=_("Exemple : 31/12/2027"))

    field_order = ("name", "about", "who", "picked")

    @property
    def terms(self) -> Terms:
        given = self.cleaned_data
        return Terms(given["hourly"], given["alone"], given["fee_how"], given["fee_value"])


class PoolForm(RateForm):
    name = _line(_("Nom du groupe"), most=60, help_text=_("Exemple : Les Tilleuls"))
    about = _line(_("À quoi il sert, comme ses membres le liront"), most=400, required=False)


class BudgetForm(WhoForm):
    """funder: whoever gives the money, found by name."""

    kind = _choice(_("Quel budget"), KINDS)
    funder_name = _line(
        _("Qui le finance"), most=120, required=False, help_text=_("Le nom d’une fiche. Vide : la personne elle-même.")
    )
    amount = EurosField(label=_("Montant accordé"))
    first = DayField(label=_("Du"), required=True, help_text=_("Exemple : 01/01/2026"))
    last = DayField(label=_("Au"), required=True, help_text=_("Exemple : 31/12/2026"))
    reference = _line(_("Décision ou plan d’aide"), most=80, required=False, help_text=_("Exemple : APA 2026-118"))
    outcomes = forms.MultipleChoiceField(
        label=_("Pour quoi"),
        choices=list(OUTCOMES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={**_CHOOSE, "required": _("Cochez au moins un besoin.")},
    )

    def clean(self) -> None:
        super().clean()
        typed = self.cleaned_data.get("funder_name")
        if typed:
            found = people.find(typed=typed, limit=2)
            if len(found) == 1:
                self.cleaned_data["funder"] = found[0].person
            else:
                self.add_error("funder_name", _("Écrivez le nom entier : une seule fiche doit correspondre."))


class MoneyForm(OnceForm):
    how = forms.ChoiceField(label=_("Comment"), error_messages=_CHOOSE)
    amount = EurosField(label=_("Montant"), required=False, help_text=_("D’un virement, c’est la banque qui le dit."))
    on = DayField(label=_("Reçu le"), help_text=_("Vide : aujourd’hui."))

    def lines(self, choices: Iterable[tuple[str, str]]) -> None:
        """Transfers of the bank's statement that nobody has explained yet."""
        set_choices(self, "how", [("cash", _("En espèces")), ("cheque", _("Par chèque")), *choices])


class OutcomeForm(forms.Form):
    outcome = _choice(_("Pour quoi"), OUTCOMES)
    since = DayField(label=_("À partir du"), help_text=_("Vide : aujourd’hui."))
    source = _line(_("Décidé par"), required=False, help_text=_("Exemple : plan d’aide du 3 novembre"))


class BlockForm(forms.Form):
    kind = _choice(_("Quel budget"), KINDS)
    outcome = _choice(_("Ne peut pas payer"), OUTCOMES)
    since = DayField(label=_("À partir du"), help_text=_("Vide : aujourd’hui."))
    source = _line(_("Qui le dit"), help_text=_("Exemple : règlement du département, page 12"))
    verified = forms.BooleanField(label=_("Lu dans le texte lui-même"), required=False)


class PlanForm(MoveForm):
    minutes = HoursField(label=_("Combien de temps"), help_text=_("Exemple : 2 h"))
    outcome = _choice(_("Pour quoi"), CARE)
    budgets = forms.MultipleChoiceField(
        label=_("Qui y participe"),
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _WHO_COMES),
    )

    def members(self, choices: list[tuple[str, str]]) -> None:
        set_choices(self, "budgets", choices)


class RecordForm(forms.Form):
    """minutes: of whoever helped; then one field for each person, empty when they were not there."""

    minutes = HoursField(label=_("L’aide a duré"))

    def __init__(self, data: Any = None, *, rows: Sequence[Commitment], minutes: int) -> None:
        super().__init__(data, initial={"minutes": minutes})
        self.rows = rows
        for one in rows:
            called = one.budget.person.full_name
            absent = _("Absente : laissez vide.")
            self.fields[f"had-{one.id}"] = HoursField(label=called, required=False, help_text=absent)
            self.initial[f"had-{one.id}"] = minutes

    def people(self) -> list[forms.BoundField]:
        return [self[f"had-{one.id}"] for one in self.rows]

    @property
    def present(self) -> dict[UUID, int]:
        return {one.budget_id: self.cleaned_data[f"had-{one.id}"] or 0 for one in self.rows}


class LeaveForm(forms.Form):
    """seen: cents that the page said would be given back."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
