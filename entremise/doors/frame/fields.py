"""Form fields that every door reads alike."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from entremise.people import queries as people
from entremise.people.models import Place

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Label = str | _StrPromise


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
