"""The document that programs are written from, and its page for people."""

from collections import Counter

import pytest
from django.test import Client
from openapi_spec_validator import OpenAPIV31SpecValidator

from entremise.doors.api.document import FOR_ALL, OF_POST, document
from entremise.doors.api.door import scopes
from entremise.doors.api.types import Given, Told
from entremise.people.rules.programs import SCOPES
from entremise.tenancy.models import Organisation
from tests.doors.api.conftest import Program

OPERATIONS = [
    (method, path, operation) for path, methods in document()["paths"].items() for method, operation in methods.items()
]
named = pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=lambda one: str(one)[:60])


def test_it_is_valid_openapi(visitor: Client) -> None:
    served = visitor.get("/api/v1/openapi.json").json()
    assert served["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(served).iter_errors()) == []


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(names) == len(set(names)) > 50


def test_every_scope_opens_something() -> None:
    used = {scope for methods in scopes.values() for scope in methods.values()}
    assert used - {""} == set(SCOPES)


@named
def test_every_error_answer_is_described(method: str, path: str, operation: dict[str, dict[str, object]]) -> None:
    wanted = {str(status) for status in FOR_ALL if method == "post" or status not in OF_POST}
    if operation["security"]:
        assert wanted <= set(operation["responses"]), path


def test_what_anybody_may_read_declares_its_errors_too(organisation: Organisation) -> None:
    slip = Program().get("/organisation", {"town": 1}).status_code
    assert str(slip) in document()["paths"]["/api/v1/organisation"]["get"]["responses"]


@named
def test_every_operation_says_what_it_does(method: str, path: str, operation: dict[str, object]) -> None:
    assert operation["summary"], path
    assert all(one["description"] for one in operation["parameters"]), path  # type: ignore[index,attr-defined]  # JSON.


@named
def test_an_address_never_says_null(method: str, path: str, operation: dict[str, object]) -> None:
    for one in operation["parameters"]:  # type: ignore[attr-defined]  # JSON.
        assert "type" in one["schema"], (path, one["name"])


def test_no_two_bodies_or_answers_share_a_name() -> None:
    """Ninja would describe both by one of them."""
    known, names = [Given, Told], list[str]()
    while known:
        one = known.pop()
        known += one.__subclasses__()
        names += [one.__name__] if one.__module__.startswith("entremise.") else []
    assert [name for name, times in Counter([*names, "Problem", "Fault"]).items() if times > 1] == []


def test_every_body_and_answer_is_described() -> None:
    bare = [name for name, one in document()["components"]["schemas"].items() if not one.get("description")]
    assert bare == []


def test_people_read_it_as_a_page(visitor: Client) -> None:
    page = visitor.get("/api/").content.decode()
    for _, path, operation in OPERATIONS:
        assert path in page
        assert str(operation["operationId"]) in page
