from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from entremise.doors.frame.templatetags.entremise import hours
from entremise.doors.frame.words import sentence
from entremise.kernel.hours import minutes_typed
from entremise.kernel.phone import parse_phone
from entremise.kernel.refused import Refused
from entremise.people.models import Person


class PhoneForm(forms.Form):
    phone = forms.CharField(
        max_length=40,
        label=_("Votre téléphone"),
        help_text=_("Exemple : 06 39 98 14 27"),
        error_messages={"required": _("Écrivez votre numéro. Exemple : 06 39 98 14 27.")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_phone(self) -> str:
        try:
            return parse_phone(self.cleaned_data["phone"])
        except Refused as refused:
            raise ValidationError(sentence(refused)) from refused


class CodeForm(forms.Form):
    code = forms.CharField(
        max_length=20,
        label=_("Le code reçu"),
        help_text=_("Six chiffres, avec ou sans espaces. Il est valable 15 minutes."),
        error_messages={"required": _("Écrivez les six chiffres du code.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class CardForm(forms.Form):
    prefix = None
    position = forms.IntegerField(min_value=1, max_value=20, widget=forms.HiddenInput)
    code = forms.CharField(
        max_length=20,
        label=_("Le code de cette ligne"),
        error_messages={"required": _("Écrivez les six chiffres de cette ligne de la carte.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "id": "id_card"}),
    )


class WhoForm(forms.Form):
    person = forms.TypedChoiceField(
        coerce=UUID,
        label=_("Qui êtes-vous ?"),
        error_messages={"required": _("Choisissez votre nom."), "invalid_choice": _("Choisissez votre nom.")},
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None, *, people: Sequence[Person]) -> None:
        super().__init__(data)
        field = self.fields["person"]
        field.choices = [(str(person.id), person.called) for person in people]  # type: ignore[attr-defined]  # A choice field.


class HoursForm(forms.Form):
    """Hours of one mission, as the stepper or a hand writes them. key: the same sending twice counts once."""

    minutes = forms.CharField(
        max_length=20,
        label=_("Heures faites"),
        error_messages={"required": _("Écrivez vos heures. Exemple : 3 h 30.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "num__input"}),
    )
    key = forms.CharField(max_length=64, widget=forms.HiddenInput(attrs={"data-once": ""}))

    def __init__(self, data: Any = None, *, minutes: int = 0, key: str = "", anchor: str = "") -> None:
        initial = {"minutes": hours(minutes) if minutes else "", "key": key}
        super().__init__(data, initial=initial, auto_id=f"id_{anchor}_%s" if anchor else "id_%s")

    def clean_minutes(self) -> int:
        minutes = minutes_typed(self.cleaned_data["minutes"].replace("\u00a0", " "))
        if minutes is None:
            raise ValidationError(_("Écrivez la durée en heures et minutes. Exemple : 3 h 30."))
        return minutes
