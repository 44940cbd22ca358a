from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from entremise.kernel.act import STAFF, Act, Actor, Door
from entremise.people.models import Membership, Person
from entremise.tenancy import scope, walls
from entremise.tenancy.models import Organisation

# How long an example takes says something of the machine, not of the code: no property is timed.
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")

ON_POSTGRESQL = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "postgresql: needs real row locks; not selected on SQLite")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if ON_POSTGRESQL:
        return
    elsewhere = [item for item in items if item.get_closest_marker("postgresql")]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if item not in elsewhere]


_teardown = TransactionTestCase._fixture_teardown


def _teardown_without_walls(self: TransactionTestCase) -> None:
    """Tests that commit are cleaned up by a flush, which append-only tables refuse."""
    walls.take_down()
    try:
        _teardown(self)
    finally:
        walls.put_up()


TransactionTestCase._fixture_teardown = _teardown_without_walls


@pytest.fixture(autouse=True)
def in_french() -> None:
    """A page that was asked for in English leaves its thread in English; the next test begins where people do."""
    translation.activate(settings.LANGUAGE_CODE)


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
