from datetime import datetime, timedelta
from typing import Any, TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from entremise.doors.desk.fields import DayField, HoursField
from entremise.doors.frame.calling_off import excuses
from entremise.doors.frame.fields import PhoneField, PlaceField, set_choices
from entremise.jobs.models import Request
from entremise.jobs.operations.calls import Caller, Wanted
from entremise.jobs.queries.calling import Need, Typed
from entremise.jobs.rules.limits import Override
from entremise.jobs.rules.modes.registry import USUAL, with_pricing
from entremise.kernel.ids import new_id
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
    by_quote = forms.BooleanField(
        required=False, label=_("Par une personne indépendante, sur devis"), widget=forms.CheckboxInput
    )
    like = forms.IntegerField(required=False, widget=forms.HiddenInput)
    code = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)  # Of what was begun on the web.
    started = forms.DateTimeField(required=False, widget=forms.HiddenInput, input_formats=["%Y-%m-%dT%H:%M:%S%z"])

    once_key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def once(self) -> str:
        """Names this call: sent twice, it is taken once."""
        return self.cleaned_data["once_key"] or str(new_id())

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
        return int(said) if said.isdecimal() and len(said) < 9 else None

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
        mode = with_pricing("quote").code if self.cleaned_data["by_quote"] else USUAL
        return Wanted(need.activity, need.starts_at, need.minutes, need.recurrence, need.note, like, mode)


class IdentityForm(forms.Form):
    """Who asked on the web: somebody known, by id, or somebody new."""

    person = forms.CharField(
        max_length=36,
        label=_("Qui est-ce ?"),
        error_messages={"required": _("Appelez la personne, puis dites qui c’est.")},
    )

    def clean_person(self) -> UUID | None:
        said = str(self.cleaned_data["person"])
        if said != "new" and not is_id(said):
            raise forms.ValidationError(_("Appelez la personne, puis dites qui c’est."))
        return None if said == "new" else UUID(said)


class ReasonForm(forms.Form):
    reason = forms.CharField(required=False, max_length=200, label=_("Pourquoi ?"))


class DayForm(forms.Form):
    """A day of a recurring job: skip it, or keep it although it is a holiday."""

    day = DayField(label=_("Pas de venue le"), required=True, help_text=_("Exemple : 24/12/2026"))
    keep = forms.BooleanField(required=False)


class MoveForm(forms.Form):
    day = DayField(label=_("Quel jour ?"), required=True, help_text=_("Exemple : 24/11/2026"))
    start = forms.TimeField(
        label=_("À quelle heure ?"),
        help_text=_("Exemple : 9:30"),
        input_formats=["%H:%M", "%Hh%M", "%Hh", "%H h %M", "%H h", "%H"],
        widget=forms.TimeInput(format="%H:%M"),
        error_messages=dict.fromkeys(("required", "invalid"), _("Écrivez l’heure ainsi : 9:30.")),
    )

    def starts_at(self, zone: ZoneInfo) -> datetime:
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["start"], zone)


class Said(TypedDict):
    reason: str
    excuse: str
    fee: int


class CallOffForm(ReasonForm):
    """Calling off a visit, or an absence. fee: cents that the page showed; what changed since is shown anew."""

    excuse = forms.ChoiceField(
        required=False,
        label=_("Ne rien compter au client ?"),
    )
    fee = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    field_order = ("excuse", "reason")

    def __init__(self, data: Any = None, *, theirs: bool) -> None:
        """theirs: the fee is owed to whoever would have come."""
        super().__init__(data)
        named = ((code, str(said)) for code, said in excuses(theirs=theirs))
        set_choices(self, "excuse", [("", _("Non, la règle s’applique")), *named])

    def said(self) -> Said:
        given = self.cleaned_data
        return {"reason": given["reason"], "excuse": given["excuse"], "fee": given["fee"] or 0}


class PublicityForm(forms.Form):
    """Whether everybody may read of a request, and in what words."""

    listed = forms.BooleanField(
        required=False,
        label=_("Sur la liste publique"),
        help_text=_("Sans nom, sans téléphone, sans adresse : la commune seulement."),
    )
    words = forms.CharField(
        required=False,
        max_length=300,
        label=_("Ce qu’il y a à faire, pour tout le monde"),
        help_text=_("Exemple : couper le haut et les côtés, ramasser les branches."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class HoursForm(forms.Form):
    minutes = HoursField()


class OutcomeForm(forms.Form):
    outcome = forms.CharField(required=False, max_length=200, label=_("Ce qui a été fait"))


class ProposeForm(forms.Form):
    """Whom to ask, and on whose word a rule is set aside: one reason for those who need it."""

    workers = forms.TypedMultipleChoiceField(
        coerce=UUID,
        label=_("À qui proposer ?"),
        error_messages={"required": _("Cochez au moins une personne.")},
    )
    reason = forms.CharField(required=False, max_length=200, label=_("Pourquoi passer outre ?"))
    reference = forms.CharField(required=False, max_length=80, label=_("Décision du préfet"))

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        given = data.getlist("workers") if data else []
        set_choices(self, "workers", [(one, one) for one in given if is_id(one)])

    def overrides(self, by: UUID) -> dict[UUID, Override]:
        """A reason counts for whoever is ticked and blocked; it changes nothing for the others."""
        given = self.cleaned_data
        if not given["reason"]:
            return {}
        return {one: Override(by, given["reason"], given["reference"]) for one in given["workers"]}


def is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


class AmendForm(MoveForm):
    minutes = HoursField(label=_("Combien de temps ?"))
    note = forms.CharField(required=False, max_length=300, label=_("À savoir"))

    @staticmethod
    def of(request: Request, zone: ZoneInfo) -> dict[str, object]:
        starts = request.listing.starts_at
        local = starts.astimezone(zone) if starts else None
        return {
            "day": local.date() if local else None,
            "start": local.time() if local else None,
            "minutes": request.minutes,
            "note": request.note,
        }


SIGNERS = (("client", _("Le client")), ("worker", _("La personne salariée")))


class SignForm(forms.Form):
    role = forms.ChoiceField(choices=SIGNERS)
    read_aloud = forms.BooleanField(
        label=_("La personne a lu le contrat, ou on le lui a lu"),
        error_messages={"required": _("Faites lire le contrat, ou lisez-le à voix haute, puis cochez.")},
    )


class ScanForm(forms.Form):
    role = forms.ChoiceField(choices=SIGNERS)
    scan = forms.FileField(
        label=_("Photo ou scan du papier signé"),
        help_text=_("JPEG, PNG, WEBP ou TIFF, au plus 12 Mo"),
        error_messages={"required": _("Choisissez la photo du papier signé.")},
    )
