"""The filters of the public list: read from an address, written into one, said in words."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entremise.doors.frame.days import WEEKDAYS
from entremise.doors.frame.fields import set_choices
from entremise.doors.frame.templatetags.entremise import short_date
from entremise.jobs.models import Activity
from entremise.jobs.rules.notices import Order, Part, Wanted, days_mask
from entremise.people.models import Place
from entremise.people.queries import find_place

SENSIBLE = (date(2020, 1, 1), date(2100, 1, 1))
NEAR = 10  # Kilometres, unless somebody says otherwise.
DISTANCES = (0, 5, 10, 20, 50)
PARTS = {
    "matin": (Part.MORNING, gettext_lazy("Le matin")),
    "apres-midi": (Part.AFTERNOON, gettext_lazy("L’après-midi")),
    "soir": (Part.EVENING, gettext_lazy("Le soir")),
}
WEEKEND = ("5", "6")


class SearchForm(forms.Form):
    """Words, where, when. Every field may be empty; what is not understood says so beside the field."""

    q = forms.CharField(required=False, max_length=80, label=gettext_lazy("Mots"))
    activite = forms.ChoiceField(required=False, label=gettext_lazy("Travail"))
    ou = forms.CharField(required=False, max_length=80, label=gettext_lazy("Commune ou code postal"))
    km = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, choices=[(km, str(km)) for km in DISTANCES],
        label=gettext_lazy("Distance"),
    )  # fmt: skip
    du = forms.DateField(required=False, input_formats=["%Y-%m-%d", "%d/%m/%Y"], label=gettext_lazy("À partir du"))
    au = forms.DateField(required=False, input_formats=["%Y-%m-%d", "%d/%m/%Y"], label=gettext_lazy("Jusqu’au"))
    jour = forms.TypedMultipleChoiceField(
        required=False, coerce=int, choices=[(str(at), name) for at, name in enumerate(WEEKDAYS)],
        label=gettext_lazy("Jours"),
    )  # fmt: skip
    moment = forms.ChoiceField(
        required=False, choices=[(code, name) for code, (_part, name) in PARTS.items()],
        label=gettext_lazy("Moment de la journée"),
    )  # fmt: skip
    regulier = forms.BooleanField(required=False, label=gettext_lazy("Qui reviennent chaque semaine"))
    tri = forms.ChoiceField(required=False, choices=[(one.value, one.value) for one in Order])

    def __init__(self, data: "MultiValueDict[str, Any] | Mapping[str, Any]", activities: Iterable[Activity]) -> None:
        super().__init__(data)
        self.codes = {one.code: one for one in activities}
        self.centre: Place | None = None
        set_choices(self, "activite", [("", ""), *((code, code) for code in self.codes)])
        for name, field in self.fields.items():
            said = (
                _("Écrivez une date. Exemple : 24/11/2026.") if name in ("du", "au") else _("Choisissez dans la liste.")
            )
            field.error_messages |= {"invalid": said, "invalid_choice": said}

    def clean_ou(self) -> str:
        """The commune is looked up: one query, when a place was typed."""
        typed: str = self.cleaned_data["ou"]
        if typed:
            first, _space, rest = typed.partition(" ")
            postcode = first if rest and first.isdigit() else ""
            found = find_place(typed=rest if postcode else typed, postcode=postcode, limit=1)
            if not found:
                raise forms.ValidationError(_("Nous ne connaissons pas cette commune. Écrivez son code postal."))
            self.centre = found[0]
        return typed

    def clean(self) -> dict[str, Any]:
        for name in ("du", "au"):
            if (day := self.cleaned_data.get(name)) and not SENSIBLE[0] <= day <= SENSIBLE[1]:
                self.add_error(name, self.fields[name].error_messages["invalid"])
        return self.cleaned_data

    @property
    def wanted(self) -> Wanted:
        """What was understood; a field with an error counts as empty."""
        given = self.cleaned_data
        activity, part = self.codes.get(given.get("activite", "")), PARTS.get(given.get("moment", ""))
        distance = self.centre is not None and given.get("tri") == Order.DISTANCE
        return Wanted(
            words=given.get("q", ""),
            activity=activity.id if activity else None,
            place=self.centre.id if self.centre else None,
            km=NEAR if (km := given.get("km")) is None else km,
            first=given.get("du"),
            last=given.get("au"),
            days=days_mask(given.get("jour") or ()),
            part=part[0] if part else None,
            regular=given.get("regulier", False),
            order=Order.DISTANCE if distance else Order.DATE,
        )


def address(query: QueryDict, **changes: object) -> str:
    """The list's own address with some filters changed, « ?… »; None takes one out. It begins at its first page."""
    given = query.copy()
    given.pop("apres", None)
    for name, value in changes.items():
        if value is None:
            given.pop(name, None)
        else:
            given.setlist(name, [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)])
    for name in [name for name in given if not any(given.getlist(name))]:
        del given[name]
    return f"?{given.urlencode()}"


def chips(query: QueryDict, form: SearchForm, today: date) -> list[dict[str, object]]:
    """Filters of one press: those that are on take themselves off."""
    sunday = today + timedelta(days=6 - today.weekday())
    week: dict[str, object] = {"du": today.isoformat(), "au": sunday.isoformat()}
    rows = [
        _chip(query, _("Cette semaine"), week),
        _chip(query, _("Le week-end"), {"jour": list(WEEKEND)}),
        *(_chip(query, str(name), {"moment": code}) for code, (_part, name) in PARTS.items()),
        _chip(query, _("Chaque semaine"), {"regulier": "on"}),
    ]
    typed = [
        (form.cleaned_data.get("q"), "q"),
        (form.codes[code].called if (code := form.cleaned_data.get("activite")) else "", "activite"),
        (form.centre.name if form.centre else "", "ou"),
        (_("dès le %(day)s") % {"day": short_date(form.cleaned_data.get("du"))}, "du"),
        (_("jusqu’au %(day)s") % {"day": short_date(form.cleaned_data.get("au"))}, "au"),
    ]
    on = rows[0]["current"]
    for label, name in typed:
        if label and query.get(name) and not (on and name in week) and name in form.cleaned_data:
            rows.insert(0, {"label": label, "url": address(query, **{name: None}), "current": True})
    return rows


def _chip(query: QueryDict, label: str, values: Mapping[str, object]) -> dict[str, object]:
    current = all(
        query.getlist(name) == (value if isinstance(value, list) else [value]) for name, value in values.items()
    )
    changes = dict.fromkeys(values) if current else values
    return {"label": label, "url": address(query, **changes), "current": current}
