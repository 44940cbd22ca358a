"""What is typed about money that is put aside for a work."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from entremise.doors.desk.fields import EurosField

PAID, HELD = ("pay", _("Un acompte, payé maintenant")), ("hold", _("Une réservation sur la carte, rien n’est pris"))


class AskDepositForm(forms.Form):
    amount = EurosField(label=_("Montant"), help_text=_("Exemple : 50,00"))
    how = forms.ChoiceField(
        label=_("Quoi ?"),
        choices=[PAID, HELD],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choisissez ce qui est demandé.")),
    )

    def __init__(self, data: QueryDict | None = None, *, cards: bool) -> None:
        super().__init__(data, initial={"how": "pay"}, auto_id="acompte_%s")
        if not cards:
            del self.fields["how"]  # Nothing to choose.


class DepositInForm(forms.Form):
    how = forms.ChoiceField(label=_("Comment"), choices=[("cash", _("En espèces")), ("cheque", _("Par chèque"))])

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="recu_%s")


class TakeForm(forms.Form):
    amount = EurosField(label=_("Montant à prendre"))

    def __init__(self, data: QueryDict | None = None, *, initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="prendre_%s")
