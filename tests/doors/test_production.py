"""The settings of a real installation, not those of the tests."""

import os
import subprocess
import sys

import pytest


def configured(code: str, **variables: str) -> str:
    """What `code` prints where only these variables are set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ENTREMISE_", "DJANGO_"))}
    keyed = {"ENTREMISE_SECRET_KEY": "k" * 25 + "0123456789-abcdefghijklmnopqrstuvwxyz", **variables}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**kept, **keyed, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# Of the settings alone: our own command of that name goes on to prove the books, which tests/doors/clock does.
CHECK = """
import django; django.setup()
from django.core.management import call_command
from django.core.management.commands import check
call_command(check.Command(), deploy=True, fail_level="WARNING")
"""


def test_the_deployment_check_has_nothing_to_say() -> None:
    assert "no issues" in configured(CHECK)


@pytest.mark.parametrize(("proxies", "believed"), [("0", "False"), ("1", "True")])
def test_who_says_https_is_believed_when_a_proxy_is_named(proxies: str, believed: str) -> None:
    """Else a plain request could pass for a sealed one."""
    code = """
import django; django.setup()
from django.test import RequestFactory
print(RequestFactory().get("/", HTTP_X_FORWARDED_PROTO="https").is_secure())
"""
    assert configured(code, ENTREMISE_PROXIES=proxies) == believed


def test_a_mistyped_host_is_no_organisation_and_the_cookies_are_sealed() -> None:
    code = """
import django; django.setup()
from django.conf import settings as s
from django.http.request import validate_host
print(validate_host("evil.example", s.ALLOWED_HOSTS), validate_host("essai.exemple.fr", s.ALLOWED_HOSTS),
      s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.SECURE_SSL_REDIRECT, s.DEBUG)
"""
    assert configured(code, ENTREMISE_BASE_DOMAIN="exemple.fr") == "False True True True True True False"
