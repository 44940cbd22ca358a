"""Rules of motion 2 and 3 (ARCHITECTURE): an operation has one shape, a query asks and never writes."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache

import pytest

from tests.laws.tree import Law, Source, broken, clean, found, sources

WRITES = {"create", "bulk_create", "save", "delete", "bulk_update", "get_or_create", "update_or_create"}
RECORDS = {"record", "record_many"}
UNDER_HISTORY = {"tenancy", "figures", "history", "ledger"}  # Rooms that cannot see history, or are it.

# Operations that change rows and record nothing, each with its reason.
SILENT = {
    "messaging.claim": "A lease on a row that is about to be sent; the sending is the fact.",
    "people.import_places": "Reference rows shared by all organisations; facts belong to one.",
    "people.load_places": "The same rows.",
    "people.note_program_use": "A day, for whoever looks over the keys; what the program did is the fact.",
    "people.begin_attempt": "Names an attempt; what it did is the fact.",
    "people.keep_answer": "The same row.",
    "people.forget_answers": "Copies of answers, kept for some days only.",
    "jobs.keep_answers": "Nothing happened until it is sent; a stranger must not fill the history.",
    "jobs.take_over_unsent": "The same.",
    "jobs.forget_unsent": "The same: what never happened leaves no trace, nor who began it.",
    "jobs.end_unsent": "The sending, or the call that finished it, is the fact.",
    "payments.claim_instructions": "A lease on a row that is about to be carried; the carrying is the fact.",
    "payments.hear": "A hint to look, kept so that it counts once; what is found by looking is the fact.",
    "agreements.attach": "A step of drawing up; the issue of the document is the fact.",
    "payments.note_doubts": "A hint for whoever matches the line by hand; the settling is the fact.",
    "payments.count_uses": "How often a rule served; the settling of each line is the fact.",
    "documents.keep_print": "The PDF is a pure function of a document whose issue was recorded.",
}


def interface(source: Source) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """What other rooms and doors may call: public functions, and of a package only what its front names."""
    if not source.in_a_room or source.kind not in ("operations", "queries"):
        return []
    named = front(source.room, source.kind) if source.path.count("/") == 3 else None
    return [one for one in source.top if not one.name.startswith("_") and (named is None or one.name in named)]


@cache
def front(room: str, kind: str) -> frozenset[str]:
    (package,) = [one for one in sources() if one.path == f"entremise/{room}/{kind}/__init__.py"]
    return frozenset(package.names)


def keyword_only(source: Source) -> Iterator[str]:
    for function in interface(source):
        if function.args.posonlyargs or function.args.args or function.args.vararg:
            yield f"{source.at(function)}: {function.name}(*, …): callers name what they pass to a room"


def documented(source: Source) -> Iterator[str]:
    for function in interface(source):
        if source.kind == "operations" and not ast.get_docstring(function):
            yield f"{source.at(function)}: say what {function.name} does that its name does not: units, errors, repeats"


def told_who_acts(source: Source) -> Iterator[str]:
    for function in interface(source):
        names = [one.arg for one in function.args.kwonlyargs]
        if "act" in names and names[0] != "act":
            yield f"{source.at(function)}: `act: Act` comes first in {function.name}"
        if called(function) & RECORDS and "act" not in names and source.room != "history":
            yield f"{source.at(function)}: {function.name} records a fact, so it is told the act: add `act: Act`"


def asks_only(source: Source) -> Iterator[str]:
    if source.kind != "queries":
        return
    for call, _ in source.calls:
        if writes(call):
            yield f"{source.at(call)}: a query never writes; move it to operations"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            first = node.value.split(maxsplit=1)[:1]
            if first and first[0] in ("INSERT", "UPDATE", "DELETE", "TRUNCATE"):
                yield f"{source.at(node)}: a query never writes; move it to operations"


def leaves_a_trace(source: Source) -> Iterator[str]:
    """Every operation that changes rows records a fact, or has another operation do so. A reading of the text:
    calls are followed by name inside the room's operations; what another room's operation does is its own affair.
    """
    if source.kind != "operations" or source.room in UNDER_HISTORY or not source.in_a_room:
        return
    near = helpers(source)
    for function in interface(source):
        if f"{source.room}.{function.name}" in SILENT:
            continue
        reached = reach(function, near)
        calls = [call for one in reached for call in ast.walk(one) if isinstance(call, ast.Call)]
        if any(writes(call) for call in calls) and not any(traces(call, source) for call in calls):
            yield f"{source.at(function)}: {function.name} changes rows; record the fact, or say in SILENT why not"


@cache
def operations_of(room: str) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    return {
        function.name: function
        for one in sources()
        if one.room == room and one.kind == "operations"
        for function in one.functions
    }


def helpers(source: Source) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    return {**operations_of(source.room), **{function.name: function for function in source.functions}}


def reach(
    function: ast.FunctionDef | ast.AsyncFunctionDef, near: dict[str, ast.FunctionDef | ast.AsyncFunctionDef]
) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    seen, frontier = {function.name: function}, [function]
    while frontier:
        for name in called(frontier.pop()):
            if name in near and name not in seen:
                seen[name] = near[name]
                frontier.append(near[name])
    return list(seen.values())


def called(function: ast.AST) -> set[str]:
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return {f.id if isinstance(f, ast.Name) else f.attr for f in calls if isinstance(f, ast.Name | ast.Attribute)}


def writes(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    if call.func.attr == "update":  # A dictionary takes a mapping; a queryset takes its columns by name.
        return bool(call.keywords) and not call.args
    return call.func.attr in WRITES


def traces(call: ast.Call, source: Source) -> bool:
    name = source.full(call.func)
    return name.rpartition(".")[2] in RECORDS or (".operations." in name and not name.startswith("entremise.tenancy."))


LAWS: list[Law] = [keyword_only, documented, told_who_acts, asks_only, leaves_a_trace]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_rooms_keep_the_shape(law: Law) -> None:
    clean(broken(law))


PLANTED = [
    (keyword_only, "operations", "def publish(act): ..."),
    (keyword_only, "queries", "def find(typed, *, limit=8): ..."),
    (documented, "operations", "def publish(*, act): ..."),
    (told_who_acts, "operations", "def publish(*, person, act): ..."),
    (told_who_acts, "operations", "def publish(*, person):\n    record(type='x')"),
    (asks_only, "queries", "def find(*, name):\n    Person.objects.create(name=name)"),
    (asks_only, "queries", "def find(*, name):\n    Person.objects.filter(name=name).update(name='')"),
    (asks_only, "queries", "def find(*, name):\n    cursor.execute('DELETE FROM people_person')"),
    (leaves_a_trace, "operations", "def drop(*, act, row):\n    row.delete()"),
    (leaves_a_trace, "operations", "def drop(*, act, row):\n    _drop(row)\ndef _drop(row):\n    row.save()"),
]


@pytest.mark.parametrize(("law", "kind", "text"), PLANTED, ids=lambda value: getattr(value, "__name__", None))
def test_a_planted_fault_is_found(law: Law, kind: str, text: str) -> None:
    assert found(law, f"entremise/planted/{kind}.py", text)


SOUND = [
    "def drop(*, act, row):\n    row.delete()\n    _tell(act)\ndef _tell(act):\n    record(act=act, type='x')",
    "from entremise.market.operations import close\ndef drop(*, act, row):\n    row.delete()\n    close(act=act)",
    "def read(*, act, words):\n    words.update({1: 2})",
]


@pytest.mark.parametrize("text", SOUND)
def test_a_trace_left_elsewhere_counts(text: str) -> None:
    assert not found(leaves_a_trace, "entremise/planted/operations.py", text)


def test_every_silent_operation_exists() -> None:
    rooms: Iterable[str] = {name.partition(".")[0] for name in SILENT}
    known = {f"{room}.{name}" for room in rooms for name in operations_of(room)}
    assert set(SILENT) <= known, "take it out of SILENT"
