from collections.abc import Callable

import pytest

from entremise.kernel.act import Act
from entremise.people import operations
from entremise.people.models import Person, Place
from entremise.people.rules.lines import PlaceLine
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation


@pytest.fixture
def valmarelle(db: None) -> Place:
    operations.load_places(rows=[PlaceLine("01999", "01990", "Valmarelle", 46.2, 5.2)])
    return Place.objects.get(code="01999")


@pytest.fixture
def add(act: Act) -> Callable[..., Person]:
    """Somebody added by the coordinator: `add("Marsan", "Odile", phones=[…])`."""

    def added(family: str, given: str = "", **more) -> Person:
        return operations.add_person(act=act, family_name=family, given_name=given, **more)

    return added


@pytest.fixture
def odile(add: Callable[..., Person], valmarelle: Place) -> Person:
    phones = ["06 39 98 14 27", "05 36 49 12 34"]
    return add("Marsan", "Odile", title="Mme", phones=phones, street="3 rue du Four", place=valmarelle)


@pytest.fixture
def stranger(act: Act, add: Callable[..., Person], elsewhere: Organisation) -> Person:
    """Another organisation's own Odile Marsan, on the same telephone."""
    with scope.within(elsewhere.id):
        return add("Marsan", "Odile", phones=["06 39 98 14 27"])
