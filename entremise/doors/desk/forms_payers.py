"""What is typed about bodies that pay for others."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from entremise.doors.desk.fields import DayField, EurosField, HoursField
from entremise.doors.desk.forms import is_id
from entremise.doors.desk.words_payers import KINDS, SHARES, SPANS
from entremise.doors.frame.fields import set_choices
from entremise.kernel.ids import new_id
from entremise.settlement.models import Payer

_CHOOSE = dict.fromkeys(("required", "invalid_choice"), _("Choisissez dans la liste."))
_DAYS = dict.fromkeys(
    ("required", "invalid", "min_value", "max_value"), _("Écrivez un nombre de jours entre 0 et 365. Exemple : 45.")
)
_LARGEST = 100_000_00  # Cents: beyond, somebody mistyped.


class PayerForm(forms.Form):
    kind = forms.ChoiceField(label=_("Qui est-ce ?"), choices=list(KINDS.items()), error_messages=_CHOOSE)
    due_days = forms.IntegerField(
        label=_("Paie sous tant de jours"), min_value=0, max_value=365, initial=45, error_messages=_DAYS
    )


class UndertakingForm(forms.Form):
    payer = forms.TypedChoiceField(label=_("Qui paie ?"), coerce=UUID, error_messages=_CHOOSE)
    value = EurosField(label=_("Quelle part ?"), help_text=_("Exemple : 65 pour 65 %, ou 12,50"))
    how = forms.ChoiceField(label=_("En"), choices=list(SHARES.items()), error_messages=_CHOOSE)
    ceiling = EurosField(label=_("Au plus par mois (€)"), required=False)
    hours = HoursField(label=_("Heures au plus"), required=False, help_text=_("Exemple : 10 h"))
    hours_span = forms.ChoiceField(
        label=_("Ces heures sont comptées"), choices=list(SPANS.items()), required=False, error_messages=_CHOOSE
    )
    starts_on = DayField(label=_("Du"), required=True, help_text=_("Exemple : 01/01/2027"))
    ends_on = DayField(label=_("Jusqu’au"))
    reference = forms.CharField(label=_("Leur référence"), required=False, max_length=60)

    def __init__(self, data: Any = None, *, payers: Sequence[Payer]) -> None:
        super().__init__(data)
        set_choices(self, "payer", [(str(one.id), one.person.full_name) for one in payers])

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["hours_span"] = self.cleaned_data.get("hours_span") or "month"
        for name in ("value", "ceiling", "hours"):
            if (self.cleaned_data.get(name) or 0) > _LARGEST:
                self.add_error(name, _("C’est trop. Relisez ce montant."))
        return self.cleaned_data


class SharesForm(forms.Form):
    """The shares that a line pays, ticked."""

    shares = forms.TypedMultipleChoiceField(
        coerce=UUID,
        label=_("Parts payées"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Cochez au moins une part.")),
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.ticked = {UUID(one) for one in data.getlist("shares") if is_id(one)}
        set_choices(self, "shares", [(str(one), str(one)) for one in self.ticked])


class ShareForm(forms.Form):
    amount = EurosField(label=_("Montant reçu"))
    how = forms.ChoiceField(
        label=_("Comment"), choices=[("cheque", _("Par chèque")), ("cash", _("En espèces"))], error_messages=_CHOOSE
    )
    once = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, due: int = 0) -> None:
        """once: the same form sent twice takes the money once."""
        super().__init__(data, auto_id="recu_%s", initial={"amount": due, "once": str(new_id())})


class RefusalForm(forms.Form):
    amount = EurosField(label=_("Ce qui n’est pas payé"))
    reason = forms.CharField(
        label=_("Pourquoi ?"), max_length=160, error_messages={"required": _("Écrivez pourquoi : c’est gardé.")}
    )
    then = forms.ChoiceField(
        label=_("Et alors ?"),
        choices=[("client", _("La personne aidée le doit")), ("nobody", _("Personne ne le doit : faire un avoir"))],
        error_messages=_CHOOSE,
    )
    once = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, due: int = 0) -> None:
        super().__init__(data, auto_id="refus_%s", initial={"amount": due, "once": str(new_id())})
