from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from entremise.doors.api.health import healthz
from entremise.doors.frame import assets
from entremise.doors.frame.later import Later

handler400 = "entremise.doors.frame.errors.bad_request"
handler403 = "entremise.doors.frame.errors.forbidden"
handler404 = "entremise.doors.frame.errors.not_found"
handler500 = "entremise.doors.frame.errors.failed"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("style/<slug:digest>-<int:ink>-<int:accent>.css", assets.stylesheet, name="stylesheet"),
    path("script/<slug:digest>.js", assets.script, name="script"),
    Later("api/", "entremise.doors.api.urls", name="api"),
    path("bureau/", include("entremise.doors.site.urls_staff")),
    path("bureau/", include("entremise.doors.desk.urls")),
    *i18n_patterns(path("", include("entremise.doors.site.urls")), prefix_default_language=False),
]
