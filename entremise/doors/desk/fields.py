"""Form fields that read what people write at the desk: communes, durations, amounts, days."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from entremise.doors.frame.fields import DayField, EurosField
from entremise.kernel.hours import minutes_typed
from entremise.people import queries as people

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Label = str | _StrPromise

__all__ = ["DayField", "EurosField", "HoursField", "WhoForm"]

_WRITE_HOURS = _("Écrivez la durée ainsi : 3 h 30, 3,5 ou 45 min.")


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


class WhoForm(forms.Form):
    """Somebody by name or telephone: picked from the list, or the only one whom the words mean."""

    who = forms.CharField(
        label=_("Pour qui ?"),
        max_length=120,
        error_messages={"required": _("Écrivez le nom ou le téléphone de la personne.")},
    )
    picked = forms.UUIDField(
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid": _("Choisissez la personne dans la liste.")},
    )

    def clean(self) -> None:
        given = self.cleaned_data
        if not given.get("who") or (given.get("picked") and people.several(people=[given["picked"]])):
            return
        found = people.find(typed=given["who"], limit=2)
        if len(found) == 1:
            given["picked"] = found[0].person.id
        else:
            self.add_error("who", _("Écrivez le nom entier ou le téléphone : une seule personne doit correspondre."))
