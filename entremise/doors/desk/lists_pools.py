"""The list of pools, as a file. Nobody's name is in it, nor what anybody is helped with."""

from django.utils.translation import gettext_lazy as _

from entremise.doors.desk.nav import pool_readers
from entremise.doors.frame.lists import Column, Listed
from entremise.people.rules.may import Verb
from entremise.pools import queries

POOLS = Listed[queries.PoolSeen](
    name="pools",
    title=_("Aide partagée"),
    guard=pool_readers,
    verb=Verb.LISTS_EXPORT,
    rows=lambda asked: queries.pools(),
    columns=(
        Column(_("Groupe"), lambda one: one.pool.name),
        Column(_("Membres"), lambda one: one.members, "number"),
        Column(_("Sur leurs budgets (€)"), lambda one: one.held, "euros"),
        Column(_("Heures"), lambda one: one.totals.minutes, "hours"),
        Column(_("Économisé (€)"), lambda one: one.totals.saved, "euros"),
        Column(_("Reçu par la structure (€)"), lambda one: one.totals.fee, "euros"),
    ),
)
