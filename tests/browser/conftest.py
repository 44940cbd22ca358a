import os
import shutil
from collections.abc import Callable, Generator, Iterator
from inspect import isgeneratorfunction
from pathlib import Path
from threading import Lock

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.doors.desk.conftest import (
    asked,
    coordination,
    desk,
    hedge,
    karim,
    legal,
    mission,
    monday,
    nadege,
    odile,
    place,
    request_,
)

__all__ = [
    "asked", "coordination", "desk", "hedge", "karim", "legal", "mission", "monday", "nadege", "odile", "place",
    "request_",
]  # fmt: skip

AXE = (Path(__file__).resolve().parents[1] / "vendor" / "axe" / "axe.min.js").read_text()
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
Open = Callable[[Client], Page]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The walk over every page takes minutes: only when somebody asks for it by name (make pages)."""
    asked = any("every_page" in str(argument) for argument in config.invocation_params.args)
    return True if collection_path.name == "test_every_page.py" and not asked else None


class OneAtATime:
    """The tests' SQLite database is one connection shared by all threads: a request waits for the one before."""

    lock = Lock()

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with self.lock:
            return self.get_response(request)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None and not os.environ.get("CI"):
        pytest.skip("no chromium here, and it could not be installed")
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop lives in this thread, beside the test's queries.
    with sync_playwright() as engine:
        started = engine.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object]) -> Generator[None, object, object]:
    """Rooms want a transaction, which tests that commit do not begin: what they find ready was made in one."""
    if (
        connection.vendor == "sqlite"
        or isgeneratorfunction(fixturedef.func)
        or "tests" not in fixturedef.func.__module__
    ):
        return (yield)
    with transaction.atomic():
        return (yield)


@pytest.fixture
def inside(organisation: Organisation) -> Iterator[Organisation]:
    """The scope of every test. These commit, so that no transaction tells PostgreSQL of it: their session does."""
    with scope.within(organisation.id):
        tell(str(organisation.id))
        yield organisation
        tell("")


def tell(organisation: str) -> None:
    """PostgreSQL's policies, for the whole session."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.organisation', %s, false)", [organisation])


@pytest.fixture
def at_the_desk(browser: Browser, live_server: LiveServer, settings: Settings) -> Iterator[Open]:
    """Opens the desk in a real browser for somebody who is signed in; fails when a page's script does."""
    settings.MIDDLEWARE = ["tests.browser.conftest.OneAtATime", *settings.MIDDLEWARE]
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR", reduced_motion="reduce")
    failures: list[str] = []

    def opened(client: Client) -> Page:
        base = f"http://pas-de-porte.localhost:{live_server.url.rpartition(':')[2]}"
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": base}])
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on("console", lambda said: failures.append(said.text) if said.type == "error" else None)
        page.goto(f"{base}/bureau/")
        return page

    yield opened
    context.close()
    assert failures == []


# Where a page is looked at, and with which rules. Only colours change with the theme, and with the words only what is
# small or cut off: what else could be wrong is read once for a width.
Rules = tuple[str, ...]
Looks = tuple[tuple[int, str, Rules], ...]
ALL: Rules = ()
COLOURS: Rules = ("color-contrast", "link-in-text-block")
LOOKS: Looks = ((1280, "light", ALL), (1280, "dark", COLOURS), (390, "dark", COLOURS), (390, "light", ALL))
TRANSLATED: Looks = ((1280, "light", COLOURS), (1280, "dark", COLOURS), (390, "dark", COLOURS), (390, "light", ALL))
BRIEFLY: Looks = ((390, "light", ALL), (1280, "dark", COLOURS))
OPEN = """() => [...document.querySelectorAll("details:not([open])")].slice(0, 12).map(one => one.open = true).length"""


def violations(page: Page, rules: Rules = ALL) -> list[str]:
    """What axe finds wrong with the page as it is shown now, once it is there as a whole."""
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    asked = {"resultTypes": ["violations"], "preload": False} | ({"runOnly": [*rules]} if rules else {})
    found = page.evaluate("asked => axe.run(document, asked)", asked)["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def faults(page: Page, looks: Looks = LOOKS) -> list[str]:
    """What is wrong with the page as it stands, then with what opens on it; of many that open, the first ones."""
    found = list(_seen(page, looks))
    if page.evaluate(OPEN):
        found += [f"opened, {one}" for one in _seen(page, BRIEFLY)]
    page.set_viewport_size({"width": 320, "height": 844})
    return found + ["320 overflows"] * _overflows(page)


def _seen(page: Page, looks: Looks) -> Iterator[str]:
    for width, theme, rules in looks:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        yield from (f"{width} {theme} {one}" for one in violations(page, rules))
        if _overflows(page):
            yield f"{width} {theme} overflows"


def _overflows(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def focused(page: Page, selector: str) -> None:
    """The focus is there and so are the scripts: `autofocus` may come before them, and a key pressed then is lost."""
    expect(page.locator(selector).first).to_be_focused()
    page.wait_for_load_state()


class Keys:
    """A keyboard that counts what is pressed."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.count += 1
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.press(*text)
