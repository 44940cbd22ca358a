"""The fake provider as tests hold it: a till behind a socket, and the messages that it sends.

`with Fake.open() as fake:` serves it; the provider's own SDK speaks to `fake.address`. What the public fakes of this
provider lack is what makes money go wrong: keys that are honoured, holds that run out, debits that come back after
weeks, transfers and reversals, disputes, answers that get lost, messages that come late, twice or in another order.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from html import escape
from random import Random
from urllib.parse import parse_qs, urlsplit

from tests.provider import kept
from tests.provider.till import SESSION, Till
from tests.provider.wire import Handler, Params, Wire, Wrong, invalid, missing, serve

Post = Callable[[bytes, dict[str, str]], int]  # Gives a message to whom it is for; the status that they answer.


@dataclass
class Fake:
    till: Till = field(default_factory=Till)
    wire: Wire = field(default_factory=Wire)
    address: str = ""
    webhook_secret: str = "whsec_fake"
    told: set[str] = field(default_factory=set)  # Events that were taken.

    @classmethod
    @contextmanager
    def open(cls) -> Iterator["Fake"]:
        fake = cls()
        fake.wire.things = fake.till.things
        _routes(fake)
        server, fake.address = serve(fake.wire, fake.page)
        try:
            yield fake
        finally:
            server.shutdown()
            server.server_close()

    # Messages

    def signed(self, event: Params, *, at: int | None = None) -> tuple[bytes, dict[str, str]]:
        body = json.dumps(event).encode()
        moment = self.till.now if at is None else at
        digest = hmac.new(self.webhook_secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
        return body, {"Stripe-Signature": f"t={moment},v1={digest}", "Content-Type": "application/json"}

    def deliver(self, post: Post, *, chance: Random | None = None, at: int | None = None) -> int:
        """Send what nobody has taken yet; returns how many were. chance: some twice, some not now, in any order."""
        events = [one for one in self.till.events if one["id"] not in self.told]
        if chance:
            events = [one for one in events for _ in range(chance.choice((0, 1, 1, 1, 2)))]
            chance.shuffle(events)
        for event in events:
            if post(*self.signed(event, at=at)) == 200:
                self.told.add(event["id"])
        return len(events)

    # The page on which somebody pays

    def session(self, given: Params) -> Params:
        till = self.till
        amount = sum(
            int(one["price_data"]["unit_amount"]) * int(one["quantity"]) for one in given.get("line_items", [])
        )
        row = till.make(
            "cs",
            "checkout.session",
            mode=given["mode"],
            status="open",
            payment_status="unpaid",
            amount_total=amount,
            currency="eur",
            success_url=given["success_url"],
            cancel_url=given.get("cancel_url"),
            customer=given.get("customer"),
            client_reference_id=given.get("client_reference_id"),
            payment_intent=None,
            setup_intent=None,
            metadata=given.get("metadata", {}),
            expires_at=int(given.get("expires_at", till.now + SESSION)),
            payment_method_types=given.get("payment_method_types", ["card"]),
            asked=given,
        )
        row["url"] = f"{self.address}/pay/{row['id']}"
        till.at(row["expires_at"], lambda: self._expire(row))
        return row

    def _expire(self, row: Params) -> None:
        if row["status"] == "open":
            row.update(status="expired", url=None)
            self.till.say("checkout.session.expired", row)

    def pay(self, session: str, means: str = "pm_card_visa", *, shown: bool = True) -> Params:
        """The payer fills the page in. Raises Wrong when their bank says no; they may try again."""
        with self.wire.lock:
            till, row = self.till, self.till.find(session, "checkout.session")
            if row["status"] != "open":
                raise invalid("This page is over.")
            given = row["asked"].get(f"{row['mode']}_intent_data", {})
            if row["asked"].get("customer_creation") == "always" and not row["customer"]:
                row["customer"] = till.make("cus", "customer", metadata={})["id"]
            if row["mode"] == "setup":
                done = self.set_up({"payment_method": means, "customer": row["customer"], **given})
                row["setup_intent"] = done["id"]
            else:
                intent = till.find(row["payment_intent"], "payment_intent") if row["payment_intent"] else None
                if intent is None:
                    asked = {"amount": row["amount_total"], "currency": "eur", "customer": row["customer"], **given}
                    intent = self.till.intent(asked)
                    row["payment_intent"] = intent["id"]
                intent["payment_method"] = means
                self.till.confirm(intent, shown=shown)
                row["payment_status"] = "unpaid" if intent["status"] in ("processing", "requires_capture") else "paid"
            row.update(status="complete", url=None)
            self.till.say("checkout.session.completed", row)
            return row

    def set_up(self, given: Params) -> Params:
        means = kept.own(self.till, self.till.means(given["payment_method"]))
        means["customer"] = given.get("customer")
        mandate = self.till.mandate(means)["id"] if means["type"] == "sepa_debit" else None
        row = self.till.make(
            "seti",
            "setup_intent",
            status="succeeded",
            payment_method=means["id"],
            customer=means["customer"],
            mandate=mandate,
            metadata=given.get("metadata", {}),
            usage="off_session",
        )
        self.till.say("setup_intent.succeeded", row)
        return row

    def page(self, method: str, path: str, body: str) -> tuple[int, str, str]:
        """`/pay/…`: a card to choose and a button; what comes back leads on as a browser would be led."""
        session = urlsplit(path).path.rpartition("/")[2]
        row = self.till.things.get(session, {})
        if method == "POST":
            chosen = parse_qs(body)["card"][0]
            if chosen == "leave":
                return 303, "text/plain", row["cancel_url"]
            try:
                self.pay(session, chosen)
            except Wrong as wrong:
                return 402, "text/html; charset=utf-8", _paper(row, str(wrong))
            return 303, "text/plain", row["success_url"].replace("{CHECKOUT_SESSION_ID}", session)
        return 200 if row else 404, "text/html; charset=utf-8", _paper(row, "")


def _paper(row: Params, wrong: str) -> str:
    cards = (("pm_card_visa", "Pay"), ("pm_card_chargeDeclined", "Pay with a card that is refused"), ("leave", "Leave"))
    buttons = "".join(f"<button name=card value={value}>{label}</button> " for value, label in cards)
    amount = f"{row.get('amount_total', 0) / 100:.2f}"
    return (
        f"<!doctype html><title>Pay</title><h1>{amount} €</h1><p>{escape(wrong)}</p><form method=post>{buttons}</form>"
    )


def _amount(given: Params, name: str = "amount") -> int | None:
    return int(given[name]) if given.get(name) else None


def _routes(fake: Fake) -> None:
    _posts(fake, fake.till, fake.wire.route)
    for kind, path, names in KINDS:
        fake.wire.route("GET", f"/v1/{path}/{{id}}", _of(fake.till, kind, lambda row, given: row))
        fake.wire.route("GET", f"/v1/{path}", _listed(fake.till, kind, names))


def _of(till: Till, kind: str, do: Callable[[Params, Params], Params]) -> Handler:
    """An endpoint about one thing of a kind."""
    return lambda given, account, **named: do(till.find(named["id"], kind), given)


def _listed(till: Till, kind: str, names: tuple[str, ...]) -> Handler:
    def answer(given: Params, account: str) -> Params:
        rows = till.all(kind, **{name: given[name] for name in names if given.get(name)})
        after, limit = given.get("starting_after"), int(given.get("limit", 10))
        if after:
            ids = [row["id"] for row in rows]
            if after not in ids:
                raise missing(kind, after)
            rows = rows[ids.index(after) + 1 :]
        since = int(given.get("created", {}).get("gte", 0))
        rows = [row for row in rows if row["created"] >= since]
        return {"object": "list", "url": "", "has_more": len(rows) > limit, "data": rows[:limit]}

    return answer


def _updated(row: Params, given: Params) -> Params:
    row.update({key: value for key, value in given.items() if key in ("metadata", "description", "email", "name")})
    return row


def _attached(row: Params, given: Params) -> Params:
    row["customer"] = given["customer"]
    return row


def _posts(fake: Fake, till: Till, route: Callable[[str, str, Handler], None]) -> None:
    of = partial(_of, till)
    route("POST", "/v1/customers", lambda given, account: till.make("cus", "customer", **{"metadata": {}, **given}))
    route("POST", "/v1/payment_methods", lambda given, account: till.new_means(given))
    route("POST", "/v1/payment_methods/{id}/attach", of("payment_method", _attached))
    route("POST", "/v1/payment_methods/{id}/detach", of("payment_method", lambda row, given: kept.detached(till, row)))
    route("POST", "/v1/setup_intents", lambda given, account: fake.set_up(given))
    route("POST", "/v1/checkout/sessions", lambda given, account: fake.session(given))
    route("POST", "/v1/checkout/sessions/{id}/expire", of("checkout.session", lambda row, given: _closed(fake, row)))
    route("POST", "/v1/payment_intents", lambda given, account: kept.charged(till, given))
    route("POST", "/v1/payment_intents/{id}", of("payment_intent", _updated))
    route(
        "POST",
        "/v1/payment_intents/{id}/capture",
        of("payment_intent", lambda row, given: till.capture(row, _amount(given, "amount_to_capture"))),
    )
    route("POST", "/v1/payment_intents/{id}/cancel", of("payment_intent", lambda row, given: till.cancel(row)))
    route(
        "POST",
        "/v1/refunds",
        lambda given, account: till.refund(
            till.find(given["payment_intent"], "payment_intent"), _amount(given), given.get("metadata", {})
        ),
    )
    route(
        "POST",
        "/v1/accounts",
        lambda given, account: till.make(
            "acct",
            "account",
            payouts_enabled=False,
            balance=0,
            metadata=given.get("metadata", {}),
            email=given.get("email"),
        ),
    )
    route("POST", "/v1/account_links", lambda given, account: till.onboarding(given))
    route("POST", "/v1/transfers", lambda given, account: till.transfer(given))
    route("POST", "/v1/transfers/{id}/reversals", of("transfer", lambda row, given: till.reverse(row, _amount(given))))


KINDS = (
    ("customer", "customers", ()),
    ("payment_method", "payment_methods", ("customer", "type")),
    ("setup_intent", "setup_intents", ("customer",)),
    ("mandate", "mandates", ()),
    ("checkout.session", "checkout/sessions", ("payment_intent", "customer")),
    ("payment_intent", "payment_intents", ("customer",)),
    ("charge", "charges", ("payment_intent",)),
    ("refund", "refunds", ("payment_intent", "charge")),
    ("dispute", "disputes", ("payment_intent", "charge")),
    ("account", "accounts", ()),
    ("transfer", "transfers", ("destination", "transfer_group", "source_transaction")),
    ("balance_transaction", "balance_transactions", ("payout", "type", "source")),
    ("payout", "payouts", ("status",)),
    ("event", "events", ("type",)),
)


def _closed(fake: Fake, row: Params) -> Params:
    if row["status"] != "open":
        raise invalid("Only an open session can be expired.")
    fake._expire(row)
    return row
