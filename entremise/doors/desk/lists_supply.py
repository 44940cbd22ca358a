"""The order of a group purchase, what became of it, and its parcels, as lists to take away."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from entremise.buying import queries as bought
from entremise.buying.models import Parcel, Purchase
from entremise.buying.queries import Supplied
from entremise.doors.desk.nav import handing
from entremise.doors.desk.words_supply import PARCELS as STATES
from entremise.doors.frame.lists import Asked, Column, Listed


def _purchase(asked: Asked) -> Purchase | None:
    number = asked.filters.get("achat", "")
    return bought.purchase(number=int(number)) if number.isdecimal() and len(number) < 10 else None


def _supply(asked: Asked) -> Iterable[Supplied]:
    purchase = _purchase(asked)
    return bought.supply(purchase=purchase.id) if purchase else []


def _parcels(asked: Asked) -> Iterable[Parcel]:
    purchase = _purchase(asked)
    return bought.parcels_of(purchase=purchase.id) if purchase else []


def _theirs(one: Supplied) -> int:
    return one.price - one.article.ours - one.article.carriage


def _content(parcel: Parcel) -> str:
    return ", ".join(f"{line.planned} × {line.article.lot.title}" for line in parcel.lines.all() if line.planned)


def _given(parcel: Parcel) -> int | None:
    ended = [line.given for line in parcel.lines.all() if line.given is not None]
    return sum(ended) if ended else None


SUPPLY = Listed[Supplied](
    name="together_handover",
    title=_("Commandé, facturé, reçu, remis"),
    guard=handing,
    filters=("achat",),
    rows=_supply,
    columns=(
        Column(_("Article"), lambda one: one.article.lot.title),
        Column(_("Unité"), lambda one: one.article.unit),
        Column(_("Unités par carton"), lambda one: one.article.size, "number"),
        Column(_("Cartons commandés"), lambda one: one.balance.ordered // one.article.size, "number"),
        Column(_("Unités commandées"), lambda one: one.balance.ordered, "number"),
        Column(_("Prix à l’unité (€)"), _theirs, "euros"),
        Column(_("Montant (€)"), lambda one: one.balance.ordered * _theirs(one), "euros"),
        Column(_("Facturé"), lambda one: one.balance.billed, "number"),
        Column(_("Reçu"), lambda one: one.balance.received, "number"),
        Column(_("Attribué"), lambda one: one.balance.allotted, "number"),
        Column(_("Remis"), lambda one: one.balance.handed, "number"),
        Column(_("À proposer de nouveau"), lambda one: one.balance.left, "number"),
    ),
    home="today",
)

PARCELS = Listed[Parcel](
    name="together_pickup",
    title=_("Liste de remise"),
    guard=handing,
    filters=("achat",),
    rows=_parcels,
    columns=(
        Column(_("Colis"), lambda one: one.number, "number"),
        Column(_("Foyer"), lambda one: one.share.pledge.person.full_name),
        Column(_("Contenu"), _content),
        Column(_("Montant (€)"), lambda one: sum(line.amount for line in one.lines.all()), "euros"),
        Column(_("Où ça en est"), lambda one: STATES[one.state][0]),
        Column(_("Unités remises"), _given, "number"),
        Column(_("Remis à"), lambda one: one.to),
        Column(_("Facture"), lambda one: one.invoice.number if one.invoice else ""),
    ),
    home="today",
)
