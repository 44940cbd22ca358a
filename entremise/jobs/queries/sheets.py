"""What is printed for the desk: a day's visits with whom to call, the calls that wait, one visit's slip."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from entremise.agreements.models import Agreement
from entremise.jobs.models import Mission
from entremise.jobs.queries import desk
from entremise.kernel.time import Window
from entremise.messaging.models import Letter, Task
from entremise.people.models import ContactPoint, Person

MOST = 300  # Visits or calls of one sheet: a desk has no more in a day.


@dataclass(frozen=True)
class PlannedVisit:
    """phones: of the worker and of the client, E.164 or empty. unsigned: people who have still to sign."""

    mission: Mission
    worker_phone: str
    client_phone: str
    unsigned: list[Person]


@dataclass(frozen=True)
class CallToMake:
    """say: what a letter would have told them, to read aloud."""

    task: Task
    phone: str
    say: str


def day_plan(*, day: Window) -> list[PlannedVisit]:
    """The visits of a day in their order, those called off left out. Five queries."""
    rows = _missions().filter(starts_at__gte=day.start, starts_at__lt=day.end)
    visits = list(rows.exclude(state__in=["cancelled"]).order_by("starts_at", "id")[:MOST])
    phones = _phones({person for one in visits for person in (one.worker_id, one.client_id)})
    waiting = Agreement.objects.filter(id__in=[one.agreement_id for one in visits], state="drawn_up")
    unsigned = {
        contract.agreement.id: [
            party.person for party in contract.parties if party.role in contract.missing and party.person
        ]
        for contract in desk.with_parties(waiting)
    }
    return [
        PlannedVisit(
            mission=one,
            worker_phone=phones.get(one.worker_id, ""),
            client_phone=phones.get(one.client_id, ""),
            unsigned=unsigned.get(one.agreement_id, []) if one.agreement_id else [],
        )
        for one in visits
    ]


def calls_to_make(*, until: datetime) -> list[CallToMake]:
    """Tasks due before a moment that concern somebody with a telephone, the most pressing first. Three queries."""
    tasks = [one for one in desk.tasks(limit=MOST) if one.due_at < until]
    phones = _phones({one.person_id for one in tasks if one.person_id})
    letters = {
        one.id: one.shown for one in Letter.objects.filter(id__in=[t.about_id for t in tasks if t.about == "letter"])
    }
    calls = [
        CallToMake(
            task=one,
            phone=phones.get(one.person_id, "") if one.person_id else str(one.params.get("phone") or ""),
            say=letters.get(one.about_id, "") if one.about_id else "",
        )
        for one in tasks
    ]
    return [one for one in calls if one.phone]


def slip_of(*, mission: UUID) -> Mission | None:
    """A visit with what its slip says."""
    return _missions().filter(id=mission).first()


def _missions() -> "QuerySet[Mission]":
    return Mission.objects.select_related(
        "worker", "client", "request__activity", "request__listing__place", "client__place"
    )


def _phones(people: set[UUID]) -> dict[UUID, str]:
    """The first telephone of each."""
    rows = ContactPoint.objects.filter(person__in=people, kind="phone").order_by("-id")
    return dict(rows.values_list("person_id", "value"))
