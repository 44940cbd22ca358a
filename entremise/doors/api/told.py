"""What several answers tell: people and places, by their names."""

from uuid import UUID

from django.http import HttpRequest

from entremise.doors.api.door import DESK, act_of, found, whose
from entremise.doors.api.types import Told
from entremise.jobs.models import Activity
from entremise.jobs.queries import calling, persons
from entremise.kernel.refused import Refused
from entremise.people.models import Person, Place


class Someone(Told):
    """A person by name; `/people/{person}` tells the rest."""

    id: UUID
    name: str

    @classmethod
    def of(cls, person: Person) -> "Someone":
        return cls(id=person.id, name=person.full_name)


class PlaceTold(Told):
    """A commune of the official list."""

    id: UUID
    code: str
    postcode: str
    name: str

    @classmethod
    def of(cls, place: Place) -> "PlaceTold":
        return cls.drawn(place)


def activity_called(code: str) -> Activity:
    """What a body names by its code. Raises Refused("activity_not_found"): the address itself is right."""
    row = calling.offered_activity(code=code)
    if row is None:
        raise Refused("activity_not_found", {"typed": code})
    return row


def somebody(request: HttpRequest, person: UUID | None) -> Person:
    """For whom something is asked: this person, or where none is said the one as whom the program acts. Only the desk
    reaches others.
    """
    wanted, mine = person or act_of(request).by.person, whose(request, *DESK)
    return found(persons.person(person=wanted) if wanted and mine in (None, wanted) else None)
