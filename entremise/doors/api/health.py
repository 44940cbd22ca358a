import platform
from datetime import timedelta
from importlib.metadata import version

import django
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from entremise.kernel.clock import now
from entremise.messaging.queries import outbox_state
from entremise.tenancy import scope
from entremise.tenancy.queries import all_organisations

LATE = timedelta(minutes=10)


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 with versions and the outbox over all organisations; 503 when the database does not answer."""
    versions = {"entremise": version("entremise"), "django": django.get_version(), "python": platform.python_version()}
    try:
        outbox = {"waiting": 0, "late": 0, "given_up": 0}
        for organisation in all_organisations():
            with scope.reading(organisation.id):
                state = outbox_state(late_before=now() - LATE)
            for name in outbox:
                outbox[name] += getattr(state, name)
        versions["database"] = f"{connection.vendor} {'.'.join(map(str, connection.get_database_version()))}"
    except DatabaseError:
        return JsonResponse({"status": "down", "versions": versions}, status=503)
    return JsonResponse({"status": "ok", "versions": versions, "outbox": outbox})
