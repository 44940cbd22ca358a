"""What is typed about gift vouchers."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entremise.doors.desk.fields import EurosField
from entremise.doors.frame.fields import set_choices
from entremise.kernel.ids import new_id

_LARGEST = 10_000_00  # Cents: beyond, somebody mistyped.
_CHOOSE = dict.fromkeys(("required", "invalid_choice"), _("Choisissez dans la liste."))


class SellForm(forms.Form):
    value = EurosField(label=_("Valeur"), help_text=_("Exemple : 50,00"))
    what = forms.ChoiceField(label=_("Pour quel service ?"), required=False, error_messages=_CHOOSE)
    buyer = forms.CharField(label=_("Offert par"), required=False, max_length=120, help_text=_("Imprimé sur le bon."))
    how = forms.ChoiceField(label=_("Comment"), error_messages=_CHOOSE)
    once = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, services: Iterable[str], lines: Sequence[tuple[str, str]]) -> None:
        """lines: of the bank, that may have paid one. once: the same form sent twice sells one."""
        super().__init__(data, auto_id="bon_%s", initial={"once": str(new_id())})
        set_choices(self, "what", [("", _("N’importe lequel")), *((one, one) for one in services)])
        set_choices(self, "how", [("cash", _("En espèces")), ("cheque", _("Par chèque")), *lines])

    def clean_value(self) -> int:
        value = int(self.cleaned_data["value"])
        if value > _LARGEST:
            raise forms.ValidationError(_("C’est trop. Relisez ce montant."))
        return value
