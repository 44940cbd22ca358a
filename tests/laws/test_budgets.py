"""Budgets of ARCHITECTURE. One that stops making sense is changed by an ADR, with the reason, not worked around."""

import ast
import re
import tomllib
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from entremise.doors.frame.styles import stylesheet
from tests.laws.tree import FUNCTIONS, ROOT, Law, Source, broken, clean, found, sources

LONGEST_FUNCTION = 70
LONG_FUNCTION = 40
LONG_FUNCTIONS = 12  # How many are longer than LONG_FUNCTION today. Only ever lowered.
LONGEST_FILE = 400
FIELDS, METHODS = 20, 15
SETTINGS_LINES, ENVIRONMENT_READS = 300, 40
OWN_JAVASCRIPT = 1500
STYLESHEET = 40_000  # Bytes, minified, as served.


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def functions_fit_a_page(source: Source) -> Iterator[str]:
    for function in source.functions:
        if length(function) > LONGEST_FUNCTION:
            yield f"{source.at(function)}: {function.name} has {length(function)} lines; cut it in two"


def files_fit_a_subject(source: Source) -> Iterator[str]:
    lines = source.text.count("\n")
    if lines > LONGEST_FILE:
        yield f"{source.path}: {lines} lines; make a package of the same kind (rules/payroll_fr.py)"


def functions_are_annotated(source: Source) -> Iterator[str]:
    for function in source.functions:
        given = function.args
        named = [*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg))]
        bare = [one.arg for one in named if one.annotation is None and one.arg not in ("self", "cls")]
        if bare or (function.returns is None and function.name != "__init__"):
            yield f"{source.at(function)}: annotate {function.name} ({', '.join(bare) or 'what it returns'})"


def reads_of_the_environment(text: str) -> int:
    return len(re.findall(r"os\.environ\b|os\.getenv\b", text))


def reads_no_environment(source: Source) -> Iterator[str]:
    if source.path.startswith("config/"):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and source.full(node) in ("os.environ", "os.getenv"):
            yield f"{source.at(node)}: read the variable in config/settings.py, where an operator looks for it"


def models_have_few_methods(source: Source) -> Iterator[str]:
    if source.kind != "models":
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef):
            methods = [one for one in node.body if isinstance(one, FUNCTIONS)]
            if len(methods) > METHODS:
                yield f"{source.at(node)}: {node.name} has {len(methods)} methods; verbs live in operations"


LAWS: list[Law] = [
    models_have_few_methods,
    functions_fit_a_page,
    files_fit_a_subject,
    functions_are_annotated,
    reads_no_environment,
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_code_stays_within_its_budget(law: Law) -> None:
    clean(broken(law))


def test_test_files_stay_within_theirs() -> None:
    clean(broken(files_fit_a_subject, sources("tests")))
    told = [source for source in sources("tests", "tools") if "/stories/" not in source.path]
    clean(broken(functions_fit_a_page, told))  # A story is told line by line, in one piece.


PLANTED = [
    (functions_fit_a_page, "def f() -> None:\n" + "    pass\n" * 70),
    (files_fit_a_subject, "x = 1\n" * 401),
    (functions_are_annotated, "def f(a) -> None: ..."),
    (functions_are_annotated, "def f(a: int): ..."),
    (models_have_few_methods, "class A:\n" + "    def f(self) -> None: ...\n" * 16),
    (reads_no_environment, "import os\nos.environ['A']"),
]


@pytest.mark.parametrize(("law", "text"), PLANTED, ids=lambda value: getattr(value, "__name__", None))
def test_a_planted_fault_is_found(law: Law, text: str) -> None:
    assert found(law, "entremise/market/models.py", text)


def test_a_page_of_seventy_lines_passes() -> None:
    assert not found(functions_fit_a_page, "entremise/market/operations.py", "def f():\n" + "    pass\n" * 69)


def test_long_functions_become_fewer() -> None:
    long = [
        f"{length(function):3} {source.at(function)} {function.name}"
        for source in sources()
        for function in source.functions
        if length(function) > LONG_FUNCTION
    ]
    if long:
        warnings.warn(f"{len(long)} functions over {LONG_FUNCTION} lines:\n" + "\n".join(sorted(long)), stacklevel=1)
    assert len(long) <= LONG_FUNCTIONS, "shorten one of:\n" + "\n".join(sorted(long, reverse=True))


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("entremise.")]


def too_wide(model: type[models.Model]) -> bool:
    return len([field for field in model._meta.local_fields if field.name not in ("id", "organisation")]) > FIELDS


def test_models_are_nouns_not_worlds() -> None:
    wide = [model.__name__ for model in own_models() if too_wide(model)]
    assert wide == [], f"more than {FIELDS} fields: a second noun is hiding in it"


def test_a_model_that_is_a_world_is_found() -> None:
    fields = {f"f{number}": models.IntegerField() for number in range(FIELDS + 1)}
    meta = type("Meta", (), {"app_label": "planted", "abstract": True})
    assert too_wide(type("Wide", (models.Model,), {"__module__": "planted", "Meta": meta, **fields}))


def test_settings_stay_readable() -> None:
    text = (ROOT / "config" / "settings.py").read_text()
    assert text.count("\n") <= SETTINGS_LINES
    assert reads_of_the_environment(text) <= ENVIRONMENT_READS, "an operator cannot know so many variables"


def test_reads_of_the_environment_are_counted() -> None:
    assert reads_of_the_environment("os.environ['A']\nos.getenv('B')\nos.environ.get('C')") == 3


def own_scripts() -> list[Path]:
    return sorted((ROOT / "static" / "js").rglob("*.js"))


def test_own_javascript_stays_small() -> None:
    assert own_scripts()
    assert sum(file.read_text().count("\n") for file in own_scripts()) <= OWN_JAVASCRIPT


def test_scripts_lie_where_they_are_counted() -> None:
    outside = [f for f in (ROOT / "static").rglob("*.js") if f not in own_scripts() and "vendor" not in f.parts]
    assert outside == []


def test_the_stylesheet_stays_small() -> None:
    assert len(stylesheet(328, 86)) <= STYLESHEET, "a new rule replaces an old one"


def without_a_reason(text: str) -> list[str]:
    """Direct dependencies of a pyproject.toml that stand without a comment on their line."""
    project = tomllib.loads(text)
    wanted = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *(one for group in project["project"].get("optional-dependencies", {}).values() for one in group),
        *(one for group in project.get("dependency-groups", {}).values() for one in group),
    ]
    return [one for one in wanted if not re.search(rf'"{re.escape(one)}"[\],]* *# \S.{{10,}}', text)]


def test_every_dependency_has_its_reason() -> None:
    assert without_a_reason((ROOT / "pyproject.toml").read_text()) == [], "say on its line why we depend on it"


def test_a_dependency_without_reason_is_found() -> None:
    text = '[build-system]\nrequires = ["a"] # It builds the wheel.\n[project]\ndependencies = [\n"b>=1",\n]\n'
    assert without_a_reason(text) == ["b>=1"]


def test_the_lint_bans_what_the_laws_ban() -> None:
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
    assert {"PLC0415", "ANN", "TID", "T20"} <= set(lint["select"])
    banned = lint["flake8-tidy-imports"]["banned-api"]
    assert {"django.dispatch", "django.db.models.signals", "django.db.transaction.atomic"} <= set(banned)


def test_types_are_strict() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["strict"] is True


def test_a_silenced_check_says_why() -> None:
    clean(broken(silence_is_explained, sources("entremise", "config", "tests", "tools")))


def silence_is_explained(source: Source) -> Iterator[str]:
    """The reason stands on the line, or on the first of a run of such lines, or in a comment above it."""
    explained = False
    for number, line in enumerate(source.text.splitlines(), start=1):
        if not re.search(r"#\s*(type: ignore|noqa)", line):
            explained = line.lstrip().startswith("# ")
        else:
            explained = explained or bool(re.search(r"(ignore\[[^]]*\]|noqa: [A-Z0-9, ]+)\s+# \w", line))
            if not explained:
                yield f"{source.path}:{number}: name the rule and say why it does not hold here"


def test_a_silence_without_reason_is_found() -> None:
    assert found(silence_is_explained, "entremise/x.py", "x = 1  # type" + ": ignore[misc]\n")
