"""Counting knocks where two processes share the count."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import RequestFactory
from pytest_django import Settings

from config.settings import CACHES
from entremise.doors.clock.upkeep import forget_expired
from entremise.doors.clock.watch import Watch
from entremise.doors.frame.limits import HOUR, Limit, by_address, spend
from entremise.kernel.clock import now
from entremise.tenancy.models import Organisation

KNOCKS = Limit("ask-address", 3, HOUR, by_address)


@pytest.fixture
def shared(db: None, settings: Settings) -> None:
    """The cache of a real installation, in the database."""
    settings.CACHES = CACHES
    call_command("migrate", verbosity=0)


def test_a_crowd_does_not_make_the_count_forgotten(shared: None) -> None:
    assert [spend(KNOCKS, "192.0.2.1") for _ in range(4)] == [True, True, True, False]
    for other in range(400):
        spend(KNOCKS, f"198.51.100.{other}")
    assert not spend(KNOCKS, "192.0.2.1")


def address(**meta: str) -> str:
    return by_address(RequestFactory().post("/entrer", **meta))


def test_one_line_of_a_provider_counts_once() -> None:
    """Whoever has an IPv6 line has 2^64 addresses."""
    assert address(REMOTE_ADDR="2001:db8:1:2::1") == address(REMOTE_ADDR="2001:db8:1:2:ffff::9")
    assert address(REMOTE_ADDR="2001:db8:1:2::1") != address(REMOTE_ADDR="2001:db8:1:3::1")
    assert address(REMOTE_ADDR="192.0.2.1") != address(REMOTE_ADDR="192.0.2.2")


def test_nobody_says_where_they_come_from_unless_a_proxy_is_named(settings: Settings) -> None:
    assert address(REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="203.0.113.9") == address(REMOTE_ADDR="192.0.2.1")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    forged = address(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.9, 192.0.2.1")
    assert forged == address(REMOTE_ADDR="192.0.2.1")


def test_the_count_of_one_is_not_that_of_another() -> None:
    cache.clear()
    assert all(spend(KNOCKS, "192.0.2.1") for _ in range(3))
    assert spend(KNOCKS, "192.0.2.2")


def test_what_is_over_is_forgotten_by_the_clock(shared: None, organisation: Organisation) -> None:
    """An upload that nobody confirmed holds people's names: it does not lie there for ever."""
    cache.set("upload:over", "Marsan;Odile", -10)
    cache.set("upload:waiting", "Marsan;Odile", 3600)
    Session.objects.create(session_key="over", session_data="", expire_date=now() - timedelta(days=1))
    assert forget_expired(Watch(), organisation)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM shared_cache")
        assert [row[0] for row in cursor.fetchall()] == [":1:upload:waiting"]
    assert not Session.objects.exists()
