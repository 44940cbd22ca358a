from uuid import UUID

import pytest

from entremise.agreements import operations
from entremise.agreements.models import Agreement
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.people.models import Person
from tests.conftest import TODAY


@pytest.fixture
def drawn_up(act: Act) -> Agreement:
    client = Person.objects.create(given_name="Odile", family_name="Marsan", known_since=TODAY)
    worker = Person.objects.create(given_name="Karim", family_name="Belkacem", known_since=TODAY)
    return operations.draw_up(
        act=act,
        mode="placement_fr",
        title="Tailler une haie",
        listing=None,
        starts_on=TODAY.date(),
        ends_on=TODAY.date(),
        terms={},
        parties=[
            operations.PartyDraft("organisation"),
            operations.PartyDraft("client", client),
            operations.PartyDraft("worker", worker),
        ],
        promises=[
            operations.PromiseDraft("work", "worker", "client", "HOUR", 120),
            operations.PromiseDraft("price", "client", "organisation", "EUR", 2450),
            operations.PromiseDraft("wage", "organisation", "worker", "EUR", 1231),
        ],
    )


@pytest.fixture
def active(act: Act, drawn_up: Agreement) -> Agreement:
    for role in ("organisation", "client", "worker"):
        operations.sign(act=act, agreement=drawn_up, role=role, how="screen")
    drawn_up.refresh_from_db()
    return drawn_up


@pytest.fixture
def occasion() -> UUID:
    return new_id()
