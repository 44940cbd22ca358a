"""The document of the API as a page, for people."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from entremise.doors.api.document import document
from entremise.doors.frame.visit import anyone
from entremise.doors.frame.ways import read

METHODS = ("get", "post")


@read(anyone)
def page(request: HttpRequest) -> HttpResponse:
    """Every address by its resource, with what it takes and answers; no script."""
    made = document()
    groups: dict[str, list[dict[str, Any]]] = {one["name"]: [] for one in made["tags"]}
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            groups[operation["tags"][0]].append(_row(path, method, operation))
    schemas = [
        {"name": name, "text": one.get("description", ""), "fields": _fields(one)}
        for name, one in sorted(made["components"]["schemas"].items())
    ]
    about = made["info"]["description"].split("\n\n")  # Its lines are cut where a source file cuts them.
    context = {"groups": groups.items(), "schemas": schemas, "about": about, "nav": []}
    return render(request, "site/api.html", context)


def _row(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    scope = next((one for row in operation["security"] for one in row["program"]), "")
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answers = [
        {"status": status, "text": one["description"], "schema": _named(content.get("schema", {}))}
        for status, one in operation["responses"].items()
        for content in one.get("content", {"": {}}).values()
    ]
    return {
        **operation,
        "path": path,
        "method": method.upper(),
        "scope": scope,
        "body": _named(body) if body else "",
        "answers": answers,
        "text": operation.get("description", "").partition("\n\nScope")[0].removeprefix("Scope `").strip(),
    }


def _fields(schema: dict[str, Any]) -> list[dict[str, Any]]:
    needed = schema.get("required", [])
    return [
        {"name": name, "kind": _named(one), "needed": name in needed, "text": one.get("description", "")}
        for name, one in schema.get("properties", {}).items()
    ]


def _named(schema: dict[str, Any]) -> str:
    """A schema in a word or two: `list of RequestTold`, `string (uuid) or null`, `one of client, worker`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_named(one) for one in schema["anyOf"])
    if "enum" in schema:
        return "one of " + ", ".join(str(one) or "“”" for one in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_named(schema.get('items', {}))}"
    kind = str(schema.get("type", schema.get("const", "anything")))
    return f"{kind} ({schema['format']})" if "format" in schema else kind
