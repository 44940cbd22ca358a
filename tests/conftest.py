from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from entremise.kernel.act import STAFF, Act, Actor, Door
from entremise.people.models import Membership, Person
from entremise.tenancy import scope, walls
from entremise.tenancy.models import Organisation

TODAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # A Monday, ten o'clock in Valmarelle.


@pytest.fixture
def organisation(db: None) -> Organisation:
    return Organisation.objects.create(
        slug="pas-de-porte", name="Le Pas de Porte", town="Valmarelle", phone="+33536491200", text_phone="+33639980012"
    )


@pytest.fixture
def elsewhere(db: None) -> Organisation:
    """Another organisation on the same installation: its people are strangers."""
    return Organisation.objects.create(slug="coup-de-pouce", name="Coup de pouce", town="Aubrelle")


@pytest.fixture
def inside(organisation: Organisation) -> Iterator[Organisation]:
    """The organisation's scope is in force for the whole test."""
    with scope.within(organisation.id):
        yield organisation


@pytest.fixture
def coordinator(inside: Organisation) -> Person:
    person = Person.objects.create(given_name="Solène", family_name="Oudin", known_since=TODAY)
    Membership.objects.create(person=person, role="coordinator", since=date(2025, 1, 1))
    return person


@pytest.fixture
def act(coordinator: Person) -> Act:
    """The coordinator on the phone, with every staff right, this Monday morning."""
    return Act(by=Actor(coordinator.id, STAFF), at=TODAY, door=Door.PHONE)


@pytest.fixture
def walls_down(db: None) -> None:
    """Without the append-only triggers, to play someone who changed the files behind our back. Rolled back after."""
    walls.take_down()
