"""How it went: the three answers and the forms, the same at home and at the desk."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entremise.agreements.models import Feedback
from entremise.agreements.rules import LONGEST_WORDS

ANSWERS: Final[Mapping[str, str | Promise]] = {
    "well": _("Très bien"),
    "fair": _("Ça va"),
    "badly": _("Pas bien"),
}
# state → (word, tone, icon)
STATES: Final[Mapping[str, tuple[str | Promise, str, str]]] = {
    "asked": (_("Demandé"), "info", "sablier"),
    "sealed": (_("Donné, pas encore ouvert"), "info", "cadenas"),
    "lapsed": (_("Rien dit"), "", "info"),
    "open": (_("Ouvert"), "", "coche"),
    "contested": (_("Contesté : l’équipe décide"), "alerte", "sablier"),
    "kept": (_("Gardé après contestation"), "", "coche"),
    "withdrawn": (_("Retiré"), "", "croix"),
}
CHOOSE = {"required": _("Choisissez une réponse."), "invalid_choice": _("Choisissez une réponse.")}


class OpinionForm(forms.Form):
    """anchor: tells several forms of a page apart. us: whether the organisation is asked about as well."""

    answer = forms.ChoiceField(
        label=_("Comment ça s’est passé ?"),
        choices=list(ANSWERS.items()),
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    words = forms.CharField(
        required=False,
        max_length=LONGEST_WORDS,
        label=_("Quelques mots"),
        help_text=_("Lus par l’autre personne et par l’équipe, jamais publiés."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    of_us = forms.ChoiceField(
        required=False,
        label=_("Êtes-vous content de nous ?"),
        choices=list(ANSWERS.items()),
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )

    def __init__(self, data: Any = None, *, anchor: str, us: bool = True) -> None:
        super().__init__(data, auto_id=f"id_{anchor}_%s")
        if not us:
            del self.fields["of_us"]


class WordsForm(forms.Form):
    """A reply, why somebody contests, or why staff decide."""

    words = forms.CharField(
        max_length=LONGEST_WORDS,
        label=_("Vos mots"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Écrivez quelques mots.")},
    )

    def __init__(self, data: Any = None, *, anchor: str, label: str | Promise = "") -> None:
        super().__init__(data, auto_id=f"id_{anchor}_%s")
        if label:
            self.fields["words"].label = label  # type: ignore[assignment]  # Lazy words are words.


def shown(feedback: Feedback) -> dict[str, object]:
    """A row as a page says it; what was withdrawn has no words any more."""
    label, tone, icon = STATES[feedback.state]
    gone = feedback.state == "withdrawn"
    return {
        "feedback": feedback,
        "answer": "" if gone else ANSWERS.get(feedback.answer, ""),
        "words": "" if gone else feedback.words,
        "label": label,
        "tone": tone,
        "icon": icon,
        "decision": feedback.decision,
    }
