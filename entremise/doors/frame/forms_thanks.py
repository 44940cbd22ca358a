"""What somebody gives to whoever came: three small amounts or their own, none chosen before they choose."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from entremise.doors.frame.fields import EurosField
from entremise.kernel.ids import new_id

AMOUNTS = [("100", _("1 €")), ("200", _("2 €")), ("500", _("5 €")), ("other", _("Un autre montant"))]
_CHOOSE = dict.fromkeys(("required", "invalid_choice"), _("Choisissez un montant."))


class ThankForm(forms.Form):
    """amount: of `other`. how: only at the counter."""

    choice = forms.ChoiceField(label=_("Combien ?"), choices=AMOUNTS, widget=forms.RadioSelect, error_messages=_CHOOSE)
    amount = EurosField(label=_("Votre montant"), required=False)
    how = forms.ChoiceField(
        label=_("Comment"), required=False, choices=[("cash", _("En espèces")), ("account", _("Depuis son compte"))]
    )
    once = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, anchor: str) -> None:
        super().__init__(data, initial={"once": str(new_id())}, auto_id=f"merci_{anchor}_%s")

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("choice") == "other" and not given.get("amount") and "amount" not in self.errors:
            self.add_error("amount", _("Écrivez votre montant. Exemple : 3,50."))
        return given

    @property
    def cents(self) -> int:
        """Once it is valid."""
        chosen: str = self.cleaned_data["choice"]
        return int(self.cleaned_data["amount"]) if chosen == "other" else int(chosen)
