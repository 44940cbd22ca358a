"""Invoices paid through a provider: the clock against a double of it that misbehaves, held against its till."""

from collections.abc import Iterator

import pytest

from entremise.doors.clock import paying
from entremise.history.models import Fact
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.ledger import queries as ledger
from entremise.messaging.models import Task
from entremise.payments import queries as paid
from entremise.payments.models import Instruction, ProviderLine
from entremise.payments.rules.provider import Standing
from entremise.people.models import Person
from entremise.settlement import operations
from entremise.settlement.models import Invoice, Receipt
from entremise.tenancy.models import Organisation
from tests.provider.fake import Fake
from tests.provider.wire import Wrong
from tests.settlement.conftest import balance, settle
from tests.settlement.town import BACK, START, Town, account, ask, due, pays


@pytest.fixture
def fake() -> Iterator[Fake]:
    with Fake.open() as fake:
        yield fake


@pytest.fixture
def town(inside: Organisation, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> Town:
    return Town(fake, monkeypatch)


@pytest.fixture
def invoice(worked: object, treasurer: Act) -> Invoice:
    """49 € that Odile owes."""
    settle(treasurer)
    return Invoice.objects.select_related("client").get()


def test_a_client_pays_by_card_and_the_books_know(town: Town, invoice: Invoice) -> None:
    intent = ask(town, invoice)
    assert ledger.balance(account=account("517000")).pending_in == 4900
    town.turn()
    town.fake.pay(town.page_of(intent))
    town.told()
    town.turn()
    intent.refresh_from_db()
    assert (intent.state, intent.taken, due(invoice)) == ("captured", 4900, 0)
    assert (balance("517000"), balance("627000")) == (4900 - 99, 99)
    assert ledger.balance(account=account("517000")).pending_in == 0
    assert Receipt.objects.get().how == "card"


def test_asked_twice_it_is_one_payment(town: Town, invoice: Invoice) -> None:
    assert ask(town, invoice) == ask(town, invoice)
    assert Instruction.objects.count() == 1


def test_a_page_that_nobody_uses_is_over_after_a_day_and_nothing_is_held_any_more(town: Town, invoice: Invoice) -> None:
    intent = ask(town, invoice)
    town.turn()
    town.later(days=1)
    town.turn()
    intent.refresh_from_db()
    assert intent.state == "expired"
    assert ledger.balance(account=account("517000")).pending_in == 0
    assert ask(town, invoice) != intent


def test_less_is_due_so_the_page_is_closed_before_another_is_opened(town: Town, invoice: Invoice) -> None:
    first = ask(town, invoice)
    town.turn()
    operations.receive_cash(act=town.treasurer, invoice=invoice, amount=900, how="cash", on=START.date(), key="c")
    assert ask(town, invoice) == first
    town.turn()
    town.turn()
    second = ask(town, invoice)
    assert (second != first, second.amount) == (True, 4000)
    with pytest.raises(Wrong):
        town.fake.pay(first.page or town.page_of(first))


def test_what_is_given_back_is_due_again(town: Town, invoice: Invoice) -> None:
    intent = pays(town, invoice)
    operations.give_back_online(act=town.treasurer, intent=intent, amount=1900)
    with pytest.raises(Refused, match="amount_not_taken"):
        operations.give_back_online(act=town.treasurer, intent=intent, amount=3001)
    town.turn()
    assert (due(invoice), balance("517000")) == (1900, 4900 - 99 - 1900)


def test_a_refund_whose_answer_was_lost_goes_back_once(town: Town, invoice: Invoice) -> None:
    intent = pays(town, invoice)
    operations.give_back_online(act=town.treasurer, intent=intent, amount=1000)
    town.fake.wire.faults = ["lose"]
    town.turn()
    town.settle_down()
    assert town.fake.till.all("charge")[0]["amount_refunded"] == 1000
    assert due(invoice) == 1000


def test_a_dispute_is_a_task_and_due_again_until_it_is_won(town: Town, invoice: Invoice) -> None:
    pays(town, invoice, "pm_card_createDispute")
    town.later(days=2)
    town.told()
    town.turn()
    assert due(invoice) == 4900
    assert Task.objects.get(kind="payment_contested").params["amount"] == 4900
    town.fake.till.judge(town.fake.till.all("dispute")[0], won=True)
    town.told()
    town.turn()
    assert due(invoice) == 0


def test_a_provider_without_an_answer_is_asked_again_with_the_same_key(town: Town, invoice: Invoice) -> None:
    intent = ask(town, invoice)
    town.fake.wire.faults = ["lose", "refuse"]
    town.turn()
    assert town.page_of(intent) == ""
    town.settle_down()
    assert town.page_of(intent)
    assert len(town.fake.till.all("checkout.session")) == 1


def test_a_provider_that_is_away_for_a_day_leaves_it_to_a_person(town: Town, invoice: Invoice) -> None:
    intent = ask(town, invoice)
    for _ in range(3):
        town.fake.wire.faults = ["refuse"] * 5
        town.turn()
        town.later(hours=11)
    intent.refresh_from_db()
    assert intent.state == "cancelled"
    assert Task.objects.get(kind="payment_not_done")
    assert ledger.balance(account=account("517000")).pending_in == 0


def test_without_any_message_it_is_known_all_the_same(town: Town, invoice: Invoice) -> None:
    intent = ask(town, invoice)
    town.turn()
    town.fake.pay(town.page_of(intent))
    for _ in range(3):
        town.later(minutes=2)
        town.turn()
    assert due(invoice) == 0


def test_an_older_answer_undoes_nothing(town: Town, invoice: Invoice) -> None:
    intent = pays(town, invoice)
    old = Standing(ref=intent.ref, state="created", amount=4900)
    change = operations.look_at_payment(act=town.clock, intent=intent, standing=old, asked_at=START)
    assert (change.taken, due(invoice)) == (0, 0)


def test_a_stranger_pays_for_nobody(town: Town, invoice: Invoice, karim: Person) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        operations.pay_online(act=town.client(karim), invoice=invoice, provider="stripe", back=BACK)


def test_the_statement_is_kept_once_and_holds_what_the_books_hold(town: Town, invoice: Invoice) -> None:
    pays(town, invoice)
    for _ in range(2):
        assert paying.read_statements(town.watch, town.organisation) == 1
    assert ProviderLine.objects.count() == 1
    assert paid.provider_total(provider="stripe") == balance("517000")
    assert Fact.objects.filter(type="provider_statement_read").count() == 1
