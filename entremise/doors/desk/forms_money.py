"""What is typed about money."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from entremise.doors.desk.fields import DayField, EurosField
from entremise.doors.desk.words import EXPLANATIONS
from entremise.doors.desk.words_bank import BEARERS, UNDO
from entremise.doors.frame.templatetags.entremise import money
from entremise.kernel.ids import new_id
from entremise.settlement.queries import OpenInvoice


class PayForm(forms.Form):
    on = DayField(label=_("Date des virements"), required=True, help_text=_("Exemple : 10/12/2026"))
    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)  # What the page showed.

    @staticmethod
    def usual_day(today: date) -> date:
        """The next day the bank works."""
        day = today + timedelta(days=1)
        return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day


class PayInForm(forms.Form):
    amount = EurosField(label=_("Montant reçu"))
    how = forms.ChoiceField(label=_("Comment"), choices=[("cash", _("En espèces")), ("cheque", _("Par chèque"))])
    once = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="versement_%s")

    @classmethod
    def fresh(cls) -> "PayInForm":
        """once: the same form sent twice takes the money once."""
        return cls(initial={"once": str(new_id())})


class CreditForm(forms.Form):
    amount = EurosField(label=_("Montant de l’avoir"))
    reason = forms.CharField(
        label=_("Pourquoi ?"), max_length=160, error_messages={"required": _("Écrivez pourquoi : c’est imprimé.")}
    )
    once = forms.CharField(max_length=40, widget=forms.HiddenInput)

    @classmethod
    def for_amount(cls, left: int) -> "CreditForm":
        """once: the same form sent twice makes one credit note."""
        return cls(initial={"amount": left, "once": str(new_id())})


class CashForm(forms.Form):
    amount = EurosField(label=_("Montant reçu"))
    how = forms.ChoiceField(label=_("Comment"), choices=[("cash", _("En espèces")), ("cheque", _("Par chèque"))])
    once = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="caisse_%s")  # The credit note beside it has an amount too.

    @classmethod
    def for_amount(cls, due: int) -> "CashForm":
        """once: the same form sent twice takes the money once."""
        return cls(initial={"amount": due, "once": str(new_id())})


class GiveBackForm(forms.Form):
    """Of a payment whose fee is ours, whoever asked for it back."""

    amount = EurosField(label=_("Montant à rendre"))

    def __init__(self, data: QueryDict | None = None, *, anchor: str, initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id=f"rendre_{anchor}_%s")


class RefundForm(forms.Form):
    """bearer_beside_us: client or supplier."""

    amount = EurosField(label=_("Montant à rendre"))
    bearer = forms.ChoiceField(label=_("Les frais que le prestataire garde"))
    reason = forms.CharField(label=_("Pourquoi, si ce n’est pas nous"), required=False, max_length=160)

    def __init__(self, data: QueryDict | None = None, *, anchor: str, left: int = 0, bearer_beside_us: str) -> None:
        initial = {"amount": left, "bearer": "organisation"}
        super().__init__(data, initial=initial, auto_id=f"rendre_{anchor}_%s")
        choices = [("organisation", BEARERS["organisation"]), (bearer_beside_us, BEARERS[bearer_beside_us])]
        self.fields["bearer"] = forms.ChoiceField(label=self.fields["bearer"].label, choices=choices)


class HandOverForm(forms.Form):
    how = forms.ChoiceField(label=_("Comment"), choices=[("cheque", _("Par chèque")), ("cash", _("En espèces"))])


class AnnounceForm(forms.Form):
    collect_on = DayField(label=_("Jour du prélèvement"), required=True, help_text=_("Exemple : 10/12/2026"))


class MandateForm(forms.Form):
    """Beside the account where somebody is paid: its fields have names of their own on the page."""

    iban = forms.CharField(label=_("IBAN"), max_length=50, error_messages={"required": _("Écrivez l’IBAN.")})
    holder = forms.CharField(label=_("Titulaire"), required=False, max_length=70)
    signed_on = DayField(label=_("Signé le"), required=True, help_text=_("Exemple : 10/12/2026"))
    scan = forms.FileField(
        label=_("Photo ou scan du papier signé"),
        required=False,
        help_text=_("JPEG, PNG, WEBP ou TIFF, au plus 12 Mo"),
    )

    def __init__(self, data: QueryDict | None = None, files: "MultiValueDict[str, Any] | None" = None) -> None:
        super().__init__(data, files, auto_id="mandat_%s")


class StatementForm(forms.Form):
    file = forms.FileField(
        label=_("Fichier de la banque"),
        help_text=_("Relevé camt.053, ou avis camt.054 ou pain.002, en XML"),
        error_messages={"required": _("Choisissez le fichier de la banque.")},
    )


class MatchForm(forms.Form):
    number = forms.CharField(
        label=_("N° de facture, de bulletin ou de fichier"),
        max_length=40,
        error_messages={"required": _("Écrivez le numéro. Exemple : FA-2026-0042.")},
    )


class CloseForm(forms.Form):
    up_to = DayField(label=_("Clore jusqu’au"), required=True, help_text=_("Ne se rouvre pas. Exemple : 31/12/2026"))


class SetAsideForm(forms.Form):
    what = forms.ChoiceField(
        label=_("Ou autre chose"),
        choices=list(EXPLANATIONS.items()),
        error_messages={"required": _("Choisissez ce que c’était.")},
    )
    reason = forms.CharField(label=_("Précision"), max_length=60, required=False)
    always = forms.BooleanField(label=_("Toujours ainsi pour les lignes comme celle-ci"), required=False)


class PartsForm(forms.Form):
    """What a line pays of each invoice, under its number; nothing where nothing is written."""

    def __init__(self, rows: Sequence[OpenInvoice], data: QueryDict | None = None, *, left: int = 0) -> None:
        """left: cents of the line, put on the oldest invoices first for a start."""
        super().__init__(data, auto_id="part_%s")
        for row in rows:
            said = {"number": row.invoice.number, "client": row.invoice.client.full_name, "due": money(row.due)}
            label = _("%(number)s, %(client)s, reste %(due)s") % said
            self.fields[row.invoice.number] = EurosField(label=label, required=False)
            self.initial[row.invoice.number] = min(row.due, left) or None
            left -= min(row.due, left)


class UndoForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Pourquoi annuler ?"),
        choices=[("", _("Choisir…")), *UNDO.items()],
        error_messages={"required": _("Choisissez pourquoi."), "invalid_choice": _("Choisissez pourquoi.")},
    )
