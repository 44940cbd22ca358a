"""A client pays somebody who works on their own account by card: we are their agent, and keep our commission."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from entremise.doors.clock import paying
from entremise.jobs.models import Mission
from entremise.kernel.act import Act, Actor, Door, Role
from entremise.kernel.refused import Refused
from entremise.ledger import queries as ledger
from entremise.messaging.models import Task
from entremise.payments import operations as payments
from entremise.payments.adapters.provider import ProviderRefused
from entremise.payments.models import Instruction, Intent, ProviderAccount
from entremise.people.models import Person
from entremise.settlement import operations, queries
from entremise.settlement.models import Invoice, SupplierInvoice, SupplierPaid
from entremise.tenancy.models import Organisation
from tests.jobs.conftest import bruno, hedge, legal, odile, place
from tests.provider.fake import Fake
from tests.settlement.conftest import balance
from tests.settlement.test_suppliers import december, settle, worked
from tests.settlement.town import BACK, Town

__all__ = ["bruno", "december", "hedge", "legal", "odile", "place", "worked"]


@pytest.fixture
def fake() -> Iterator[Fake]:
    with Fake.open() as fake:
        yield fake


@pytest.fixture
def town(inside: Organisation, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> Town:
    return Town(fake, monkeypatch)


@pytest.fixture
def owed(worked: Mission, december: Act) -> SupplierInvoice:
    """66.66 € that Odile owes to Bruno; of them 6.67 € are our commission."""
    settle(december)
    return SupplierInvoice.objects.select_related("client", "supplier").get()


def asks(town: Town, supplier: Person) -> ProviderAccount:
    own = Act(by=Actor(supplier.id, frozenset({Role.SUPPLIER})), at=town.at, door=Door.SITE)
    account = payments.ask_account(act=own, person=supplier, provider="stripe", back=BACK)
    paying.look_at_accounts(town.watch, town.organisation)
    account.refresh_from_db()
    return account


def ready(town: Town, supplier: Person) -> ProviderAccount:
    account = asks(town, supplier)
    town.fake.till.knows(account.ref)
    town.told()
    paying.look_at_accounts(town.watch, town.organisation)
    account.refresh_from_db()
    return account


def pays(town: Town, invoice: SupplierInvoice, means: str = "pm_card_visa") -> Intent:
    act = town.client(invoice.client)
    intent = operations.pay_supplier_online(act=act, invoice=invoice, provider="stripe", back=BACK)
    town.turn()
    town.fake.pay(town.page_of(intent), means)
    town.told()
    town.turn()
    intent.refresh_from_db()
    return intent


def test_a_supplier_tells_the_provider_who_they_are_and_is_ready_once_it_knows(town: Town, bruno: Person) -> None:
    account = asks(town, bruno)
    assert account.state == "asked"
    assert account.page.startswith("https://")
    town.fake.till.knows(account.ref)
    town.told()
    paying.look_at_accounts(town.watch, town.organisation)
    account.refresh_from_db()
    assert account.state == "ready"
    town.fake.till.knows(account.ref, enough=False)
    town.told()
    paying.look_at_accounts(town.watch, town.organisation)
    account.refresh_from_db()
    assert account.state == "asked"


def test_asked_again_it_is_the_same_account_and_another_page(town: Town, bruno: Person) -> None:
    first = asks(town, bruno)
    town.later(minutes=10)
    second = asks(town, bruno)
    assert (second.ref, second.id) == (first.ref, first.id)
    assert second.page != first.page
    assert len(town.fake.till.all("account")) == 1


def test_a_provider_that_opens_no_accounts_is_asked_again_another_day(
    town: Town, bruno: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(**_asked: str) -> str:
        raise ProviderRefused("not_offered")

    monkeypatch.setattr(town.provider, "open_account", refuses)
    account = asks(town, bruno)
    assert town.watch.failures == 0
    assert (account.ref, account.state, account.page) == ("", "asked", "")
    assert account.look_at == town.at + timedelta(days=1)


def test_nobody_asks_for_an_account_for_somebody_else(town: Town, bruno: Person) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        payments.ask_account(act=town.treasurer, person=bruno, provider="stripe", back=BACK)


def test_what_was_taken_goes_on_to_the_supplier_without_our_commission(
    town: Town, owed: SupplierInvoice, bruno: Person
) -> None:
    account = ready(town, bruno)
    intent = pays(town, owed)
    assert (intent.role, intent.state, intent.taken) == ("agent", "captured", 6666)
    assert balance("467000") == -(6666 - 667)
    town.turn()
    assert town.fake.till.things[account.ref]["balance"] == 6666 - 667
    assert balance("467000") == 0
    assert balance("517000") == 667 - balance("627000")
    assert SupplierPaid.objects.filter(invoice=owed).exists()
    assert queries.dues(invoices=list(Invoice.objects.all())) == {Invoice.objects.get().id: 0}
    assert ledger.balances_by_holder(code="411000").get(bruno.id, 0) == 0


def test_it_is_no_revenue_of_ours(town: Town, owed: SupplierInvoice, bruno: Person) -> None:
    before = (balance("706000"), balance("708200"), balance("445710"))
    ready(town, bruno)
    pays(town, owed)
    town.turn()
    assert (balance("706000"), balance("708200"), balance("445710")) == before


def test_without_an_account_of_the_supplier_nobody_pays_them_by_card(town: Town, owed: SupplierInvoice) -> None:
    act = town.client(owed.client)
    with pytest.raises(Refused, match="takes_no_cards"):
        operations.pay_supplier_online(act=act, invoice=owed, provider="stripe", back=BACK)
    operations.mark_supplier_paid(act=town.client(owed.supplier), invoice=owed, on=town.at.date())
    with pytest.raises(Refused, match="nothing_due"):
        operations.pay_supplier_online(act=act, invoice=owed, provider="stripe", back=BACK)


def test_a_commission_that_was_paid_before_is_not_kept_again(town: Town, owed: SupplierInvoice, bruno: Person) -> None:
    ours = Invoice.objects.get()
    operations.receive_cash(act=town.treasurer, invoice=ours, amount=667, how="cash", on=town.at.date(), key="x")
    account = ready(town, bruno)
    pays(town, owed)
    town.turn()
    assert town.fake.till.things[account.ref]["balance"] == 6666


def test_a_transfer_whose_answer_was_lost_goes_on_once(town: Town, owed: SupplierInvoice, bruno: Person) -> None:
    account = ready(town, bruno)
    pays(town, owed)
    town.fake.wire.faults = ["lose"]
    town.turn()
    town.settle_down()
    assert town.fake.till.things[account.ref]["balance"] == 6666 - 667
    assert balance("467000") == 0


def test_a_refund_calls_back_what_was_passed_on(town: Town, owed: SupplierInvoice, bruno: Person) -> None:
    account = ready(town, bruno)
    pays(town, owed)
    town.turn()
    operations.refund_supplied(act=town.treasurer, invoice=owed, amount=2000)
    with pytest.raises(Refused, match="amount_not_taken"):
        operations.refund_supplied(act=town.treasurer, invoice=owed, amount=5000)
    town.turn()
    town.turn()
    assert town.fake.till.things[account.ref]["balance"] == 6666 - 667 - 2000
    assert town.fake.till.all("charge")[0]["amount_refunded"] == 2000
    assert balance("467000") == 0


def test_what_cannot_be_called_back_the_supplier_owes_us(town: Town, owed: SupplierInvoice, bruno: Person) -> None:
    account = ready(town, bruno)
    pays(town, owed)
    town.turn()
    town.fake.till.things[account.ref]["balance"] = 0  # Their bank has it.
    operations.refund_supplied(act=town.treasurer, invoice=owed, amount=2000)
    town.turn()
    town.turn()
    assert balance("467000") == 2000
    assert Task.objects.get(kind="payment_not_done").params["verb"] == "call_back"
    assert Instruction.objects.get(verb="call_back").state == "refused"


def test_a_dispute_is_a_task_and_the_suppliers_debt(town: Town, owed: SupplierInvoice, bruno: Person) -> None:
    ready(town, bruno)
    pays(town, owed, "pm_card_createDispute")
    town.later(days=2)
    town.told()
    town.turn()
    assert Task.objects.get(kind="payment_contested").params["amount"] == 6666
    assert balance("467000") == 6666


def test_the_books_the_provider_and_the_bank_agree(town: Town, owed: SupplierInvoice, bruno: Person) -> None:
    ready(town, bruno)
    pays(town, owed)
    town.turn()
    paying.read_statements(town.watch, town.organisation)
    since = town.at.replace(year=2025)
    assert queries.reconciled(provider="stripe", since=since).differences == []
    assert ledger.verify() == []
