"""The project's own source, as the laws read it. A law is a function from one Source to sentences that say what to do;
it takes text, so that its test can plant the fault that it must find.
"""

import ast
import configparser
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "entremise"
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Source:
    """A Python file: its path from the root of the project, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def room(self) -> str:
        """The package under entremise, or "" outside of it."""
        parts = self.path.split("/")
        return parts[1] if parts[0] == "entremise" and len(parts) > 2 else ""

    @property
    def kind(self) -> str:
        """The kind of line it holds: models, operations, queries, rules…; the second part of its path in the room."""
        return self.path.split("/")[2].removesuffix(".py") if self.room else ""

    @property
    def in_a_room(self) -> bool:
        return self.room not in ("", "kernel", "doors") and self.kind != "migrations"

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}"

    @cached_property
    def names(self) -> dict[str, str]:
        """What each imported name stands for, in full: `{"record": "entremise.history.operations.record"}`."""
        found = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    name = alias.asname or alias.name.partition(".")[0]
                    found[name] = alias.name if alias.asname else name
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        return found

    @cached_property
    def imports(self) -> list[tuple[ast.stmt, str]]:
        """Each import with the full name of what it brings in."""
        found: list[tuple[ast.stmt, str]] = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [(node, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                found += [(node, f"{node.module}.{alias.name}") for alias in node.names]
        return found

    def full(self, node: ast.expr) -> str:
        """The full dotted name of `a.b.c`, imports resolved; "" for anything else."""
        if isinstance(node, ast.Name):
            return self.names.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            before = self.full(node.value)
            return f"{before}.{node.attr}" if before else ""
        return ""

    @cached_property
    def calls(self) -> list[tuple[ast.Call, str]]:
        return [(node, self.full(node.func)) for node in ast.walk(self.tree) if isinstance(node, ast.Call)]

    @cached_property
    def functions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        return [node for node in ast.walk(self.tree) if isinstance(node, FUNCTIONS)]

    @property
    def top(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Functions of the module itself, not of its classes."""
        return [node for node in self.tree.body if isinstance(node, FUNCTIONS)]


Law = Callable[[Source], Iterable[str]]


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """Every Python file of the folders but migrations, in the order of their paths."""
    files = (file for folder in folders or ("entremise", "config") for file in sorted((ROOT / folder).rglob("*.py")))
    return tuple(
        Source(str(file.relative_to(ROOT)), file.read_text()) for file in files if file.parent.name != "migrations"
    )


def broken(law: Law, among: Iterable[Source] | None = None) -> list[str]:
    """What a law has to say about the project."""
    return [sentence for source in (sources() if among is None else among) for sentence in law(source)]


def found(law: Law, path: str, text: str) -> list[str]:
    """What a law has to say about a file that does not exist."""
    return list(law(Source(path, text)))


def under(name: str, packages: Iterable[str]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def textual_constants(node: ast.expr) -> Iterator[str]:
    """The strings that an expression may become: a literal, both arms of a condition, the pattern of an f-string."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from textual_constants(node.body)
        yield from textual_constants(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)


@cache
def layers() -> dict[str, int]:
    """Each room's height in the house, from .importlinter: the kernel is 0, siblings share a number."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    rows = [line for line in contracts["importlinter:contract:rooms"]["layers"].splitlines() if line.strip()]
    return {room: height for height, row in enumerate(reversed(rows)) for room in re.findall(r"\w+", row)}


def clean(sentences: Iterable[str]) -> None:
    """Fail with every sentence on a line of its own: what to do, and where."""
    said = sorted(set(sentences))
    assert not said, "\n  " + "\n  ".join(said)
