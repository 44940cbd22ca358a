"""A client that knows nothing of Entremise: it reads a document (OpenAPI 3.1) and has a method for each operation.

Written as somebody outside would write it: names of operations, parameters and bodies all come from the document.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from jsonschema import Draft202012Validator

Answer = tuple[int, dict[str, str], bytes]
Send = Callable[[str, str, dict[str, str], bytes], Answer]  # Method, address, headers, body.


class NotInTheDocument(Exception):
    """The server answered what its document does not announce, or the caller asked for what it does not offer."""


@dataclass
class Failed(Exception):
    """An error that the document announces, with its problem document."""

    status: int
    problem: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.status} {self.problem.get('code')}: {self.problem.get('detail')}"


class Generated:
    """`client.createRequest(activity="menage", …)`: parameters and fields of the body by their names."""

    def __init__(self, document: dict[str, Any], send: Send, key: str) -> None:
        self._document, self._send, self._key = document, send, key
        self._operations = {
            operation["operationId"]: (method.upper(), path, operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        }

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in self._operations:
            raise NotInTheDocument(f"no operation is called {name}")
        return lambda **given: self._call(name, given)

    def pages(self, name: str, **given: Any) -> Iterator[dict[str, Any]]:
        """Every row of a list, page after page."""
        page = getattr(self, name)(**given)
        yield from page["rows"]
        while page["next"]:
            page = getattr(self, name)(**given, cursor=page["next"])
            yield from page["rows"]

    def _call(self, name: str, given: dict[str, Any]) -> Any:
        method, path, operation = self._operations[name]
        headers = {"Accept": "application/json, application/problem+json, application/pdf"}
        if operation["security"]:
            headers["Authorization"] = f"Bearer {self._key}"
        query = {}
        for one in operation["parameters"]:
            if one["in"] == "header":
                headers[one["name"]] = given.pop("attempt", str(uuid4()))
            elif one["name"] in given:
                self._check(given[one["name"]], one["schema"], f"{name}: {one['name']}")
                if one["in"] == "path":
                    path = path.replace(f"{{{one['name']}}}", str(given.pop(one["name"])))
                else:
                    query[one["name"]] = str(given.pop(one["name"]))
        if missing := re.findall(r"{(\w+)}", path):
            raise NotInTheDocument(f"{name}: {missing} must be given")
        body = b""
        if "requestBody" in operation:
            self._check(given, operation["requestBody"]["content"]["application/json"]["schema"], f"{name}: body")
            body, headers["Content-Type"] = json.dumps(given).encode(), "application/json"
        elif given:
            raise NotInTheDocument(f"{name} takes no {sorted(given)}")
        address = path + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")
        return self._read(name, operation, *self._send(method, address, headers, body))

    def _read(self, name: str, operation: dict[str, Any], status: int, headers: dict[str, str], body: bytes) -> Any:
        announced = operation["responses"].get(str(status))
        kind = headers["Content-Type"].partition(";")[0]
        if announced is None or kind not in announced.get("content", {}):
            raise NotInTheDocument(f"{name} answered {status} {kind}: {body[:300]!r}")
        if not kind.endswith("json"):
            return body
        read = json.loads(body)
        self._check(read, announced["content"][kind]["schema"], f"{name}: {status}")
        if status >= 400:
            raise Failed(status, read)
        return read

    def _check(self, value: Any, schema: dict[str, Any], where: str) -> None:
        whole = {**schema, "components": self._document["components"]}
        wrong = next(Draft202012Validator(whole).iter_errors(json.loads(json.dumps(value))), None)
        if wrong:
            raise NotInTheDocument(f"{where}: {wrong.message} at {list(wrong.path)}")
