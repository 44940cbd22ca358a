"""What members may take away of their own: their hours, their pay, their invoices."""

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from entremise.doors.frame import lists
from entremise.doors.frame.lists import Column, Listed
from entremise.doors.frame.lists_account import STATEMENT
from entremise.doors.frame.visit import Inside, client, signed_in, worker
from entremise.jobs.queries import member
from entremise.jobs.queries.desk import Visit
from entremise.kernel.act import Door
from entremise.settlement import queries as settlement
from entremise.settlement.models import Payslip

ALL = 5_000  # Of one person: a lifetime.

HOURS = Listed[Visit](
    name="hours",
    title=_("Mes heures"),
    guard=worker,
    own=True,
    rows=lambda asked: member.worker_hours(worker=asked.visit.person, at=asked.visit.act(Door.SITE).at, limit=ALL)[1],
    columns=(
        Column(_("Demande"), lambda one: one.mission.number, "number"),
        Column(_("Quand"), lambda one: one.mission.starts_at, "moment"),
        Column(_("Travail"), lambda one: one.mission.request.activity.called),
        Column(_("Chez qui"), lambda one: one.mission.client.called),
        Column(_("Heures"), lambda one: one.logged, "hours"),
        Column(_("Confirmées"), lambda one: _("oui") if one.mission.state == "confirmed" else _("non")),
    ),
)
PAY = Listed[Payslip](
    name="pay",
    title=_("Mes bulletins"),
    guard=worker,
    own=True,
    rows=lambda asked: settlement.payslips_of(worker=asked.visit.person, limit=ALL),
    columns=(
        Column(_("Bulletin"), lambda one: one.number),
        Column(_("Mois"), lambda one: one.month, "day"),
        Column(_("Heures"), lambda one: one.minutes, "hours"),
        Column(_("Brut (€)"), lambda one: one.gross, "euros"),
        Column(_("Net payé (€)"), lambda one: one.paid, "euros"),
    ),
)
INVOICES = Listed[settlement.OpenInvoice](
    name="invoices",
    title=_("Mes factures"),
    guard=client,
    own=True,
    rows=lambda asked: settlement.invoices_of(client=asked.visit.person, limit=ALL),
    columns=(
        Column(_("N°"), lambda one: one.invoice.number),
        Column(_("Mois"), lambda one: one.invoice.month, "day"),
        Column(_("À payer avant"), lambda one: one.invoice.due_on if one.invoice.kind == "invoice" else None, "day"),
        Column(
            _("Total (€)"),
            lambda one: one.invoice.total if one.invoice.kind == "invoice" else -one.invoice.total,
            "euros",
        ),
        Column(_("Reste (€)"), lambda one: one.due, "euros"),
    ),
)

ACCOUNT = Listed[settlement.StatementLine](
    name="account",
    title=_("Mon compte"),
    guard=signed_in,
    own=True,
    rows=lambda asked: settlement.statement(person=asked.visit.person).lines if asked.visit.person else [],
    columns=STATEMENT,
)

LISTS: Final[lists.Lists] = {one.name: one for one in (HOURS, PAY, INVOICES, ACCOUNT)}

exports = lists.downloads(LISTS, guard=signed_in, door=Door.SITE, space="site")


def offer(request: Inside, name: str) -> dict[str, str] | None:
    offered = lists.offer(request, LISTS[name])
    return {**offered, "url": reverse("site:exports")} if offered else None
