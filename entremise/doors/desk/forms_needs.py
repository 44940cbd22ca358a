"""What the desk types about needs: somebody's words by telephone, a brief, an answer, a choice."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entremise.buying.models import Tender
from entremise.buying.operations import BriefDraft
from entremise.doors.desk.fields import DayField, WhoForm
from entremise.doors.frame.fields import set_choices
from entremise.doors.frame.forms_needs import CountField, NeedForm, TenderForm
from entremise.doors.frame.words_needs import METHODS

_CHOOSE = dict.fromkeys(("required", "invalid_choice"), _("Choisissez dans la liste."))


class SaidForm(WhoForm, NeedForm):
    """A need by telephone or at the counter."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="besoin_%s")


class BriefForm(forms.Form):
    title = forms.CharField(
        label=_("Titre"),
        max_length=120,
        help_text=_("Exemple : granulés pour l’hiver"),
        error_messages={"required": _("Donnez un titre. Exemple : granulés pour l’hiver.")},
    )
    about = forms.CharField(
        label=_("Ce qui est cherché"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Écrivez ce que les fournisseurs doivent savoir.")},
    )
    unit = forms.CharField(
        label=_("Unité"),
        max_length=30,
        help_text=_("Exemple : sac de 15 kg"),
        error_messages={"required": _("Écrivez l’unité dont on compare les prix. Exemple : sac de 15 kg.")},
    )
    counts = forms.CharField(
        label=_("Ce qui compte aussi"),
        max_length=500,
        required=False,
        help_text=_("Exemple : la distance, l’origine, un label, qui y travaille"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    answers_until = DayField(label=_("Offres jusqu’au"), required=True, help_text=_("Exemple : 24/12/2026"))
    votes_until = DayField(label=_("Vote jusqu’au"), required=True, help_text=_("Exemple : 31/12/2026"))
    method = forms.ChoiceField(
        label=_("Comment les votes comptent"),
        choices=list(METHODS.items()),
        initial="approval",
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    quorum = CountField(label=_("Votes qu’il faut au moins"), required=True)

    def draft(self) -> BriefDraft:
        return BriefDraft(**self.cleaned_data)


class InviteForm(WhoForm):
    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="invite_%s")


class AnswerForm(TenderForm, WhoForm):
    """An answer that a supplier gave by telephone or on paper."""


class ChoiceForm(forms.Form):
    tender = forms.TypedChoiceField(label=_("L’offre choisie"), widget=forms.RadioSelect, error_messages=_CHOOSE)
    reason = forms.CharField(
        label=_("Pourquoi, pour tout le monde"),
        max_length=500,
        required=False,
        help_text=_("Il le faut quand ce n’est pas l’offre que le vote préfère, ou que trop peu ont voté."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, tenders: Sequence[Tender]) -> None:
        super().__init__(data, auto_id="choix_%s")
        set_choices(self, "tender", [(str(one.id), one.supplier.full_name) for one in tenders])


class GiveUpForm(forms.Form):
    reason = forms.CharField(
        label=_("Pourquoi, pour tout le monde"),
        max_length=500,
        error_messages={"required": _("Écrivez pourquoi. Exemple : aucune offre ne tient le budget.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="fin_%s")
