"""The way through the API door: who asks, whether they may, how often, which attempt; then one call to a room.

GET runs where the database refuses writes, POST in exactly one transaction. A verb is a resource that is posted.
"""

import re
from collections.abc import Callable, Mapping
from functools import wraps
from inspect import signature
from typing import Any, TypeVar, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from entremise.doors.api.attempts import answered, name_of
from entremise.doors.frame.errors import PROBLEMS, not_found, problem
from entremise.doors.frame.limits import MINUTE, Share
from entremise.doors.frame.programs import with_scope
from entremise.doors.frame.visit import Inside, Visit, anyone
from entremise.doors.frame.ways import Declared, View, Way, declared
from entremise.doors.frame.words import sentence
from entremise.kernel.act import Act, Door, Role
from entremise.kernel.refused import Refused
from entremise.people import operations as people
from entremise.tenancy import scope

DESK = (Role.COORDINATOR, Role.SUPPORT_WORKER, Role.DIRECTOR)  # Those who speak with people.
MONEY = (Role.TREASURER, Role.DIRECTOR)
PUBLIC = ""  # The scope of what anybody may read.
LARGEST = 256 * 1024  # Bytes of a body.
LARGEST_SCAN = settings.DATA_UPLOAD_MAX_MEMORY_SIZE  # Bytes of one that carries a scan.
SHARE = Share("api", 600, MINUTE)  # Calls with one key.

V = TypeVar("V", bound=Callable[..., object])
Found = TypeVar("Found")
Scopes = Mapping[str, str]  # Method → scope.

api = NinjaAPI(title="Entremise", version="1", docs_url=None, urls_namespace="api")
scopes: dict[str, dict[str, str]] = {}  # Path → method → scope, as the resources declare them.
sizes: dict[str, int] = {}  # Path → bytes of a body, where it may be larger than usual.
questions: dict[str, frozenset[str]] = {}  # Path → what may stand behind its question mark.


def asks(path: str, scope_: str, *, answer: object, summary: str) -> Callable[[V], V]:
    """Declare what a GET answers."""
    return _declare("GET", path, scope_, {200: answer}, summary)


def tells(path: str, scope_: str, *, answer: object, summary: str, largest: int = LARGEST) -> Callable[[V], V]:
    """Declare what a POST makes, and answers 201. largest: bytes of its body."""
    sizes[path] = largest
    return _declare("POST", path, scope_, {201: answer}, summary)


def _declare(method: str, path: str, scope_: str, answers: Mapping[int, object], summary: str) -> Callable[[V], V]:
    scopes.setdefault(path, {})[method] = scope_

    def register(view: V) -> V:
        first, *rest = view.__name__.split("_")
        name = first + "".join(part.capitalize() for part in rest if part)
        tag = path.split("/")[1]
        if method == "GET":
            questions[path] = frozenset(signature(view).parameters) - {"request", *re.findall(r"{(\w+)}", path)}
        made = api.api_operation([method], path, response=answers, operation_id=name, summary=summary, tags=[tag])
        made(view)
        return view

    return register


@api.exception_handler(Exception)
@api.exception_handler(Http404)
@api.exception_handler(HttpError)
@api.exception_handler(ValidationError)
def let_out(request: HttpRequest, error: Exception) -> HttpResponse:
    """Nothing is explained inside the transaction: what was written before the error goes with it."""
    raise error


def found(something: Found | None) -> Found:
    """The thing, or the answer for what does not exist here and for what is somebody else's."""
    if something is None:
        raise Http404
    return something


def whose(request: HttpRequest, *roles: Role) -> UUID | None:
    """Whose things a list or an address may show: None, everybody's, for these roles; else the person's own."""
    visit = cast("Inside", request).visit
    return None if visit.actor.roles & frozenset(roles) else visit.person


def only(request: HttpRequest, *roles: Role) -> None:
    """Raises Refused("not_allowed") for anybody else than these roles."""
    if whose(request, *roles):
        raise Refused("not_allowed")


def act_of(request: HttpRequest) -> Act:
    return cast("Inside", request).visit.act(Door.API)


def zone_of(request: HttpRequest) -> ZoneInfo:
    """Where the organisation's days begin."""
    return cast("Inside", request).visit.zone


def door(view: View, by_method: Scopes, asked: frozenset[str] = frozenset(), largest: int = LARGEST) -> Declared:
    """One address of the API, with the scope that each of its methods needs. asked: what a GET may be asked by name.
    largest: bytes of a body.
    """
    allowed = sorted(by_method)

    @never_cache
    @wraps(view)
    def through(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        inside = cast("Inside", request)
        method = request.method = "GET" if request.method == "HEAD" else str(request.method)
        if method not in by_method:
            answer = problem(405, "method_not_allowed")
            answer["Allow"] = ", ".join(allowed)
        else:
            answer = _turned_away(inside, by_method[method], largest) or _asked(inside, view, asked, args, kwargs)
        patch_vary_headers(answer, ("Authorization", "Accept-Language"))
        return answer

    guards = {method: with_scope(one) if one else anyone for method, one in by_method.items()}
    ways = {method: Way("write" if method == "POST" else "read", guards[method]) for method in by_method}
    made = declared(through, ways)
    vars(made)["csrf_exempt"] = True  # No cookie opens anything here.
    return made


def _turned_away(request: Inside, wanted: str, largest: int) -> HttpResponse | None:
    """Why this caller gets no further; None when they do."""
    key = request.visit.program
    if wanted == PUBLIC:
        return None
    if key is None:
        answer = problem(401, "key_needed")
        answer["WWW-Authenticate"] = 'Bearer realm="Entremise"'
        return answer
    if not with_scope(wanted)(request.visit):
        said = str(PROBLEMS["scope_needed"]) % {"scope": wanted}
        return problem(403, "scope_needed", detail=said, scope=wanted)
    if wait := SHARE.wait(str(key.id)):
        answer = problem(429, "too_many")
        answer["Retry-After"] = str(wait)
        return answer
    return _unreadable(request, largest) if request.method == "POST" else None


def _unreadable(request: Inside, largest: int) -> HttpResponse | None:
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length > largest:
        return problem(413, "too_large")
    if length and request.content_type != "application/json":
        return problem(415, "not_json")
    return None if name_of(request) else problem(400, "attempt_unnamed")


def _asked(
    request: Inside, view: View, asked: frozenset[str], args: tuple[object, ...], kwargs: dict[str, object]
) -> HttpResponse:
    organisation = request.visit.organisation.id
    _note_use(request.visit)
    try:
        _check_question(request, asked)
        if request.method == "POST":
            return answered(request, lambda: cast("HttpResponse", view(request, *args, **kwargs)))
        with scope.reading(organisation):
            return cast("HttpResponse", view(request, *args, **kwargs))
    except (ObjectDoesNotExist, Http404):  # An id of nothing here, in the address or in the body.
        return not_found(request)
    except HttpError:
        return problem(400, "bad_request")
    except ValidationError as wrong:
        return problem(422, "not_valid", errors=[fault(one) for one in wrong.errors])
    except Refused as refused:
        return refusal(refused)


def _check_question(request: Inside, asked: frozenset[str]) -> None:
    """A name that nobody knows is a slip of the pen: a filter that does not filter would tell too much."""
    known = asked if request.method == "GET" else frozenset()
    wrong = [name for name in request.GET if name not in known]
    if wrong:
        told = {"type": "extra_forbidden", "msg": f"one of {sorted(known)} is expected"}
        raise ValidationError([{"loc": ("query", name), **told} for name in wrong])


FAULTS = {
    "missing": _("Ce champ manque."),
    "extra_forbidden": _("Ce champ n’existe pas ici."),
    "string_too_long": _("Ce texte est trop long."),
}


def fault(error: Mapping[str, Any]) -> dict[str, str]:
    """One thing that does not follow the document: where, and what is expected there."""
    place, *path = (str(part) for part in error["loc"])
    path = path[1:] if place == "body" and path and path[0] == "body" else path
    detail = FAULTS.get(error["type"], _("Cette valeur ne convient pas."))
    return {
        "in": place,
        "pointer": "".join(f"/{part}" for part in path),
        "code": error["type"],
        "detail": str(detail),
        "expected": error["msg"],
    }


def refusal(refused: Refused) -> HttpResponse:
    """A rule said no: 403 where another role is needed, else 409."""
    params = {name: str(value) for name, value in refused.params.items()}
    status = 403 if refused.code == "not_allowed" else 422 if refused.code == "attempt_differs" else 409
    return problem(status, refused.code, detail=sentence(refused), params=params)


def _note_use(visit: Visit) -> None:
    """Once a day for each key."""
    key, today = visit.program, visit.act(Door.API).at.date()
    if key and key.last_used_on != today:
        with scope.writing(visit.organisation.id):
            people.note_program_use(key=key, on=today)
