from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from entremise.history import rules
from entremise.history.models import Fact, Link
from entremise.history.rules import BEGINNING


def recent_fact(*, fact: UUID, type: str, by: UUID, since: datetime) -> Fact | None:
    """This fact, if it is of this type and this person made it since then."""
    return Fact.objects.filter(id=fact, type=type, by=by, at__gte=since).first()


def latest_fact() -> UUID | None:
    """The last fact that was recorded here: as long as it stays the last, no operation has changed a row."""
    return Fact.objects.order_by("-id").values_list("id", flat=True).first()


@dataclass(frozen=True)
class BrokenLink:
    position: int
    fact: UUID


def first_broken_link() -> BrokenLink | None:
    """Walk the chain from its beginning; the first place whose hash or position is not what it must be."""
    previous, expected = BEGINNING, 1
    for place in Link.objects.select_related("fact").order_by("position").iterator(chunk_size=2000):
        previous = rules.link(previous, rules.canonical(content_of(fact=place.fact)))
        if place.hash != previous or place.position != expected:
            return BrokenLink(position=place.position, fact=place.fact_id)
        expected += 1
    return None


def content_of(*, fact: Fact) -> dict[str, object]:
    """What the chain protects: every column but the organisation."""
    return {
        "id": fact.id,
        "type": fact.type,
        "thing": fact.thing,
        "thing_id": fact.thing_id,
        "by": fact.by,
        "on_behalf_of": fact.on_behalf_of,
        "door": fact.door,
        "at": fact.at,
        "data": fact.data,
    }
