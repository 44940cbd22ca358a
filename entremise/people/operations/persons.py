from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, TypedDict, Unpack

from django.db.models import CharField, QuerySet

from entremise.history.operations import record
from entremise.kernel.act import STAFF, Act, Role
from entremise.kernel.phone import parse_phone
from entremise.kernel.place import Point
from entremise.kernel.refused import Refused
from entremise.people.models import ContactPoint, Household, Membership, Person, Place
from entremise.people.operations.entry import end_visits
from entremise.people.rules.fitting import check_lengths
from entremise.people.rules.may import Verb, require
from entremise.people.rules.search import person_text
from entremise.people.rules.typed import email_typed

LONGEST: Final = {
    field.name: field.max_length
    for field in Person._meta.get_fields()
    if isinstance(field, CharField) and field.max_length and field.name != "search_text"
}
LONGEST_CONTACT: Final = {"value": 120, "label": 40}


class Changes(TypedDict, total=False):
    """What may change about a person. point: where the street lies, when an address service knows."""

    title: str
    given_name: str
    family_name: str
    kind: str
    birth_date: date | None
    street: str
    place: Place | None
    point: Point | None
    household: Household | None
    remarks: Sequence[str]
    prefers_call: bool
    language: str


def add_person(
    *,
    act: Act,
    family_name: str,
    given_name: str = "",
    title: str = "",
    kind: str = "individual",
    phones: Sequence[str] = (),
    email: str = "",
    street: str = "",
    place: Place | None = None,
    point: Point | None = None,
    birth_date: date | None = None,
    household: Household | None = None,
    remarks: Sequence[str] = (),
    language: str = "fr",
    prefers_call: bool = False,
    import_key: str = "",
    roles: Sequence[Role] = (),
) -> Person:
    """A new person, found by their name at once. Without `point` they are where their place is.

    phones: as typed, in the order to try. Raises Refused not_allowed, name_missing, phone_not_understood,
    email_not_understood, too_long. Homonyms are welcome: the desk has seen `queries.find` before.
    """
    require(act, Verb.PEOPLE_ADD)
    if any(role is not Role.CLIENT for role in roles):
        require(act, Verb.ROLES_GIVE if STAFF & set(roles) else Verb.PEOPLE_CHANGE)
    numbers = dict.fromkeys(parse_phone(phone) for phone in phones if phone.strip())
    address = email_typed(email) if email.strip() else ""
    person = Person(
        family_name=family_name.strip(),
        given_name=given_name.strip(),
        title=title.strip(),
        kind=kind,
        street=street.strip(),
        place=place,
        birth_date=birth_date,
        household=household,
        remarks=[remark for remark in remarks if remark.strip()],
        language=language,
        prefers_call=prefers_call,
        import_key=import_key,
        known_since=act.at,
    )
    _prepare(person, point, at=act.at)
    person.save(force_insert=True)
    contacts = [ContactPoint.phone(person, number) for number in numbers]
    contacts += [ContactPoint.email(person, address)] if address else []
    for contact in contacts:
        check_lengths(vars(contact), LONGEST_CONTACT)
    ContactPoint.objects.bulk_create(contacts)
    given = list(dict.fromkeys(roles))
    Membership.objects.bulk_create([Membership(person=person, role=role.value, since=act.at.date()) for role in given])
    data = {"kind": kind, "roles": [role.value for role in given]}
    record(act=act, type="person_added", thing="person", thing_id=person.id, data=data)
    return person


def change_person(*, act: Act, person: Person, **changes: Unpack[Changes]) -> Person:
    """Change what is given; the rest stays. Nothing new is no fact. Raises Refused like `add_person`."""
    require(act, Verb.PEOPLE_CHANGE, owner=person.id)
    point = changes.pop("point", None)
    moved = bool(point) or bool(changes.keys() & {"street", "place"})
    changed = set()
    for field, value in changes.items():
        new = value.strip() if isinstance(value, str) else list(value) if field == "remarks" else value  # type: ignore[call-overload]  # mypy sees `object` in the items of a TypedDict.
        if getattr(person, field) != new:
            setattr(person, field, new)
            changed.add(field)
    if not changed and not point:
        return person
    _prepare(person, point, at=act.at, moved=moved)
    person.save()
    data = {"fields": sorted(changed | ({"point"} if point else set()))}
    record(act=act, type="person_changed", thing="person", thing_id=person.id, data=data)
    return person


def locate(*, act: Act, person: Person, point: Point | None) -> Person:
    """What an address service answered about the street as it is in `person`; None: it knows none like it.

    Somebody who has moved since is asked about again.
    """
    require(act, Verb.PEOPLE_CHANGE, owner=person.id)
    found = {"latitude": point.latitude, "longitude": point.longitude} if point else {}
    still = Person.objects.filter(id=person.id, street=person.street, place=person.place)
    if still.update(located_at=act.at, **found):
        record(act=act, type="person_located", thing="person", thing_id=person.id, data={"found": bool(point)})
    person.refresh_from_db()
    return person


def _prepare(person: Person, point: Point | None, *, at: datetime, moved: bool = True) -> None:
    if not person.family_name:
        raise Refused("name_missing", where="family_name")
    check_lengths(vars(person), LONGEST)
    place = person.place
    person.search_text = person_text(person.family_name, person.given_name, person.street, str(place or ""))
    if moved:
        where = point or (Point(place.latitude, place.longitude) if place else None)
        person.latitude, person.longitude = (where.latitude, where.longitude) if where else (None, None)
        person.located_at = at if point else None


def add_contact(
    *, act: Act, person: Person, kind: str, value: str, label: str = "", texts: bool | None = None
) -> ContactPoint:
    """One more way to reach somebody; one already there is taken up again, its label and `texts` as said now.

    value: as typed. texts: whether the number takes text messages; None: if it is a mobile's.
    Raises Refused not_allowed, phone_not_understood, email_not_understood, too_long.
    """
    require(act, Verb.PEOPLE_CHANGE, owner=person.id)
    if kind == ContactPoint.Kind.PHONE:
        contact = ContactPoint.phone(person, parse_phone(value), label)
        contact.texts = contact.texts if texts is None else texts
    else:
        contact = ContactPoint.email(person, email_typed(value))
        contact.label = label
    check_lengths(vars(contact), LONGEST_CONTACT)
    same = ContactPoint.objects.filter(person=person, kind=contact.kind, value=contact.value).first()
    if same:
        same.label, same.texts = label or same.label, contact.texts
        same.save()
        return same
    contact.save(force_insert=True)
    record(act=act, type="contact_added", thing="person", thing_id=person.id, data={"kind": contact.kind})
    return contact


def remove_contact(*, act: Act, contact: ContactPoint) -> None:
    """Forget a number or an address that no longer reaches them. Whoever holds that telephone now is out."""
    require(act, Verb.PEOPLE_CHANGE, owner=contact.person_id)
    if contact.kind == ContactPoint.Kind.PHONE:
        end_visits(act=act, person=contact.person)
    record(act=act, type="contact_removed", thing="person", thing_id=contact.person_id, data={"kind": contact.kind})
    contact.delete()


def form_household(*, act: Act, name: str, people: Sequence[Person]) -> Household:
    """People who live together, from now on one household."""
    require(act, Verb.PEOPLE_CHANGE)
    household = Household.objects.create(name=name.strip())
    Person.objects.filter(id__in=[person.id for person in people]).update(household=household)
    for person in people:
        person.household = household
    data = {"people": [str(person.id) for person in people]}
    record(act=act, type="household_formed", thing="household", thing_id=household.id, data=data)
    return household


def stop_texts(*, act: Act, phone: str) -> int:
    """No more text messages to this number, E.164, whoever answers it; returns to how many people it belonged.

    Repeated, it stops nothing twice. Raises Refused("not_allowed") for somebody else's number.
    """
    contacts = _texted(act, phone).filter(stopped_at__isnull=True)
    people = list(contacts.values_list("person_id", flat=True))
    contacts.update(stopped_at=act.at)
    for person in people:
        record(act=act, type="texts_stopped", thing="person", thing_id=person)
    return len(people)


def resume_texts(*, act: Act, phone: str) -> int:
    """The number, E.164, asks for text messages again."""
    contacts = _texted(act, phone).filter(stopped_at__isnull=False)
    people = list(contacts.values_list("person_id", flat=True))
    contacts.update(stopped_at=None)
    for person in people:
        record(act=act, type="texts_resumed", thing="person", thing_id=person)
    return len(people)


def _texted(act: Act, phone: str) -> "QuerySet[ContactPoint]":
    contacts = ContactPoint.objects.filter(kind=ContactPoint.Kind.PHONE, value=phone)
    theirs = contacts.filter(person=act.by.person).exists() if act.by.person else False
    require(act, Verb.TEXTS_STOP, owner=act.by.person if theirs else None)
    return contacts
