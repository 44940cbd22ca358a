import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from entremise.doors.api import door
from entremise.kernel.act import Act, Actor, Door, Role
from entremise.people import operations as people
from entremise.people.models import Membership, Person
from entremise.people.rules.programs import SCOPES
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.conftest import TODAY
from tests.doors.conftest import fresh_limits, monday, visitor
from tests.jobs.conftest import asked, hedge, karim, legal, mission, nadege, odile, place, request_

__all__ = [
    "asked",
    "fresh_limits",
    "hedge",
    "karim",
    "legal",
    "mission",
    "monday",
    "nadege",
    "odile",
    "place",
    "request_",
    "visitor",
]

ALL = (Role.COORDINATOR, Role.TREASURER, Role.DIRECTOR)


def let_in(person: Person, scopes: Sequence[str] = SCOPES, until: date = date(2028, 1, 1), label: str = "Essai") -> str:
    """A key for this person, as the direction makes one; the organisation is in force."""
    act = Act(by=Actor(person.id, frozenset({Role.DIRECTOR})), at=TODAY, door=Door.DESK)
    _, secret = people.make_program_key(
        act=act, person=person, label=label, scopes=scopes, expires_on=until, secret_key=settings.SECRET_KEY
    )
    return secret


@dataclass
class Program:
    """A program at the API, with a key or without."""

    key: str = ""
    host: str = "pas-de-porte.localhost"
    client: Client = field(default_factory=Client)

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return {"host": self.host, **({"authorization": f"Bearer {self.key}"} if self.key else {}), **more}

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> HttpResponse:
        return self.client.get(f"/api/v1{path}", query, headers=self._headers(headers))

    def post(self, path: str, body: object = None, *, attempt: str = "", **headers: str) -> HttpResponse:
        named = {"Idempotency-Key": attempt or str(uuid4()), **headers}
        content = "" if body is None else body if isinstance(body, str) else json.dumps(body)
        return self.client.post(
            f"/api/v1{path}", content, content_type="application/json", headers=self._headers(named)
        )


Programs = Callable[..., Program]


@pytest.fixture(autouse=True)
def fresh_shares() -> None:
    door.SHARE.taken.clear()


@pytest.fixture
def program(organisation: Organisation) -> Programs:
    """A program that acts as somebody new with these roles, or as `person`."""

    def made(
        *roles: Role, person: Person | None = None, scopes: Sequence[str] = SCOPES, of: Organisation = organisation
    ) -> Program:
        with scope.within(of.id):
            who = person or Person.objects.create(given_name="Solène", family_name="Oudin", known_since=TODAY)
            for role in roles:
                Membership.objects.create(person=who, role=role.value, since=date(2025, 1, 1))
            return Program(let_in(who, scopes), f"{of.slug}.localhost")

    return made


@pytest.fixture
def desk(program: Programs) -> Program:
    """Everything that staff may do, with every scope."""
    return program(*ALL)


@pytest.fixture
def as_odile(program: Programs, odile: Person) -> Program:
    return program(person=odile)


@pytest.fixture
def as_karim(program: Programs, karim: Person) -> Program:
    return program(person=karim)
