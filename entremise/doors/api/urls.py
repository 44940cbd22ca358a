import re

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from entremise.doors.api.document import document
from entremise.doors.api.door import LARGEST, PUBLIC, api, door, questions, scopes, sizes
from entremise.doors.api.hooks import hear
from entremise.doors.api.readable import page


def openapi(request: HttpRequest) -> HttpResponse:
    """The API as OpenAPI 3.1: what may be asked and sent, and every answer."""
    return JsonResponse(document())


urlpatterns = [
    path("", page, name="page"),
    path("providers/<slug:provider>", hear, name="hear"),
    path("v1/openapi.json", door(openapi, {"GET": PUBLIC}), name="openapi"),
]
for bound in api._get_bound_routers():
    for address, view in bound.path_operations.items():
        route = re.sub(r"{(\w+)}", r"<\1>", f"v1{address}")
        asked, largest = questions.get(address, frozenset()), sizes.get(address, LARGEST)
        urlpatterns.append(path(route, door(view.get_view(), scopes[address], asked, largest)))
