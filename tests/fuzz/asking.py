"""Asking the whole API by schemathesis, from its document alone, with all its checks."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig

from entremise.doors.api.attempts import HEADER
from entremise.doors.api.document import document

EACH = 75  # Examples of the fuzzing phase for each operation; the coverage phase adds its own.
HOST = "http://pas-de-porte.localhost"
asked_for: Counter[str] = Counter()
reached: set[str] = set()  # Operations that answered that it is done.

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


def keeps_its_word(case: "schemathesis.Case[Any]", known: dict[str, object]) -> None:
    """Ask once, and check the answer. known: the key, and what names of addresses may stand for half of the time.

    Raises schemathesis' FailureGroup, with every fault it found.
    """
    label = case.operation.label
    asked_for[label] += 1
    if case.meta and case.meta.generation.mode.is_positive:
        if HEADER in case.headers:
            case.headers[HEADER] = uuid4().hex  # Another attempt than the one before.
        if asked_for[label] % 2:
            for name in case.path_parameters or {}:
                case.path_parameters[name] = known.get(name, case.path_parameters[name])
    answer = case.call_and_validate(headers={"Authorization": f"Bearer {known['key']}"})
    if answer.status_code < 300:
        reached.add(label)
