"""What somebody says when they give."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from entremise.doors.frame.fields import EurosField, set_choices
from entremise.doors.frame.templatetags.entremise import money
from entremise.doors.frame.words import sentence
from entremise.kernel.phone import parse_phone
from entremise.kernel.refused import Refused
from entremise.people.operations.persons import LONGEST
from entremise.people.rules.fitting import check_lengths
from entremise.people.rules.names import split_name
from entremise.people.rules.typed import email_typed
from entremise.solidarity.models import Fund

SUGGESTED = (1000, 2000, 5000)  # Cents; none is chosen in advance.
LEAST, MOST = 100, 1_000_000
_AMOUNT = _("Choisissez un montant, ou écrivez le vôtre. Exemple : 15.")
_NAME = _("Écrivez votre prénom et votre nom. Exemple : Odile Marsan.")


class GiveForm(forms.Form):
    """known: whoever has signed in is not asked who they are."""

    fund = forms.ChoiceField(
        label=_("Pour quoi ?"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choisissez à quoi votre don sert.")),
    )
    amount = forms.ChoiceField(
        label=_("Combien ?"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _AMOUNT},
    )
    other = EurosField(label=_("Ou un autre montant"), required=False, help_text=_("Exemple : 15"))
    name = forms.CharField(
        label=_("Votre nom"),
        max_length=120,
        error_messages={"required": _NAME},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    reach = forms.CharField(
        label=_("Un téléphone ou un courriel, pour vous dire merci"),
        max_length=120,
        required=False,
        help_text=_("Exemple : 06 39 98 14 27. Il ne sert à rien d’autre."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, funds: Sequence[Fund], known: bool) -> None:
        super().__init__(data)
        set_choices(self, "fund", [(str(one.id), one.name) for one in funds])
        set_choices(self, "amount", [(str(one), money(one, "short")) for one in SUGGESTED])
        if len(funds) == 1:
            self.fields["fund"].widget, self.initial["fund"] = forms.HiddenInput(), str(funds[0].id)
        if known:
            del self.fields["name"], self.fields["reach"]

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        try:
            said = split_name(name)
            check_lengths({"given_name": said.given, "family_name": said.family}, LONGEST)
        except Refused as refused:
            raise ValidationError(_NAME) from refused
        return name

    def clean_reach(self) -> dict[str, str]:
        """By which of the two, as it will be kept."""
        typed = str(self.cleaned_data["reach"]).strip()
        try:
            if "@" in typed:
                return {"email": email_typed(typed)}
            return {"phone": parse_phone(typed)} if typed else {}
        except Refused as refused:
            raise ValidationError(sentence(refused)) from refused

    def clean(self) -> dict[str, Any]:
        """cents: what was written, else what was chosen."""
        given = super().clean() or {}
        written, chosen = given.get("other"), given.get("amount")
        if written is not None and not LEAST <= written <= MOST:
            self.add_error("other", _("Par carte : de 1 € à 10 000 €. Au-delà, appelez-nous."))
        elif written is None and not chosen and not {"other", "amount"} & self.errors.keys():
            self.add_error("amount", _AMOUNT)
        return {**given, "cents": written or int(chosen or 0)}
