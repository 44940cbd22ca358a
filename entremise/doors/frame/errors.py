"""What is said when there is no page: a sentence and the number of somebody who answers, or a problem document."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http import JsonResponse as Json
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

API = "/api/"

# What a program is told when it is not a rule that says no: code → what to do.
PROBLEMS: Final[Mapping[str, Promise]] = {
    "attempt_unnamed": _("Ajoutez l’en-tête « Idempotency-Key » : un nom de 1 à 80 signes pour cette tentative."),
    "bad_request": _("Cette demande ne se lit pas. Relisez le document de l’API."),
    "failed": _("Quelque chose s’est cassé chez nous, c’est noté. Recommencez plus tard."),
    "form_too_old": _("Cette page est restée ouverte trop longtemps. Rechargez-la."),
    "key_needed": _("Présentez une clé de programme : « Authorization: Bearer ent_… ». La direction en donne une."),
    "method_not_allowed": _("Cette adresse ne connaît pas cette méthode. L’en-tête « Allow » dit lesquelles."),
    "not_allowed": _("Cette clé ne permet pas cette action. Demandez-en une autre à la direction."),
    "not_found": _("Il n’y a rien à cette adresse, ou ce n’est pas à vous."),
    "not_json": _("Envoyez le corps en JSON, avec l’en-tête « Content-Type: application/json »."),
    "not_valid": _("Ce qui est envoyé ne suit pas le document de l’API. Chaque champ en cause est nommé."),
    "scope_needed": _("Cette clé n’a pas la portée « %(scope)s ». Demandez à la direction une clé qui l’a."),
    "signed_out": _("Entrez d’abord, puis recommencez."),
    "too_large": _("C’est trop gros. Envoyez moins en une fois."),
    "too_many": _("Trop de demandes. Attendez le temps que dit l’en-tête « Retry-After »."),
}


def problem(status: int, code: str, *, detail: str = "", **more: object) -> HttpResponse:
    """A problem document, RFC 9457. code: stable, in snake case. detail: what to do, in the reader's language."""
    document: dict[str, object] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    document |= {"code": code, "detail": detail or str(PROBLEMS[code]), **more}
    answer = Json(document, status=status, content_type="application/problem+json")
    answer["Content-Language"] = get_language() or "fr"
    answer["Cache-Control"] = "no-store"
    return answer


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same answer for what does not exist and for what is somebody else's: a stranger learns nothing."""
    return _said(request, 404, "not_found")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _said(request, 403, "not_allowed")


def wrong_method(request: HttpRequest, *, allowed: str) -> HttpResponse:
    """Somebody opened the address that a form is sent to, or sent something to a page."""
    answer = _said(request, 405, "method_not_allowed")
    answer["Allow"] = allowed
    return answer


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
