from collections.abc import Callable
from datetime import timedelta

import pytest

from entremise.kernel.act import Act
from entremise.market import operations
from entremise.market.models import Listing, Proposal
from entremise.people.models import Person
from tests.conftest import TODAY


@pytest.fixture
def client_person(act: Act) -> Person:
    return Person.objects.create(given_name="Odile", family_name="Marsan", known_since=TODAY)


@pytest.fixture
def workers(act: Act) -> list[Person]:
    names = [("Karim", "Belkacem"), ("Nadège", "Tissot"), ("Yacine", "Ouali")]
    return [Person.objects.create(given_name=g, family_name=f, known_since=TODAY) for g, f in names]


@pytest.fixture
def publish(act: Act, client_person: Person) -> Callable[..., Listing]:
    def one(slots: int = 1) -> Listing:
        return operations.publish(
            act=act,
            side="request",
            what="haie",
            title="Tailler une haie",
            person=client_person,
            where=operations.Where(street="12, rue des Tilleuls"),
            starts_at=TODAY + timedelta(days=1),
            ends_at=TODAY + timedelta(days=1, hours=2),
            slots=slots,
        )

    return one


@pytest.fixture
def ask(act: Act, workers: list[Person]) -> Callable[[Listing], list[Proposal]]:
    def everyone(listing: Listing) -> list[Proposal]:
        asked = [operations.Asked(person, "text") for person in workers]
        return operations.propose(act=act, listing=listing, asked=asked, deadline=TODAY + timedelta(minutes=40))

    return everyone
