import os

os.environ.setdefault("ENTREMISE_SECRET_KEY", "tests-only")
os.environ.setdefault("ENTREMISE_HTTPS", "0")

from config.settings import *  # noqa: F403  # The variables above must be there first.
from config.settings import BASE, DATABASES, TEMPLATES

DEFAULT_ORGANISATION = ""
LOG_LEVEL = "WARNING"
STATIC_ROOT = BASE / "static"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # argon2 costs 120 ms a sign-in.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "process": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},  # A test sees what it has just changed.
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATABASES["default"].setdefault("TEST", {})
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"]["OPTIONS"] = {}  # A pool would keep connections to a database that tests drop.
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = "⚠ unknown template variable: %s"
