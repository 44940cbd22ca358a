"""What clients keep at the provider, and what is charged to it once they were told."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from entremise.history.models import Fact
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.ledger import queries as ledger
from entremise.messaging.models import Letter, Task
from entremise.payments import operations as payments
from entremise.payments import queries as paid
from entremise.payments.models import Intent, KeptMeans
from entremise.settlement import operations, queries
from entremise.settlement.models import Charge, Invoice, Receipt
from entremise.tenancy.models import Organisation
from tests.provider.fake import Fake
from tests.provider.kept import revoke, turn_out
from tests.settlement.conftest import balance, settle
from tests.settlement.town import Town, account, ask, chooses, due, keeps

GOOD = "FR1420041010050500013M02606"
EMPTY = "FR8420041010050500013M02607"
TAKEN_BACK = "FR5720041010050500013M02608"


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


def until(town: Town, day: date) -> None:
    """Time passes, and we are told what it brought."""
    town.later(days=max(0, (day - town.at.date()).days))
    town.told()
    for _ in range(3):
        town.turn()


def charged(town: Town, invoice: Invoice, means: str = "pm_card_visa", fate: str = "") -> Charge:
    """Their owner chose it, was told, and the day has come. fate: what their bank thinks of it by then."""
    kept = chooses(town, invoice.client, means)
    if fate:
        turn_out(town.fake.till, kept.ref, fate)
    town.day()
    charge = Charge.objects.get()
    until(town, charge.collect_on)
    town.day()
    for _ in range(3):
        town.turn()
    charge.refresh_from_db()
    return charge


def test_what_is_kept_is_charged_only_once_its_owner_chose_it(town: Town, invoice: Invoice) -> None:
    kept = keeps(town, invoice.client)
    town.day()
    assert not Charge.objects.exists()
    with pytest.raises(Refused, match="not_allowed"):
        payments.pay_with(act=town.treasurer, means=kept)
    payments.pay_with(act=town.client(invoice.client), means=kept)
    town.day()
    assert Charge.objects.get().state == "told"


def test_its_owner_is_told_the_amount_and_the_day_and_charged_then(town: Town, invoice: Invoice) -> None:
    charge = charged(town, invoice)
    letter = Letter.objects.get(template="charge_told")
    assert "49,00" in letter.body.replace("\u202f", " ").replace("\u00a0", " ")
    assert charge.collect_on >= charge.told_at.date() + timedelta(days=5)
    assert (charge.state, due(invoice), Receipt.objects.get().how) == ("taken", 0, "card")
    assert (balance("517000"), ledger.balance(account=account("517000")).pending_in) == (4900 - 99, 0)


def test_nothing_is_charged_before_the_day(town: Town, invoice: Invoice) -> None:
    chooses(town, invoice.client)
    town.day()
    charge = Charge.objects.get()
    until(town, charge.collect_on - timedelta(days=1))
    town.day()
    assert not Intent.objects.exists()
    with pytest.raises(Refused, match="not_now"):
        operations.charge_now(act=town.clock, charge=charge)


def test_never_more_than_was_told_or_is_due(town: Town, invoice: Invoice) -> None:
    chooses(town, invoice.client)
    town.day()
    charge = Charge.objects.get()
    on = town.at.date()
    operations.receive_cash(act=town.treasurer, invoice=invoice, amount=900, how="cash", on=on, key="c")
    until(town, charge.collect_on)
    town.day()
    assert Intent.objects.get().amount == 4000


def test_what_was_paid_meanwhile_is_not_charged(town: Town, invoice: Invoice) -> None:
    chooses(town, invoice.client)
    town.day()
    charge = Charge.objects.get()
    on = town.at.date()
    operations.receive_cash(act=town.treasurer, invoice=invoice, amount=4900, how="cash", on=on, key="c")
    until(town, charge.collect_on)
    town.day()
    charge.refresh_from_db()
    assert (charge.state, charge.reason, Intent.objects.count()) == ("dropped", "paid", 0)


@pytest.mark.parametrize("fate", ["generic_decline", "authentication_required"])
def test_a_bank_that_says_no_is_not_asked_twice_and_its_owner_told_how_to_pay(
    town: Town, invoice: Invoice, fate: str
) -> None:
    charge = charged(town, invoice, fate=fate)
    assert (charge.state, charge.reason, due(invoice)) == ("failed", fate, 4900)
    assert Letter.objects.filter(template="charge_failed", person=invoice.client).count() == 1
    assert Task.objects.get(kind="charge_failed").params["why"] == fate
    assert ledger.balance(account=account("517000")).pending_in == 0
    for _ in range(3):
        town.later(days=1)
        town.day()
        town.turn()
    assert (Charge.objects.count(), Intent.objects.get().state) == (1, "cancelled")
    assert ask(town, invoice).means is None  # They pay themselves.


def test_a_debit_takes_days_and_pays_the_invoice_as_a_debit(town: Town, invoice: Invoice) -> None:
    charge = charged(town, invoice, GOOD)
    assert charge.collect_on >= charge.told_at.date() + timedelta(days=14)
    assert (charge.state, Intent.objects.get().state, due(invoice)) == ("asked", "processing", 4900)
    with pytest.raises(Refused, match="payment_on_its_way"):
        ask(town, invoice)
    until(town, town.at.date() + timedelta(days=6))
    charge.refresh_from_db()
    assert (charge.state, due(invoice), Receipt.objects.get().how) == ("taken", 0, "debit")


def test_a_debit_that_is_not_paid_after_days_has_failed(town: Town, invoice: Invoice) -> None:
    charge = charged(town, invoice, EMPTY)
    until(town, town.at.date() + timedelta(days=7))
    charge.refresh_from_db()
    assert (charge.state, charge.reason) == ("failed", "insufficient_funds")
    assert (due(invoice), Intent.objects.get().state) == (4900, "cancelled")


def test_a_debit_that_comes_back_after_weeks_is_due_again_and_nothing_more_is_charged(
    town: Town, invoice: Invoice
) -> None:
    charge = charged(town, invoice, TAKEN_BACK)
    until(town, town.at.date() + timedelta(days=50))
    charge.refresh_from_db()
    assert (charge.state, due(invoice)) == ("returned", 4900)
    assert Task.objects.filter(kind="payment_contested").count() == 1
    town.day()
    assert (paid.paying_means(), Charge.objects.count()) == ({}, 1)


def test_taken_away_before_the_day_nothing_is_charged_and_the_provider_forgets_it(town: Town, invoice: Invoice) -> None:
    kept = chooses(town, invoice.client)
    town.day()
    charge = Charge.objects.get()
    operations.take_away(act=town.client(invoice.client), means=kept)
    town.turn()
    until(town, charge.collect_on)
    town.day()
    charge.refresh_from_db()
    assert (charge.state, charge.reason, Intent.objects.count()) == ("dropped", "not_wanted", 0)
    assert (town.fake.till.things[kept.ref]["customer"], KeptMeans.objects.get().state) == (None, "removed")
    assert Fact.objects.filter(type="means_forgotten").count() == 1


def test_what_the_provider_has_no_more_on_the_day_is_told(town: Town, invoice: Invoice) -> None:
    kept = chooses(town, invoice.client, GOOD)
    town.day()
    revoke(town.fake.till, kept.mandate)
    charge = Charge.objects.get()
    until(town, charge.collect_on)
    town.day()
    charge.refresh_from_db()
    assert (charge.state, charge.reason) == ("failed", "means_gone")
    assert (KeptMeans.objects.get().state, Letter.objects.filter(template="charge_failed").count()) == ("detached", 1)


def test_messages_that_come_twice_or_not_at_all_change_nothing(town: Town, invoice: Invoice) -> None:
    charged(town, invoice)
    town.fake.told.clear()
    town.told()
    town.turn()
    assert (due(invoice), Receipt.objects.count(), Charge.objects.get().state) == (0, 1, "taken")


@pytest.mark.parametrize("fate", ["", "generic_decline"])
def test_an_answer_that_is_lost_charges_once(town: Town, invoice: Invoice, fate: str) -> None:
    kept = chooses(town, invoice.client)
    turn_out(town.fake.till, kept.ref, fate)
    town.day()
    until(town, Charge.objects.get().collect_on)
    town.day()
    town.fake.wire.faults = ["lose", "lose"]
    town.turn()
    town.settle_down()
    assert len(town.fake.till.all("payment_intent")) == 1
    assert (Charge.objects.get().state, due(invoice)) == (("failed", 4900) if fate else ("taken", 0))


def test_a_provider_that_is_away_for_a_day_has_charged_or_never_will(town: Town, invoice: Invoice) -> None:
    chooses(town, invoice.client)
    town.day()
    until(town, Charge.objects.get().collect_on)
    town.day()
    for _ in range(3):
        town.fake.wire.faults = ["refuse"] * 9
        town.turn()
        town.later(hours=11)
    town.settle_down()
    assert (Charge.objects.get().state, Intent.objects.get().state) == ("failed", "cancelled")
    assert town.fake.till.all("payment_intent") == []


def test_a_page_that_is_open_for_it_is_closed_before_it_is_charged(town: Town, invoice: Invoice) -> None:
    chooses(town, invoice.client)
    town.day()
    charge = Charge.objects.get()
    until(town, charge.collect_on)
    page = ask(town, invoice)
    town.turn()
    for _ in range(2):
        town.day()
        town.turn()
        town.turn()
    page.refresh_from_db()
    charge.refresh_from_db()
    assert (page.state, charge.state, due(invoice)) == ("expired", "taken", 0)


def test_who_could_not_be_told_is_not_charged_until_somebody_has_told_them(town: Town, invoice: Invoice) -> None:
    chooses(town, invoice.client)
    town.day()
    first = Charge.objects.get()
    Letter.objects.filter(template="charge_told").update(state="given_up")
    until(town, first.collect_on)
    town.day()
    first.refresh_from_db()
    assert (first.state, first.reason) == ("dropped", "untold")
    town.day()
    second = Charge.objects.get(state="told")
    letter = Letter.objects.get(key=f"charge_told:{second.id}")
    Letter.objects.filter(id=letter.id).update(state="given_up")
    task = {"kind": "call", "key": "x", "about": "letter", "about_id": letter.id, "outcome": "done"}
    Task.objects.create(**task, created_at=town.at, due_at=town.at)
    until(town, second.collect_on)
    town.day()
    second.refresh_from_db()
    assert second.state == "asked"


def test_another_choice_is_told_anew(town: Town, invoice: Invoice) -> None:
    chooses(town, invoice.client)
    town.day()
    account = keeps(town, invoice.client, GOOD)
    operations.choose_means(act=town.client(invoice.client), means=account)
    town.day()
    assert [(one.means_id == account.id, one.state) for one in Charge.objects.order_by("id")] == [
        (False, "dropped"),
        (True, "told"),
    ]


def test_a_day_that_was_missed_is_told_anew(town: Town, invoice: Invoice) -> None:
    chooses(town, invoice.client)
    town.day()
    first = Charge.objects.get()
    until(town, first.collect_on + timedelta(days=6))
    town.day()
    town.day()
    first.refresh_from_db()
    second = Charge.objects.exclude(id=first.id).get()
    assert (first.state, first.reason, second.state) == ("dropped", "too_late", "told")
    assert second.collect_on >= town.at.date() + timedelta(days=5)


def test_what_is_told_is_not_collected_by_a_file_as_well(town: Town, invoice: Invoice) -> None:
    chooses(town, invoice.client)
    town.day()
    act, iban = town.client(invoice.client), "FR7630006000011234567890189"
    payments.give_mandate(act=act, person=invoice.client, iban=iban, signed_on=town.at.date(), how="site")
    assert queries.to_announce(on=town.at.date()) == []


def test_who_says_that_paying_is_hard_is_not_charged(town: Town, invoice: Invoice) -> None:
    chooses(town, invoice.client)
    town.day()
    act = town.client(invoice.client)
    operations.pause_reminders(act=act, client=invoice.client, why="hard_month", note="")
    charge = Charge.objects.get()
    until(town, charge.collect_on)
    town.day()
    charge.refresh_from_db()
    assert (charge.state, charge.reason) == ("dropped", "paused")


def test_a_plan_is_charged_one_instalment_at_a_time(town: Town, invoice: Invoice) -> None:
    chooses(town, invoice.client)
    town.day()
    whole = Charge.objects.get()
    first = town.at.date() + timedelta(days=20)
    operations.agree_plan(
        act=town.client(invoice.client), client=invoice.client, invoices=[invoice], count=2, first_on=first, key="p"
    )
    whole.refresh_from_db()
    assert (whole.state, whole.reason) == ("dropped", "plan_changed")
    town.day()
    part = Charge.objects.get(state="told")
    assert (part.amount, part.collect_on, part.instalment and part.instalment.number) == (2450, first, 1)
    until(town, first)
    town.day()
    town.turn()
    assert due(invoice) == 2450
