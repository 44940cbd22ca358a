"""Thousands of odd questions to every operation of the API, made by schemathesis from the document: all its checks.

No answer is a fault of ours, none is missing in the document, what the document allows is taken and nothing else.
"""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from entremise.doors.api.attempts import HEADER
from entremise.doors.api.document import document
from tests.fuzz.asking import asked_for, keeps_its_word, reached, schema
from tests.fuzz.samples import SAMPLES, World

LEAST = 5000


@schema.parametrize()
@hypothesis_settings(suppress_health_check=list(HealthCheck), deadline=None)
def test_every_operation_keeps_its_word(case: "schemathesis.Case[Any]", known: dict[str, object]) -> None:
    keeps_its_word(case, known)


OPERATIONS = [
    (path, method, operation) for path, methods in document()["paths"].items() for method, operation in methods.items()
]


@pytest.mark.parametrize(
    ("path", "method", "operation"), OPERATIONS, ids=[one["operationId"] for *_, one in OPERATIONS]
)
def test_every_operation_can_be_done(
    path: str,
    method: str,
    operation: dict[str, Any],
    key: str,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the fuzz alone would hardly come: what the operation is for, with all the checks of its answer."""
    said = {name: str(one) if isinstance(one, UUID | date) else one for name, one in sample(operation, world).items()}
    monkeypatch.setattr("entremise.doors.frame.visit.now", lambda: world.at)
    places = {one["name"]: one["in"] for one in operation["parameters"]}
    given = {
        place: {name: said.pop(name) for name in list(said) if places.get(name) == place} for place in ("path", "query")
    }
    case = schema[path][method.upper()].Case(
        path_parameters=given["path"],
        query=given["query"],
        headers={HEADER: uuid4().hex} if method == "post" else {},
        **({"body": said, "media_type": "application/json"} if "requestBody" in operation else {}),
    )
    keeps_its_word(case, {"key": key})
    assert case.operation.label in reached


def sample(operation: dict[str, Any], world: World) -> dict[str, Any]:
    own = SAMPLES.get(operation["operationId"], lambda _: {})(world)
    needed = {one["name"] for one in operation["parameters"] if one["in"] == "path"}
    return {**({"person": world.odile.id} if "person" in needed else {}), **own}


def test_so_many_questions_were_asked() -> None:
    assert len(asked_for) == len(OPERATIONS)
    assert sum(asked_for.values()) >= LEAST, asked_for
    assert set(asked_for) - reached == set()


def test_no_sample_is_of_an_operation_that_went() -> None:
    assert set(SAMPLES) - {operation["operationId"] for *_, operation in OPERATIONS} == set()
