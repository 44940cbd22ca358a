from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entremise.doors.desk.fields import WhoForm
from entremise.doors.frame.fields import set_choices
from entremise.doors.frame.templatetags.entremise import spoken_date
from entremise.kernel.time import Window


class BookForm(WhoForm):
    """A client on the telephone takes a free moment."""

    start = forms.TypedChoiceField(
        coerce=datetime.fromisoformat,
        label=_("Quel moment ?"),
        error_messages={"required": _("Choisissez un moment."), "invalid_choice": _("Ce moment n’est plus libre.")},
    )

    def __init__(self, data: Any = None, *, visits: Sequence[Window]) -> None:
        super().__init__(data, auto_id="id_book_%s")
        set_choices(self, "start", [(one.start.isoformat(), spoken_date(one.start)) for one in visits])
