"""Thousands of odd questions to every operation of the API, made by schemathesis from the document: all its checks.

No answer is a fault of ours, none is missing in the document, what the document allows is taken and nothing else.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from django.conf import LazySettings
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig

from entremise.doors.api import door
from entremise.doors.api.attempts import HEADER
from entremise.doors.api.document import document
from entremise.doors.frame.limits import Share
from entremise.jobs.models import Mission
from entremise.people.models import Membership, Person
from entremise.tenancy.models import Organisation
from tests.conftest import TODAY
from tests.doors.api.conftest import ALL, let_in

EACH = 75  # Examples of the fuzzing phase for each operation; the coverage phase adds its own.
LEAST = 5000
HOST = "http://pas-de-porte.localhost"
asked_for: Counter[str] = Counter()

# The document says that years end: JSON Schema has no word for it, so the generator is told.
FIRST, LAST = datetime(2000, 1, 2, tzinfo=UTC), datetime(2099, 12, 30, tzinfo=UTC)
schemathesis.openapi.format(
    "date-time",
    st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None)).map(lambda one: one.isoformat() + "Z"),
)
schemathesis.openapi.format("date", st.dates(date(1900, 1, 1), date(2099, 12, 31)).map(date.isoformat))

config = SchemathesisConfig.from_dict({"generation": {"max-examples": EACH, "deterministic": True}})
schema = schemathesis.openapi.from_dict(document(), config=config)
schema.config.update(base_url=HOST)
server = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    environ.pop("HTTP_ACCEPT_ENCODING", None)  # The in-process client does not unpack.
    return server(environ, start_response)


schema.app = application


@pytest.fixture
def key(
    inside: Organisation, mission: Mission, karim: Person, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> dict[str, object]:
    """A program that may do everything, in an organisation where a job is under way."""
    settings.DEFAULT_ORGANISATION = inside.slug  # Some checks ask again without the address's own host.
    monkeypatch.setattr(door, "SHARE", Share("fuzz", 10**9, 60, slot=10**8))
    person = Person.objects.create(given_name="Solène", family_name="Oudin", known_since=TODAY)
    for role in ALL:
        Membership.objects.create(person=person, role=role.value, since=date(2025, 1, 1))
    return {"key": let_in(person), "person": str(karim.id), "mission": str(mission.id), "number": mission.number}


@schema.parametrize()
@hypothesis_settings(suppress_health_check=list(HealthCheck), deadline=None)
def test_every_operation_keeps_its_word(case: schemathesis.Case, key: dict[str, object]) -> None:
    asked_for[case.operation.label] += 1
    if case.meta and case.meta.generation.mode.is_positive:
        if HEADER in case.headers:
            case.headers[HEADER] = uuid4().hex  # Another attempt than the one before.
        if asked_for[case.operation.label] % 2:
            for name in case.path_parameters or {}:
                case.path_parameters[name] = key.get(name, case.path_parameters[name])
    case.call_and_validate(headers={"Authorization": f"Bearer {key['key']}"})


def test_so_many_questions_were_asked() -> None:
    assert len(asked_for) == sum(len(methods) for methods in document()["paths"].values())
    assert sum(asked_for.values()) >= LEAST, asked_for
