from collections.abc import Mapping
from uuid import UUID

from django.db import connection, models

from entremise.history.models import Fact, Link
from entremise.history.queries import content_of
from entremise.kernel.act import Act
from entremise.kernel.chain import BEGINNING, canonical, link
from entremise.kernel.ids import new_id
from entremise.tenancy import scope


def record(*, act: Act, type: str, thing: str, thing_id: UUID | None, data: Mapping[str, object] | None = None) -> Fact:
    """Write down one fact. `data` holds plain JSON values and references, never names, words or secrets."""
    return Fact.objects.create(
        type=type,
        thing=thing,
        thing_id=thing_id,
        by=act.by.person,
        on_behalf_of=act.on_behalf_of,
        door=act.door.value,
        at=act.at,
        data=dict(data or {}),
    )


def record_many(*, act: Act, type: str, thing: str, data: Mapping[UUID, Mapping[str, object]]) -> None:
    """The same fact about many things at once, as an import makes them: thing → its data.

    Half the rows of an import are facts, and bulk_create would prepare for each what is the same for all.
    """
    if not data:
        return
    fields = Fact._meta.concrete_fields
    pattern = Fact(
        type=type,
        thing=thing,
        by=act.by.person,
        on_behalf_of=act.on_behalf_of,
        door=act.door.value,
        at=act.at,
    )
    shared = [field.get_db_prep_save(field.pre_save(pattern, True), connection) for field in fields]
    own = [(at, field) for at, field in enumerate(fields) if field.attname in ("id", "thing_id", "data")]
    rows = []
    for thing_id, one in data.items():
        row, values = shared.copy(), {"id": new_id(), "thing_id": thing_id, "data": dict(one)}
        for at, field in own:
            row[at] = field.get_db_prep_save(values[field.attname], connection)
        rows.append(row)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column or field.attname) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {quote(Fact._meta.db_table)} ({columns}) VALUES ({places})", rows)


def chain(*, limit: int = 1000) -> int:
    """Give unchained facts, oldest first, their places in the hash chain; returns how many.

    Two clocks at once collide on the position's constraint, and the later one rolls back.
    """
    last = Link.objects.order_by("-position").values_list("position", "hash").first()
    position, previous = last or (0, BEGINNING)
    chained = models.Exists(Link.objects.filter(fact_id=models.OuterRef("id")))
    links = []
    for fact in Fact.objects.filter(~chained).order_by("id")[:limit]:
        position, previous = position + 1, link(previous, canonical(content_of(fact=fact)))
        links.append(Link(id=new_id(), organisation_id=scope.current(), position=position, fact=fact, hash=previous))
    Link.objects.bulk_create(links)
    return len(links)
