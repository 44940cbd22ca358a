import platform
from datetime import timedelta
from importlib.metadata import version

import django
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from entremise.doors.frame.ways import outside
from entremise.kernel.clock import now
from entremise.messaging.queries import outbox_state
from entremise.tenancy import scope
from entremise.tenancy.queries import all_organisations

LATE = timedelta(minutes=10)


@never_cache
@outside
def healthz(request: HttpRequest) -> HttpResponse:
    """200 with the versions and the outbox over all organisations; 503 when the database does not answer."""
    versions = {"entremise": version("entremise"), "django": django.get_version(), "python": platform.python_version()}
    try:
        outbox = _outbox()
        versions["database"] = f"{connection.vendor} {'.'.join(map(str, connection.get_database_version()))}"
    except DatabaseError:
        return JsonResponse({"status": "down", "versions": versions}, status=503)
    return JsonResponse({"status": "ok", "versions": versions, "outbox": outbox})


def _outbox() -> dict[str, int]:
    total = {"waiting": 0, "late": 0, "given_up": 0}
    for organisation in all_organisations():
        with scope.reading(organisation.id):
            state = outbox_state(late_before=now() - LATE)
        for name in total:
            total[name] += getattr(state, name)
    return total
