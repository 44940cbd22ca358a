"""Pages that are the same for everybody, given again as long as nothing has happened in their organisation.

A way declared `read(anyone, kept=True)` promises that its page depends on the address, the organisation's rows and the
time alone. Every operation records a fact, so the latest fact says whether any row may have changed. A page never
stays longer than a minute: time passes too, and of two operations that end together the earlier fact may come to light
after the later one.
"""

from collections.abc import Callable
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from entremise.doors.frame.visit import Inside
from entremise.history.queries import latest_fact
from entremise.tenancy import scope

SECONDS = 60
Page = tuple[UUID | None, bytes, dict[str, str]]  # The latest fact when it was made, what it says, its headers.


class Kept:
    """After the Threshold and before everything that makes a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Inside) -> HttpResponse:
        if not alike(request):
            return self.get_response(request)
        pages, address = caches["process"], _address(request)
        page: Page | None = pages.get(address)
        if page:
            with scope.reading(request.visit.organisation.id):
                latest = latest_fact()
            if page[0] == latest:
                return HttpResponse(page[1], headers=page[2])
        answer = self.get_response(request)
        if hasattr(request, "as_of") and answer.status_code == 200 and "CSRF_COOKIE_NEEDS_UPDATE" not in request.META:
            pages.set(address, (request.as_of, answer.content, dict(answer.headers)), SECONDS)
        return answer


def alike(request: HttpRequest) -> bool:
    """Whether this visitor is shown what every other one is: no session, no message waiting, nothing typed."""
    return request.method == "GET" and hasattr(request, "visit") and not request.GET and not in_a_session(request)


def in_a_session(request: HttpRequest) -> bool:
    """Whether a page may say what concerns this visitor alone."""
    return bool({settings.SESSION_COOKIE_NAME, "messages"} & request.COOKIES.keys())


def _address(request: Inside) -> str:
    """Everything of a request that such a page may depend on, in one short word."""
    asked = (
        request.visit.organisation.id,
        get_language(),
        request.headers.get("Save-Data"),
        request.build_absolute_uri(),
    )
    return f"page:{sha256(repr(asked).encode()).hexdigest()}"
