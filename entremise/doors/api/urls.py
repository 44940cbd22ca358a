from django.urls import URLPattern, include, path

from entremise.doors.api.views import api
from entremise.doors.frame.visit import anyone
from entremise.doors.frame.ways import read

made, app, instance = api.urls
patterns = [one for one in made if isinstance(one, URLPattern)]
for pattern in patterns:
    # Ninja makes the views; the frame puts the same wall around them as around every page.
    pattern.callback = read(anyone)(pattern.callback)

urlpatterns = [path("", include((patterns, app), namespace=instance))]
