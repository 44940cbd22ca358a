"""Cards and debits through Stripe: its hosted page, holds, refunds, and separate transfers to connected accounts."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from dateutil.relativedelta import relativedelta

from entremise.kernel.lazily import Lazily
from entremise.payments.adapters.provider import Declined, NotTheirs, ProviderDown, ProviderRefused
from entremise.payments.rules.provider import Asked, Hint, Kept, Movement, Page, Standing, State

stripe = Lazily("stripe")

VERSION: Final = "2026-10-28.endive"  # What is read below is what this version says.
PATIENCE: Final = 20  # Seconds.
PAGE: Final = 100
TOLERANCE: Final = 300  # Seconds between a message's signature and our clock.
CHARGE: Final = ("latest_charge.balance_transaction", "latest_charge.dispute")
P = ParamSpec("P")
T = TypeVar("T")

_STATES: Final[Mapping[str, State]] = {
    "requires_payment_method": "created",
    "requires_confirmation": "created",
    "requires_action": "needs_action",
    "processing": "processing",
    "requires_capture": "authorised",
    "succeeded": "captured",
    "canceled": "cancelled",
}
_KINDS: Final = {
    "charge": "payment",
    "payment": "payment",
    "refund": "refund",
    "payment_refund": "refund",
    "payment_failure_refund": "refund",
    "transfer": "transfer",
    "transfer_refund": "transfer_back",
    "adjustment": "dispute",
    "payout": "payout",
    "stripe_fee": "fee",
}


def _asking(do: Callable[P, T]) -> Callable[P, T]:
    """What the library raises, in our words."""

    @wraps(do)
    def asked(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return do(*args, **kwargs)
        except stripe.CardError as error:
            raise Declined((error.error and error.error.decline_code) or error.code or "declined") from error
        except (stripe.APIConnectionError, stripe.RateLimitError) as error:
            raise ProviderDown(type(error).__name__) from error
        except stripe.StripeError as error:
            if (error.http_status or 500) >= 500:
                raise ProviderDown(f"status {error.http_status}") from error
            raise ProviderRefused(error.code or type(error).__name__, str(error.user_message or "")) from error

    return asked


class Stripe:
    """account: of a connected account, to act as it; address: of a double in the tests."""

    def __init__(self, *, key: str, webhook_secret: str, address: str = "", patience: float = PATIENCE) -> None:
        self._webhook_secret = webhook_secret
        self._client = stripe.StripeClient(
            key,
            stripe_version=VERSION,
            base_addresses={"api": address} if address else {},
            http_client=stripe.RequestsClient(timeout=patience),
            max_network_retries=0,  # Whoever asks keeps the key and asks again: nothing is tried behind their back.
        )

    @_asking
    def open_page(self, asked: Asked, *, back: str, gave_up: str) -> Page:
        intent: dict[str, object] = {"metadata": {"reference": asked.reference}, "description": asked.text}
        if asked.hold:
            intent["capture_method"] = "manual"
        if asked.keep:
            intent["setup_future_usage"] = "off_session"
        price = {"currency": asked.currency.lower(), "unit_amount": asked.amount, "product_data": {"name": asked.text}}
        given: dict[str, object] = {
            "mode": "payment",
            "line_items": [{"quantity": 1, "price_data": price}],
            "payment_intent_data": intent,
        }
        if asked.keep and not asked.payer:
            given["customer_creation"] = "always"
        return self._opened(asked, given, back, gave_up)

    @_asking
    def open_keeping_page(self, asked: Asked, *, back: str, gave_up: str) -> Page:
        intent = {"metadata": {"reference": asked.reference}, "description": asked.text}
        given: dict[str, object] = {"mode": "setup", "setup_intent_data": intent}
        if not asked.payer:  # Made here: its page would ask for an email address, which nobody needs to have.
            who = {"name": asked.name, "email": asked.email, "metadata": {"reference": asked.reference}}
            customer = self._client.v1.customers.create(
                {key: one for key, one in who.items() if one}, {"idempotency_key": f"{asked.key}:payer"}
            )
            asked = replace(asked, payer=str(customer.id))
        return self._opened(asked, given, back, gave_up)

    def _opened(self, asked: Asked, given: dict[str, object], back: str, gave_up: str) -> Page:
        given |= {
            "client_reference_id": asked.reference,
            "payment_method_types": list(asked.ways),
            "success_url": back,
            "cancel_url": gave_up,
        }
        if asked.payer:
            given["customer"] = asked.payer
        return _page(self._client.v1.checkout.sessions.create(given, {"idempotency_key": asked.key}))

    @_asking
    def page(self, ref: str) -> Page:
        return _page(self._client.v1.checkout.sessions.retrieve(ref, {"expand": ["setup_intent"]}))

    @_asking
    def close_page(self, *, key: str, page: str) -> None:
        if self._client.v1.checkout.sessions.retrieve(page).status == "open":
            self._client.v1.checkout.sessions.expire(page, {}, {"idempotency_key": key})

    @_asking
    def charge(self, asked: Asked) -> Standing:
        given = {
            "amount": asked.amount,
            "currency": asked.currency.lower(),
            "customer": asked.payer,
            "payment_method": asked.means,
            "payment_method_types": list(asked.ways),
            "capture_method": "manual" if asked.hold else "automatic",
            "off_session": True,
            "confirm": True,
            "description": asked.text,
            "metadata": {"reference": asked.reference},
            "expand": list(CHARGE),
        }
        return _standing(self._client.v1.payment_intents.create(given, {"idempotency_key": asked.key}))

    @_asking
    def charged(self, *, payer: str, reference: str) -> Standing | None:
        expand = [f"data.{one}" for one in CHARGE]
        found = self._client.v1.payment_intents.list({"customer": payer, "limit": PAGE, "expand": expand})
        return next((one for one in map(_standing, found.data) if one.reference == reference), None)

    @_asking
    def kept(self, *, means: str, mandate: str) -> Kept:
        try:
            row = self._client.v1.payment_methods.retrieve(means)
        except stripe.InvalidRequestError as error:
            if error.code != "resource_missing":
                raise
            return Kept(there=False)
        agreed = self._client.v1.mandates.retrieve(mandate) if mandate else None
        return _kept(row, agreed)

    @_asking
    def forget(self, *, means: str) -> None:
        try:
            if self._client.v1.payment_methods.retrieve(means).customer:
                self._client.v1.payment_methods.detach(means)
        except stripe.InvalidRequestError as error:
            if error.code != "resource_missing":
                raise

    @_asking
    def standing(self, ref: str) -> Standing:
        return _standing(self._client.v1.payment_intents.retrieve(ref, {"expand": list(CHARGE)}))

    @_asking
    def take(self, *, key: str, ref: str, amount: int) -> Standing:
        given = {"amount_to_capture": amount, "expand": list(CHARGE)}
        return _standing(self._client.v1.payment_intents.capture(ref, given, {"idempotency_key": key}))

    @_asking
    def let_go(self, *, key: str, ref: str) -> Standing:
        given = {"expand": list(CHARGE)}
        return _standing(self._client.v1.payment_intents.cancel(ref, given, {"idempotency_key": key}))

    @_asking
    def give_back(self, *, key: str, ref: str, amount: int) -> str:
        given = {"payment_intent": ref, "amount": amount}
        return str(self._client.v1.refunds.create(given, {"idempotency_key": key}).id)

    @_asking
    def open_account(self, *, key: str, reference: str) -> str:
        given = {
            "type": "express",
            "country": "FR",  # Of whoever has a SIRET.
            "capabilities": {"transfers": {"requested": True}},
            "metadata": {"reference": reference},
        }
        return str(self._client.v1.accounts.create(given, {"idempotency_key": key}).id)

    @_asking
    def account_page(self, *, account: str, back: str) -> str:
        given = {"account": account, "type": "account_onboarding", "return_url": back, "refresh_url": back}
        return str(self._client.v1.account_links.create(given).url)

    @_asking
    def account_ready(self, account: str) -> bool:
        return bool(self._client.v1.accounts.retrieve(account).payouts_enabled)

    @_asking
    def send_on(self, *, key: str, account: str, amount: int, payment: str, currency: str = "EUR") -> str:
        # From the charge itself: it need not be available before it is passed on.
        charge = self._client.v1.payment_intents.retrieve(payment).latest_charge
        given = {
            "destination": account,
            "amount": amount,
            "currency": currency.lower(),
            "transfer_group": payment,
            "source_transaction": str(charge),
        }
        return str(self._client.v1.transfers.create(given, {"idempotency_key": key}).id)

    @_asking
    def call_back(self, *, key: str, transfer: str, amount: int) -> str:
        given = {"amount": amount}
        return str(self._client.v1.transfers.reversals.create(transfer, given, {"idempotency_key": key}).id)

    def movements(self, *, since: datetime) -> Iterator[Movement]:
        after = ""
        while True:
            rows, more = self._movements(since, after)
            yield from map(_movement, rows)
            if not more:
                return
            after = rows[-1].id

    @_asking
    def _movements(self, since: datetime, after: str) -> tuple[list[Any], bool]:
        given: dict[str, object] = {
            "limit": PAGE,
            "created": {"gte": int(since.timestamp())},
            "expand": ["data.source"],
        }
        if after:
            given["starting_after"] = after
        found = self._client.v1.balance_transactions.list(given)
        return list(found.data), bool(found.has_more)

    def hint(self, body: bytes, headers: Mapping[str, str]) -> Hint:
        signature = {name.lower(): value for name, value in headers.items()}.get("stripe-signature", "")
        try:
            event = stripe.Webhook.construct_event(body, signature, self._webhook_secret, tolerance=TOLERANCE)
        except (stripe.SignatureVerificationError, ValueError) as error:
            raise NotTheirs(type(error).__name__) from error
        thing = event.data.object
        match thing.object:
            case "payment_intent":
                return Hint(event.id, "payment", thing.id)
            case "charge" | "dispute" | "refund":
                return Hint(event.id, "payment", str(thing.payment_intent or ""))
            case "checkout.session":
                return Hint(event.id, "page", thing.id)
            case "payment_method":
                return Hint(event.id, "means", thing.id)
            case "mandate":
                return Hint(event.id, "means", str(thing.payment_method or ""))
            case "transfer" | "payout" | "account" as kind:
                return Hint(event.id, kind, thing.id)
        return Hint(event.id, "other", "")


def _page(session: Any) -> Page:
    kept = session.setup_intent if isinstance(session.setup_intent, stripe.StripeObject) else None
    return Page(
        ref=session.id,
        url=session.url or "",
        until=datetime.fromtimestamp(session.expires_at, UTC),
        over=session.status == "expired",
        payment=str(session.payment_intent or ""),
        payer=str(session.customer or ""),
        means=str(kept.payment_method or "") if kept else "",
        mandate=str(kept.mandate or "") if kept else "",
    )


def _kept(means: Any, mandate: Any) -> Kept:
    ended = mandate is not None and mandate.status == "inactive"
    if means.type == "card":
        last = date(means.card.exp_year, means.card.exp_month, 1) + relativedelta(months=1, days=-1)
        return Kept(bool(means.customer), means.card.brand, means.card.last4, last)
    debit = getattr(getattr(mandate, "payment_method_details", None), "sepa_debit", None)
    reference = str(getattr(debit, "reference", "") or "")
    return Kept(bool(means.customer) and not ended, "", means.sepa_debit.last4, reference=reference)


def _standing(intent: Any) -> Standing:
    charge = intent.latest_charge
    moved, dispute = (charge.balance_transaction, charge.dispute) if charge else (None, None)
    card = getattr(getattr(charge, "payment_method_details", None), "card", None)
    until = getattr(card, "capture_before", None)
    fees = [moved] if moved else []
    fees += dispute.balance_transactions if dispute else []
    wrong = intent.last_payment_error
    state = _STATES[intent.status]
    if state == "created" and wrong:
        state = "failed"
    if state == "cancelled" and intent.cancellation_reason == "automatic":
        state = "expired"
    return Standing(
        ref=intent.id,
        state=state,
        amount=intent.amount,
        taken=intent.amount_received,
        given_back=charge.amount_refunded if charge else 0,
        fee=sum(one.fee for one in fees),
        contested=dispute.amount if dispute and dispute.status != "won" else 0,
        held_until=datetime.fromtimestamp(until, UTC) if until and state == "authorised" else None,
        payer=str(intent.customer or ""),
        means=str(intent.payment_method or ""),
        why=str(getattr(wrong, "decline_code", None) or getattr(wrong, "code", None) or "") if wrong else "",
        reference=str(getattr(intent.metadata, "reference", "") or ""),
    )


def _movement(row: Any) -> Movement:
    return Movement(
        ref=row.id,
        kind=_KINDS.get(row.type, "other"),  # type: ignore[arg-type]  # The words of the mapping are those of the type.
        amount=row.amount,
        fee=row.fee,
        net=row.net,
        source=str(getattr(row.source, "id", "")),
        payment=str(getattr(row.source, "payment_intent", "") or ""),
        at=datetime.fromtimestamp(row.created, UTC),
    )
