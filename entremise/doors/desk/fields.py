"""Form fields that read what people write: telephones, communes, durations, amounts, days."""

from datetime import date
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from entremise.doors.frame.words import sentence
from entremise.kernel.hours import minutes_typed
from entremise.kernel.phone import parse_phone
from entremise.kernel.refused import Refused
from entremise.people import queries as people

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Label = str | _StrPromise

_WRITE_HOURS = _("Écrivez la durée ainsi : 3 h 30, 3,5 ou 45 min.")
_WRITE_EUROS = _("Écrivez le montant ainsi : 24,50.")
_WRITE_DAY = _("Écrivez la date ainsi : 24/11/2026.")


class PhoneField(forms.CharField):
    """A telephone number as typed; E.164 when clean, empty when nothing was typed."""

    def __init__(self, *, label: "Label" = "", required: bool = False, private: bool = False) -> None:
        attrs = {"inputmode": "tel"} | ({"data-private": ""} if private else {})
        super().__init__(
            label=label or _("Téléphone"), required=required, max_length=40, widget=forms.TextInput(attrs=attrs)
        )

    def clean(self, value: object) -> str:
        text = super().clean(value)
        try:
            return parse_phone(text) if text else ""
        except Refused as refused:
            raise forms.ValidationError(sentence(refused)) from refused


def usual_place(town: str) -> str:
    """The organisation's own town, where the list of communes knows it: else the form would refuse what it proposed."""
    return town if people.find_place(typed=town, limit=1) else ""


class HoursField(forms.CharField):
    """A duration as people write it; whole minutes when clean, None when nothing was typed."""

    default_error_messages = {"required": _WRITE_HOURS, "max_length": _WRITE_HOURS}

    def __init__(self, *, label: "Label" = "", required: bool = True, help_text: "Label" = "") -> None:
        super().__init__(label=label or _("Heures faites"), required=required, max_length=20, help_text=help_text)

    def clean(self, value: object) -> int | None:
        text = super().clean(value)
        minutes = minutes_typed(text) if text else None
        if text and minutes is None:
            raise forms.ValidationError(_WRITE_HOURS)
        return minutes

    def prepare_value(self, value: object) -> object:
        if not isinstance(value, int):
            return value
        whole, rest = divmod(value, 60)
        return f"{whole} h {rest:02}" if whole and rest else f"{whole} h" if whole else f"{rest} min"


class EurosField(forms.CharField):
    """An amount as people write it, « 24,50 » or « 1 234 € »; cents when clean, None when nothing was typed."""

    default_error_messages = {"required": _WRITE_EUROS, "max_length": _WRITE_EUROS}

    def __init__(self, *, label: "Label", required: bool = True, help_text: "Label" = "") -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(label=label, required=required, max_length=20, help_text=help_text, widget=widget)

    def clean(self, value: object) -> int | None:
        typed = super().clean(value)
        text = "".join(char for char in typed if char not in "€ \u00a0\u202f").replace(".", ",")
        if not text:
            return None
        whole, _comma, cents = text.partition(",")
        if not whole.isdecimal() or not (cents or "0").isdecimal() or len(cents) > 2:
            raise forms.ValidationError(_WRITE_EUROS)
        return int(whole) * 100 + int(cents.ljust(2, "0"))

    def prepare_value(self, value: object) -> object:
        return f"{value // 100},{value % 100:02}" if isinstance(value, int) else value


class DayField(forms.DateField):
    """A day as people write it in France, or as a browser sends it."""

    default_error_messages = {"required": _WRITE_DAY, "invalid": _WRITE_DAY}

    def __init__(self, *, label: "Label", required: bool = False, help_text: "Label" = "") -> None:
        formats = ["%d/%m/%Y", "%d/%m/%y", "%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y"]
        super().__init__(label=label, required=required, input_formats=formats, help_text=help_text)

    def prepare_value(self, value: object) -> object:
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else value
