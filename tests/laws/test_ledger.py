"""Every promise of docs/ledger.md names tests that prove it, and they exist."""

import ast
import re
from uuid import UUID

from entremise.doors.frame.words_proof import PROBLEMS, problem
from entremise.ledger.rules import Problem, differences, digest
from tests.laws.tree import ROOT, clean, sources

TEST = re.compile(r"^- `(tests/[\w/]+\.py)::(\w+)`$", re.MULTILINE)


def promises(text: str) -> dict[str, list[tuple[str, str]]]:
    """Promise → its tests, (file, name)."""
    kept = text.partition("## What it does not promise")[0]
    return {part.partition("\n")[0]: TEST.findall(part) for part in kept.split("\n### ")[1:]}


def unproved(text: str) -> list[str]:
    wrong = []
    for promise, tests in promises(text).items():
        if not tests:
            wrong.append(f"{promise}: name a test that proves it")
        for file, name in tests:
            path = ROOT / file
            tree = ast.parse(path.read_text()) if path.exists() else ast.Module([], [])
            if name not in {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}:
                wrong.append(f"{promise}: {file}::{name} is not there")
    return wrong


def said() -> str:
    return (ROOT / "docs" / "ledger.md").read_text()


def test_every_promise_of_the_ledger_has_its_tests() -> None:
    clean(unproved(said()))


def test_promises_are_numbered() -> None:
    numbers = [int(promise.partition(".")[0]) for promise in promises(said())]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_promise_without_a_test_is_found() -> None:
    assert unproved("## A\n\n### 1. Nothing is lost\n\nWords.\n") == ["1. Nothing is lost: name a test that proves it"]


def test_a_test_that_is_gone_is_found() -> None:
    planted = "## A\n\n### 1. Nothing is lost\n\n- `tests/ledger/test_entries.py::test_of_yesterday`\n"
    assert unproved(planted) == ["1. Nothing is lost: tests/ledger/test_entries.py::test_of_yesterday is not there"]


def row(number: int, content: str = "") -> bytes:
    return digest([UUID(int=number), content])


def test_everything_that_a_proof_may_find_has_its_sentence() -> None:
    text = "".join(one.text for one in sources() if one.room == "ledger" or one.path.endswith("clock/proving.py"))
    named = re.findall(r'\b(?:Problem|_differing)\(\s*"(\w+)"', text)
    assert {*named, *(code for code, _ in differences(row(1) + row(2), row(1, "other") + row(3)))} == set(PROBLEMS)
    for code in PROBLEMS:
        assert "%(" not in problem(Problem(code, "x", 1, 2, "EUR"))
