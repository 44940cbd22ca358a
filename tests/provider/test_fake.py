"""The fake itself, spoken to with the provider's own SDK over a socket: what it promises that others do not keep."""

from collections.abc import Iterator

import pytest
import stripe

from tests.provider.fake import Fake
from tests.provider.till import CLEARS, DAY, HOLD, LATE

IBAN_PAID, IBAN_UNPAID, IBAN_TAKEN_BACK = (
    f"FR{check}20041010050500013M026{end}" for check, end in (("14", "06"), ("84", "07"), ("57", "08"))
)


@pytest.fixture
def fake() -> Iterator[Fake]:
    with Fake.open() as fake:
        yield fake


@pytest.fixture
def client(fake: Fake) -> stripe.StripeClient:
    http = stripe.RequestsClient(timeout=1)
    return stripe.StripeClient(
        fake.wire.secret, http_client=http, base_addresses={"api": fake.address}, max_network_retries=0
    )


def pays(client: stripe.StripeClient, key: str = "k", **more: object) -> stripe.PaymentIntent:
    params = {"amount": 3200, "currency": "eur", "payment_method": "pm_card_visa", "confirm": True} | more
    return client.v1.payment_intents.create(params, {"idempotency_key": key})


def test_the_same_key_gives_the_same_answer_and_moves_money_once(fake: Fake, client: stripe.StripeClient) -> None:
    assert pays(client).id == pays(client).id
    assert len(fake.till.all("charge")) == 1


def test_the_same_key_with_another_request_is_refused(client: stripe.StripeClient) -> None:
    pays(client)
    with pytest.raises(stripe.IdempotencyError):
        pays(client, amount=3300)


def test_a_lost_answer_is_found_again_under_its_key(fake: Fake, client: stripe.StripeClient) -> None:
    fake.wire.faults = ["lose"]
    with pytest.raises(stripe.APIConnectionError):
        pays(client)
    assert pays(client).status == "succeeded"
    assert len(fake.till.all("charge")) == 1


@pytest.mark.parametrize("fault", ["refuse", "fail", "busy", "slow"])
def test_after_any_fault_the_key_brings_one_payment(fake: Fake, client: stripe.StripeClient, fault: str) -> None:
    fake.wire.faults = [fault]
    with pytest.raises(stripe.StripeError):
        pays(client)
    pays(client)
    assert len(fake.till.all("charge")) == 1


def test_a_hold_is_taken_in_part_and_cannot_be_taken_again(client: stripe.StripeClient) -> None:
    held = pays(client, capture_method="manual")
    assert (held.status, held.amount_capturable) == ("requires_capture", 3200)
    taken = client.v1.payment_intents.capture(held.id, {"amount_to_capture": 3000})
    assert (taken.status, taken.amount_received) == ("succeeded", 3000)
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.capture(held.id)


def test_a_hold_runs_out(fake: Fake, client: stripe.StripeClient) -> None:
    held = pays(client, capture_method="manual")
    fake.till.later(seconds=HOLD)
    over = client.v1.payment_intents.retrieve(held.id)
    assert (over.status, over.cancellation_reason) == ("canceled", "automatic")
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.capture(held.id)


def test_no_more_goes_back_than_came_in(client: stripe.StripeClient) -> None:
    paid = pays(client)
    client.v1.refunds.create({"payment_intent": paid.id, "amount": 3000})
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": paid.id, "amount": 300})


def test_a_card_is_refused_and_another_is_not(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.CardError) as caught:
        pays(client, payment_method="pm_card_chargeDeclinedInsufficientFunds")
    assert caught.value.error
    assert caught.value.error.decline_code == "insufficient_funds"


@pytest.mark.parametrize(("iban", "status"), [(IBAN_PAID, "succeeded"), (IBAN_UNPAID, "requires_payment_method")])
def test_a_debit_takes_days(fake: Fake, client: stripe.StripeClient, iban: str, status: str) -> None:
    means = client.v1.payment_methods.create({"type": "sepa_debit", "sepa_debit": {"iban": iban}})
    paid = pays(client, payment_method=means.id, payment_method_types=["sepa_debit"])
    assert paid.status == "processing"
    fake.till.later(seconds=CLEARS)
    assert client.v1.payment_intents.retrieve(paid.id).status == status


def test_a_debit_is_taken_back_after_weeks(fake: Fake, client: stripe.StripeClient) -> None:
    means = client.v1.payment_methods.create({"type": "sepa_debit", "sepa_debit": {"iban": IBAN_TAKEN_BACK}})
    pays(client, payment_method=means.id)
    fake.till.later(seconds=CLEARS + LATE)
    (dispute,) = client.v1.disputes.list().data
    assert dispute.status == "lost"
    assert sum(one["net"] for one in fake.till.all("balance_transaction")) == -35 - 750


def test_a_transfer_needs_the_money_and_comes_back_at_most_once(fake: Fake, client: stripe.StripeClient) -> None:
    account = client.v1.accounts.create({"type": "express"})
    fake.till.knows(account.id)
    pays(client)
    wanted = {"amount": 2000, "currency": "eur", "destination": account.id}
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.transfers.create(wanted)
    fake.till.later(days=2)
    moved = client.v1.transfers.create(wanted)
    client.v1.transfers.reversals.create(moved.id, {"amount": 1500})
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.transfers.reversals.create(moved.id, {"amount": 501})


def test_a_payment_page_is_filled_in_and_tells_of_it(fake: Fake, client: stripe.StripeClient) -> None:
    line = {"quantity": 1, "price_data": {"currency": "eur", "unit_amount": 4900, "product_data": {"name": "FAC-1"}}}
    session = client.v1.checkout.sessions.create(
        {"mode": "payment", "line_items": [line], "success_url": "http://x/", "client_reference_id": "r"}
    )
    fake.pay(session.id)
    again = client.v1.checkout.sessions.retrieve(session.id)
    assert (again.status, again.payment_status) == ("complete", "paid")
    assert "checkout.session.completed" in {event["type"] for event in fake.till.events}


def test_a_payment_page_is_over_after_a_day(fake: Fake, client: stripe.StripeClient) -> None:
    session = client.v1.checkout.sessions.create({"mode": "setup", "success_url": "http://x/"})
    fake.till.later(seconds=DAY)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"


def test_messages_are_signed_as_the_sdk_expects(fake: Fake, client: stripe.StripeClient) -> None:
    pays(client)
    body, headers = fake.signed(fake.till.events[-1])
    event = stripe.Webhook.construct_event(body, headers["Stripe-Signature"], fake.webhook_secret, tolerance=10**10)
    assert event.type == "payment_intent.succeeded"
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body + b" ", headers["Stripe-Signature"], fake.webhook_secret, tolerance=10**10)


def test_what_is_paid_out_is_what_the_balance_holds(fake: Fake, client: stripe.StripeClient) -> None:
    pays(client)
    assert fake.till.pay_out() is None
    fake.till.later(days=2)
    payout = fake.till.pay_out()
    assert payout
    rows = client.v1.balance_transactions.list({"payout": payout["id"]}).data
    assert (payout["amount"], sum(one.net for one in rows)) == (3200 - 73, 0)
