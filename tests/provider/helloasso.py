"""A double of HelloAsso behind a socket, written from its public reference (dev.helloasso.com, API v5).

What makes money go wrong with it: no keys, so that what is asked twice is done twice; tokens that end; checkouts that
are over after a quarter of an hour; a payment that waits for the bank; notifications without a signature, late, twice,
in any order; answers that get lost (`wire.faults`, as of the other double).
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from entremise.payments.adapters.helloasso import HelloAsso
from tests.provider.wire import Answer, Params, Wire, Wrong, serve

ORGANISATION, CLIENT, SECRET = "pas-de-porte", "client", "secret"
LASTS = 15 * 60
TOKEN = 30 * 60


@dataclass
class HelloAssoWire(Wire):
    """JSON in and out, a token instead of a key."""

    begins: tuple[str, ...] = ("/oauth2/", "/v5/")
    calls_of: "Callable[[str, str, Params], Params] | None" = None
    tokens: dict[str, int] = field(default_factory=dict)  # Until when each is good.
    now: Callable[[], int] = lambda: 0

    def answer(self, method: str, path: str, body: str, headers: dict[str, str]) -> Answer:
        with self.lock:
            self.calls.append((method, path, ""))
            try:
                if path == "/oauth2/token":
                    return 200, self._sign_in(dict(parse_qsl(body)))
                token = headers.get("authorization", "").removeprefix("Bearer ")
                if self.tokens.get(token, 0) <= self.now():
                    return 401, {"message": "Unauthorized"}
                assert self.calls_of
                return 200, self.calls_of(method, path, json.loads(body) if body else {})
            except Wrong as wrong:
                return wrong.status, wrong.body

    def _sign_in(self, given: dict[str, str]) -> Params:
        if (given["client_id"], given["client_secret"]) != (CLIENT, SECRET):
            raise Wrong(401, "invalid_client")
        token = f"token-{len(self.tokens)}"
        self.tokens[token] = self.now() + TOKEN
        return {"access_token": token, "refresh_token": "x", "token_type": "bearer", "expires_in": TOKEN}


@dataclass
class FakeHelloAsso:
    """now: stands still until a test moves it."""

    now: int = 1_790_000_000
    wire: HelloAssoWire = field(default_factory=HelloAssoWire)
    address: str = ""
    ids: "count[int]" = field(default_factory=lambda: count(100))
    checkouts: dict[int, Params] = field(default_factory=dict)
    payments: dict[int, Params] = field(default_factory=dict)
    events: list[tuple[int, Params]] = field(default_factory=list)
    told: set[int] = field(default_factory=set)

    @classmethod
    @contextmanager
    def open(cls) -> Iterator["FakeHelloAsso"]:
        fake = cls()
        fake.wire.now, fake.wire.calls_of = (lambda: fake.now), fake.do
        server, fake.address = serve(fake.wire, fake.page)
        try:
            yield fake
        finally:
            server.shutdown()
            server.server_close()

    def client(self, *, client_secret: str = SECRET) -> HelloAsso:
        """The adapter, told the time of this double."""
        return HelloAsso(
            organisation=ORGANISATION,
            client_id=CLIENT,
            client_secret=client_secret,
            address=self.address,
            clock=lambda: datetime.fromtimestamp(self.now, UTC),
            patience=0.5,
        )

    def later(self, *, seconds: int) -> None:
        self.now += seconds

    def moment(self) -> str:
        return datetime.fromtimestamp(self.now, UTC).isoformat()

    # The API

    def do(self, method: str, path: str, given: Params) -> Params:
        parts = urlsplit(path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        ours = f"/v5/organizations/{ORGANISATION}"
        if (method, parts.path) == ("POST", f"{ours}/checkout-intents"):
            return self._open(given)
        if (method, parts.path) == ("GET", f"{ours}/payments"):
            return self._listed(asked)
        if found := re.fullmatch(rf"{ours}/checkout-intents/(\d+)", parts.path):
            row = self._found(self.checkouts, found[1])
            return {
                key: value for key, value in row.items() if key in ("id", "redirectUrl", "metadata", "order") and value
            }
        if found := re.fullmatch(r"/v5/payments/(\d+)", parts.path):
            return self._found(self.payments, found[1])
        if method == "POST" and (found := re.fullmatch(r"/v5/payments/(\d+)/refund", parts.path)):
            return self.refund(int(found[1]), int(asked["amount"]) if "amount" in asked else None)
        raise Wrong(404, "not_found")

    def _found(self, rows: dict[int, Params], id_: str) -> Params:
        if not id_.isdecimal() or int(id_) not in rows:
            raise Wrong(404, "not_found")
        return rows[int(id_)]

    def _open(self, given: Params) -> Params:
        needed = {"totalAmount", "initialAmount", "itemName", "backUrl", "errorUrl", "returnUrl", "containsDonation"}
        if needed - given.keys() or given["totalAmount"] != given["initialAmount"] or given["totalAmount"] < 50:
            raise Wrong(400, "bad_request")
        id_ = next(self.ids)
        url = f"{self.address}/checkout/{id_}"
        self.checkouts[id_] = {**given, "id": id_, "redirectUrl": url, "order": None, "until": self.now + LASTS}
        return {"id": id_, "redirectUrl": url}

    def _listed(self, asked: Params) -> Params:
        since = datetime.fromisoformat(asked["from"])
        rows = [one for one in self.payments.values() if datetime.fromisoformat(one["date"]) >= since][::-1]
        begin, size = int(asked.get("continuationToken", 0)), int(asked["pageSize"])
        return {
            "data": rows[begin : begin + size],
            "pagination": {"pageSize": size, "continuationToken": str(begin + size)},
        }

    def refund(self, payment: int, amount: int | None = None) -> Params:
        """Asked twice it is done twice, as far as there is anything left."""
        row = self.payments[payment]
        left = row["items"][0]["shareAmount"] - sum(one["amount"] for one in row["refundOperations"])
        wanted = left if amount is None else amount
        if row["state"] != "Authorized" or not 0 < wanted <= left:
            raise Wrong(400, "bad_request")
        operation = {"id": next(self.ids), "amount": wanted, "amountTip": 0, "state": "Processed"}
        row["refundOperations"].append(operation)
        if wanted == left:
            row["state"] = "Refunding"
        self._say("Payment", row)
        return operation

    # The page, and what the bank and time do

    def pay(self, checkout: str, *, tip: int = 0, state: str = "Authorized") -> Params:
        """The payer fills the page in. Raises Wrong when it is over, or was paid on. tip: for HelloAsso itself."""
        with self.wire.lock:
            row = self._found(self.checkouts, checkout)
            if row["order"] or self.now > row["until"]:
                raise Wrong(400, "over")
            if state == "Refused":
                return row
            item = {"id": next(self.ids), "shareAmount": row["totalAmount"], "shareItemAmount": row["totalAmount"]}
            payment: dict[str, Any] = {
                "id": next(self.ids),
                "amount": row["totalAmount"] + tip,
                "amountTip": tip,
                "items": [item],
                "date": self.moment(),
                "state": state,
                "cashOutState": "Transfered",
                "refundOperations": [],
            }
            self.payments[payment["id"]] = payment
            row["order"] = {"id": next(self.ids), "checkoutIntentId": row["id"], "payments": [payment]}
            self._say("Order", row["order"])
            self._say("Payment", payment)
            return row

    def becomes(self, payment: int, state: str) -> None:
        self.payments[payment]["state"] = state
        self._say("Payment", self.payments[payment])

    def pay_out(self) -> int:
        """All that is there, to the organisation's bank."""
        rows = [one for one in self.payments.values() if one["state"] == "Authorized" and "cashOutDate" not in one]
        for one in rows:
            one.update(cashOutState="CashedOut", cashOutDate=self.moment())
        return sum(one["items"][0]["shareAmount"] for one in rows)

    def page(self, method: str, path: str, body: str) -> tuple[int, str, str]:
        checkout = urlsplit(path).path.rpartition("/")[2]
        row = self.checkouts.get(int(checkout))
        if method == "POST" and row:
            self.pay(checkout)
            return 303, "text/plain", f"{row['returnUrl']}?checkoutIntentId={checkout}&code=succeeded"
        return (
            200 if row else 404,
            "text/html; charset=utf-8",
            "<!doctype html><title>HelloAsso</title><form method=post>",
        )

    # Notifications

    def _say(self, kind: str, thing: Params) -> None:
        self.events.append((next(self.ids), {"eventType": kind, "data": json.loads(json.dumps(thing))}))

    def deliver(self, post: Callable[[bytes, dict[str, str]], int], *, chance: Random | None = None) -> None:
        """Send what nobody has taken yet. chance: some twice, some not now, in any order."""
        events = [one for one in self.events if one[0] not in self.told]
        if chance:
            events = [one for one in events for _ in range(chance.choice((0, 1, 1, 2)))]
            chance.shuffle(events)
        for number, event in events:
            if post(json.dumps(event).encode(), {"Content-Type": "application/json"}) == 200:
                self.told.add(number)

    def kept(self, payment: Params) -> int:
        """What the organisation has of it."""
        lost = payment["state"] in ("Contested", "Refused")
        return 0 if lost else payment["items"][0]["shareAmount"] - sum(o["amount"] for o in payment["refundOperations"])


def hours(number: float) -> int:
    return int(timedelta(hours=number).total_seconds())
