"""Donations through HelloAsso's checkout: free for an association, cards only, nothing kept and nothing held.

Its own library (helloasso-python 1.0.8) was read and left: 28,000 generated lines for five calls, no sign-in, no
time-out unless each call brings one, broken connections that come out as urllib3's own errors, and enumerations that
make a whole payment unreadable the day a state is added. The standard library does it, as for addresses.

There are no idempotency keys here. Asked again moves money once all the same:

- a checkout that was opened twice is harmless, for nobody knows the address of the first one and nothing is paid on it;
- only a whole payment is given back, and before it is asked for, the payment is looked at: one that is given back, or
  on its way back, is not asked for again, and HelloAsso itself refuses to give more back than there is.

Notifications are not signed. They are hints to look (docs/adr/0020), so whoever forges one makes us ask, no more.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from entremise.payments.adapters.provider import NotTheirs, ProviderDown, ProviderRefused
from entremise.payments.rules.provider import Asked, Hint, Kept, Movement, Page, Standing, State

PATIENCE: Final = 20.0  # Seconds.
LASTS: Final = timedelta(minutes=15)  # A checkout.
GRACE: Final = timedelta(minutes=45)  # Whoever began to pay in its last minute still shows their bank who they are.
EARLY: Final = timedelta(minutes=1)  # A token is left before it ends.
PAID_OUT: Final = timedelta(days=70)  # It pays out once a month: a payout has no older payments.
MOST_BYTES: Final = 1 << 22
PAGE: Final = 100

_STATES: Final[Mapping[str, State]] = {
    "Init": "created",
    "WaitingAuthentication": "needs_action",
    "Pending": "processing",
    "Waiting": "processing",
    "WaitingBankValidation": "processing",
    "WaitingBankWithdraw": "processing",
    "Authorized": "captured",
    "AuthorizedPreprod": "captured",
    "Registered": "captured",
    "Refunding": "captured",
    "Refunded": "captured",
    "Contested": "captured",
    "Refused": "failed",
    "Error": "failed",
    "Abandoned": "failed",
    "Canceled": "cancelled",
    "Deleted": "cancelled",
}
_BACK: Final = ("Refunding", "Refunded")


class HelloAsso:
    """organisation: its name in HelloAsso's addresses. address: of its API, or of a double in the tests. clock: tells
    the time, for tokens and pages end.

    One is kept for all calls: a token is good for half an hour, and only so many may be asked for.
    """

    def __init__(
        self,
        *,
        organisation: str,
        client_id: str,
        client_secret: str,
        address: str,
        clock: Callable[[], datetime],
        patience: float = PATIENCE,
    ) -> None:
        self._organisation = f"/v5/organizations/{quote(organisation, safe='')}"
        self._credentials = {"client_id": client_id, "client_secret": client_secret}
        self._address, self._clock, self._patience = address, clock, patience
        self._token, self._until = "", datetime.min.replace(tzinfo=UTC)

    def open_page(self, asked: Asked, *, back: str, gave_up: str) -> Page:
        if asked.hold or asked.keep:
            raise ProviderRefused("not_offered")
        until = self._clock() + LASTS
        given = {
            "totalAmount": asked.amount,
            "initialAmount": asked.amount,
            "itemName": asked.text[:250],
            "backUrl": gave_up,
            "errorUrl": back,
            "returnUrl": back,
            "containsDonation": True,
            "metadata": {"reference": asked.reference, "until": until.isoformat()},
        }
        made = self._ask("POST", f"{self._organisation}/checkout-intents", given)
        return Page(ref=str(made["id"]), url=made["redirectUrl"], until=until)

    def page(self, ref: str) -> Page:
        found = self._ask("GET", f"{self._organisation}/checkout-intents/{quote(ref, safe='')}")
        until = datetime.fromisoformat((found.get("metadata") or {})["until"])
        payments = (found.get("order") or {}).get("payments") or []
        return Page(
            ref=ref,
            url=found.get("redirectUrl") or "",
            until=until,
            over=not payments and self._clock() > until + GRACE,
            payment=str(payments[0]["id"]) if payments else "",
        )

    def standing(self, ref: str) -> Standing:
        return _standing(self._payment(ref))

    def give_back(self, *, key: str, ref: str, amount: int) -> str:
        payment = self._payment(ref)
        if payment["state"] not in _BACK:
            if amount != _ours(payment):
                raise ProviderRefused("only_whole")
            self._ask("POST", f"/v5/payments/{quote(ref, safe='')}/refund?{urlencode({'comment': key})}")
        return f"refund:{ref}"

    def movements(self, *, since: datetime) -> Iterator[Movement]:
        """Payments, what was given back of them, and payouts: HelloAsso tells of a payout on each payment in it."""
        sums: defaultdict[str, int] = defaultdict(int)
        for payment in self._payments(since - PAID_OUT):
            yield from _moved(payment)
            if payment.get("cashOutState") == "CashedOut" and payment.get("cashOutDate"):
                sums[payment["cashOutDate"]] += _ours(payment)
        for day, total in sums.items():
            at = datetime.fromisoformat(day)
            if at >= since:
                yield Movement(f"payout:{day}", "payout", -total, 0, -total, "", "", at)

    def hint(self, body: bytes, headers: Mapping[str, str]) -> Hint:
        try:
            said = json.loads(body)
            kind, thing = said["eventType"], said["data"]
            about, ref = {"Payment": ("payment", "id"), "Order": ("page", "checkoutIntentId")}.get(kind, ("other", ""))
            found = thing.get(ref, "")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise NotTheirs(type(error).__name__) from error
        number = str(found) if isinstance(found, int) else ""
        return Hint(hashlib.sha256(body).hexdigest(), about if number else "other", number)  # type: ignore[arg-type]  # The words of the mapping are those of the type.

    # What HelloAsso does not do. A checkout ends by itself.

    def open_keeping_page(self, asked: Asked, *, back: str, gave_up: str) -> Page:
        raise ProviderRefused("not_offered")

    def charge(self, asked: Asked) -> Standing:
        raise ProviderRefused("not_offered")

    def charged(self, *, payer: str, reference: str) -> Standing | None:
        raise ProviderRefused("not_offered")

    def kept(self, *, means: str, mandate: str) -> Kept:
        raise ProviderRefused("not_offered")

    def forget(self, *, means: str) -> None:
        raise ProviderRefused("not_offered")

    def close_page(self, *, key: str, page: str) -> None:
        raise ProviderRefused("not_offered")

    def take(self, *, key: str, ref: str, amount: int) -> Standing:
        raise ProviderRefused("not_offered")

    def let_go(self, *, key: str, ref: str) -> Standing:
        raise ProviderRefused("not_offered")

    def open_account(self, *, key: str, reference: str) -> str:
        raise ProviderRefused("not_offered")

    def account_page(self, *, account: str, back: str) -> str:
        raise ProviderRefused("not_offered")

    def account_ready(self, account: str) -> bool:
        raise ProviderRefused("not_offered")

    def send_on(self, *, key: str, account: str, amount: int, payment: str, currency: str = "EUR") -> str:
        raise ProviderRefused("not_offered")

    def call_back(self, *, key: str, transfer: str, amount: int) -> str:
        raise ProviderRefused("not_offered")

    # How it is spoken with

    def _payment(self, ref: str) -> Any:
        return self._ask("GET", f"/v5/payments/{quote(ref, safe='')}")

    def _payments(self, since: datetime) -> Iterator[Any]:
        asked: dict[str, object] = {"from": since.isoformat(), "pageSize": PAGE}
        while True:
            found = self._ask("GET", f"{self._organisation}/payments?{urlencode(asked)}")
            yield from found["data"]
            token = (found.get("pagination") or {}).get("continuationToken")
            if not token or len(found["data"]) < PAGE:
                return
            asked["continuationToken"] = token

    def _ask(self, method: str, path: str, given: object = None) -> Any:
        """Signed in; once more with a new token when HelloAsso has forgotten the one we have."""
        try:
            return self._signed(method, path, given)
        except ProviderRefused as refused:
            if refused.code != "401":
                raise
        self._token = ""
        return self._signed(method, path, given)

    def _signed(self, method: str, path: str, given: object) -> Any:
        if not self._token or self._clock() > self._until:
            form = {"grant_type": "client_credentials", **self._credentials}
            made = self._call("POST", "/oauth2/token", urlencode(form).encode(), "application/x-www-form-urlencoded")
            self._token = made["access_token"]
            self._until = self._clock() + timedelta(seconds=made["expires_in"]) - EARLY
        body = None if given is None else json.dumps(given).encode()
        return self._call(method, path, body, "application/json", self._token)

    def _call(self, method: str, path: str, body: bytes | None, kind: str, token: str = "") -> Any:
        headers = {"Accept": "application/json", **({"Content-Type": kind} if body else {})}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        request = Request(f"{self._address}{path}", data=body, headers=headers, method=method)
        try:
            with urlopen(request, timeout=self._patience) as answer:
                return json.loads(answer.read(MOST_BYTES))
        except HTTPError as error:
            if error.code == 429 or error.code >= 500:
                raise ProviderDown(f"status {error.code}") from error
            raise ProviderRefused(str(error.code), error.read(400).decode(errors="replace")) from error
        except (OSError, ValueError, HTTPException) as error:
            raise ProviderDown(type(error).__name__) from error


def _ours(payment: Mapping[str, Any]) -> int:
    """Without the contribution that HelloAsso asks payers to add for itself."""
    items = payment.get("items") or []
    return sum(one["shareAmount"] for one in items) if items else int(payment["amount"])


def _returned(payment: Mapping[str, Any]) -> int:
    """Cents that went back, or are on their way."""
    if payment["state"] in _BACK:
        return _ours(payment)
    return sum(one["amount"] for one in payment.get("refundOperations") or [])


def _standing(payment: Mapping[str, Any]) -> Standing:
    """Raises ProviderRefused for a state that nobody has read about: a person looks, and nothing is booked."""
    said, ours, returned = payment["state"], _ours(payment), _returned(payment)
    if said not in _STATES:
        raise ProviderRefused("unknown_state", said)
    state = _STATES[said]
    return Standing(
        ref=str(payment["id"]),
        state=state,
        amount=ours,
        taken=ours if state == "captured" else 0,
        given_back=returned if state == "captured" else 0,
        contested=ours - returned if said == "Contested" else 0,
        why=said if state == "failed" else "",
    )


def _moved(payment: Mapping[str, Any]) -> Iterator[Movement]:
    """What a payment brought, and what left again; each under the same name whenever it is read."""
    if _STATES.get(payment["state"]) != "captured":
        return
    ref, at, ours = str(payment["id"]), datetime.fromisoformat(payment["date"]), _ours(payment)
    yield Movement(ref, "payment", ours, 0, ours, ref, ref, at)
    returned = _returned(payment)
    parts = {one["id"]: one["amount"] for one in payment.get("refundOperations") or [] if one["amount"] < ours}
    backs = {f"{ref}:back:{one}": amount for one, amount in parts.items()} | {
        f"{ref}:back": returned - sum(parts.values())
    }
    for name, amount in backs.items():
        if amount:
            yield Movement(name, "refund", -amount, 0, -amount, ref, ref, at)
    if payment["state"] == "Contested":
        lost = ours - returned
        yield Movement(f"{ref}:contested", "dispute", -lost, 0, -lost, ref, ref, at)
