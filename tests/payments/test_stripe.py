"""The adapter against the fake provider over a socket: what money does when the network and the payer misbehave."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from entremise.payments.adapters.provider import Declined, NotTheirs, ProviderDown, ProviderRefused
from entremise.payments.adapters.stripe_api import Stripe
from entremise.payments.rules.provider import Asked, Kept, Page
from tests.provider.fake import Fake
from tests.provider.kept import revoke, turn_out
from tests.provider.till import CLEARS, HOLD, LATE
from tests.provider.wire import Wrong

OWED = Asked(key="intent-1", amount=3200, reference="intent-1", text="Facture FAC-2026-10-0042")
BACK = "http://localhost/moi/"


@pytest.fixture
def fake() -> Iterator[Fake]:
    with Fake.open() as fake:
        yield fake


@pytest.fixture
def provider(fake: Fake) -> Stripe:
    secret = fake.webhook_secret
    return Stripe(key=fake.wire.secret, webhook_secret=secret, address=fake.address, patience=1)


def page(provider: Stripe, **more: object) -> Page:
    asked = Asked(**{**OWED.__dict__, **more})  # type: ignore[arg-type]  # A test's own shorthand.
    return provider.open_page(asked, back=BACK, gave_up=BACK)


def paid(fake: Fake, provider: Stripe, means: str = "pm_card_visa", **more: object) -> str:
    """The reference of a payment that somebody made on a page."""
    opened = page(provider, **more)
    fake.pay(opened.ref, means)
    return provider.page(opened.ref).payment


def test_somebody_pays_on_the_providers_page(fake: Fake, provider: Stripe) -> None:
    stands = provider.standing(paid(fake, provider))
    assert (stands.state, stands.taken, stands.fee, stands.reference) == ("captured", 3200, 73, "intent-1")


def test_a_card_that_is_refused_may_be_followed_by_another(fake: Fake, provider: Stripe) -> None:
    opened = page(provider)
    with pytest.raises(Wrong):
        fake.pay(opened.ref, "pm_card_chargeDeclined")
    tried = provider.page(opened.ref)
    assert not tried.over
    fake.pay(opened.ref)
    assert provider.standing(provider.page(opened.ref).payment).taken == 3200


@pytest.mark.parametrize("fault", ["lose", "slow", "refuse", "fail", "busy"])
def test_whatever_became_of_the_answer_the_same_key_opens_one_page(fake: Fake, provider: Stripe, fault: str) -> None:
    fake.wire.faults = [fault]
    with pytest.raises(ProviderDown):
        page(provider)
    assert page(provider) == page(provider)
    assert len(fake.till.all("checkout.session")) == 1


def test_the_same_key_for_another_amount_is_refused(provider: Stripe) -> None:
    page(provider)
    with pytest.raises(ProviderRefused):
        page(provider, amount=3300)


def test_a_hold_is_taken_in_part_once(fake: Fake, provider: Stripe) -> None:
    ref = paid(fake, provider, hold=True)
    held = provider.standing(ref)
    assert (held.state, held.taken) == ("authorised", 0)
    assert held.held_until == datetime.fromtimestamp(fake.till.now, UTC) + timedelta(seconds=HOLD)
    taken = provider.take(key="take", ref=ref, amount=3000)
    assert (taken.state, taken.taken) == ("captured", 3000)
    assert provider.take(key="take", ref=ref, amount=3000) == taken
    with pytest.raises(ProviderRefused, match="status is succeeded"):
        provider.take(key="again", ref=ref, amount=200)


def test_a_hold_that_nobody_takes_runs_out(fake: Fake, provider: Stripe) -> None:
    ref = paid(fake, provider, hold=True)
    fake.till.later(seconds=HOLD)
    assert provider.standing(ref).state == "expired"


def test_a_hold_is_let_go(fake: Fake, provider: Stripe) -> None:
    ref = paid(fake, provider, hold=True)
    assert provider.let_go(key="go", ref=ref).state == "cancelled"


def test_what_is_given_back_is_never_more_than_was_taken(fake: Fake, provider: Stripe) -> None:
    ref = paid(fake, provider)
    first = provider.give_back(key="back", ref=ref, amount=3000)
    assert provider.give_back(key="back", ref=ref, amount=3000) == first
    with pytest.raises(ProviderRefused) as refused:
        provider.give_back(key="more", ref=ref, amount=300)
    assert refused.value.code == "amount_too_large"
    assert provider.standing(ref).given_back == 3000


def test_a_card_that_was_kept_is_charged_when_nobody_is_there(fake: Fake, provider: Stripe) -> None:
    first = provider.standing(paid(fake, provider, keep=True))
    again = Asked(key="2", amount=1500, reference="intent-2", text="x", payer=first.payer, means=first.means)
    assert provider.charge(again).taken == 1500


@pytest.mark.parametrize("ways", [("card",), ("sepa_debit",)])
def test_means_are_kept_without_a_payment(fake: Fake, provider: Stripe, ways: tuple[str, ...]) -> None:
    asked = Asked(key="keep", amount=0, reference="pledge-1", text="Panier", ways=ways)
    opened = provider.open_keeping_page(asked, back=BACK, gave_up=BACK)
    iban = {"iban": "FR1420041010050500013M02606"}
    means = fake.till.new_means({"type": "sepa_debit", "sepa_debit": iban})["id"] if ways == ("sepa_debit",) else ""
    fake.pay(opened.ref, means or "pm_card_visa")
    kept = provider.page(opened.ref)
    stands = provider.charge(
        Asked(key="later", amount=900, reference="p", text="x", ways=ways, payer=kept.payer, means=kept.means)
    )
    assert stands.state == ("processing" if means else "captured")


def keeps(fake: Fake, provider: Stripe, means: str = "pm_card_visa", way: str = "card") -> Page:
    """What somebody left on the provider's page, to be charged later."""
    asked = Asked(key="keep", amount=0, reference="means-1", text="x", ways=(way,), name="Odile Marsan", email="a@b.fr")
    opened = provider.open_keeping_page(asked, back=BACK, gave_up=BACK)
    fake.pay(opened.ref, means)
    return provider.page(opened.ref)


def account_of(fake: Fake, iban: str) -> str:
    return str(fake.till.new_means({"type": "sepa_debit", "sepa_debit": {"iban": iban}})["id"])


def test_the_payer_is_made_with_our_address_so_that_nobody_needs_one(fake: Fake, provider: Stripe) -> None:
    kept = keeps(fake, provider)
    (customer,) = fake.till.all("customer")
    assert (customer["id"], customer["name"], customer["email"]) == (kept.payer, "Odile Marsan", "a@b.fr")


def test_what_is_kept_is_told_by_its_last_digits_and_its_date(fake: Fake, provider: Stripe) -> None:
    card = keeps(fake, provider)
    told = provider.kept(means=card.means, mandate=card.mandate)
    assert told == Kept(True, "visa", "4242", date(2034, 12, 31))


def test_a_mandate_is_told_by_its_reference_until_it_ends(fake: Fake, provider: Stripe) -> None:
    left = keeps(fake, provider, account_of(fake, "FR1420041010050500013M02606"), "sepa_debit")
    told = provider.kept(means=left.means, mandate=left.mandate)
    assert (told.there, told.last4, told.reference) == (True, "2606", f"RUM{left.means[-6:]}")
    revoke(fake.till, left.mandate)
    assert not provider.kept(means=left.means, mandate=left.mandate).there


def test_what_is_forgotten_is_never_charged_again(fake: Fake, provider: Stripe) -> None:
    left = keeps(fake, provider)
    for _ in range(2):
        provider.forget(means=left.means)
    assert not provider.kept(means=left.means, mandate="").there
    with pytest.raises(ProviderRefused):
        provider.charge(Asked(key="2", amount=900, reference="r", text="x", payer=left.payer, means=left.means))
    assert not provider.kept(means="pm_nobodys", mandate="").there
    provider.forget(means="pm_nobodys")


@pytest.mark.parametrize("fate", ["", "authentication_required"])
def test_a_charge_whose_answer_was_lost_is_found_by_its_reference(fake: Fake, provider: Stripe, fate: str) -> None:
    left = keeps(fake, provider)
    turn_out(fake.till, left.means, fate)
    assert provider.charged(payer=left.payer, reference="intent-9") is None
    fake.wire.faults = ["lose"]
    with pytest.raises(ProviderDown):
        provider.charge(Asked(key="9", amount=900, reference="intent-9", text="x", payer=left.payer, means=left.means))
    found = provider.charged(payer=left.payer, reference="intent-9")
    assert found
    assert (found.state, found.why) == (("failed", fate) if fate else ("captured", ""))


def test_a_bank_that_says_no_is_named(provider: Stripe) -> None:
    means = "pm_card_chargeDeclinedInsufficientFunds"
    with pytest.raises(Declined) as declined:
        provider.charge(Asked(key="2", amount=1500, reference="r", text="x", payer="cus_1", means=means))
    assert declined.value.code == "insufficient_funds"


@pytest.mark.parametrize(
    ("iban", "state", "why"),
    [("FR1420041010050500013M02606", "captured", ""), ("FR8420041010050500013M02607", "failed", "insufficient_funds")],
)
def test_a_debit_is_known_after_days(fake: Fake, provider: Stripe, iban: str, state: str, why: str) -> None:
    means = fake.till.new_means({"type": "sepa_debit", "sepa_debit": {"iban": iban}})["id"]
    ref = paid(fake, provider, means, ways=("sepa_debit",))
    assert provider.standing(ref).state == "processing"
    fake.till.later(seconds=CLEARS)
    stands = provider.standing(ref)
    assert (stands.state, stands.why) == (state, why)


def test_a_debit_that_is_taken_back_after_weeks_is_contested(fake: Fake, provider: Stripe) -> None:
    iban = {"iban": "FR5720041010050500013M02608"}
    means = fake.till.new_means({"type": "sepa_debit", "sepa_debit": iban})["id"]
    ref = paid(fake, provider, means, ways=("sepa_debit",))
    fake.till.later(seconds=CLEARS + LATE)
    assert provider.standing(ref).contested == 3200


def test_a_dispute_that_is_won_is_contested_no_more(fake: Fake, provider: Stripe) -> None:
    ref = paid(fake, provider, "pm_card_createDispute")
    fake.till.later(days=2)
    assert provider.standing(ref).contested == 3200
    fake.till.judge(fake.till.all("dispute")[0], won=True)
    assert provider.standing(ref).contested == 0


def test_money_is_passed_on_and_called_back(fake: Fake, provider: Stripe) -> None:
    ref, account = paid(fake, provider), provider.open_account(key="account", reference="person-1")
    assert provider.open_account(key="account", reference="person-1") == account
    assert provider.account_page(account=account, back="http://localhost/").startswith("https://")
    assert not provider.account_ready(account)
    with pytest.raises(ProviderRefused):
        provider.send_on(key="early", account=account, amount=2000, payment=ref)
    fake.till.knows(account)
    assert provider.account_ready(account)
    sent = provider.send_on(key="on", account=account, amount=2000, payment=ref)
    assert provider.send_on(key="on", account=account, amount=2000, payment=ref) == sent
    with pytest.raises(ProviderRefused):  # More than the payment brought.
        provider.send_on(key="more", account=account, amount=2000, payment=ref)
    provider.call_back(key="back", transfer=sent, amount=500)
    assert fake.till.things[account]["balance"] == 1500
    with pytest.raises(ProviderRefused):
        provider.call_back(key="too much", transfer=sent, amount=1501)


def test_the_statement_is_read_to_its_end_and_adds_up(fake: Fake, provider: Stripe) -> None:
    asked = {"amount": "1000", "currency": "eur", "payment_method": "pm_card_visa", "confirm": "true"}
    payments = {fake.till.intent(asked)["id"] for _ in range(130)}
    fake.till.later(days=2)
    fake.till.pay_out()
    rows = list(provider.movements(since=datetime.fromtimestamp(0, UTC)))
    assert len({row.ref for row in rows}) == len(rows) == 131
    assert {row.payment for row in rows if row.kind == "payment"} == payments
    assert sum(row.net for row in rows) == 0


def test_messages_about_what_is_kept_name_it(fake: Fake, provider: Stripe) -> None:
    left = keeps(fake, provider, account_of(fake, "FR1420041010050500013M02606"), "sepa_debit")
    revoke(fake.till, left.mandate)
    provider.forget(means=left.means)
    hints = [provider.hint(*fake.signed(event, at=int(time.time()))) for event in fake.till.events]
    assert [(hint.about, hint.ref) for hint in hints if hint.about == "means"] == [("means", left.means)] * 2


def test_a_message_is_a_hint_to_look(fake: Fake, provider: Stripe) -> None:
    ref = paid(fake, provider)
    hints = {provider.hint(*fake.signed(event, at=int(time.time()))) for event in fake.till.events}
    assert {(hint.about, hint.ref) for hint in hints} == {
        ("payment", ref),
        ("page", fake.till.all("checkout.session")[0]["id"]),
    }


@pytest.mark.parametrize("wrong", ["body", "secret", "old"])
def test_a_message_that_is_not_theirs_is_not_read(fake: Fake, provider: Stripe, wrong: str) -> None:
    paid(fake, provider)
    if wrong == "secret":
        fake.webhook_secret = "whsec_other"
    at = int(time.time()) - (3600 if wrong == "old" else 0)
    body, headers = fake.signed(fake.till.events[-1], at=at)
    with pytest.raises(NotTheirs):
        provider.hint(body + b" " * (wrong == "body"), headers)
