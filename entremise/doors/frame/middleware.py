from collections.abc import Callable
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation

from entremise.doors.frame import logs
from entremise.doors.frame.errors import API, forbidden, not_found, signed_out, too_large
from entremise.doors.frame.programs import visit_of_program
from entremise.doors.frame.sessions import visit_of
from entremise.doors.frame.visit import DESK, Visit
from entremise.doors.frame.ways import NotForYou
from entremise.tenancy.queries import organisation_for_host

OUTSIDE = ("/healthz", "/static/", "/style/", "/script/")  # Asked by machines that name no organisation.
LARGEST = 24 * 1024 * 1024  # Bytes, a little over the largest file that a form takes: what is more is never read.


class Threshold:
    """Finds out which organisation an address speaks for and who is at its door; nobody gets further unnamed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OUTSIDE):
            return self.get_response(request)
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
            return too_large(request)
        organisation = organisation_for_host(
            host=request.get_host().partition(":")[0],
            base_domain=settings.BASE_DOMAIN,
            default_slug=settings.DEFAULT_ORGANISATION,
        )
        if organisation is None:
            raise Http404("no organisation at this address")
        visit = (visit_of_program if request.path.startswith(API) else visit_of)(request, organisation)
        request.visit = visit  # type: ignore[attr-defined]  # Becomes an Inside.
        logs.bind(organisation=organisation.slug, person=visit.actor.person)
        with timezone.override(ZoneInfo(organisation.timezone)), translation.override(_language(request, visit)):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ObjectDoesNotExist):  # An id of nothing here, whoever typed it.
            return not_found(request)
        if not isinstance(exception, NotForYou):
            return None
        visit: Visit = request.visit  # type: ignore[attr-defined]  # Set above.
        if request.path.startswith(API):
            return forbidden(request)
        if visit.actor.person is None:
            door = _way_in(request, visit)
            if "X-Requested-With" in request.headers:
                return signed_out(request, door=door)
            wanted = {"next": request.get_full_path()} if request.method == "GET" else {}
            return HttpResponseRedirect(f"{door}?{urlencode(wanted)}" if wanted else door)
        # The same answer as for an address that does not exist: a stranger learns nothing.
        return not_found(request)


def _way_in(request: HttpRequest, visit: Visit) -> str:
    if not request.path.startswith(DESK):
        return reverse("site:enter")
    return reverse("mfa_index" if visit.half_way else "account_login")


def _language(request: HttpRequest, visit: Visit) -> str:
    """Public addresses say their language; the desk speaks that of whoever works there, or of their browser; a program
    is answered in the one it asks for.
    """
    if request.path.startswith(API) and "Accept-Language" in request.headers:
        return translation.get_language_from_request(request)
    if request.path.startswith((DESK, API)):
        return visit.language or translation.get_language_from_request(request)
    return translation.get_language() or settings.LANGUAGE_CODE
