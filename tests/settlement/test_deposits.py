"""What a client puts aside for a work before it is billed: paid, or held on a card, then used by its invoice."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from entremise.doors.clock import paying
from entremise.jobs.models import Mission
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.ledger import queries as ledger
from entremise.messaging.models import Letter, Task
from entremise.payments.models import Instruction, Intent
from entremise.people.models import Person
from entremise.settlement import operations, queries
from entremise.settlement.models import Deposit, Invoice, Receipt
from entremise.settlement.rules.deposits import DEPOSIT, taken_back
from entremise.tenancy.models import Organisation
from tests.provider.fake import Fake
from tests.settlement.conftest import balance, settle
from tests.settlement.town import BACK, Town, account


@pytest.fixture
def fake() -> Iterator[Fake]:
    with Fake.open() as fake:
        yield fake


@pytest.fixture
def town(inside: Organisation, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> Town:
    return Town(fake, monkeypatch)


def ask(act: Act, mission: Mission, amount: int = 5000, *, hold: bool = False) -> Deposit:
    agreement, client = mission.agreement, mission.client
    assert agreement
    return operations.ask_deposit(act=act, agreement=agreement, client=client, amount=amount, hold=hold)


def by_card(town: Town, deposit: Deposit, means: str = "pm_card_visa") -> Intent:
    intent = operations.pay_deposit(act=town.client(deposit.client), deposit=deposit, provider="stripe", back=BACK)
    town.turn()
    town.fake.pay(town.page_of(intent), means)
    town.told()
    town.turn()
    intent.refresh_from_db()
    deposit.refresh_from_db()
    return intent


def test_a_client_is_asked_and_told(treasurer: Act, worked: Mission) -> None:
    deposit = ask(treasurer, worked)
    assert (deposit.state, deposit.amount, deposit.left) == ("asked", 5000, 0)
    assert Letter.objects.filter(template="deposit_asked").count() == 1
    with pytest.raises(Refused, match="deposit_asked_already"):
        ask(treasurer, worked)


def test_only_the_client_of_a_work_of_ours_is_asked(treasurer: Act, worked: Mission, karim: Person) -> None:
    assert worked.agreement
    with pytest.raises(Refused, match="deposit_not_ours"):
        operations.ask_deposit(act=treasurer, agreement=worked.agreement, client=karim, amount=100, hold=False)
    with pytest.raises(Refused, match="amount_needed"):
        ask(treasurer, worked, 0)


def test_what_is_paid_ahead_pays_the_invoice_and_the_invoice_says_so(treasurer: Act, worked: Mission) -> None:
    deposit = ask(treasurer, worked, 2000)
    operations.receive_deposit(act=treasurer, deposit=deposit, how="cash")
    assert (balance("530000"), balance("419200")) == (2000, -2000)
    settle(treasurer)
    invoice = Invoice.objects.select_related("document").get()
    assert queries.dues(invoices=[invoice]) == {invoice.id: 2900}
    assert (balance("411000"), balance("419200")) == (2900, 0)
    deposit.refresh_from_db()
    assert (deposit.state, deposit.left) == ("used", 0)
    assert invoice.document.data["prepaid"] == 2000


def test_what_the_work_did_not_need_comes_to_the_clients_account(treasurer: Act, worked: Mission) -> None:
    deposit = operations.receive_deposit(act=treasurer, deposit=ask(treasurer, worked), how="cheque")
    settle(treasurer)
    assert "déjà payée" in Letter.objects.get(template="invoice_ready").body
    deposit.refresh_from_db()
    assert (deposit.state, deposit.left) == ("paid", 100)
    operations.return_deposit(act=treasurer, deposit=deposit)
    assert (deposit.state, deposit.left) == ("returned", 0)
    assert queries.free_on_account(person=deposit.client_id) == 100
    with pytest.raises(Refused, match="not_now"):
        operations.return_deposit(act=treasurer, deposit=deposit)


def test_it_is_not_spent_on_another_invoice(treasurer: Act, worked: Mission) -> None:
    deposit = operations.receive_deposit(act=treasurer, deposit=ask(treasurer, worked), how="cash")
    assert queries.free_on_account(person=deposit.client_id) == 0
    person = Person.objects.get(id=deposit.client_id)
    operations.pay_in(act=treasurer, person=person, amount=100, how="cash", key="x")
    operations.withdraw(act=treasurer, person=person, amount=100, how="cash", key="y")
    with pytest.raises(Refused, match="account_not_empty"):
        operations.close_account(act=treasurer, person=person)


def test_by_card_it_is_ours_once_the_provider_has_it(town: Town, worked: Mission) -> None:
    deposit = ask(town.treasurer, worked)
    intent = by_card(town, deposit)
    assert (intent.state, deposit.state, deposit.left) == ("captured", "paid", 5000)
    assert (balance("517000"), balance("419200")) == (5000 - 100, -5000)
    assert balance("627000") == 100


def test_a_hold_takes_nothing_until_the_work_is_billed_and_then_what_it_costs(town: Town, worked: Mission) -> None:
    deposit = ask(town.treasurer, worked, hold=True)
    intent = by_card(town, deposit)
    assert (intent.state, deposit.state, deposit.left) == ("authorised", "held", 0)
    assert balance("517000") == 0
    settle(town.treasurer)
    invoice = Invoice.objects.get()
    assert queries.dues(invoices=[invoice]) == {invoice.id: 4900}
    town.turn()
    intent.refresh_from_db()
    deposit.refresh_from_db()
    assert (intent.state, intent.taken) == ("captured", 4900)
    assert (deposit.state, deposit.taken, deposit.left) == ("used", 4900, 0)
    assert queries.dues(invoices=[invoice]) == {invoice.id: 0}
    assert Receipt.objects.get().how == "deposit"
    assert ledger.balance(account=account("517000")).pending_in == 0


def test_somebody_takes_what_is_due_before_the_hold_falls_back(town: Town, worked: Mission) -> None:
    deposit = ask(town.treasurer, worked, hold=True)
    by_card(town, deposit)
    seen = queries.see_deposit(deposit=deposit)
    assert (seen.unbilled, seen.to_take) == (4900, 4900)
    with pytest.raises(Refused, match="amount_not_held"):
        operations.take_deposit(act=town.treasurer, deposit=deposit, amount=5001)
    operations.take_deposit(act=town.treasurer, deposit=deposit, amount=3000)
    with pytest.raises(Refused, match="not_now"):
        operations.take_deposit(act=town.treasurer, deposit=deposit, amount=3000)
    with pytest.raises(Refused, match="not_now"):
        operations.withdraw_deposit(act=town.treasurer, deposit=deposit)
    town.turn()
    deposit.refresh_from_db()
    assert (deposit.state, deposit.taken, deposit.left) == ("paid", 3000, 3000)
    settle(town.treasurer)
    assert queries.dues(invoices=[Invoice.objects.get()]) == {Invoice.objects.get().id: 1900}


def test_a_hold_that_falls_back_is_asked_for_again_by_a_person(town: Town, worked: Mission) -> None:
    deposit = ask(town.treasurer, worked, hold=True)
    intent = by_card(town, deposit)
    town.later(days=8)
    town.turn()
    deposit.refresh_from_db()
    intent.refresh_from_db()
    assert (intent.state, deposit.state) == ("expired", "asked")
    assert Task.objects.get(kind="deposit_fell_back").person_id == deposit.client_id
    assert ledger.balance(account=account("517000")).pending_in == 0
    again = by_card(town, deposit)
    assert again != intent
    assert deposit.state == "held"


def test_a_hold_that_is_not_wanted_is_let_go(town: Town, worked: Mission) -> None:
    deposit = ask(town.treasurer, worked, hold=True)
    intent = by_card(town, deposit)
    operations.withdraw_deposit(act=town.treasurer, deposit=deposit)
    assert deposit.state == "withdrawn"
    town.turn()
    town.turn()
    intent.refresh_from_db()
    assert intent.state == "cancelled"
    settle(town.treasurer)
    assert not Instruction.objects.filter(verb="take").exists()


def test_who_paid_while_it_was_given_up_has_it_on_their_account(town: Town, worked: Mission) -> None:
    deposit = ask(town.treasurer, worked)
    intent = operations.pay_deposit(act=town.client(deposit.client), deposit=deposit, provider="stripe", back=BACK)
    town.turn()
    town.fake.pay(town.page_of(intent))
    operations.withdraw_deposit(act=town.treasurer, deposit=deposit)
    town.turn()
    town.turn()
    deposit.refresh_from_db()
    assert (deposit.state, deposit.left) == ("withdrawn", 0)
    assert queries.free_on_account(person=deposit.client_id) == 5000


def test_who_pays_by_card_and_in_coins_as_well_has_the_second_on_their_account(town: Town, worked: Mission) -> None:
    deposit = ask(town.treasurer, worked, 2000)
    intent = operations.pay_deposit(act=town.client(deposit.client), deposit=deposit, provider="stripe", back=BACK)
    town.turn()
    town.fake.pay(town.page_of(intent))
    operations.receive_deposit(act=town.treasurer, deposit=deposit, how="cash")
    settle(town.treasurer)
    town.turn()
    town.turn()
    deposit.refresh_from_db()
    assert (deposit.state, deposit.left) == ("used", 0)
    assert queries.free_on_account(person=deposit.client_id) == 2000
    assert ledger.verify() == []


def test_a_card_that_takes_back_what_was_used_leaves_the_client_owing(town: Town, worked: Mission) -> None:
    deposit = ask(town.treasurer, worked)
    by_card(town, deposit, "pm_card_createDispute")
    settle(town.treasurer)
    town.later(days=2)
    town.told()
    town.turn()
    assert (balance("419200"), balance("411000")) == (0, 4900)
    assert Task.objects.get(kind="payment_contested").params["amount"] == 5000
    town.fake.till.judge(town.fake.till.all("dispute")[0], won=True)
    town.told()
    town.turn()
    assert queries.free_on_account(person=deposit.client_id) == 5000


def test_the_books_and_the_provider_agree_on_deposits(town: Town, worked: Mission) -> None:
    by_card(town, ask(town.treasurer, worked))
    paying.read_statements(town.watch, town.organisation)
    assert queries.reconciled(provider="stripe", since=town.at - timedelta(days=30)).differences == []


def test_what_a_card_takes_back_comes_from_each_pot_in_turn() -> None:
    assert taken_back(100, pots=(60, 30)) == [60, 30, 10]
    assert taken_back(50, pots=(60, 30)) == [50, 0, 0]
    assert taken_back(50, pots=(0, -5)) == [0, 0, 50]


def test_every_state_of_a_deposit_is_reached() -> None:
    assert not DEPOSIT.unreachable
