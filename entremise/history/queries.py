from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from entremise.history.models import Fact, Link
from entremise.kernel.chain import BEGINNING, canonical, link

PAGE = 2000  # Rows read at once: PostgreSQL behind a pooler gives the whole answer to a question, or a page of it.


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


def first_broken_link(*, progress: Callable[[int], object] = lambda rows: None) -> BrokenLink | None:
    """Walk the chain from its beginning; the first place whose hash or position is not what it must be.

    progress: is told how many more places were walked.
    """
    previous, walked = BEGINNING, 0
    while places := Link.objects.select_related("fact").filter(position__gt=walked).order_by("position")[:PAGE]:
        for place in places:
            previous, walked = link(previous, canonical(content_of(fact=place.fact))), walked + 1
            if place.hash != previous or place.position != walked:
                return BrokenLink(position=place.position, fact=place.fact_id)
        progress(len(places))
    alone = Link.objects.filter(position__gt=walked).order_by("position").first()  # Its fact is gone, and none follows.
    return BrokenLink(position=alone.position, fact=alone.fact_id) if alone else None


def count_facts() -> int:
    return Fact.objects.count()


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
