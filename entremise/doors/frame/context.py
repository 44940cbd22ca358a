from typing import Any

from django.conf import settings
from django.http import HttpRequest


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """What every page may name. Nothing here makes a query."""
    visit = getattr(request, "visit", None)
    if visit is None:
        return {"organisation": None, "visit": None, "refusal": "", "debug": settings.DEBUG}
    return {
        "organisation": visit.organisation,
        "visit": visit,
        "roles": {role.value for role in visit.actor.roles},
        "refusal": getattr(request, "refusal", ""),
        "failed": getattr(request, "form", None),
        "debug": settings.DEBUG,
    }
