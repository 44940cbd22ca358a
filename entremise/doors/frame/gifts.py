"""The form where somebody types the code of a gift voucher: at the desk, or on their own page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entremise.kernel.ids import new_id


class GiftCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code du bon"),
        max_length=40,
        help_text=_("Douze chiffres"),
        error_messages={"required": _("Écrivez les douze chiffres du bon.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    once = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, anchor: str = "") -> None:
        """once: the same form sent twice pays once."""
        super().__init__(data, auto_id=f"bon{anchor}_%s", initial={"once": str(new_id())})
