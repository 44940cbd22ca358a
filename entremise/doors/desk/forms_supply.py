"""What is typed while a group purchase is received and handed over: units of each article."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from entremise.buying.models import Article
from entremise.doors.desk.fields import DayField

_WHOLE = _("Écrivez un nombre d’unités. Exemple : 24.")
_MOST = 1_000_000


class UnitsForm(forms.Form):
    """So many units of each article. counted: what stands in its field before anybody types."""

    name = "units"
    required = True

    def __init__(self, data: Any = None, *, counted: Sequence[tuple[Article, int | None]]) -> None:
        super().__init__(data, auto_id=f"{self.name}_%s")
        self.articles = [article for article, _units in counted]
        for article, units in counted:
            self.fields[f"units_{article.id}"] = forms.IntegerField(
                label=f"{article.lot.title} ({article.unit})",
                required=self.required,
                min_value=0,
                max_value=_MOST,
                initial=units,
                error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _WHOLE),
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )

    def counts(self) -> list[forms.BoundField]:
        return [self[f"units_{article.id}"] for article in self.articles]

    def units(self) -> Mapping[UUID, int]:
        """By article, of those where something was typed."""
        given = {article.id: self.cleaned_data.get(f"units_{article.id}") for article in self.articles}
        return {article: units for article, units in given.items() if units is not None}


class ReceiveForm(UnitsForm):
    name = "recu"
    complete = forms.ChoiceField(
        label=_("Est-ce tout ?"),
        choices=[
            ("yes", _("Oui, rien d’autre n’arrive : on prépare les colis")),
            ("no", _("Non, le reste arrive plus tard")),
        ],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Dites si tout est arrivé.")),
    )


class BilledForm(UnitsForm):
    name = "facture"


class HandForm(UnitsForm):
    """key: of this tick; without units, all of the parcel is handed over."""

    name = "remise"
    to = forms.CharField(label=_("Remis à quelqu’un d’autre"), max_length=120, required=False)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput(attrs={"data-once": ""}))

    def __init__(self, data: Any = None, *, counted: Sequence[tuple[Article, int | None]], key: str = "") -> None:
        # A tick of the list says nothing of units.
        self.required = data is None or any(name.startswith("units_") for name in data)
        super().__init__(data, counted=counted)
        self.fields["key"].initial = key


class HandoverForm(forms.Form):
    where = forms.CharField(
        label=_("Où"), max_length=120, error_messages={"required": _("Écrivez où se fait la remise.")}
    )
    first = DayField(label=_("Du"), required=True)
    last = DayField(label=_("Au"), required=True)

    def __init__(self, data: Any = None, *, initial: Mapping[str, object] | None = None) -> None:
        super().__init__(data, auto_id="jours_%s", initial=dict(initial or {}))


class LeaveForm(forms.Form):
    reason = forms.CharField(
        label=_("Pourquoi ?"),
        max_length=200,
        required=False,
        help_text=_("Exemple : a prévenu qu’elle ne vient pas."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="absence_%s")
