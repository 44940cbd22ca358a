"""The codes by which rooms say no, read from their source, each with the parameters that its sentence may name."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from tests.laws.tree import Source, sources, textual_constants

REFUSED = ("entremise.kernel.refused.Refused",)
PREVIEW = ("entremise.people.rules.preview.Reason",)
MATCHING = ("entremise.jobs.rules.matching.Reason",)
BLOCK = ("entremise.jobs.rules.limits.Block",)

# Codes put together at run time: pattern → what it becomes.
COMPOSED = {
    "pass_*": ("pass_missing", "pass_suspended"),  # jobs.rules.limits.missing_papers
    # jobs.rules.lines: what a line of a spreadsheet must say.
    "*_missing": ("client_missing", "day_missing", "minutes_missing", "what_missing", "worker_missing"),
}


@dataclass(frozen=True)
class Said:
    """A code where it is raised. params None: not written there, so that its sentence may name none."""

    code: str
    params: frozenset[str] | None
    at: str


def said(source: Source, names: tuple[str, ...]) -> Iterator[Said]:
    """Every code that a file gives to one of `names`; "" stands for a code that cannot be read."""
    module = source.path.removesuffix(".py").replace("/", ".")
    for call, name in source.calls:
        if name not in names and f"{module}.{name}" not in names:
            continue
        given = {one.arg: one.value for one in call.keywords}
        code = _written(source, call, call.args[0] if call.args else given.get("code"))
        params = _written(source, call, call.args[1] if len(call.args) > 1 else given.get("params"))
        codes = [real for one in (textual_constants(code) if code else ()) for real in COMPOSED.get(one, (one,))]
        if not codes and source.room == "doors":
            continue  # A door only repeats what a room said.
        for one in codes or [""]:
            yield Said(one, _keys(params), source.at(call))


def _written(source: Source, call: ast.Call, node: ast.expr | None) -> ast.expr | None:
    """What a variable was given a line or two before; anything else as it stands."""
    if not isinstance(node, ast.Name):
        return node
    before = [
        one.value
        for one in ast.walk(source.tree)
        if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == node.id and one.lineno < call.lineno
    ]
    return max(before, key=lambda one: one.lineno, default=node)


def _keys(node: ast.expr | None) -> frozenset[str] | None:
    if node is None:
        return frozenset()
    if not isinstance(node, ast.Dict):
        return None
    return frozenset(key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))


def all_said(names: tuple[str, ...]) -> list[Said]:
    return [one for source in sources("entremise") for one in said(source, names)]


if __name__ == "__main__":
    for table in (REFUSED, PREVIEW, MATCHING, BLOCK):
        for row in sorted(all_said(table), key=lambda one: (one.at.split("/")[1], one.code)):
            sys.stdout.write(f"{row.code:28} {sorted(row.params) if row.params is not None else None} {row.at}\n")
