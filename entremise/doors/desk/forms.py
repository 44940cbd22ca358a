from datetime import datetime, timedelta
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from entremise.doors.desk.fields import HoursField, PhoneField, PlaceField
from entremise.jobs.models import Request
from entremise.jobs.operations.calls import Caller, Wanted
from entremise.jobs.queries.calling import Need, Typed
from entremise.people.models import Person

LONGEST_CALL = timedelta(hours=2)


class CallForm(forms.Form):
    """One phone call: who, and what they need, in one line or in four fields."""

    client = forms.CharField(required=False, max_length=36, widget=forms.HiddenInput)  # "new", or a person's id.
    who = forms.CharField(required=False, max_length=120, label=_("Qui appelle ?"))
    phone = PhoneField(private=True)
    street = forms.CharField(
        required=False, max_length=120, label=_("Rue"), widget=forms.TextInput(attrs={"data-private": ""})
    )
    place = PlaceField()
    line = forms.CharField(required=False, max_length=500, label=_("En une ligne"))
    what = forms.CharField(required=False, max_length=120, label=_("Quoi"))
    when = forms.CharField(required=False, max_length=120, label=_("Quand"))
    length = forms.CharField(required=False, max_length=40, label=_("Durée"))
    note = forms.CharField(required=False, max_length=300, label=_("À savoir"))
    like = forms.IntegerField(required=False, widget=forms.HiddenInput)
    started = forms.DateTimeField(required=False, widget=forms.HiddenInput, input_formats=["%Y-%m-%dT%H:%M:%S%z"])

    def typed(self) -> Typed:
        """What was typed about the need, valid or not."""
        return Typed(*(str(self[name].value() or "") for name in ("line", "what", "when", "length", "note")))

    def client_id(self) -> UUID | None:
        try:
            return UUID(str(self["client"].value()))
        except ValueError:
            return None

    def like_number(self) -> int | None:
        said = str(self["like"].value() or "")
        return int(said) if said.isdigit() else None

    def started_at(self, now: datetime) -> datetime:
        """When the call began; now when the page does not say, or says something odd."""
        said = self.cleaned_data.get("started")
        return said if said and now - LONGEST_CALL <= said <= now else now

    def caller(self, known: Person | None) -> Caller:
        data = self.cleaned_data
        if known:
            return Caller(person=known, phone=data["phone"])
        return Caller(name=data["who"], phone=data["phone"], street=data["street"], place=data["place"])

    def check(self, need: Need, known: Person | None) -> None:
        """Put beside its field whatever is still missing for a request."""
        if known is None and not self.cleaned_data.get("who", "").strip():
            self.add_error("who", _("Qui appelle ? Tapez trois lettres du nom, ou le nom entier."))
        missing = {
            "what": _("Que faut-il faire ? Exemple : haie."),
            "when": _("Quel jour ? Exemple : mardi matin, ou 24/11 à 9 h."),
            "length": _("Combien de temps ? Exemple : 2 h."),
        }
        for name in dict.fromkeys((*need.missing, *need.unread)):
            self.add_error(name, missing[name])

    def wanted(self, need: Need, like: Request | None) -> Wanted | None:
        if need.activity is None or need.starts_at is None or need.minutes is None:
            return None
        return Wanted(need.activity, need.starts_at, need.minutes, need.recurrence, need.note, like)


class ReasonForm(forms.Form):
    reason = forms.CharField(required=False, max_length=200, label=_("Pourquoi ?"))


class HoursForm(forms.Form):
    minutes = HoursField()
