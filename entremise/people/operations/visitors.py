"""Somebody who names themselves on a page: new until a person has spoken with them, whoever they say they are."""

from collections.abc import Sequence

from django.db.models import Min

from entremise.history.operations import record
from entremise.kernel.act import Act, Role
from entremise.kernel.phone import parse_phone
from entremise.people.models import ContactPoint, Membership, Person, Place
from entremise.people.operations.persons import LONGEST_CONTACT, add_person
from entremise.people.rules.fitting import check_lengths
from entremise.people.rules.may import Verb, require
from entremise.people.rules.names import split_name
from entremise.people.rules.typed import email_typed


def add_visitor(
    *,
    act: Act,
    name: str,
    language: str,
    phone: str = "",
    email: str = "",
    street: str = "",
    place: Place | None = None,
    roles: Sequence[Role] = (Role.CLIENT,),
) -> Person:
    """Write a visitor down as somebody new. Their number or address may be somebody else's: it proves nothing.

    name, phone and email as typed. A number that wants no text messages gets none from here either.
    Raises Refused name_not_understood, phone_not_understood, email_not_understood, too_long.
    """
    said = split_name(name)
    person = add_person(
        act=act,
        title=said.title,
        given_name=said.given,
        family_name=said.family,
        kind="company" if said.company else "individual",
        street=street,
        place=place,
        language=language,
        roles=roles,
    )
    contacts = [ContactPoint.phone(person, parse_phone(phone))] if phone else []
    contacts += [ContactPoint.email(person, email_typed(email))] if email else []
    for contact in contacts:
        check_lengths(vars(contact), LONGEST_CONTACT)
        contact.claimed = True
        contact.stopped_at = ContactPoint.objects.filter(value=contact.value).aggregate(at=Min("stopped_at"))["at"]
        contact.save(force_insert=True)
    return person


def prove_contacts(*, act: Act, person: Person) -> None:
    """Somebody has spoken with them under that number: it is theirs."""
    require(act, Verb.PEOPLE_CHANGE)
    if ContactPoint.objects.filter(person=person, claimed=True).update(claimed=False):
        record(act=act, type="contact_proven", thing="person", thing_id=person.id)


def recognise(*, act: Act, visitor: Person, known: Person) -> Person:
    """The visitor is somebody who is known: what they typed of themselves no longer reaches or finds anybody."""
    require(act, Verb.PEOPLE_CHANGE)
    ContactPoint.objects.filter(person=visitor).delete()
    Membership.objects.filter(person=visitor, until__isnull=True).update(until=act.at.date())
    visitor.street, visitor.place, visitor.search_text = "", None, ""
    visitor.latitude = visitor.longitude = None
    visitor.save(update_fields=["street", "place", "search_text", "latitude", "longitude"])
    record(act=act, type="visitor_recognised", thing="person", thing_id=visitor.id, data={"known": str(known.id)})
    return known
