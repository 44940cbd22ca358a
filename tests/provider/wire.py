"""How a payment provider speaks: forms in, JSON out, keys that make a repeat harmless, and the faults of a network.

Written from the provider's public reference (Stripe API 2026-10-28), not from anybody's code. What it does with money
is in `till.py`.
"""

import json
import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

Params = dict[str, Any]
Answer = tuple[int, Params]
Handler = Callable[..., Params]

SLOW = 3.0  # Seconds: longer than whoever calls is patient in the tests.


class Wrong(Exception):
    """What the provider answers to a question it cannot fulfil."""

    def __init__(self, status: int, kind: str, code: str = "", message: str = "", **more: object) -> None:
        super().__init__(message or code or kind)
        said = {"type": kind, "code": code, "message": message or code or kind, **more}
        self.status, self.body = status, {"error": {key: one for key, one in said.items() if one != ""}}


def invalid(message: str, code: str = "", param: str = "") -> Wrong:
    return Wrong(400, "invalid_request_error", code, message, param=param)


def missing(what: str, id_: str) -> Wrong:
    return Wrong(404, "invalid_request_error", "resource_missing", f"No such {what}: '{id_}'", param="id")


def declined(code: str) -> Wrong:
    return Wrong(402, "card_error", "card_declined", "Your card was declined.", decline_code=code)


def nested(pairs: list[tuple[str, str]]) -> Params:
    """`a[b][0]=c` as {"a": {"b": ["c"]}}."""
    root: Params = {}
    for name, value in pairs:
        first, *rest = re.findall(r"[^\[\]]+|(?<=\[)(?=\])", name)
        here: Params = root
        for key, after in zip([first, *rest], [*rest, None], strict=False):
            if after is None:
                here[key or str(len(here))] = value
            else:
                here = here.setdefault(key or str(len(here)), {})
    return {key: _listed(value) for key, value in root.items()}


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(one) for key, one in value.items()}
    if inner and all(key.isdecimal() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner


@dataclass
class Kept:
    """The first answer to a key. answer: None while the first is still being worked on."""

    request: tuple[str, str, str]
    answer: Answer | None = None


@dataclass
class Wire:
    """The endpoints, and one lock: the provider does one thing after the other.

    faults: what happens to the next calls, in order. refuse: the connection ends before anything is done; lose: it is
    done and the answer never comes; slow: it is done and answered late; fail: a 500 before anything is done; busy: 429.
    """

    routes: list[tuple[str, re.Pattern[str], Handler]] = field(default_factory=list)
    keys: dict[str, Kept] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    calls: list[tuple[str, str, str]] = field(default_factory=list)  # (method, path, key), as they came in.
    lock: threading.RLock = field(default_factory=threading.RLock)
    things: dict[str, Params] = field(default_factory=dict)  # By id, for whoever asks for a thing inside another.
    secret: str = "sk_test_fake"
    begins: tuple[str, ...] = ("/v1/",)  # Addresses of the API; the rest are pages.

    def route(self, method: str, path: str, handler: Handler) -> None:
        pattern = re.compile("^" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + "$")
        self.routes.append((method, pattern, handler))

    def expanded(self, row: Params, path: list[str]) -> Params:
        """The row with the things themselves where only their ids stood."""
        name, *rest = path
        inner = row.get(name)
        if isinstance(inner, list):
            return {**row, name: [self.expanded(one, rest) for one in inner]}
        whole = self.things.get(inner) if isinstance(inner, str) else inner
        return {**row, name: self.expanded(whole, rest) if rest and whole else whole}

    def answer(self, method: str, path: str, body: str, headers: dict[str, str]) -> Answer:
        if headers.get("authorization", "").removeprefix("Bearer ") != self.secret:
            return 401, Wrong(401, "invalid_request_error", message="Invalid API Key provided").body
        key = headers.get("idempotency-key", "") if method == "POST" else ""
        account = headers.get("stripe-account", "")
        with self.lock:
            self.calls.append((method, path, key))
            if key and (again := self._again(key, (path, body, account))):
                return again
            try:
                done = 200, self._do(method, path, body, account)
            except Wrong as wrong:
                done = wrong.status, wrong.body
                if wrong.status == 400:  # Never begun: what was asked may be put right under the same key.
                    self.keys.pop(key, None)
                    return done
            if key:
                self.keys[key].answer = done
            return done

    def _again(self, key: str, request: tuple[str, str, str]) -> Answer | None:
        kept = self.keys.setdefault(key, Kept(request))
        if kept.request != request:
            text = "Keys for idempotent requests can only be used with the same parameters they were first used with."
            return 400, Wrong(400, "idempotency_error", message=text).body
        return kept.answer

    def _do(self, method: str, path: str, body: str, account: str) -> Params:
        parts = urlsplit(path)
        for wanted, pattern, handler in self.routes:
            if wanted == method and (found := pattern.match(parts.path)):
                given = nested(parse_qsl(body or parts.query, keep_blank_values=True))
                wanted_whole = given.pop("expand", [])
                row = handler(given, account=account, **found.groupdict())
                for path_ in wanted_whole:
                    row = self.expanded(row, path_.split("."))
                return row
        raise Wrong(404, "invalid_request_error", message=f"Unrecognized request URL ({method}: {path})")


class Caller(BaseHTTPRequestHandler):
    """One call over a socket."""

    protocol_version = "HTTP/1.1"
    wire: ClassVar[Wire]
    page: ClassVar[Callable[[str, str, str], tuple[int, str, str]]]  # What a payer's browser is shown.

    def do_GET(self) -> None:
        self._call()

    def do_POST(self) -> None:
        self._call()

    def do_DELETE(self) -> None:
        self._call()

    def _call(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        if not self.path.startswith(self.wire.begins):
            status, kind, text = type(self).page(self.command, self.path, body)
            return self._send(status, text.encode(), kind)
        fault = self.wire.faults.pop(0) if self.wire.faults else ""
        if fault == "refuse":
            return self._hang_up()
        if fault in ("fail", "busy"):
            wrong = Wrong(500, "api_error") if fault == "fail" else Wrong(429, "invalid_request_error", "rate_limit")
            return self._say(wrong.status, wrong.body)
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, answer = self.wire.answer(self.command, self.path, body, headers)
        if fault == "lose":
            return self._hang_up()
        if fault == "slow":
            time.sleep(SLOW)
        return self._say(status, answer)

    def _hang_up(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(2)

    def _say(self, status: int, answer: Params) -> None:
        self._send(status, json.dumps(answer).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        with suppress(OSError):  # Whoever asked has lost patience.
            self.send_response(status)
            for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), ("Request-Id", "req_fake")):
                self.send_header(name, value)
            if status == 303:
                self.send_header("Location", body.decode())
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *said: object) -> None:
        """Nobody reads it."""


def serve(wire: Wire, page: Callable[[str, str, str], tuple[int, str, str]]) -> tuple[ThreadingHTTPServer, str]:
    """On a free port of this machine; the caller shuts it down."""
    handler = type("Bound", (Caller,), {"wire": wire, "page": staticmethod(page)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_address[1]}"
