import re

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from entremise.doors.api.document import document
from entremise.doors.api.door import PUBLIC, api, door, questions, scopes


def openapi(request: HttpRequest) -> HttpResponse:
    """The API as OpenAPI 3.1: what may be asked and sent, and every answer."""
    return JsonResponse(document())


app_name = "api"
urlpatterns = [path("openapi.json", door(openapi, {"GET": PUBLIC}), name="openapi")]
for bound in api._get_bound_routers():
    for address, view in bound.path_operations.items():
        route = re.sub(r"{(\w+)}", r"<\1>", address.removeprefix("/"))
        urlpatterns.append(path(route, door(view.get_view(), scopes[address], questions.get(address, frozenset()))))
