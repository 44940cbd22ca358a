"""Form fields that every door reads alike: communes, telephones, amounts and days as people write them; a quote."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict

from django import forms
from django.utils.translation import gettext_lazy as _

from entremise.doors.frame.words import sentence
from entremise.kernel.ids import new_id
from entremise.kernel.phone import parse_phone
from entremise.kernel.refused import Refused
from entremise.people import queries as people
from entremise.people.models import Place

if TYPE_CHECKING:
    from django.http import QueryDict
    from django.utils.functional import _StrPromise

    Label = str | _StrPromise

_WRITE_EUROS = _("Écrivez le montant ainsi : 24,50.")
_WRITE_DAY = _("Écrivez la date ainsi : 24/11/2026.")
_PERCENT = re.compile(r"\d{1,2}([.,]\d{1,2})?")


class PlaceField(forms.CharField):
    """A commune as typed, its name, its postcode or both; a Place or None when clean."""

    def __init__(self, *, label: "Label" = "", required: bool = False) -> None:
        super().__init__(label=label or _("Commune"), required=required, max_length=100)

    def clean(self, value: object) -> Place | None:
        text = super().clean(value).strip()
        if not text:
            return None
        postcode, _space, name = text.partition(" ")
        numbered = postcode.isdigit() and len(postcode) == 5
        found = people.find_place(typed=name if numbered else text, postcode=postcode if numbered else "")
        exact = [place for place in found if place.name.casefold() == (name if numbered else text).casefold()] or found
        if len(exact) == 1:
            return exact[0]
        if not found and not people.places_known():
            raise forms.ValidationError(
                _("La liste des communes n’est pas chargée. Laissez ce champ vide en attendant.")
            )
        if not found:
            raise forms.ValidationError(
                _("« %(text)s » n’est pas dans la liste des communes. Exemple : 33499 Valmarelle."),
                params={"text": text},
            )
        names = ", ".join(str(place) for place in exact[:4])
        raise forms.ValidationError(
            _("Plusieurs communes possibles : %(names)s. Écrivez le code postal et le nom."), params={"names": names}
        )

    def prepare_value(self, value: object) -> object:
        return str(value) if isinstance(value, Place) else value


class PhoneField(forms.CharField):
    """A telephone number as typed; E.164 when clean, empty when nothing was typed.

    own: of whoever types it, and needed. private: what the desk hides while somebody looks on.
    """

    def __init__(self, *, own: bool = False, private: bool = False) -> None:
        attrs = {"type": "tel", "autocomplete": "tel"} if own else {}
        super().__init__(
            label=_("Votre téléphone") if own else _("Téléphone"),
            required=own,
            max_length=40,
            help_text=_("Exemple : 06 39 98 14 27") if own else "",
            error_messages={"required": _("Écrivez votre numéro. Exemple : 06 39 98 14 27.")},
            widget=forms.TextInput(attrs={"inputmode": "tel", **attrs, **({"data-private": ""} if private else {})}),
        )

    def clean(self, value: object) -> str:
        text = super().clean(value)
        try:
            return parse_phone(text) if text else ""
        except Refused as refused:
            raise forms.ValidationError(sentence(refused)) from refused


class EurosField(forms.CharField):
    """An amount as people write it, « 24,50 » or « 1 234 € »; cents when clean, None when nothing was typed."""

    default_error_messages = {"required": _WRITE_EUROS, "max_length": _WRITE_EUROS}

    def __init__(
        self, *, label: "Label", required: bool = True, help_text: "Label" = "", initial: int | None = None
    ) -> None:
        """initial: cents."""
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(
            label=label, required=required, max_length=20, help_text=help_text, widget=widget, initial=initial
        )

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


class RateField(forms.CharField):
    """A percentage as people write it; a fraction when clean, None when nothing was typed."""

    default_error_messages = {"required": _("Écrivez le taux ainsi : 5,5.")}

    def clean(self, value: object) -> Decimal | None:
        text = str(super().clean(value)).replace("%", "").strip()
        if not text:
            return None
        if not _PERCENT.fullmatch(text):
            raise forms.ValidationError(_("Écrivez le taux ainsi : 5,5."))
        return Decimal(text.replace(",", ".")) / 100


def set_choices(form: forms.Form, name: str, choices: "Iterable[tuple[str, Label]]") -> None:
    """What a choice field offers, where that is known only when its form is made."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} offers no choice")
    field.choices = list(choices)


class QuoteForm(forms.Form):
    """What somebody who works on their own account asks. anchor: tells several forms of a page apart."""

    price = EurosField(label=_("Votre prix, taxes comprises"), help_text=_("Exemple : 64,00"))
    per = forms.ChoiceField(
        label=_("Ce prix est"),
        choices=[("whole", _("pour tout le travail")), ("hour", _("pour une heure"))],
        widget=forms.RadioSelect,
        initial="whole",
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Dites si c’est le prix en tout ou de l’heure.")
        ),
    )
    valid_until = DayField(label=_("Valable jusqu’au"), help_text=_("Vide : la durée habituelle."))

    def __init__(self, data: "QueryDict | None" = None, *, anchor: str) -> None:
        super().__init__(data, auto_id=f"id_{anchor}_%s")

    def asked(self) -> "Asked":
        given = self.cleaned_data
        hourly = given["per"] == "hour"
        return {
            "hourly": given["price"] if hourly else None,
            "whole": None if hourly else given["price"],
            "valid_until": given["valid_until"],
        }


class Asked(TypedDict):
    hourly: int | None
    whole: int | None
    valid_until: date | None


class WithdrawForm(forms.Form):
    """Money back from somebody's account. how: only where coins can be handed over."""

    amount = EurosField(label=_("Montant à rendre"))
    how = forms.ChoiceField(
        label=_("Comment"),
        required=False,
        choices=[("transfer", _("Par virement")), ("cash", _("En espèces"))],
    )
    once = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, data: "QueryDict | None" = None, *, initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="rendre_%s")

    @classmethod
    def for_amount(cls, free: int) -> "WithdrawForm":
        """once: the same form sent twice gives the money back once."""
        return cls(initial={"amount": free, "once": str(new_id())})
