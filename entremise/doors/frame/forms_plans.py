"""Instalments, as the desk and a client choose them: first a calendar to look at, then the agreement."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from entremise.doors.frame.fields import DayField, set_choices
from entremise.doors.frame.templatetags.entremise import money
from entremise.doors.frame.words import sentence
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.settlement.models import Invoice
from entremise.settlement.queries import OpenInvoice, preview_plan
from entremise.settlement.rules.plans import Due, Limits

_CHOOSE = dict.fromkeys(("required", "invalid_choice"), _("Choisissez dans la liste."))


class PlanForm(forms.Form):
    """owed: what may be paid so; once: the same form sent twice is one agreement."""

    invoices = forms.MultipleChoiceField(
        label=_("Quelles factures ?"), widget=forms.CheckboxSelectMultiple, error_messages=_CHOOSE
    )
    count = forms.TypedChoiceField(label=_("En combien de fois ?"), coerce=int, error_messages=_CHOOSE)
    first_on = DayField(label=_("Première date"), required=True, help_text=_("Exemple : 05/01/2027"))
    once = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    instead_of = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, owed: Sequence[OpenInvoice], limits: Limits) -> None:
        numbers = [one.invoice.number for one in owed]
        super().__init__(data, auto_id="plan_%s", initial={"invoices": numbers, "count": min(3, limits.instalments)})
        self.owed = {one.invoice.number: one.invoice for one in owed}
        labels = [(one.invoice.number, f"{one.invoice.number}, {money(one.due)}") for one in owed]
        set_choices(self, "invoices", labels)
        set_choices(self, "count", [(str(n), _times(n)) for n in range(1, limits.instalments + 1)])

    @property
    def chosen(self) -> list[Invoice]:
        return [self.owed[number] for number in self.cleaned_data["invoices"]]

    def dates(self, on: date) -> list[Due]:
        """The calendar of what was chosen; none, and a sentence beside the field, when it cannot be."""
        if not self.is_valid():
            return []
        given = self.cleaned_data
        try:
            return preview_plan(invoices=self.chosen, count=given["count"], first_on=given["first_on"], on=on)
        except Refused as refused:
            self.add_error(refused.where, sentence(refused))
            return []

    def to_confirm(self) -> dict[str, object]:
        """What the button of the agreement sends again."""
        given = self.cleaned_data
        first = f"{given['first_on']:%d/%m/%Y}"
        return {"invoices": given["invoices"], "count": given["count"], "first_on": first, "once": str(new_id())}


def _times(count: int) -> str:
    return ngettext("en une fois, plus tard", "en %(count)s fois", count) % {"count": count}
