from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entremise.doors.frame.fields import set_choices
from entremise.doors.frame.templatetags.entremise import spoken_date
from entremise.kernel.time import Window
from entremise.people import queries as people


class BookForm(forms.Form):
    """A client on the telephone takes a free moment."""

    who = forms.CharField(
        label=_("Pour qui ?"),
        max_length=120,
        error_messages={"required": _("Écrivez le nom ou le téléphone de la personne.")},
    )
    picked = forms.UUIDField(required=False, error_messages={"invalid": _("Choisissez la personne dans la liste.")})
    start = forms.TypedChoiceField(
        coerce=datetime.fromisoformat,
        label=_("Quel moment ?"),
        error_messages={"required": _("Choisissez un moment."), "invalid_choice": _("Ce moment n’est plus libre.")},
    )

    def __init__(self, data: Any = None, *, visits: Sequence[Window]) -> None:
        super().__init__(data, auto_id="id_book_%s")
        set_choices(self, "start", [(one.start.isoformat(), spoken_date(one.start)) for one in visits])

    def clean(self) -> None:
        """Who was picked from the list, or the only one whom the words mean."""
        given = self.cleaned_data
        if given.get("picked") or not given.get("who"):
            return
        found = people.find(typed=given["who"], limit=2)
        if len(found) == 1:
            given["picked"] = found[0].person.id
        else:
            self.add_error("who", _("Écrivez le nom entier ou le téléphone : une seule personne doit correspondre."))
