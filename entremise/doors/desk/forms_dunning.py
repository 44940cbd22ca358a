"""What is typed about reminders."""

from django import forms
from django.utils.translation import gettext_lazy as _

from entremise.doors.desk.fields import DayField
from entremise.doors.desk.words_dunning import WHY

_CHOOSE = dict.fromkeys(("required", "invalid_choice"), _("Choisissez dans la liste."))


class PauseForm(forms.Form):
    why = forms.ChoiceField(label=_("Pourquoi ?"), choices=list(WHY.items()), error_messages=_CHOOSE)
    what = forms.ChoiceField(
        label=_("Pour quoi ?"),
        choices=[("invoice", _("Cette facture")), ("client", _("Toutes ses factures"))],
        error_messages=_CHOOSE,
    )
    until = DayField(label=_("Jusqu’au"), help_text=_("Vide : jusqu’à ce qu’une personne reprenne."))
    note = forms.CharField(
        label=_("Ce qui a été dit"),
        required=False,
        max_length=300,
        help_text=_("Exemple : paie le 5, après sa retraite."),
    )
