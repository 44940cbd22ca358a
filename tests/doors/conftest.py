from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from entremise.doors.frame import sessions, visit
from entremise.people.models import Person
from entremise.tenancy.models import Organisation
from tests.conftest import TODAY

HOST = "pas-de-porte.localhost"
Visitor = Callable[..., Client]


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The doors read this Monday morning from their clock."""
    monkeypatch.setattr(visit, "now", lambda: TODAY)


@pytest.fixture(autouse=True)
def fresh_limits() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def visitor(organisation: Organisation) -> Client:
    """Nobody yet, at the organisation's own address."""
    return Client(headers={"host": HOST})


@pytest.fixture
def inside_as(organisation: Organisation) -> Visitor:
    """Somebody who came in by a code."""

    def signed_in(person: Person, of: Organisation = organisation) -> Client:
        client = Client(headers={"host": f"{of.slug}.localhost"})
        session = client.session
        session[sessions.PERSON] = str(person.id)
        session[sessions.MARK] = sessions._mark(str(person.id), of)
        session.save()
        return client

    return signed_in


def questions(client: Client, address: str) -> int:
    """How many rows-returning questions a page asks the database; what only one engine needs is not counted."""
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return sum(one["sql"].startswith("SELECT") and "set_config" not in one["sql"] for one in asked.captured_queries)
