"""What the fuzz is there to find, planted in an operation: it is found."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, JsonResponse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from schemathesis.core.failures import FailureGroup

from entremise.doors.api.door import api
from entremise.doors.api.organisation import OrganisationFacts
from tests.fuzz.asking import keeps_its_word, schema

PATH = "/organisation"
Planted = Callable[[HttpRequest], HttpResponse]


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("planted")


def undeclared(request: HttpRequest) -> HttpResponse:
    return JsonResponse({}, status=202)


def shapeless(request: HttpRequest) -> HttpResponse:
    told = dict.fromkeys(OrganisationFacts.model_fields, "")
    return JsonResponse({**told, "languages": "fr, en"})  # A list, says the document.


@pytest.fixture
def ask(known: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> Callable[[Planted | None], None]:
    """The fuzz of one operation, as planted or as it is."""

    def asked(view: Planted | None) -> None:
        if view:
            operation = _bound(PATH).operations[0]
            monkeypatch.setattr(operation, "view_func", lambda request, **_: view(request))

        @given(case=schema[f"/api/v1{PATH}"]["GET"].as_strategy())
        @hypothesis_settings(max_examples=3, suppress_health_check=list(HealthCheck), deadline=None, database=None)
        def run(case: Any) -> None:
            keeps_its_word(case, known)

        run()

    return asked


def _bound(path: str) -> Any:
    return next(one.path_operations[path] for one in api._get_bound_routers() if path in one.path_operations)


@pytest.mark.parametrize(
    ("view", "said"),
    [(broken, "Server error"), (undeclared, "Undocumented status code"), (shapeless, "Response violates schema")],
    ids=["an exception", "an undeclared status", "a body against its schema"],
)
def test_a_fault_is_found(ask: Callable[[Planted | None], None], view: Planted, said: str) -> None:
    with pytest.raises(FailureGroup) as found:
        ask(view)
    assert said in [one.title for one in found.value.exceptions]


def test_where_nothing_is_planted_nothing_is_found(ask: Callable[[Planted | None], None]) -> None:
    ask(None)
