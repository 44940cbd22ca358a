"""What is typed about prepaid vouchers."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from entremise.doors.desk.fields import EurosField
from entremise.doors.desk.words_vouchers import FORMS, ISSUERS
from entremise.doors.frame.fields import set_choices
from entremise.kernel.ids import new_id
from entremise.payments.models import BankLine
from entremise.settlement.models import Voucher
from entremise.settlement.rules.vouchers import Given

_CHOOSE = dict.fromkeys(("required", "invalid_choice"), _("Choisissez dans la liste."))
_YEAR = dict.fromkeys(
    ("required", "invalid", "min_value", "max_value"), _("Écrivez l’année imprimée dessus. Exemple : 2026.")
)
_MOST = 100  # Vouchers in one payment.


class VouchersForm(forms.Form):
    """One number a line, with its own value after it when it has another than the rest."""

    issuer = forms.ChoiceField(label=_("Émetteur"), choices=list(ISSUERS.items()), error_messages=_CHOOSE)
    form = forms.ChoiceField(label=_("Sous quelle forme ?"), choices=list(FORMS.items()), error_messages=_CHOOSE)
    vintage = forms.IntegerField(label=_("Millésime"), min_value=2006, max_value=2100, error_messages=_YEAR)
    value = EurosField(label=_("Valeur de chacun"), help_text=_("Exemple : 15,00"))
    numbers = forms.CharField(
        label=_("Numéros, un par ligne"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Une autre valeur s’écrit après le numéro, avec un = : 4021 5563 = 20,00"),
        error_messages={"required": _("Écrivez au moins un numéro.")},
    )
    once = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, on: date) -> None:
        """once: the same form sent twice takes them once."""
        super().__init__(data, auto_id="cesu_%s", initial={"vintage": on.year, "once": str(new_id())})

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        lines = [line.strip() for line in given.get("numbers", "").splitlines() if line.strip()]
        if len(lines) > _MOST:
            self.add_error("numbers", _("Au plus 100 à la fois. Notez le reste ensuite."))
        elif given.get("value") is not None and {"issuer", "form", "vintage"} <= given.keys():
            try:
                given["vouchers"] = [self._given(line) for line in lines]
            except forms.ValidationError as error:
                self.add_error("numbers", error)
        return given

    def _given(self, line: str) -> Given:
        number, _equals, own = line.partition("=")
        given = self.cleaned_data
        value = EurosField(label="", required=False).clean(own)
        return Given(
            given["issuer"], number, given["vintage"], given["value"] if value is None else value, given["form"]
        )


class ClaimForm(forms.Form):
    vouchers = forms.TypedMultipleChoiceField(
        label=_("CESU à envoyer"),
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Cochez au moins un CESU."),
            "invalid_choice": _("L’un d’eux n’attend plus. Rechargez la page."),
        },
    )

    def __init__(self, data: Any = None, *, rows: Sequence[Voucher]) -> None:
        super().__init__(data)
        set_choices(self, "vouchers", [(str(one.id), one.number) for one in rows])


class WhyForm(forms.Form):
    reason = forms.CharField(
        label=_("Pourquoi ?"), max_length=160, error_messages={"required": _("Écrivez pourquoi : c’est gardé.")}
    )

    def __init__(self, data: Any = None, *, anchor: str) -> None:
        super().__init__(data, auto_id=f"pourquoi_{anchor}_%s")


class PaidForm(forms.Form):
    line = forms.TypedChoiceField(label=_("Ligne de la banque"), coerce=UUID, error_messages=_CHOOSE)
    fee = EurosField(label=_("Commission gardée par le centre"), help_text=_("0 s’il n’en a pas pris."))

    def __init__(self, data: Any = None, *, lines: Sequence[tuple[BankLine, str]]) -> None:
        super().__init__(data, auto_id="rembourse_%s")
        set_choices(self, "line", [(str(line.id), label) for line, label in lines])
