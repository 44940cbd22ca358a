"""The columns of a person's statement, which they and the desk take away alike."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from entremise.doors.frame.lists import Column
from entremise.doors.frame.words_account import happened
from entremise.settlement.queries import StatementLine

STATEMENT: Final[tuple[Column[StatementLine], ...]] = (
    Column(_("Date"), lambda one: one.on, "day"),
    Column(_("Quoi"), happened),
    Column(_("Pièce"), lambda one: one.piece),
    Column(_("Montant (€)"), lambda one: one.amount, "euros"),
    Column(_("Solde (€)"), lambda one: one.balance, "euros"),
)
