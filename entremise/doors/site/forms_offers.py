"""What a client says when they pick an offer."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from entremise.doors.frame.fields import set_choices
from entremise.doors.frame.forms_offers import day_field, half_hours


class BookForm(forms.Form):
    note = forms.CharField(
        label=_("À savoir"), help_text=_("Exemple : portail vert, code 12."), required=False, max_length=300
    )


class AskForm(BookForm):
    day = day_field(_("Quel jour ?"), required=True)
    hour = forms.ChoiceField(label=_("À quelle heure ?"), initial="09:00")
    otherwise = forms.ChoiceField(
        label=_("Et si cette personne ne peut pas venir ?"),
        choices=[
            ("another", _("Quelqu’un d’autre me va aussi")),
            ("nobody", _("Je préfère que vous me préveniez, sans chercher plus loin")),
        ],
        error_messages={"required": _("Choisissez une réponse.")},
        widget=forms.RadioSelect,
        initial="another",
    )
    field_order = ("day", "hour", "note", "otherwise")

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        set_choices(self, "hour", half_hours())

    @staticmethod
    def at(moment: datetime | None) -> dict[str, object]:
        local = localtime(moment) if moment else None
        return {"day": local.date(), "hour": f"{local:%H:%M}"} if local else {}

    def starts_at(self, zone: ZoneInfo) -> datetime:
        given = self.cleaned_data
        return datetime.combine(given["day"], time.fromisoformat(given["hour"]), zone)
