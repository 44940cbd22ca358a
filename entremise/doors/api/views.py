"""The API: bodies typed, errors as problem documents (RFC 9457) with a stable code."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError

from entremise.doors.frame.errors import problem
from entremise.kernel.refused import Refused
from entremise.tenancy.models import Organisation

api = NinjaAPI(
    title="Entremise",
    version="1",
    description="What an organisation says of itself. Errors are problem documents (RFC 9457) with a stable code.",
    docs_url=None,
    urls_namespace="api",
)


class OrganisationFacts(Schema):
    """Public facts. phone: answered by a person; text_phone: receives text messages; both E.164, empty when none."""

    name: str
    tagline: str
    town: str
    phone: str
    text_phone: str
    opening_hours: str
    languages: list[str]


class Problem(Schema):
    """RFC 9457. code: stable, in snake case."""

    type: str
    title: str
    status: int
    code: str


@api.get("/organisation", response={200: OrganisationFacts, 404: Problem}, summary="The organisation at this address")
def organisation(request: HttpRequest) -> dict[str, object]:
    ours: Organisation = request.visit.organisation  # type: ignore[attr-defined]  # Set by the Threshold.
    languages = list(dict.fromkeys((ours.language, "fr", "en")))
    names = ("name", "tagline", "town", "phone", "text_phone", "opening_hours")
    return {name: getattr(ours, name) for name in names} | {"languages": languages}


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return problem(409, error.code, params={name: str(value) for name, value in error.params.items()})


@api.exception_handler(ValidationError)
def not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problem(422, "not_valid", errors=error.errors)


@api.exception_handler(HttpError)
def failed(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, HTTPStatus(error.status_code).name.lower())
