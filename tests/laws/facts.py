"""The fact types of the house, read from its source. `python -m tests.laws.facts` prints what docs/facts.md lacks."""

import ast
import importlib
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache

from entremise.kernel.state import StateTable
from tests.laws.tree import ROOT, Source, sources, textual_constants

DOCUMENT = ROOT / "docs" / "facts.md"
RECORDS = ("entremise.history.operations.record", "entremise.history.operations.record_many")


@cache
def state_tables() -> tuple[tuple[str, StateTable], ...]:
    """Each state table of the rules, with its room."""
    found: dict[int, tuple[str, StateTable]] = {}
    for source in sources():
        if source.kind == "rules":
            module = importlib.import_module(
                source.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            )
            tables = [value for value in vars(module).values() if isinstance(value, StateTable)]
            found.update({id(table): (source.room, table) for table in tables})
    return tuple(found.values())


def recorded(source: Source) -> Iterator[tuple[str, str]]:
    """Each fact type that a file records by name, and the thing it happened to."""
    if source.room == "history":
        return
    for call, name in source.calls:
        if name in RECORDS:
            given = {one.arg: one.value for one in call.keywords}
            thing = next(textual_constants(given["thing"]), "") if "thing" in given else ""
            for type_ in textual_constants(given["type"]):
                yield type_, thing
            if isinstance(given["type"], ast.Subscript):
                yield from ((type_, thing) for type_ in _table_values(source, given["type"].value))


def unreadable(source: Source) -> Iterator[str]:
    """Facts whose type cannot be read from the source: they could not be documented."""
    for call, name in source.calls:
        if name in RECORDS and source.room != "history":
            type_ = next((one.value for one in call.keywords if one.arg == "type"), None)
            named = type_ is not None and (isinstance(type_, ast.Name | ast.Subscript) or any(textual_constants(type_)))
            if not named or (isinstance(type_, ast.Name) and type_.id not in _stepped(source)):
                yield f"{source.at(call)}: record a type written here, or the fact of a state table's step"


def _stepped(source: Source) -> set[str]:
    """Variables that hold the fact of a step, or are handed in by a helper's caller."""
    names = {one.arg for function in source.functions for one in function.args.kwonlyargs}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            names |= {one.id for one in node.targets[0].elts if isinstance(one, ast.Name)}
    return names


def _table_values(source: Source, node: ast.expr) -> Iterable[str]:
    """The values of a dictionary of rules: `rules.ANSWERS`."""
    module, _, name = source.full(node).rpartition(".")
    return tuple(getattr(importlib.import_module(module), name).values()) if module.startswith("entremise.") else ()


@cache
def known() -> dict[str, tuple[str, str]]:
    """Every fact type with its room and the thing it happens to."""
    found: dict[str, tuple[str, str]] = {}
    for source in sources():
        for type_, thing in recorded(source):
            found.setdefault(type_, (source.room, thing))
    for room, table in state_tables():
        for fact in table.facts:
            found.setdefault(fact, (room, table.name))  # A fact recorded by name is what a step only mentions.
    return found


def documented() -> dict[str, tuple[str, str]]:
    """The rows of docs/facts.md: type → (room, thing)."""
    room, rows = "", {}
    for line in DOCUMENT.read_text().splitlines():
        if heading := re.match(r"## (\w+)", line):
            room = heading[1]
        elif row := re.match(r"\| `(\w+)` \| ([^|]*) \| [^|]*\S[^|]* \| [^|]* \|$", line):
            rows[row[1]] = (room, row[2].strip())
    return rows


def main() -> None:
    for type_, (room, thing) in sorted(known().items(), key=lambda one: (one[1][0], one[0])):
        if type_ not in documented():
            sys.stdout.write(f"{room}: | `{type_}` | {thing} | … | |\n")
    for type_ in sorted(set(documented()) - set(known())):
        sys.stdout.write(f"nobody records {type_} any more\n")


if __name__ == "__main__":
    main()
