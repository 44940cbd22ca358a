"""One person as the desk knows them, and the list of everybody."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from entremise.documents.models import Document
from entremise.documents.queries import documents_of
from entremise.jobs.models import Absence, Request, Skill, Worker
from entremise.jobs.queries import desk
from entremise.kernel.act import Role
from entremise.messaging.models import Letter
from entremise.messaging.queries import letters_of
from entremise.payments.models import BankAccount, KeptMeans, Mandate
from entremise.payments.queries import bank_account_of, kept_means, mandate_of
from entremise.people import queries as people
from entremise.people.models import Consent, ContactPoint, Membership, Paper, Person, Supplier
from entremise.people.queries import Reach
from entremise.settlement import queries as settlement
from entremise.settlement.models import Charge


@dataclass(frozen=True)
class PersonPage:
    """owes: cents. reach: how a letter would leave now. papers: all that were shown, the latest check first."""

    person: Person
    contacts: list[ContactPoint]
    memberships: list[Membership]
    reach: Reach
    papers: list[Paper]
    consents: dict[str, Consent]
    household: list[Person]
    worker: Worker | None
    supplier: Supplier | None
    skills: list[Skill]
    absences: list[Absence]
    bank_account: BankAccount | None
    mandate: Mandate | None
    means: list[KeptMeans]
    charges: list[Charge]
    owes: int
    requests: list[Request]
    missions: list[desk.Visit]
    letters: list[Letter]
    documents: list[Document]

    @property
    def roles(self) -> list[str]:
        return [one.role for one in self.memberships if one.until is None]


def person_page(*, person: UUID, at: datetime) -> PersonPage | None:
    """Everything on one card. The same number of queries whoever it is."""
    found = Person.objects.filter(id=person).select_related("place", "household", "account").first()
    if found is None:
        return None
    worker = Worker.objects.filter(person=found).first()
    return PersonPage(
        person=found,
        contacts=list(ContactPoint.objects.filter(person=found).order_by("id")),
        memberships=list(Membership.objects.filter(person=found).order_by("until", "since", "id")),
        reach=people.way_to_reach(person=found),
        papers=list(Paper.objects.filter(person=found).order_by("kind", "-checked_on", "-id")),
        consents=people.consents_of(person=found),
        household=list(Person.objects.filter(household=found.household_id).exclude(id=found.id))
        if found.household_id
        else [],
        worker=worker,
        supplier=people.supplier(person=found.id),
        skills=list(Skill.objects.filter(worker=worker).select_related("activity").order_by("activity__position")),
        absences=list(Absence.objects.filter(worker=worker, ends_at__gte=at).order_by("starts_at")),
        bank_account=bank_account_of(person=found.id),
        mandate=mandate_of(person=found.id),
        means=kept_means(person=found.id),
        charges=settlement.charges_to_come(client=found.id),
        owes=settlement.owed_by(client=found.id),
        requests=desk.requests_of(client=found.id, limit=10),
        missions=desk.missions_of(person=found.id, limit=10),
        letters=letters_of(person=found.id, limit=10),
        documents=documents_of(person=found.id, limit=20),
    )


def activities_of(*, person: UUID) -> list[str]:
    """Codes of what somebody can do."""
    return list(Skill.objects.filter(worker__person_id=person).values_list("activity__code", flat=True))


def person(*, person: UUID) -> Person | None:
    return Person.objects.filter(id=person).select_related("place").first()


def contact(*, person: UUID, contact: UUID) -> ContactPoint | None:
    return ContactPoint.objects.filter(id=contact, person_id=person).first()


def everybody(*, role: Role | None, on: date) -> "QuerySet[Person]":
    """People in order of their names; role: those who hold it that day."""
    rows = people.on_file().select_related("place")
    if role:
        held = Membership.objects.filter(person=OuterRef("id"), role=role.value, since__lte=on)
        rows = rows.filter(Exists(held.filter(Q(until__isnull=True) | Q(until__gt=on))))
    return rows.order_by("family_name", "given_name", "id")


@dataclass(frozen=True)
class Row:
    person: Person
    roles: list[str]
    reach: Reach


def rows_of(*, people_: list[Person]) -> list[Row]:
    """A page of the list, with roles and how each is reached. Two queries."""
    roles: dict[UUID, list[str]] = {person.id: [] for person in people_}
    for one in Membership.objects.filter(person__in=people_, until__isnull=True).order_by("role"):
        roles[one.person_id].append(one.role)
    reach = people.ways_to_reach(people=people_)
    return [Row(person, roles[person.id], reach[person.id]) for person in people_]


@dataclass(frozen=True)
class StaffMember:
    person: Person
    roles: list[str]


def staff_members() -> list[StaffMember]:
    """Who works at the desk, with or without an account. Two queries."""
    held = Membership.objects.filter(
        until__isnull=True, role__in=["coordinator", "support_worker", "treasurer", "director"]
    )
    roles: dict[UUID, list[str]] = {}
    for one in held.order_by("role"):
        roles.setdefault(one.person_id, []).append(one.role)
    rows = Person.objects.filter(id__in=roles).select_related("account").order_by("family_name", "given_name")
    return [StaffMember(person, roles[person.id]) for person in rows]


def how_many() -> dict[str, int]:
    """People by the role they hold now."""
    rows = Membership.objects.filter(until__isnull=True).values_list("role").annotate(n=Count("person", distinct=True))
    return {Role.CLIENT.value: 0, Role.WORKER.value: 0, Role.SUPPLIER.value: 0, **dict(rows)}
