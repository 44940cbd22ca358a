"""What is said when there is no page: a sentence and the number of somebody who answers, or a problem document."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http import JsonResponse as Json
from django.shortcuts import render
from django.template.loader import render_to_string

API = "/api/"


def problem(status: int, code: str, **more: object) -> HttpResponse:
    """A problem document, RFC 9457. code: stable, in snake case."""
    document = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "code": code}
    return Json({**document, **more}, status=status, content_type="application/problem+json")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same answer for what does not exist and for what is somebody else's: a stranger learns nothing."""
    return _said(request, 404, "not_found")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _said(request, 403, "not_allowed")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _said(request, 400, "bad_request")


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is missing or old, mostly because the page stayed open over night."""
    return _said(request, 403, "form_too_old")


def signed_out(request: HttpRequest, *, door: str) -> HttpResponse:
    """What a script sent came without a session, or after it ended. A redirect would look like success to it."""
    return _said(request, 403, "signed_out", door=door)


def too_many(request: HttpRequest, *, seconds: int) -> HttpResponse:
    answer = _said(request, 429, "too_many", minutes=max(1, seconds // 60))
    answer["Retry-After"] = str(seconds)
    return answer


def too_large(request: HttpRequest) -> HttpResponse:
    """More than any of our forms takes, refused unread: nobody fills our disk from outside."""
    return _said(request, 413, "too_large")


def failed(request: HttpRequest) -> HttpResponse:
    """Something broke, perhaps the database: the page asks nothing of it."""
    if request.path.startswith(API):
        return problem(500, "failed")
    visit = getattr(request, "visit", None)
    context: dict[str, object] = {
        "what": "failed",
        "organisation": visit.organisation if visit else None,
        "refusal": "",
        "nav": [],
    }
    return HttpResponse(render_to_string("site/error.html", context), status=500)


def _said(request: HttpRequest, status: int, what: str, **more: object) -> HttpResponse:
    if request.path.startswith(API):
        return problem(status, what)
    return render(request, "site/error.html", {"what": what, **more}, status=status)
