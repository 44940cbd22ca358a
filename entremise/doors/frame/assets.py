"""The stylesheet and the scripts, made from their sources; their addresses change with their content."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from entremise.doors.frame import styles
from entremise.doors.frame.ways import outside

FOR_EVER = "public, max-age=31536000, immutable"
FOR_NOW = "public, max-age=60"  # A page older than this release asked: it gets today's file, not for long.


@outside
def stylesheet(request: HttpRequest, digest: str, ink: int, accent: int) -> HttpResponse:
    """In the two hues of an organisation. Who saves data gets no fonts."""
    same = styles.style_url(ink, accent) == request.path
    saving = request.headers.get("Save-Data") == "on"
    answer = _file(styles.stylesheet(ink, accent, fonts=not saving), "text/css", FOR_EVER if same else FOR_NOW)
    patch_vary_headers(answer, ["Save-Data"])
    return answer


@outside
def script(request: HttpRequest, digest: str) -> HttpResponse:
    desk = styles.script_url(desk=True) == request.path
    same = desk or styles.script_url() == request.path
    return _file(styles.script(desk=desk), "text/javascript", FOR_EVER if same else FOR_NOW)


@outside
def service_worker(request: HttpRequest) -> HttpResponse:
    return _file(styles.service_worker(), "text/javascript", "no-cache")


def _file(content: bytes, kind: str, keep: str) -> HttpResponse:
    return HttpResponse(content, content_type=f"{kind}; charset=utf-8", headers={"Cache-Control": keep})
