"""Prepaid vouchers, as a file: all of them, or those of a batch; what is certified of a year."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from entremise.doors.desk.lists_money import year_asked
from entremise.doors.desk.nav import counter
from entremise.doors.desk.words_vouchers import ISSUERS, STATES
from entremise.doors.frame.lists import Asked, Column, Listed
from entremise.doors.frame.visit import money_staff
from entremise.kernel.act import Door
from entremise.people.rules.may import Verb
from entremise.settlement import queries as settled
from entremise.settlement.models import Voucher


def _rows(asked: Asked) -> Iterable[Voucher]:
    try:
        return settled.vouchers_in(batch=UUID(asked.filters.get("bordereau", "")))
    except ValueError:
        return settled.each_voucher()


VOUCHERS = Listed[Voucher](
    name="vouchers",
    title=_("CESU préfinancés"),
    guard=money_staff,
    verb=Verb.BOOKS_EXPORT,
    filters=("bordereau",),
    rows=_rows,
    columns=(
        Column(_("Émetteur"), lambda one: ISSUERS[one.issuer]),
        Column(_("Numéro"), lambda one: one.number),
        Column(_("Millésime"), lambda one: str(one.vintage)),
        Column(_("Valeur (€)"), lambda one: one.amount, "euros"),
        Column(_("Facture"), lambda one: one.invoice.number),
        Column(_("Client"), lambda one: one.invoice.client.full_name),
        Column(_("Pris le"), lambda one: one.taken_at, "day"),
        Column(_("Bordereau"), lambda one: one.batch.reference if one.batch else ""),
        Column(_("État"), lambda one: STATES[one.state][0]),
        Column(_("Pourquoi"), lambda one: one.reason),
    ),
)

GIFTS = Listed[settled.GiftSeen](
    name="gift_vouchers",
    title=_("Bons cadeaux"),
    guard=counter,
    verb=Verb.BOOKS_EXPORT,
    rows=lambda asked: settled.gift_vouchers(),
    columns=(
        Column(_("Bon"), lambda one: one.voucher.reference),
        Column(_("Service"), lambda one: one.voucher.what),
        Column(_("Offert par"), lambda one: one.voucher.buyer),
        Column(_("Vendu le"), lambda one: one.voucher.sold_on, "day"),
        Column(_("Jusqu’au"), lambda one: one.voucher.expires_on, "day"),
        Column(_("Valeur (€)"), lambda one: one.voucher.value, "euros"),
        Column(_("Reste (€)"), lambda one: one.left, "euros"),
    ),
)

CERTIFICATES = Listed[settled.ClientYear](
    name="certificates",
    title=_("Attestations fiscales"),
    guard=money_staff,
    verb=Verb.BOOKS_EXPORT,
    filters=("annee",),
    rows=lambda asked: settled.client_years(
        year=year_asked(asked.filters.get("annee", ""), asked.visit.act(Door.DESK).at.date())
    ),
    columns=(
        Column(_("Client"), lambda one: one.client.full_name),
        Column(_("Venues"), lambda one: len(one.visits), "number"),
        Column(_("En CESU (€)"), lambda one: one.cesu, "euros"),
        Column(_("Autrement (€)"), lambda one: one.own, "euros"),
        Column(_("En tout (€)"), lambda one: one.paid, "euros"),
        Column(_("Attestation"), lambda one: one.document.number if one.document else ""),
    ),
)
