"""What is typed about bills of suppliers."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entremise.doors.desk.fields import DayField, EurosField, WhoForm
from entremise.doors.desk.words_purchases import ROLES
from entremise.doors.frame.fields import RateField
from entremise.kernel.money import share
from entremise.settlement.rules.bills import Bought

_CHOOSE = dict.fromkeys(("required", "invalid_choice"), _("Choisissez dans la liste."))
_LARGEST = 1_000_000_00  # Cents: beyond, somebody mistyped.
ROWS = (1, 2, 3)  # Rates of VAT on one bill.


class BillForm(WhoForm):
    number = forms.CharField(
        label=_("Numéro de leur facture"),
        max_length=60,
        error_messages={"required": _("Écrivez le numéro imprimé sur la facture.")},
    )
    dated_on = DayField(label=_("Datée du"), required=True, help_text=_("Exemple : 24/11/2026"))
    due_on = DayField(label=_("À payer avant le"), required=True, help_text=_("Exemple : 24/12/2026"))
    role = forms.ChoiceField(label=_("Ces produits"), choices=list(ROLES.items()), error_messages=_CHOOSE)
    label = forms.CharField(
        label=_("Quoi ?"), max_length=160, error_messages={"required": _("Écrivez ce qui est facturé.")}
    )

    def __init__(self, data: Any = None, *, initial: Mapping[str, object] | None = None) -> None:
        """One row for each rate of VAT; an empty VAT is worked out from its rate."""
        super().__init__(data, auto_id="achat_%s", initial=dict(initial or {}))
        for row in ROWS:
            first = row == 1
            self.fields[f"net_{row}"] = EurosField(label=_("Hors TVA (€)"), required=first)
            self.fields[f"rate_{row}"] = RateField(label=_("Taux de TVA (%)"), required=first, max_length=8)
            self.fields[f"vat_{row}"] = EurosField(label=_("TVA (€)"), required=False)

    def days(self) -> list[forms.BoundField]:
        return [self["dated_on"], self["due_on"]]

    def first(self) -> list[forms.BoundField]:
        return self._of(1)

    def others(self) -> list[list[forms.BoundField]]:
        return [self._of(row) for row in ROWS[1:]]

    def several(self) -> bool:
        """Whether something was typed of another rate."""
        return any(field.value() for row in self.others() for field in row)

    def _of(self, row: int) -> list[forms.BoundField]:
        return [self[f"{name}_{row}"] for name in ("net", "rate", "vat")]

    def clean(self) -> None:
        super().clean()
        given = self.cleaned_data
        for row in ROWS:
            self._check(row)
        if not self.errors:
            given["lines"] = [line for row in ROWS if (line := self._line(row))]

    def _check(self, row: int) -> None:
        net, rate, vat = (self.cleaned_data.get(f"{name}_{row}") for name in ("net", "rate", "vat"))
        for name, amount in (("net", net), ("vat", vat)):
            if (amount or 0) > _LARGEST:
                self.add_error(f"{name}_{row}", _("C’est trop. Relisez ce montant."))
        if net is None and (rate is not None or vat is not None) and f"net_{row}" not in self.errors:
            self.add_error(f"net_{row}", _("Écrivez le montant hors TVA de ce taux."))
        if net is not None and rate is None and f"rate_{row}" not in self.errors:
            self.add_error(f"rate_{row}", _("Écrivez le taux ainsi : 5,5."))
        line = self._line(row)
        if line and not line.adds_up:
            self.add_error(f"vat_{row}", _("À ce taux, la TVA n’est pas celle-ci. Relisez la facture."))

    def _line(self, row: int) -> Bought | None:
        net, rate, vat = (self.cleaned_data.get(f"{name}_{row}") for name in ("net", "rate", "vat"))
        if net is None or rate is None:
            return None
        return Bought(self.cleaned_data.get("label", ""), rate, net, share(net, rate) if vat is None else vat)


class ReasonForm(forms.Form):
    """Why a bill is disputed, or taken back."""

    reason = forms.CharField(
        label=_("Pourquoi ?"),
        max_length=200,
        error_messages={"required": _("Écrivez pourquoi. Exemple : deux sacs manquent.")},
    )

    def __init__(self, data: Any = None, *, about: str) -> None:
        super().__init__(data, auto_id=f"{about}_%s")
        self.about = about


class HandForm(forms.Form):
    how = forms.ChoiceField(
        label=_("Comment"),
        choices=[("cheque", _("Par chèque")), ("cash", _("En espèces"))],
        error_messages=_CHOOSE,
    )
