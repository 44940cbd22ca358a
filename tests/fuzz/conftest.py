from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from entremise.doors.api import door
from entremise.doors.frame.limits import Share
from entremise.jobs.models import Activity, Mission
from entremise.kernel.act import Act
from entremise.people.models import Membership, Person, Place
from entremise.tenancy.models import Organisation
from tests.conftest import TODAY
from tests.doors.api.conftest import (
    ALL,
    asked,
    fresh_limits,
    fresh_shares,
    hedge,
    karim,
    legal,
    let_in,
    mission,
    nadege,
    odile,
    place,
    request_,
)
from tests.fuzz.samples import World
from tests.jobs.conftest import bruno

__all__ = [
    "asked",
    "bruno",
    "fresh_limits",
    "fresh_shares",
    "hedge",
    "karim",
    "legal",
    "mission",
    "nadege",
    "odile",
    "place",
    "request_",
]


@pytest.fixture
def world(
    act: Act, place: Place, hedge: Activity, odile: Person, karim: Person, nadege: Person, bruno: Person
) -> World:
    return World(act, place, hedge, odile, karim, nadege, bruno)


@pytest.fixture
def kept_open() -> Iterator[None]:
    """A served request ends with its connection; here the test's own transaction goes on, as with Django's client."""
    ends = (request_started, request_finished)
    for one in ends:
        one.disconnect(close_old_connections)
    yield
    for one in ends:
        one.connect(close_old_connections)


@pytest.fixture
def key(inside: Organisation, kept_open: None, monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> str:
    """Of a program that may do everything."""
    settings.DEFAULT_ORGANISATION = inside.slug  # Some checks ask again without the address's own host.
    monkeypatch.setattr(door, "SHARE", Share("fuzz", 10**9, 60, slot=10**8))
    person = Person.objects.create(given_name="Solène", family_name="Oudin", known_since=TODAY)
    for role in ALL:
        Membership.objects.create(person=person, role=role.value, since=date(2025, 1, 1))
    return let_in(person)


@pytest.fixture
def known(key: str, mission: Mission, karim: Person) -> dict[str, object]:
    """That key, where a job is under way."""
    return {"key": key, "person": str(karim.id), "mission": str(mission.id), "number": mission.number}


# Minutes long: only when somebody asks for them by name (make fuzz).


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    asked_for = any("fuzz" in str(argument) for argument in config.invocation_params.args)
    return True if collection_path.name == "test_api.py" and not asked_for else None
