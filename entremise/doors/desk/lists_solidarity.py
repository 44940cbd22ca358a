"""Lists of funds, as files. Who was helped is in none of them."""

from django.utils.translation import gettext_lazy as _

from entremise.doors.desk.lists_money import year_asked
from entremise.doors.desk.nav import allowed_to
from entremise.doors.frame.lists import Column, Listed
from entremise.doors.frame.visit import money_staff, staff
from entremise.doors.frame.words_solidarity import GIFTS as KINDS
from entremise.doors.frame.words_solidarity import HOW
from entremise.kernel.act import Door
from entremise.people.rules.may import Verb
from entremise.solidarity import queries
from entremise.solidarity.models import Gift

givers = allowed_to(Verb.FUNDS_GIVE)

FUNDS = Listed[queries.Balance](
    name="solidarity",
    title=_("Fonds"),
    guard=staff,
    verb=Verb.BOOKS_EXPORT,
    rows=lambda asked: queries.funds(),
    columns=(
        Column(_("Fonds"), lambda one: one.fund.name),
        Column(_("À quoi il sert"), lambda one: one.fund.purpose),
        Column(_("Ouvert le"), lambda one: one.fund.opened_on, "day"),
        Column(_("Utilisable jusqu’au"), lambda one: one.fund.usable_until, "day"),
        Column(_("Fermé le"), lambda one: one.fund.closed_on, "day"),
        Column(_("Libre (€)"), lambda one: one.free, "euros"),
        Column(_("Promis (€)"), lambda one: one.promised, "euros"),
    ),
)

GIFTS = Listed[Gift](
    name="gifts",
    title=_("Dons et subventions"),
    guard=givers,
    verb=Verb.BOOKS_EXPORT,
    rows=lambda asked: queries.each_gift(),
    columns=(
        Column(_("Reçu le"), lambda one: one.received_on, "day"),
        Column(_("Fonds"), lambda one: one.fund.name),
        Column(_("Genre"), lambda one: KINDS[one.kind]),
        Column(_("De qui"), lambda one: one.giver.full_name if one.giver else ""),
        Column(_("Heure offerte"), lambda one: one.item),
        Column(_("Référence"), lambda one: one.reference),
        Column(_("Comment"), lambda one: HOW[one.how]),
        Column(_("Montant (€)"), lambda one: one.amount, "euros"),
    ),
)

YEAR = Listed[queries.FundsYear](
    name="fund_year",
    title=_("Suivi des fonds dédiés"),
    guard=money_staff,
    verb=Verb.BOOKS_EXPORT,
    filters=("annee",),
    rows=lambda asked: queries.year(
        year=year_asked(asked.filters.get("annee", ""), asked.visit.act(Door.DESK).at.date())
    ),
    columns=(
        Column(_("Fonds"), lambda one: one.fund.name),
        Column(_("Compte"), lambda one: one.account),
        Column(_("Au 1er janvier (€)"), lambda one: one.sums.opening, "euros"),
        Column(_("Reçu (€)"), lambda one: one.sums.received, "euros"),
        Column(_("Utilisé (€)"), lambda one: one.sums.used, "euros"),
        Column(_("Au 31 décembre (€)"), lambda one: one.sums.carried, "euros"),
    ),
)
