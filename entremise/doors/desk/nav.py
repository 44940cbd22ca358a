"""The frame of every page of the desk: the rail, and which verbs are offered to whom."""

from collections.abc import Mapping
from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entremise.doors.frame.visit import Guard, Inside, Visit, with_role
from entremise.kernel.act import Role
from entremise.people.rules.may import Verb, may

C, S, T, D = Role.COORDINATOR, Role.SUPPORT_WORKER, Role.TREASURER, Role.DIRECTOR

jobs_staff = with_role(C, S, D)

# name of the page, its word, icon, who has it in the rail.
RAIL: tuple[tuple[str, str | Promise, str, frozenset[Role]], ...] = (
    ("today", _("Aujourd’hui"), "tel", frozenset({C, S, T, D})),
    ("requests", _("Demandes"), "tableau", frozenset({C, S, D})),
    ("people", _("Personnes"), "personnes", frozenset({C, S, T, D})),
    ("contracts", _("Contrats"), "doc", frozenset({C, S, D})),
    ("hours", _("Heures"), "heure", frozenset({C, S, D})),
    ("together", _("Ensemble"), "panier", frozenset({C, S, D})),
    ("money", _("Argent"), "euro", frozenset({T, D})),
    ("solidarity", _("Entraide"), "soutien", frozenset({C, S, T, D})),
    ("results", _("Résultats"), "graphe", frozenset({C, S, T, D})),
    ("settings", _("Réglages"), "reglages", frozenset({C, S, T, D})),
)
PER_PAGE = 50
Found = TypeVar("Found")
Form = TypeVar("Form", bound=BaseForm)
Row = TypeVar("Row", bound=Model)


def page(
    request: Inside, name: str, *, section: str = "", context: Mapping[str, object] | None = None, status: int = 200
) -> HttpResponse:
    """A page of the desk. section: the entry of the rail it belongs to."""
    frame = {"nav": _rail(request.visit, section), "can": can(request.visit)}
    return render(request, f"desk/{name}.html", {**frame, **(context or {})}, status=status)


def fragment(request: Inside, name: str, context: Mapping[str, object]) -> HttpResponse:
    return render(request, f"desk/{name}.html", {"can": can(request.visit), **context})


def can(visit: Visit) -> dict[str, bool]:
    """verb → whether it is offered: `{% if can.requests_propose %}`."""
    return {verb.name.lower(): may(visit.actor.roles, verb) for verb in Verb}


def allowed_to(verb: Verb) -> Guard:
    return lambda visit: may(visit.actor.roles, verb)


counter = allowed_to(Verb.CASH_RECEIVE)  # A coordinator takes coins, so they see what is owed.
handing = allowed_to(Verb.PARCELS_HAND)  # What is handed over is billed.
givers = allowed_to(Verb.FUNDS_GIVE)
organisers = allowed_to(Verb.CAMPAIGNS_RUN)
listeners = allowed_to(Verb.NEEDS_SAY)
buyers = allowed_to(Verb.PLEDGES_MAKE)  # Whoever takes an order for somebody.
pool_readers = allowed_to(Verb.POOLS_READ)


def _rail(visit: Visit, section: str) -> list[dict[str, object]]:
    return [
        {"url": reverse(f"desk:{name}"), "label": label, "icon": icon, "current": name == section}
        for name, label, icon, roles in RAIL
        if visit.actor.roles & roles
    ]


def paged(request: Inside, rows: "QuerySet[Row]") -> "Page[Row]":
    """The page of a list that the address asks for; the last one when it asks for more."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def came_back(request: Inside, kind: type[Form]) -> Form | None:
    """The form that came back with a refusal, when it is of this kind."""
    form = getattr(request, "form", None)
    return form if isinstance(form, kind) else None


def found(thing: Found | None) -> Found:
    """The thing, or the same answer as for an address that does not exist."""
    if thing is None:
        raise Http404
    return thing
