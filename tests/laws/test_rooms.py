"""A line of code knows its room by its kind (ARCHITECTURE, first table)."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.laws.tree import ROOT, Law, Source, broken, clean, found, layers, sources, under

KINDS = {"__init__", "apps", "models", "operations", "queries", "rules", "adapters", "migrations"}
FRAME = {"base", "scope", "sealed", "walls"}  # What tenancy puts under every room.
DATA = {"figures"}  # Rooms that ship reference rows in a folder `data`.

# What a kind may import besides the kernel: kinds of its own room, kinds of lower rooms.
MAY_IMPORT = {
    "models": ({"models", "rules"}, {"models", "rules"}),
    "operations": (
        {"models", "operations", "queries", "rules", "adapters"},
        {"models", "operations", "queries", "rules"},
    ),
    "queries": ({"models", "queries", "rules", "adapters"}, {"models", "queries", "rules"}),
    "rules": ({"rules"}, {"rules"}),
    "adapters": ({"rules", "adapters"}, {"rules"}),
}

HTTP = (
    "django.http",
    "django.shortcuts",
    "django.views",
    "django.urls",
    "django.contrib.sessions",
    "django.contrib.messages",
    "ninja",
    "allauth",
    "requests",
    "httpx",
)
SIGNALS = ("django.dispatch", "django.db.models.signals", "django.core.signals", "django.test.signals")
MOTION = (
    "django.db.transaction",
    "entremise.tenancy.scope.within",
    "entremise.tenancy.scope.writing",
    "entremise.tenancy.scope.reading",
)
CLOCKS = (
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "django.utils.timezone.now",
    "django.utils.timezone.localdate",
    "django.db.models.functions.Now",
    "entremise.kernel.clock.now",
)


def knows_its_kind(source: Source) -> Iterator[str]:
    if source.room in ("", "kernel", "doors"):
        return
    allowed = KINDS | (FRAME if source.room == "tenancy" else set()) | ({"data"} if source.room in DATA else set())
    if source.kind not in allowed:
        yield f"{source.path}: rooms hold {', '.join(sorted(KINDS))}; put its lines into the file of their kind"


def imports_by_kind(source: Source) -> Iterator[str]:
    if source.kind not in MAY_IMPORT or not source.in_a_room:
        return
    own, lower = MAY_IMPORT[source.kind]
    for node, name in source.imports:
        parts = name.split(".")
        if parts[0] != "entremise" or len(parts) < 3 or parts[1] in ("kernel", "tenancy"):
            continue
        allowed = own if parts[1] == source.room else lower
        if parts[2] not in allowed:
            yield f"{source.at(node)}: {source.kind} must not import {name}; it may see {', '.join(sorted(allowed))}"


def imports_at_the_top(source: Source) -> Iterator[str]:
    for function in source.functions:
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield f"{source.at(node)}: import at the top of the file; a knot is solved by moving code down a room"


def without_http(source: Source) -> Iterator[str]:
    if source.room in ("", "doors"):
        return
    for node, name in source.imports:
        if under(name, HTTP):
            yield f"{source.at(node)}: {name} belongs to a door; rooms do not know HTTP"


def free_of_django(source: Source) -> Iterator[str]:
    if source.room != "kernel" and source.kind != "rules":
        return
    for node, name in source.imports:
        if under(name, ["django"]):
            yield f"{source.at(node)}: the kernel and rules are pure Python; pass in what {name} would have told"


def outside_world_without_rows(source: Source) -> Iterator[str]:
    if source.kind != "adapters":
        return
    for node, name in source.imports:
        if under(name, ["django.db", "django.apps"]):
            yield f"{source.at(node)}: an adapter speaks a format or a protocol; rows stay in operations and queries"


def no_transaction(source: Source) -> Iterator[str]:
    if not source.in_a_room or source.path == "entremise/tenancy/scope.py":
        return
    for node, name in source.imports:
        if under(name, MOTION):
            yield f"{source.at(node)}: the door opens the transaction and puts the organisation in force, not {name}"
    for part in ast.walk(source.tree):
        if isinstance(part, ast.Attribute) and (
            part.attr in ("atomic", "set_autocommit", "savepoint", "on_commit") or under(source.full(part), MOTION)
        ):
            yield f"{source.at(part)}: the door opens the transaction; take `.{part.attr}` out of the room"


def told_the_time(source: Source) -> Iterator[str]:
    """Doors ask kernel.clock, and nobody else; rooms are told."""
    if source.path == "entremise/kernel/clock.py":
        return
    door = source.room == "doors"
    read: list[tuple[ast.AST, str]] = [(node, name) for node, name in source.calls if name in CLOCKS]
    read += [(node, name) for node, name in source.imports if under(name, CLOCKS)]
    for node, name in read:
        if door and name == "entremise.kernel.clock.now":
            continue
        if name == "time.time" and source.path.startswith("entremise/doors/frame/"):
            continue  # Seconds that count tries and idle time; no row ever holds them.
        advice = "ask entremise.kernel.clock.now" if door else "rooms are told the time: `act.at`, or an argument"
        yield f"{source.at(node)}: {name}: {advice}"


def no_signals(source: Source) -> Iterator[str]:
    for node, name in source.imports:
        if under(name, SIGNALS):
            yield f"{source.at(node)}: no signals; call the operation"


def named_one_by_one(source: Source) -> Iterator[str]:
    for node, name in source.imports:
        if name.endswith(".*") and not source.path.startswith("config/settings_test"):
            yield f"{source.at(node)}: name what you import"


LAWS: list[Law] = [
    knows_its_kind,
    imports_by_kind,
    imports_at_the_top,
    without_http,
    free_of_django,
    outside_world_without_rows,
    no_transaction,
    told_the_time,
    no_signals,
    named_one_by_one,
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_house_keeps_the_law(law: Law) -> None:
    clean(broken(law))


PLANTED = [
    (knows_its_kind, "entremise/market/services.py", ""),
    (knows_its_kind, "entremise/market/scope.py", ""),
    (imports_by_kind, "entremise/market/queries.py", "from entremise.market.operations import publish"),
    (imports_by_kind, "entremise/market/models.py", "from entremise.people import operations"),
    (imports_by_kind, "entremise/market/rules.py", "from entremise.people.models import Person"),
    (imports_at_the_top, "entremise/market/rules.py", "def f():\n    import json"),
    (without_http, "entremise/market/operations.py", "from django.http import HttpRequest"),
    (without_http, "entremise/market/operations.py", "import requests"),
    (free_of_django, "entremise/market/rules.py", "from django.utils import timezone"),
    (free_of_django, "entremise/kernel/money.py", "import django"),
    (outside_world_without_rows, "entremise/payments/adapters/camt.py", "from django.db import models"),
    (no_transaction, "entremise/market/operations.py", "from django.db import transaction"),
    (no_transaction, "entremise/market/operations.py", "from entremise.tenancy import scope\nscope.writing(1)"),
    (no_transaction, "entremise/market/operations.py", "connection.set_autocommit(True)"),
    (told_the_time, "entremise/market/operations.py", "from datetime import datetime\ndatetime.now()"),
    (told_the_time, "entremise/doors/desk/views.py", "import datetime\ndatetime.date.today()"),
    (told_the_time, "entremise/market/queries.py", "from entremise.kernel.clock import now"),
    (told_the_time, "entremise/market/queries.py", "from entremise.kernel import clock\nclock.now()"),
    (no_signals, "entremise/doors/desk/views.py", "from django.db.models.signals import post_save"),
    (named_one_by_one, "entremise/market/operations.py", "from entremise.people.queries import *"),
]


@pytest.mark.parametrize(("law", "path", "text"), PLANTED, ids=lambda value: getattr(value, "__name__", None))
def test_a_planted_fault_is_found(law: Law, path: str, text: str) -> None:
    assert found(law, path, text)


def test_every_law_has_a_planted_fault() -> None:
    assert {law for law, _, _ in PLANTED} == set(LAWS)


def test_import_contracts_hold() -> None:
    # In a process of its own: the linter's set-up of logging silences every logger of the process it runs in.
    lint = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    run = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_room_has_its_place_in_the_stack() -> None:
    rooms = {path.parent.name for path in (ROOT / "entremise").glob("*/__init__.py")}
    assert rooms <= set(layers()), "write the new room into .importlinter, where ARCHITECTURE puts it"


def test_data_folders_hold_nothing_that_runs() -> None:
    files = [file for folder in (ROOT / "entremise").glob("*/data") for file in folder.rglob("*") if file.is_file()]
    odd = [str(file.relative_to(ROOT)) for file in files if file.suffix not in (".toml", ".csv", ".json", ".xsd")]
    assert odd == [], "data folders hold TOML, CSV, JSON or a schema, nothing that runs"


def test_laws_read_the_whole_house() -> None:
    assert len(sources()) > 100
