from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Ce que contient le tableau"),
        choices=[("people", _("Des personnes")), ("requests", _("Des demandes")), ("hours", _("Des heures faites"))],
    )
    role = forms.ChoiceField(
        label=_("Si le tableau ne le dit pas, ces personnes"),
        required=False,
        choices=[("", _("– le tableau le dit")), ("client", _("sont des clients")), ("worker", _("sont salariées"))],
    )
    file = forms.FileField(
        label=_("Tableau"),
        help_text=_("CSV, ODS ou XLSX. La première ligne nomme les colonnes."),
        error_messages={"required": _("Choisissez le fichier du tableau.")},
    )


class ConfirmForm(forms.Form):
    token = forms.CharField(max_length=64)
    good_only = forms.BooleanField(required=False)
