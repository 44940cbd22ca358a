"""The adapter against the double over a socket: what a gift does when the network and the payer misbehave."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from entremise.payments.adapters.helloasso import HelloAsso
from entremise.payments.adapters.provider import NotTheirs, ProviderDown, ProviderRefused
from entremise.payments.rules.provider import Asked, Page
from tests.provider.helloasso import TOKEN, FakeHelloAsso, hours
from tests.provider.wire import Wrong

ASKED = Asked(key="intent-1:open:0", amount=2000, reference="intent-1", text="Coup de pouce")
BACK = "http://localhost/donner/retour"


@pytest.fixture
def fake() -> Iterator[FakeHelloAsso]:
    with FakeHelloAsso.open() as fake:
        yield fake


@pytest.fixture
def provider(fake: FakeHelloAsso) -> HelloAsso:
    return fake.client()


def page(provider: HelloAsso) -> Page:
    return provider.open_page(ASKED, back=BACK, gave_up=BACK)


def given(fake: FakeHelloAsso, provider: HelloAsso, **more: object) -> str:
    """The reference of a payment that somebody made."""
    opened = page(provider)
    fake.pay(opened.ref, **more)  # type: ignore[arg-type]  # A test's own shorthand.
    return provider.page(opened.ref).payment


def test_somebody_gives_on_their_page(fake: FakeHelloAsso, provider: HelloAsso) -> None:
    opened = page(provider)
    assert (opened.url, provider.page(opened.ref).payment) == (f"{fake.address}/checkout/{opened.ref}", "")
    fake.pay(opened.ref)
    stands = provider.standing(provider.page(opened.ref).payment)
    assert (stands.state, stands.taken, stands.fee) == ("captured", 2000, 0)
    (asked,) = fake.checkouts.values()
    assert (asked["containsDonation"], asked["metadata"]["reference"]) == (True, "intent-1")


def test_what_the_payer_adds_for_helloasso_is_not_ours(fake: FakeHelloAsso, provider: HelloAsso) -> None:
    assert provider.standing(given(fake, provider, tip=300)).taken == 2000


def test_a_page_is_over_once_whoever_began_on_it_must_be_done(fake: FakeHelloAsso, provider: HelloAsso) -> None:
    opened = page(provider)
    fake.later(seconds=hours(0.5))
    assert not provider.page(opened.ref).over
    fake.later(seconds=hours(0.6))
    assert provider.page(opened.ref).over
    with pytest.raises(Wrong):
        fake.pay(opened.ref)


@pytest.mark.parametrize("fault", ["lose", "slow", "refuse", "fail", "busy"])
def test_a_page_that_was_opened_twice_is_paid_on_once(fake: FakeHelloAsso, provider: HelloAsso, fault: str) -> None:
    provider.page(page(provider).ref)
    fake.wire.faults = [fault]
    with pytest.raises(ProviderDown):
        page(provider)
    opened = page(provider)
    fake.pay(opened.ref)
    assert len(fake.payments) == 1


def test_a_token_is_asked_for_once_in_half_an_hour(fake: FakeHelloAsso, provider: HelloAsso) -> None:
    for _ in range(3):
        page(provider)
    assert len(fake.wire.tokens) == 1
    fake.later(seconds=TOKEN)
    page(provider)
    assert len(fake.wire.tokens) == 2


def test_a_token_that_they_have_forgotten_is_asked_for_again(fake: FakeHelloAsso, provider: HelloAsso) -> None:
    page(provider)
    fake.wire.tokens.clear()
    assert page(provider).url


def test_keys_that_are_wrong_are_refused(fake: FakeHelloAsso) -> None:
    with pytest.raises(ProviderRefused, match="invalid_client"):
        page(fake.client(client_secret="x"))


@pytest.mark.parametrize("fault", ["", "lose", "slow", "refuse", "fail"])
def test_a_gift_goes_back_once_whatever_became_of_the_answer(
    fake: FakeHelloAsso, provider: HelloAsso, fault: str
) -> None:
    ref = given(fake, provider)
    fake.wire.faults = ["", fault] if fault else []
    for _ in range(3):
        try:
            provider.give_back(key="k", ref=ref, amount=2000)
        except ProviderDown:
            continue
    (payment,) = fake.payments.values()
    assert [one["amount"] for one in payment["refundOperations"]] == [2000]
    assert provider.standing(ref).given_back == 2000


def test_a_part_of_a_gift_is_not_given_back(fake: FakeHelloAsso, provider: HelloAsso) -> None:
    with pytest.raises(ProviderRefused, match="only_whole"):
        provider.give_back(key="k", ref=given(fake, provider), amount=500)


@pytest.mark.parametrize(
    ("said", "state", "taken", "contested"),
    [
        ("WaitingBankValidation", "processing", 0, 0),
        ("WaitingAuthentication", "needs_action", 0, 0),
        ("Contested", "captured", 2000, 2000),
        ("Abandoned", "failed", 0, 0),
        ("Canceled", "cancelled", 0, 0),
    ],
)
def test_what_they_say_of_a_payment(
    fake: FakeHelloAsso, provider: HelloAsso, said: str, state: str, taken: int, contested: int
) -> None:
    stands = provider.standing(given(fake, provider, state=said))
    assert (stands.state, stands.taken, stands.contested) == (state, taken, contested)


def test_a_state_that_nobody_has_read_about_books_nothing(fake: FakeHelloAsso, provider: HelloAsso) -> None:
    with pytest.raises(ProviderRefused, match="Inconsistent"):
        provider.standing(given(fake, provider, state="Inconsistent"))


def test_the_statement_is_read_to_its_end_and_names_payouts(fake: FakeHelloAsso, provider: HelloAsso) -> None:
    refs = [given(fake, provider) for _ in range(103)]
    provider.give_back(key="k", ref=refs[0], amount=2000)
    fake.becomes(int(refs[1]), "Contested")
    fake.later(seconds=hours(24 * 20))
    assert fake.pay_out() == 101 * 2000
    since = datetime.fromtimestamp(fake.now, UTC) - timedelta(days=30)
    rows = list(provider.movements(since=since))
    assert len({one.ref for one in rows}) == len(rows) == 103 + 2 + 1
    assert {one.payment for one in rows if one.kind == "payment"} == set(refs)
    assert sum(one.net for one in rows) == 0
    assert list(provider.movements(since=since)) == rows


def test_a_refund_in_parts_is_named_once_each(fake: FakeHelloAsso, provider: HelloAsso) -> None:
    ref, since = given(fake, provider), datetime.fromtimestamp(fake.now, UTC)
    fake.refund(int(ref), 500)
    first = {one.ref: one.amount for one in provider.movements(since=since)}
    fake.refund(int(ref))
    both = {one.ref: one.amount for one in provider.movements(since=since)}
    assert first.items() < both.items()
    assert sum(both.values()) == 0


def test_a_notification_is_a_hint_to_look(fake: FakeHelloAsso, provider: HelloAsso) -> None:
    ref = given(fake, provider)
    heard = list[tuple[str, str]]()

    def post(body: bytes, headers: dict[str, str]) -> int:
        hint = provider.hint(body, headers)
        assert hint == provider.hint(body, headers)
        heard.append((hint.about, hint.ref))
        return 200

    fake.deliver(post)
    assert heard == [("page", str(*fake.checkouts)), ("payment", ref)]


@pytest.mark.parametrize(
    "said", [b"", b"[]", b"{}", b'{"eventType": [], "data": {}}', b'{"eventType": "Payment", "data": []}']
)
def test_what_cannot_be_read_is_not_theirs(provider: HelloAsso, said: bytes) -> None:
    with pytest.raises(NotTheirs):
        provider.hint(said, {})


def test_other_news_is_about_nothing_of_ours(provider: HelloAsso) -> None:
    said = json.dumps({"eventType": "Form", "data": {"id": 3}}).encode()
    assert provider.hint(said, {}).about == "other"


def test_what_helloasso_does_not_do_is_refused(provider: HelloAsso) -> None:
    for do in (
        lambda: provider.open_keeping_page(ASKED, back=BACK, gave_up=BACK),
        lambda: provider.open_page(Asked(**{**ASKED.__dict__, "hold": True}), back=BACK, gave_up=BACK),
        lambda: provider.charge(ASKED),
        lambda: provider.close_page(key="k", page="1"),
        lambda: provider.take(key="k", ref="1", amount=1),
        lambda: provider.let_go(key="k", ref="1"),
        lambda: provider.open_account(key="k", reference="r"),
        lambda: provider.account_page(account="a", back=BACK),
        lambda: provider.account_ready("a"),
        lambda: provider.send_on(key="k", account="a", amount=1, payment="p"),
        lambda: provider.call_back(key="k", transfer="t", amount=1),
    ):
        with pytest.raises(ProviderRefused, match="not_offered"):
            do()
