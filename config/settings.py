"""One settings file. Every choice that an operator may make is an ENTREMISE_ variable read here and nowhere else."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

BASE = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("ENTREMISE_VAR", BASE / "var"))
DEBUG = os.environ.get("ENTREMISE_DEBUG", "") == "1"
SECRET_KEY = os.environ.get("ENTREMISE_SECRET_KEY", "")
SECRET_KEY_FALLBACKS = os.environ.get("ENTREMISE_OLD_SECRET_KEYS", "").split()  # Sessions and sealed words of before.
BASE_DOMAIN = os.environ.get("ENTREMISE_BASE_DOMAIN", "localhost")
PUBLIC_PORT = os.environ.get("ENTREMISE_PUBLIC_PORT", "")  # In the links of letters, when it is not the usual one.
DEFAULT_ORGANISATION = os.environ.get("ENTREMISE_DEFAULT_ORGANISATION", "")
ALLOWED_HOSTS = os.environ.get("ENTREMISE_ALLOWED_HOSTS", f".{BASE_DOMAIN},127.0.0.1").split(",")
HTTPS = os.environ.get("ENTREMISE_HTTPS", "1") == "1"
WEB_ROLE = os.environ.get("ENTREMISE_WEB_ROLE", "")  # PostgreSQL role of the web processes; migrations grant it rights.

INSTALLED_APPS = [
    "entremise.doors.frame",
    "entremise.doors.desk",
    "entremise.doors.clock",  # Its migrate replaces Django's: walls come down before and go up after.
    "entremise.tenancy",
    "entremise.figures",
    "entremise.history",
    "entremise.people",
    "entremise.ledger",
    "entremise.messaging",
    "entremise.documents",
    "entremise.payments",
    "entremise.market",
    "entremise.campaigns",
    "entremise.agreements",
    "entremise.settlement",
    "entremise.solidarity",
    "entremise.jobs",
    "entremise.buying",
    "entremise.pools",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "entremise.doors.frame.logs.RequestEvents",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "entremise.doors.frame.middleware.Threshold",
    "entremise.doors.frame.kept.Kept",
    "entremise.doors.frame.typography.Typography",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"


def database(url: str) -> dict[str, Any]:
    """Django's settings for `sqlite:///path` or `postgresql://user:password@host:port/name`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path[1:] if parts.path.startswith("//") else parts.path.removeprefix("/") or ":memory:",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                # Immediate transactions queue instead of failing; FULL because the ledger lives here (STACK, §1).
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=134217728; "
                "PRAGMA journal_size_limit=27103364; PRAGMA cache_size=-8000;",
            },
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "DISABLE_SERVER_SIDE_CURSORS": True,  # PgBouncer in transaction mode.
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8}},
    }


DATABASES = {"default": database(os.environ.get("ENTREMISE_DATABASE_URL", f"sqlite:///{VAR / 'entremise.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        # Tries are counted here. Beyond 300 entries Django would forget a third of them: a crowd would open the gate.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # What a web process works out once and keeps for some minutes: nothing that must be the same for all of them.
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "process"},
}

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "entremise.doors.frame.context.everywhere",
            ],
        },
    }
]
FORM_RENDERER = "entremise.doors.frame.forms.Renderer"

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [BASE / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # Nothing is kept outside the database.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/bureau/"
ACCOUNT_ADAPTER = "entremise.doors.frame.accounts.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("ENTREMISE_PROXIES", "0"))  # Whose word on addresses counts.
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Entremise"
MFA_TOTP_TOLERANCE = 1  # A telephone's clock may be half a minute off.

SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "entremise.doors.frame.errors.form_too_old"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # The machine's keeper asks on loopback.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None  # Else anybody could claim it.
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# Channels. Empty means that the organisation does not use it: letters then become tasks or printed sheets.
# Cards: `slug=key,webhook secret` of each organisation with an account of its own, with spaces between.
STRIPE = dict(one.split("=", 1) for one in os.environ.get("ENTREMISE_STRIPE", "").split())
STRIPE_ADDRESS = ""  # Of a double, in the tests.
# Donations: `slug=its name at HelloAsso,client id,client secret`, likewise. The address may be that of their sandbox.
HELLOASSO = dict(one.split("=", 1) for one in os.environ.get("ENTREMISE_HELLOASSO", "").split())
HELLOASSO_ADDRESS = os.environ.get("ENTREMISE_HELLOASSO_ADDRESS") or "https://api.helloasso.com"
SMTP_URL = os.environ.get("ENTREMISE_SMTP_URL", "")  # smtp://user:password@host:port, smtps:// for TLS
MAIL_FROM = os.environ.get("ENTREMISE_MAIL_FROM", "")
TEXT_SPOOL = os.environ.get("ENTREMISE_TEXT_SPOOL", str(VAR / "sms"))  # gammu-smsd's files backend
ADDRESS_SERVICE_URL = os.environ.get("ENTREMISE_ADDRESS_SERVICE_URL", "")

LOGGING_CONFIG = None  # structlog is configured in entremise.doors.frame.logs.
LOG_LEVEL = os.environ.get("ENTREMISE_LOG_LEVEL", "INFO")
