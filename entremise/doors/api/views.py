from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema

from entremise.kernel.refused import Refused

api = NinjaAPI(
    title="Entremise",
    version="1",
    description="What an organisation says of itself. Errors are problem documents (RFC 9457) with a stable code.",
    docs_url=None,
    urls_namespace="api",
)


class OrganisationFacts(Schema):
    """Public facts; phone in E.164."""

    name: str
    town: str
    phone: str
    text_phone: str
    opening_hours: str
    language: str


class Problem(Schema):
    type: str
    title: str
    status: int
    code: str


@api.get("/organisation", response={200: OrganisationFacts, 404: Problem}, summary="The organisation at this address")
def organisation(request: HttpRequest) -> object:
    return request.visit.organisation  # type: ignore[attr-defined]  # Set by the Threshold.


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    problem = {"type": "about:blank", "title": error.code, "status": 409, "code": error.code}
    response = api.create_response(request, problem, status=409)
    response["Content-Type"] = "application/problem+json"
    return response
