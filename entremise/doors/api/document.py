"""The API as a document, OpenAPI 3.1: what Ninja reads from the functions, and every error that may be answered."""

from functools import cache
from typing import Any, Final

from entremise.doors.api import (
    activities,
    agreements,
    business,
    closings,
    feedback,
    missions,
    money,
    notices,
    offers,
    organisation,
    people,
    proposals,
    purchases,
    quotes,
    requests,
    tasks,
    visits,
    work,
)
from entremise.doors.api.attempts import HEADER
from entremise.doors.api.door import PUBLIC, api, scopes
from entremise.people.rules.programs import SCOPES

# What there is, in the order of the document: each declares its addresses when it is imported.
RESOURCES: Final = (
    organisation,
    people,
    work,
    activities,
    offers,
    notices,
    requests,
    proposals,
    quotes,
    agreements,
    missions,
    visits,
    feedback,
    money,
    business,
    purchases,
    closings,
    tasks,
)
PREFIX: Final = "/api/v1"
ABOUT: Final = """Everything the desk and a person can do for a job, and in a group purchase. A program acts as
one person, with the roles they hold, narrowed by the scopes of its key; it sees and does nothing that this person
could not.

Amounts are cents, durations minutes, moments RFC 3339. Lists begin with the latest and go on with `next`.
Every POST bears an `Idempotency-Key`: the same key with the same body is answered as the first time, for two days,
and changes nothing. Errors are problem documents (RFC 9457): `code` is stable, `detail` says what to do in the
language of `Accept-Language` (fr, en).
"""
FOR_ALL: Final = {
    400: "It cannot be read: the JSON is broken, or a POST bears no Idempotency-Key.",
    401: "No key, or one that opens nothing any more.",
    403: "The key lacks the scope, or the person as whom it acts lacks the role.",
    404: "Nothing here by that name, or it is somebody else's.",
    405: "Another method; `Allow` says which.",
    409: "A rule says no. `code` says which one.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "It does not follow this document; `errors` names each place. Or the key stood for another attempt.",
    429: "Too many calls; `Retry-After` says how many seconds to wait.",
}
OF_POST: Final = {400, 413, 415}
PARAMETERS: Final = {
    "activity": "Code of an activity.",
    "client": "Of this client only.",
    "contact": "Id of a telephone or an address.",
    "cursor": "`next` of the page before; empty for the first.",
    "day": "A day: 2026-11-24.",
    "days": "Weekdays, Monday 0: `5,6`.",
    "document": "Id of a paper.",
    "feedback": "Id of what somebody was asked to say.",
    "first": "From this day on.",
    "km": "Around the place.",
    "last": "Up to this day.",
    "limit": "Rows of a page.",
    "message": "Id of a message.",
    "minutes": "Of one visit.",
    "mission": "Id of a mission.",
    "moment": "Id of a single free time.",
    "month": "A month: 2026-10.",
    "number": "The number that people say or read: of a request, an agreement, an invoice, a payslip, a purchase.",
    "order": "distance: from the place.",
    "on": "The day of the visit.",
    "part": "Of the day in which it begins.",
    "payout": "Id of a wage on its way.",
    "person": "Id of a person.",
    "place": "Id of a commune, of `/places`.",
    "proposal": "Id of a proposal.",
    "q": "Words as somebody types them.",
    "quote": "Id of a quote.",
    "regular": "yes: only what comes again.",
    "role": "Those who hold it now.",
    "sale": "Id of an invoice in the name of a supplier.",
    "search": "Id of a search that is kept.",
    "state": "Only those in this state; of purchases, running or all.",
    "task": "Id of a task.",
    "worker": "Of this worker only.",
}
ATTEMPT: Final = {
    "name": HEADER,
    "in": "header",
    "required": True,
    "description": "The program's own name for this attempt, 1 to 80 visible ASCII signs. Sent again with the same "
    "body, the answer is the same and nothing more is done.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[!-~]+$"},
    "example": "0198c5a2-6f0e-7c31-9d5e-2f4b8a1c7e90",
}
PROBLEM: Final = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457. code: stable, in snake case. detail: what to do. params: values that the detail names.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "pattern": "^[a-z0-9_]+$"},
        "detail": {"type": "string"},
        "params": {"type": "object", "additionalProperties": {"type": "string"}},
        "scope": {"type": "string"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
    },
    "example": {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "code": "moment_past",
        "detail": "Ce moment est passé. Dites un jour et une heure à venir. Exemple : mardi matin.",
        "params": {},
    },
}
FAULT: Final = {
    "type": "object",
    "title": "Fault",
    "description": "One place that does not follow this document. pointer: JSON pointer in the body, name elsewhere.",
    "required": ["in", "pointer", "code", "detail", "expected"],
    "properties": {
        "in": {"type": "string", "enum": ["body", "query", "path"]},
        "pointer": {"type": "string"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "expected": {"type": "string"},
    },
}
RETRY: Final = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}}
REPLAYED: Final = {
    "Idempotent-Replayed": {
        "description": "`true` when this is the answer of an attempt before.",
        "schema": {"type": "string", "enum": ["true"]},
    }
}


@cache
def document() -> dict[str, Any]:
    made: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    made["info"] = {
        "title": "Entremise",
        "version": "1",
        "summary": "Small jobs, from the first call to a settled month.",
        "description": ABOUT,
        "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
    }
    made["servers"] = [{"url": "/", "description": "The organisation at this address."}]
    components = made["components"]
    components["schemas"] |= {"Problem": PROBLEM, "Fault": FAULT}
    components["securitySchemes"] = {
        "program": {
            "type": "http",
            "scheme": "bearer",
            "description": f"A key `ent_…`, made at the desk by the direction. Scopes: {', '.join(SCOPES)}.",
        }
    }
    made["tags"] = [{"name": name} for name in dict.fromkeys(one.split("/")[1] for one in scopes)]
    for path, methods in scopes.items():
        for method, scope in methods.items():
            _complete(made["paths"][PREFIX + path][method.lower()], method, scope)
    return made


def _complete(operation: dict[str, Any], method: str, scope: str) -> None:
    public = scope == PUBLIC
    operation["security"] = [] if public else [{"program": [scope]}]
    if not public:
        needs = f"Scope `{scope}`."
        operation["description"] = f"{operation.get('description', '').strip()}\n\n{needs}".strip()
    for one in operation["parameters"]:
        _describe(one)
    answers = operation["responses"]
    if method == "POST":
        operation["parameters"].append(ATTEMPT)
        answers[201]["headers"] = REPLAYED
    elif operation["operationId"].startswith("download"):
        kind = "image/jpeg" if operation["operationId"] == "downloadScan" else "application/pdf"
        binary = {"type": "string", "contentMediaType": kind}
        answers[200] = {"description": "The file.", "content": {kind: {"schema": binary}}}
    for status, said in FOR_ALL.items():
        if (method == "POST" or status not in OF_POST) and (not public or status in (404, 405, 422)):
            answers[status] = _problem(said, RETRY if status == 429 else None)  # Too many requests.
    operation["responses"] = {str(status): answers[status] for status in sorted(answers)}


def _describe(parameter: dict[str, Any]) -> None:
    """A parameter of an address is there or not; null is nothing that an address could say."""
    schema = parameter["schema"]
    while "anyOf" in schema:  # Ninja wraps what may be left out once more.
        (there,) = (one for one in schema.pop("anyOf") if one.get("type") != "null")
        schema |= there
    for name in ("title", "description"):
        schema.pop(name, None)
    for example in parameter.pop("examples", []):
        parameter["example"] = example
    parameter["description"] = PARAMETERS[parameter["name"]]


def _problem(said: str, headers: dict[str, Any] | None) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    answer: dict[str, Any] = {"description": said, "content": {"application/problem+json": {"schema": schema}}}
    return {**answer, "headers": headers} if headers else answer
