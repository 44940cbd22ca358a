"""Many open jobs: ten thousand made one by one, a million as copies of them with ids and moments of their own."""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from django.db import connection

from entremise.jobs.models import Activity, Notice, NoticeWord, Request
from entremise.jobs.rules.notices import days_of, part_of, terms
from entremise.kernel.ids import new_id
from entremise.market.models import Listing
from entremise.people.models import Person, Place
from entremise.tenancy.base import TenantModel

FIRST = 10_000
BATCH = 2_000
ROUND = (1 << 32) - 1  # The last eight digits of an id, which the copies count with.
COPIED = (Listing, Request, Notice, NoticeWord)
UNIQUE = {"number": FIRST}  # Columns that no two rows of an organisation share, and how far copies are apart.


def first_jobs(*, clients: list[Person], activities: list[Activity], places: list[Place], at: datetime) -> None:
    """FIRST jobs of the next two months."""
    chance = Random(3)
    rows: dict[type[TenantModel], list[TenantModel]] = {model: [] for model in COPIED}
    for number in range(1, FIRST + 1):
        client, activity, place = chance.choice(clients), chance.choice(activities), chance.choice(places)
        starts = at + timedelta(minutes=chance.randrange(60, 60 * 24 * 60))
        said = {"starts_at": starts, "minutes": 120}
        listing = Listing(
            id=_id(),
            number=number,
            side="request",
            what=activity.code,
            title=activity.name,
            person=client,
            place=place,
            starts_at=starts,
            ends_at=starts + timedelta(hours=2),
            posted_at=at,
        )
        request = Request(
            id=_id(),
            listing=listing,
            client=client,
            activity=activity,
            minutes=120,
            hourly_price=2450,
            hourly_wage=1231,
            price=4900,
            posted_door="phone",
            posted_at=at,
        )
        notice = Notice(
            id=_id(),
            request=request,
            number=number,
            activity=activity,
            place=place,
            days=days_of("", starts.date()),
            part=part_of(starts.time()),
            wage=1231,
            gross=2708,
            put_up_at=at,
            **said,
        )
        found_by = terms(activity.name, *activity.words, place.name)
        words = [NoticeWord(id=_id(), notice=notice, word=word, starts_at=starts) for word in sorted(found_by)]
        for model, made in zip(COPIED, ([listing], [request], [notice], words), strict=True):
            rows[model] += made
    for model, made in rows.items():
        model.objects.bulk_create(made, batch_size=BATCH)


def copies(*, times: int) -> None:
    """As many times more of them, each a minute later than the one before."""
    vendor = connection.vendor
    for model in COPIED:
        columns = [field.column for field in model._meta.concrete_fields]
        with connection.cursor() as cursor:
            for first in range(1, times, 25):
                last = min(first + 25, times)
                select = ", ".join(_copy(model, column, vendor) for column in columns)
                table = model._meta.db_table
                cursor.execute(
                    f"WITH RECURSIVE k(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM k WHERE n + 1 < {last}) "
                    f"INSERT INTO {table} ({', '.join(columns)}) SELECT {select} FROM {table} t, k "
                    f"WHERE {_is_first(vendor)}"
                )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _id() -> UUID:
    """With the digits free that the copies count with."""
    return UUID(int=new_id().int & ~ROUND)


def _is_first(vendor: str) -> str:
    return "substr(t.id, 25) = '00000000'" if vendor == "sqlite" else "right(t.id::text, 8) = '00000000'"


def _copy(model: type[TenantModel], column: str, vendor: str) -> str:
    field = next(one for one in model._meta.concrete_fields if one.column == column)
    copied = field.primary_key or (field.related_model in COPIED and field.related_model is not model)
    if copied and vendor == "sqlite":
        return f"substr(t.{column}, 1, 24) || printf('%08x', n)"
    if copied:
        return f"(left(t.{column}::text, 28) || lpad(to_hex(n), 8, '0'))::uuid"
    if column in UNIQUE:
        return f"t.{column} + n * {UNIQUE[column]}"
    if column == "starts_at":
        later = "strftime('%Y-%m-%d %H:%M:%f', t.starts_at, '+' || n || ' minutes')"
        return later if vendor == "sqlite" else "t.starts_at + n * interval '1 minute'"
    return f"t.{column}"
