"""What a request on the web asks: what can be had at which price, what somebody said so far, who they may be."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from entremise.figures.queries import public_holidays
from entremise.jobs.models import Activity, Request, TerritoryPlace, UnsentRequest
from entremise.jobs.queries.calling import offered_activities
from entremise.jobs.queries.prices import Quote, price_basis, quote
from entremise.jobs.rules import asking as rules
from entremise.jobs.rules.asking import GUESSED_MINUTES
from entremise.kernel.refused import Refused
from entremise.people import queries as people
from entremise.people.models import Person, Place


def unsent_of(*, unsent: UUID, client: UUID | None, at: datetime) -> UnsentRequest | None:
    """What this visitor, signed in as `client` or nobody, has begun and not let expire."""
    rows = UnsentRequest.objects.select_related("activity", "place", "client", "request__listing", "request__activity")
    return rows.filter(id=unsent, client_id=client, expires_at__gt=at).first()


def unsent_by_code(*, typed: str, at: datetime) -> UnsentRequest | None:
    """What somebody began on the web, by the four digits they say on the telephone; None once it was sent."""
    code = "".join(typed.split())
    if len(code) != 4 or not code.isdecimal():
        return None
    rows = UnsentRequest.objects.select_related("activity", "place", "client")
    return rows.filter(code=code, request__isnull=True, activity__isnull=False, expires_at__gt=at).first()


def working_days(*, after: date, count: int) -> tuple[date, ...]:
    """The next days on which somebody is at the desk."""
    holidays = public_holidays(first=after, last=after + timedelta(weeks=count + 3))
    return rules.working_days(after, count, holidays)


def call_by(*, asked: datetime) -> datetime:
    """Until when somebody calls back: noon of the next working day, where it was asked."""
    (day,) = working_days(after=asked.date(), count=1)
    return datetime.combine(day, time(12), asked.tzinfo)


def web_activities(*, client: Person | None, on: date) -> list[Activity]:
    """What may be asked for without speaking to anybody: offered, priced for whoever asks, and no work that a placement
    forbids.
    """
    basis, found = price_basis(), []
    for activity in offered_activities():
        try:
            quote(client=client, activity=activity, minutes=GUESSED_MINUTES, on=on, basis=basis)
        except Refused:
            continue
        if not activity.dangerous:
            found.append(activity)
    return found


def quotes(*, client: Person | None, activity: Activity, lengths: Sequence[int], on: date) -> dict[int, Quote]:
    """Minutes → price, of several lengths of the same job; those without a price are left out."""
    basis, found = price_basis(), {}
    for minutes in lengths:
        with suppress(Refused):
            found[minutes] = quote(client=client, activity=activity, minutes=minutes, on=on, basis=basis)
    return found


def territory() -> list[Place]:
    """The communes that the organisation serves, by name; empty when it has named none."""
    rows = TerritoryPlace.objects.select_related("place").order_by("place__name", "place__postcode")
    return [row.place for row in rows]


@dataclass(frozen=True)
class CouldBe:
    """Somebody whom a visitor may be. same_phone: they, or somebody at home, answer the number that was typed."""

    found: people.Found
    same_phone: bool


def could_be(*, request: Request) -> list[CouldBe]:
    """Known people like the visitor who asks, those with the same telephone first. The same questions for everybody."""
    visitor = request.client
    phones = list(visitor.contacts.filter(kind="phone", claimed=True).values_list("value", flat=True))
    by_phone = people.find(typed=phones[0] if phones else "")
    by_name = people.find(typed=visitor.full_name)
    seen = {visitor.id}
    rows = []
    for one, same_phone in [*((found, True) for found in by_phone), *((found, False) for found in by_name)]:
        if one.person.id not in seen:
            seen.add(one.person.id)
            rows.append(CouldBe(one, same_phone))
    return rows
