"""Needs as a list to take away."""

from django.utils.translation import gettext_lazy as _

from entremise.buying import queries
from entremise.buying.models import Need
from entremise.doors.desk.nav import listeners
from entremise.doors.frame.lists import Column, Listed
from entremise.people.rules.may import Verb

MOST = 100_000

NEEDS = Listed[Need](
    name="needs",
    title=_("Besoins"),
    guard=listeners,
    verb=Verb.PEOPLE_EXPORT,
    rows=lambda asked: queries.needs_waiting(limit=MOST),
    columns=(
        Column(_("Quoi"), lambda one: one.what),
        Column(_("Qui"), lambda one: one.person.full_name),
        Column(_("Combien"), lambda one: one.quantity, "number"),
        Column(_("Unité"), lambda one: one.unit),
        Column(_("Payé aujourd’hui (€)"), lambda one: one.pays, "euros"),
        Column(_("Pour le"), lambda one: one.before, "day"),
        Column(_("Précision"), lambda one: one.details),
        Column(_("Dit le"), lambda one: one.said_at, "moment"),
    ),
)
