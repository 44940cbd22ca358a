"""What a client says about what they owe."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entremise.doors.frame.fields import set_choices
from entremise.payments.models import KeptMeans
from entremise.settlement.queries import OpenInvoice


class PayForm(forms.Form):
    """extra: the fund that the page offered to add something for, when that was ticked."""

    extra = forms.UUIDField(required=False, widget=forms.HiddenInput)


class KeepMeansForm(forms.Form):
    """Two buttons."""

    kind = forms.ChoiceField(choices=KeptMeans.Kind.choices, widget=forms.HiddenInput)


class ChooseMeansForm(forms.Form):
    """anchor: what sets its field apart from those of the others on the page."""

    agree = forms.BooleanField(
        label=_("Oui, prenez ce que je dois par ce moyen, le jour que vous m’avez dit"),
        error_messages={"required": _("Cochez la case pour le choisir.")},
    )

    def __init__(self, data: Any = None, *, anchor: str) -> None:
        super().__init__(data, auto_id=f"moyen_{anchor}_%s")


class TroubleForm(forms.Form):
    """owed: what may be meant; empty for all of it."""

    why = forms.ChoiceField(
        label=_("Qu’est-ce qui ne va pas ?"),
        choices=[
            ("hard_month", _("Ce mois est difficile")),
            ("contested", _("Une facture n’est pas juste")),
            ("other", _("J’aimerais en parler")),
        ],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choisissez une réponse.")),
    )
    number = forms.ChoiceField(
        label=_("Quelle facture ?"), required=False, error_messages={"invalid_choice": _("Choisissez dans la liste.")}
    )
    note = forms.CharField(label=_("Quelques mots, si vous voulez"), required=False, max_length=300)

    def __init__(self, data: Any = None, *, owed: Sequence[OpenInvoice]) -> None:
        super().__init__(data, auto_id="souci_%s")
        numbers = [(one.invoice.number, one.invoice.number) for one in owed]
        set_choices(self, "number", [("", _("Toutes")), *numbers])
