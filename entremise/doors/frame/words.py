"""A sentence for every refusal. Rooms say no with a code; here the code becomes words a person understands.

A law test wants each code that a room raises in this table, and nothing else.
"""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entremise.kernel.refused import Refused

SENTENCES: Final[dict[str, Promise]] = {
    "phone_not_understood": _("Le numéro « %(typed)s » n’est pas complet. Exemple : 06 39 98 14 27."),
    "not_now": _("Cette action n’est plus possible : la situation a changé entre-temps. Rechargez la page."),
}


def sentence(refused: Refused) -> str:
    """The sentence of a refusal in the active language. KeyError for a code without words: that is a bug."""
    return str(SENTENCES[refused.code]) % refused.params
