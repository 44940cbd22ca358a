"""The order that whoever comes holds: which visits there are. Moved ones make another, which replaces it."""

from collections.abc import Iterable
from uuid import UUID

from entremise.agreements.models import Agreement
from entremise.documents.models import Document
from entremise.documents.queries import latest_about
from entremise.jobs.models import Mission
from entremise.jobs.rules.modes.registry import MODES

ORDERS = frozenset(mode.order.kind for mode in MODES.values())


def order_of(*, agreement: Agreement) -> Document | None:
    """The one that stands; None of an agreement that was drawn up elsewhere."""
    visits = Mission.objects.filter(agreement=agreement).values_list("id", flat=True)
    return latest_about(about=list(visits), kind=MODES[agreement.mode].order.kind)


def replaced(*, documents: Iterable[Document]) -> set[UUID]:
    """Those, of the newest first, that a later order about the same visits replaced."""
    stand, gone = set[UUID | None](), set[UUID]()
    for document in documents:
        if document.kind not in ORDERS:
            continue
        if document.about_id in stand:
            gone.add(document.id)
        stand.add(document.about_id)
    return gone
