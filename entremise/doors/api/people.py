"""People: who they are, how they are reached, what they agreed to and showed, how they want to work."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Literal, cast
from uuid import UUID

from django.http import HttpRequest
from pydantic import Field

from entremise.doors.api import pages
from entremise.doors.api.door import act_of, asks, found, only, tells, whose
from entremise.doors.api.told import PlaceTold
from entremise.doors.api.types import (
    PAGE,
    Clean,
    Cursor,
    Day,
    Given,
    Id,
    Limit,
    Line,
    Name,
    Named,
    Title,
    Told,
    Truth,
    Word,
    Words,
)
from entremise.doors.frame.programs import with_scope
from entremise.doors.frame.visit import Inside
from entremise.jobs.operations import calls
from entremise.jobs.queries import listed, persons
from entremise.jobs.rules.consent import PURPOSE, WORDING
from entremise.kernel.act import STAFF, Role
from entremise.payments import operations as payments
from entremise.people import operations as people
from entremise.people import queries as known
from entremise.people.models import ContactPoint, Person, Place

Kind = Literal["individual", "company", "association", "local_authority"]
Language = Literal["fr", "en"]
LISTED = "people"


class Places(Told):
    """The communes that fit best."""

    rows: list[PlaceTold]


class Contact(Told):
    """A way to reach somebody. value: E.164 for a telephone. texts: whether it takes text messages now."""

    id: UUID
    kind: Literal["phone", "email"]
    value: str
    label: str
    texts: bool


class ConsentTold(Told):
    """The latest word on a purpose."""

    purpose: str
    given: bool
    wording: str
    at: datetime


class PaperTold(Told):
    """A document of identity or right that somebody showed. Its number is not told."""

    kind: str
    valid_from: date | None
    valid_to: date | None
    suspended_from: date | None
    suspended_to: date | None
    checked_on: date


class SkillTold(Told):
    """An activity that somebody can do; how: said, trained or seen."""

    activity: str
    how: str


class Work(Told):
    """How somebody wants to work. hours_wanted: minutes a week. free_times: [weekday 0 to 6, from, until], local."""

    hours_wanted: int
    travel_mode: str
    free_times: list[tuple[int, str, str]]
    skills: list[SkillTold]
    note: str


class PersonTold(Told):
    """Somebody in a list."""

    id: UUID
    name: str
    kind: Kind
    roles: list[str]
    place: PlaceTold | None


class PersonRead(PersonTold):
    """Everything about somebody that the work needs. owes: cents; null for a key without the scope `money:read`."""

    title: str
    given_name: str
    family_name: str
    birth_date: date | None
    street: str
    language: str
    remarks: list[str]
    prefers_call: bool
    known_since: datetime
    contacts: list[Contact]
    consents: list[ConsentTold]
    papers: list[PaperTold]
    work: Work | None
    owes: int | None


class People(Told):
    """A page of people; next: the cursor of the page after, null on the last."""

    rows: list[PersonTold]
    next: str | None


class NewPerson(Given):
    """Somebody who has agreed to be written down. phones and email as people type them; place: of `/places`."""

    family_name: Annotated[Title, Field(min_length=1, examples=["Marsan"])]
    given_name: Annotated[Name, Field(examples=["Odile"])] = ""
    title: Annotated[Clean, Field(max_length=12, examples=["Mme"])] = ""
    kind: Kind = "individual"
    role: Literal["client", "worker"] = "client"
    phone: Annotated[Word, Field(examples=["06 39 98 14 27"])] = ""
    email: Line = ""
    street: Line = ""
    place: Id | None = None
    birth_date: Day | None = None
    remarks: Annotated[list[Line], Field(max_length=10)] = []
    prefers_call: Truth = False
    language: Language = "fr"


class ChangedPerson(Given):
    """What changes; what is left out stays."""

    kind: Kind | None = None
    family_name: Annotated[Title, Field(min_length=1)] | None = None
    given_name: Name | None = None
    title: Annotated[Clean, Field(max_length=12)] | None = None
    street: Line | None = None
    place: Id | None = None
    birth_date: Day | None = None
    remarks: Annotated[list[Line], Field(max_length=10)] | None = None
    prefers_call: Truth | None = None
    language: Language | None = None


class NewContact(Given):
    """kind phone or email; value as people type it."""

    kind: Literal["phone", "email"]
    value: Annotated[Line, Field(min_length=1, examples=["06 39 98 14 27"])]
    label: Word = ""


class NewTexts(Given):
    """Whether text messages go to this number."""

    wanted: Truth


class NewConsent(Given):
    """What somebody agrees to, or takes back: to be kept on file."""

    given: Truth


class NewPaper(Given):
    """A paper that somebody showed today. number: of a NIR or a PASS IAE, or the percentage of a tax rate."""

    kind: Literal[
        "pass_iae",
        "right_to_work",
        "nir",
        "siret",
        "driving_licence",
        "tax_rate",
        "insurance",
        "registration",
        "vigilance",
    ]
    number: Word = ""
    valid_from: Day | None = None
    valid_to: Day | None = None
    suspended_from: Day | None = None
    suspended_to: Day | None = None


class NewRole(Given):
    """What somebody becomes."""

    role: Literal["client", "worker"]


class EndedRole(Given):
    """What somebody is no longer."""

    role: Literal["client", "worker", "supplier"]


class NewBankAccount(Given):
    """Where a worker is paid. iban as it is printed; it is never told again."""

    iban: Annotated[Word, Field(min_length=1, examples=["FR76 3000 6000 0112 3456 7890 189"])]
    holder: Title = ""


@asks("/places", "people:read", answer=Places, summary="Communes by the start of their name or postcode")
def find_places(request: HttpRequest, q: Words) -> Places:
    """The eight that fit best. Their ids go into addresses of people."""
    return Places(rows=[PlaceTold.of(one) for one in known.find_place(typed=q)])


@asks("/people", "people:read", answer=People, summary="People, the latest known first")
def list_people(
    request: HttpRequest,
    q: Words = "",
    role: Literal["", "client", "worker", "supplier"] = "",
    cursor: Cursor = "",
    limit: Limit = PAGE,
) -> People:
    """With `q`, those whom words of a name or digits of a telephone fit best, in one page.

    Staff find everybody, others themselves.
    """
    mine, wanted = whose(request, *STAFF), Role(role) if role else None
    if q and mine is None:
        fitting = known.find(typed=q, limit=limit, role=wanted)
        return People(rows=[_told(one.person, one.roles) for one in fitting], next=None)
    rows = listed.people(of=mine, role=wanted, before=pages.before(cursor, of=LISTED), limit=limit)
    page, following = pages.split(rows, limit=limit, of=LISTED)
    return People(rows=[_told(one.person, one.roles) for one in persons.rows_of(people_=page)], next=following)


@asks("/people/{person}", "people:read", answer=PersonRead, summary="One person")
def read_person(request: HttpRequest, person: Named) -> PersonRead:
    return read_of(request, person_of(request, person))


@tells("/people", "people:write", answer=PersonRead, summary="Write somebody down, with their consent")
def create_person(request: HttpRequest, body: NewPerson) -> PersonRead:
    """Whoever sends this has read them the sentence of consent, and they said yes."""
    given = body.model_dump(exclude={"place", "role", "remarks"})
    newcomer = calls.Newcomer(**given, place=_place(body.place), role=Role(body.role), remarks=tuple(body.remarks))
    return read_of(request, calls.add_known(act=act_of(request), newcomer=newcomer))


@tells("/people/{person}/changes", "people:write", answer=PersonRead, summary="Change what is known of somebody")
def change_person(request: HttpRequest, person: Named, body: ChangedPerson) -> PersonRead:
    """The kind, which decides the price, is for staff to change."""
    row = person_of(request, person)
    if body.kind:
        only(request, *STAFF)
    changes: people.Changes = body.model_dump(exclude={"place"}, exclude_none=True)  # type: ignore[assignment]  # Its own keys.
    if body.place:
        changes["place"] = _place(body.place)
    return read_of(request, people.change_person(act=act_of(request).for_person(row.id), person=row, **changes))


@tells("/people/{person}/contacts", "people:write", answer=Contact, summary="One more way to reach somebody")
def add_contact(request: HttpRequest, person: Named, body: NewContact) -> Contact:
    row = person_of(request, person)
    made = people.add_contact(
        act=act_of(request).for_person(row.id), person=row, kind=body.kind, value=body.value, label=body.label
    )
    return _contact(made)


@tells(
    "/people/{person}/contacts/{contact}/removal",
    "people:write",
    answer=PersonRead,
    summary="Forget a number or an address",
)
def remove_contact(request: HttpRequest, person: Named, contact: Named) -> PersonRead:
    """Whoever holds that telephone now is out."""
    row = person_of(request, person)
    kept = found(persons.contact(person=row.id, contact=contact))
    people.remove_contact(act=act_of(request).for_person(row.id), contact=kept)
    return read_of(request, row)


@tells(
    "/people/{person}/contacts/{contact}/texts",
    "people:write",
    answer=PersonRead,
    summary="Stop the text messages to a number, or take them up",
)
def set_texts(request: HttpRequest, person: Named, contact: Named, body: NewTexts) -> PersonRead:
    """Whoever else answers it gets none either."""
    row = person_of(request, person)
    kept = found(persons.contact(person=row.id, contact=contact))
    change = people.resume_texts if body.wanted else people.stop_texts
    change(act=act_of(request).for_person(row.id), phone=kept.value)
    return read_of(request, row)


@tells("/people/{person}/consents", "people:write", answer=ConsentTold, summary="Record a consent, or its end")
def record_consent(request: HttpRequest, person: Named, body: NewConsent) -> ConsentTold:
    row, act = person_of(request, person), act_of(request)
    made = people.record_consent(
        act=act.for_person(row.id), person=row, purpose=PURPOSE, given=body.given, wording=WORDING
    )
    return ConsentTold.drawn(made)


@tells("/people/{person}/roles", "people:write", answer=PersonRead, summary="Make somebody a client or a worker")
def give_role(request: HttpRequest, person: Named, body: NewRole) -> PersonRead:
    """From today on. Nobody gets a place at the desk through a program."""
    row, act = person_of(request, person), act_of(request)
    people.give_role(act=act, person=row, role=Role(body.role), since=act.at.date())
    return read_of(request, row)


@tells(
    "/people/{person}/roles/end",
    "people:write",
    answer=PersonRead,
    summary="Somebody is no longer a client or a worker",
)
def end_role(request: HttpRequest, person: Named, body: EndedRole) -> PersonRead:
    row, act = person_of(request, person), act_of(request)
    people.end_role(act=act, person=row, role=Role(body.role), until=act.at.date())
    return read_of(request, row)


@tells("/people/{person}/papers", "people:write", answer=PersonRead, summary="Write down a paper that was shown")
def show_paper(request: HttpRequest, person: Named, body: NewPaper) -> PersonRead:
    row = person_of(request, person)
    people.show_paper(act=act_of(request), person=row, **body.model_dump())
    return read_of(request, row)


@tells("/people/{person}/bank-account", "money:write", answer=PersonTold, summary="Note where a worker is paid")
def set_bank_account(request: HttpRequest, person: Named, body: NewBankAccount) -> PersonTold:
    row = person_of(request, person)
    act = act_of(request).for_person(row.id)
    payments.set_bank_account(act=act, person=row, iban=body.iban, holder=body.holder)
    (told,) = persons.rows_of(people_=[row])
    return _told(row, told.roles)


def person_of(request: HttpRequest, person: UUID) -> Person:
    mine = whose(request, *STAFF)
    return found(persons.person(person=person) if mine in (None, person) else None)


def _place(place: UUID | None) -> Place | None:
    return known.place(place=place) if place else None


def _told(person: Person, roles: Iterable[str]) -> PersonTold:
    place = PlaceTold.of(person.place) if person.place else None
    return PersonTold.drawn(person, name=person.full_name, roles=sorted(roles), place=place)


def _contact(row: ContactPoint) -> Contact:
    return Contact.drawn(row, texts=row.texts and row.stopped_at is None)


def read_of(request: HttpRequest, row: Person) -> PersonRead:
    seen = found(persons.person_page(person=row.id, at=act_of(request).at))
    person, skills = seen.person, [SkillTold.drawn(one, activity=one.activity.code) for one in seen.skills]
    return PersonRead.drawn(
        person,
        name=person.full_name,
        roles=seen.roles,
        place=PlaceTold.of(person.place) if person.place else None,
        contacts=[_contact(one) for one in seen.contacts],
        consents=[ConsentTold.drawn(one) for one in seen.consents.values()],
        papers=[PaperTold.drawn(one) for one in seen.papers],
        work=Work.drawn(seen.worker, skills=skills) if seen.worker else None,
        owes=seen.owes if with_scope("money:read")(cast("Inside", request).visit) else None,
    )
