"""Where payment providers say that something has happened. They are believed only that it is worth a look."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from entremise.doors.frame.errors import problem
from entremise.doors.frame.limits import HOUR, Limit, by_address, spend
from entremise.doors.frame.providers import provider_of
from entremise.doors.frame.visit import Inside, anyone
from entremise.doors.frame.ways import Declared, Way, declared
from entremise.kernel.act import Door
from entremise.payments import operations as payments
from entremise.payments.adapters.provider import NotTheirs
from entremise.tenancy import scope

LARGEST = 256 * 1024  # Bytes of a message; what is more is never read.
HINTS = Limit("hints", 600, HOUR, by_address)  # Not everybody signs theirs, and each is kept. Who is lost is asked.


@never_cache
def _hear(request: HttpRequest, provider: str) -> HttpResponse:
    """A signed message. Whoever sends it again hears the same: it was taken."""
    if request.method != "POST":
        answer = problem(405, "method_not_allowed")
        answer["Allow"] = "POST"
        return answer
    visit = cast("Inside", request).visit
    theirs = provider_of(visit.organisation, provider)
    if theirs is None:
        return problem(404, "not_found")
    if int(request.headers.get("content-length") or 0) > LARGEST:
        return problem(413, "too_large")
    try:
        hint = theirs.hint(request.body, request.headers)
    except NotTheirs:
        return problem(400, "bad_request")
    if not spend(HINTS, by_address(request)):
        answer = problem(429, "too_many")
        answer["Retry-After"] = str(HINTS.seconds)
        return answer
    with scope.writing(visit.organisation.id):
        act = visit.act(Door.API)
        payments.hear(act=act, provider=provider, message=hint.id, about=hint.about, ref=hint.ref)
    return HttpResponse(status=200)


hear: Declared = declared(_hear, {"POST": Way("write", anyone)})
vars(hear)["csrf_exempt"] = True  # A signature opens it, no cookie.
