"""The limit of a page: Django alone, the same table, one query, one template, nothing else.

`tests.bench.bare:application` for granian. DATABASE, as a path or an address, is in the environment.
"""

import os
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

from config.settings import DATABASES

settings.configure(
    SECRET_KEY="bare",
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    DATABASES=DATABASES,
    USE_TZ=True,
    TIME_ZONE="Europe/Paris",
    MIDDLEWARE=[],
)
django.setup()

LIST = Engine().from_string(
    "<!doctype html><html lang=fr><title>Missions</title><ul>{% for row in rows %}"
    '<li><h2><a href="/missions/{{ row.0 }}/">{{ row.1 }}</a></h2><p>{{ row.2 }}</p>'
    '<p>{{ row.3|date:"l j F, H:i" }}</p><p>{{ row.4 }} min</p><p>{{ row.5 }}</p></li>{% endfor %}</ul></html>'
)
QUERY = """SELECT n.number, a.name, p.name, n.starts_at, n.minutes, n.gross
    FROM jobs_notice n JOIN jobs_activity a ON a.id = n.activity_id LEFT JOIN people_place p ON p.id = n.place_id
    WHERE n.organisation_id = %s AND n.starts_at > %s ORDER BY n.starts_at, n.id LIMIT 20"""
SCOPE = "SELECT set_config('app.organisation', %s, false)"


def show_list(request: HttpRequest) -> HttpResponse:
    organisation, at = os.environ["BARE_ORGANISATION"], os.environ["BARE_AT"]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(SCOPE, [organisation])
        cursor.execute(QUERY, [organisation, at])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return HttpResponse(LIST.render(Context({"rows": rows})))


def show_nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("missions/", show_list), path("", show_nothing)]
application = WSGIHandler()
