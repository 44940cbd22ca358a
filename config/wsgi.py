import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# What is loaded here stays as long as the process: looking through it for rubbish again and again finds nothing.
gc.disable()
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018  # Loads the doors now, so that the first visitor does not wait for them.
gc.freeze()
gc.enable()
