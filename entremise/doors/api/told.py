"""What several answers tell: people and places, by their names."""

from uuid import UUID

from entremise.doors.api.types import Told
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
