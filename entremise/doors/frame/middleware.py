from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from entremise.doors.frame.sessions import visit_of
from entremise.doors.frame.ways import NotForYou
from entremise.tenancy.queries import organisation_for_host

OUTSIDE = ("/healthz", "/static/", "/style/")  # Asked by machines that name no organisation.


class Threshold:
    """Finds out which organisation an address speaks for and who is at its door; nobody gets further unnamed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OUTSIDE):
            return self.get_response(request)
        organisation = organisation_for_host(
            host=request.get_host().partition(":")[0],
            base_domain=settings.BASE_DOMAIN,
            default_slug=settings.DEFAULT_ORGANISATION,
        )
        if organisation is None:
            raise Http404("no organisation at this address")
        request.visit = visit_of(request, organisation)  # type: ignore[attr-defined]  # Becomes an Inside.
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, NotForYou):
            return None
        visit = request.visit  # type: ignore[attr-defined]  # Set above.
        if visit.actor.person is None:
            desk = request.path.startswith("/bureau")
            door = "/bureau/entrer" if desk else "/entrer"
            if visit.half_way:
                door = "/bureau/second-facteur"
            return HttpResponseRedirect(f"{door}?{urlencode({'next': request.get_full_path()})}")
        # The same answer as for an address that does not exist: a stranger learns nothing.
        return render(request, "site/not_found.html", status=404)
