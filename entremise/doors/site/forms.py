from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from entremise.doors.frame.fields import PhoneField, set_choices
from entremise.doors.frame.templatetags.entremise import hours
from entremise.kernel.hours import minutes_typed
from entremise.people.models import Person


class PhoneForm(forms.Form):
    phone = PhoneField(own=True)
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class MandateForm(forms.Form):
    iban = forms.CharField(
        label=_("Votre IBAN"),
        max_length=50,
        help_text=_("Il est sur votre relevé d’identité bancaire (RIB)."),
        error_messages={"required": _("Écrivez votre IBAN.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    agree = forms.BooleanField(
        label=_("Oui, prélevez mes factures"),
        error_messages={"required": _("Cochez la case pour signer.")},
    )


class LanguageForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Nos messages pour vous"),
        choices=settings.LANGUAGES,
        error_messages={"required": _("Choisissez une langue."), "invalid_choice": _("Choisissez une langue.")},
        widget=forms.RadioSelect,
    )


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
        set_choices(self, "person", [(str(person.id), person.called) for person in people])


def said_by(form: forms.BaseForm | None) -> str:
    """The first complaint of a form whose place on the page is gone."""
    return next((str(error) for errors in form.errors.values() for error in errors), "") if form else ""


class AnswerForm(forms.Form):
    """Two buttons."""

    answer = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")], widget=forms.HiddenInput)


class CallOffForm(forms.Form):
    """fee: cents that the page showed."""

    fee = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class CountForm(forms.Form):
    """A duration as a hand writes it. anchor: tells several forms of a page apart."""

    minutes = forms.CharField(
        max_length=20,
        label=_("Sinon, combien d’heures ?"),
        help_text=_("Exemple : 2 h 30"),
        error_messages={"required": _("Écrivez le nombre d’heures. Exemple : 2 h 30.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, anchor: str, initial: dict[str, str] | None = None) -> None:
        super().__init__(data, auto_id=f"id_{anchor}_%s", initial=initial)

    def clean_minutes(self) -> int:
        minutes = minutes_typed(self.cleaned_data["minutes"].replace("\u00a0", " "))
        if minutes is None:
            raise ValidationError(_("Écrivez la durée en heures et minutes. Exemple : 2 h 30."))
        return minutes


class HoursForm(CountForm):
    """Hours of one mission. key: the same sending twice, by a phone that was offline, counts once."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput(attrs={"data-once": ""}))

    def __init__(self, data: Any = None, *, anchor: str, minutes: int = 0, key: str = "") -> None:
        super().__init__(data, anchor=anchor, initial={"minutes": hours(minutes), "key": key})
        self.fields["minutes"].label = _("Heures faites")
        self.fields["minutes"].help_text = ""
