"""Gifts through a provider: what is promised to nobody follows the payment, once, whatever becomes of it."""

import json
from collections.abc import Iterator

import pytest

from entremise.doors.clock import paying
from entremise.doors.frame.words_account import happened
from entremise.kernel.act import Act, Actor, Door
from entremise.kernel.time import Period
from entremise.ledger import queries as ledger
from entremise.messaging.models import Letter, Task
from entremise.payments import operations as payments
from entremise.payments.models import Intent
from entremise.payments.rules.provider import Standing
from entremise.people.models import ContactPoint, Person
from entremise.settlement import queries as settled
from entremise.settlement.models import Invoice
from entremise.solidarity import operations
from entremise.solidarity.models import Award, Fund, Gift, GiftAsked, Seat
from tests.provider.wire import Wrong
from tests.settlement.town import BACK, START, account
from tests.solidarity.conftest import agreed, ask, books, due, give, held, owe, refused, somebody
from tests.solidarity.town import GivingTown, carried, giving_town, mean_to_give, pay, with_invoice

PROVIDERS = pytest.mark.parametrize("provider", ["helloasso", "stripe"])
HOLDS = {"helloasso": "517100", "stripe": "517000"}
FEE = {"helloasso": 0, "stripe": 55}  # Of 20 €.


@pytest.fixture
def town(desk: Act, monkeypatch: pytest.MonkeyPatch) -> Iterator[GivingTown]:
    with giving_town(monkeypatch) as town:
        yield town


@pytest.fixture
def odile(aline: Person) -> Person:
    ContactPoint.email(aline, "aline@example.org").save()
    return aline


def asked(intent: Intent) -> GiftAsked:
    return GiftAsked.objects.select_related("intent").get(intent=intent)


def agree(town: GivingTown) -> None:
    """Neither provider's statement differs from the books, once read."""
    paying.read_statements(town.watch, town.organisation)
    for name in HOLDS:
        seen = settled.reconciled(provider=name, since=START.replace(year=2025))
        assert seen.differences == []
        assert seen.holds == books(HOLDS[name])


# Alone


@PROVIDERS
def test_a_gift_is_pending_until_it_is_taken_and_booked_once(
    town: GivingTown, fund: Fund, odile: Person, provider: str
) -> None:
    intent = mean_to_give(town, odile, fund, 2000, provider)
    assert (intent.role, intent.about, held(fund)) == (Intent.Role.FUND, "gift", (0, 0))
    assert ledger.balance(account=account(HOLDS[provider])).pending_in == 2000
    carried(town, intent)
    town.told()
    town.settle_down()
    gift = Gift.objects.get()
    assert (gift.amount, gift.how, gift.kind, gift.giver) == (2000, "card", "topup", odile)
    assert (held(fund), books("196000")) == ((2000, 0), -2000)
    assert (books(HOLDS[provider]), books("627000")) == (2000 - FEE[provider], FEE[provider])
    assert ledger.balance(account=account(HOLDS[provider])).pending_in == 0
    agree(town)


def test_whoever_gave_is_thanked_once_and_nobody_is_looked_for_who_left_no_address(
    town: GivingTown, fund: Fund, odile: Person
) -> None:
    carried(town, mean_to_give(town, odile, fund, 2000))
    quiet = Person.objects.create(family_name="Sans adresse", known_since=START)
    carried(town, mean_to_give(town, quiet, fund, 2000))
    assert Letter.objects.get(template="gift_thanks").person == odile
    assert not Task.objects.filter(kind="no_channel").exists()


def test_a_page_that_nobody_uses_is_over_and_nothing_is_held_any_more(
    town: GivingTown, fund: Fund, odile: Person
) -> None:
    intent = mean_to_give(town, odile, fund, 2000)
    town.turn()
    town.later(hours=2)
    town.turn()
    intent.refresh_from_db()
    assert (intent.state, Gift.objects.count()) == ("expired", 0)
    assert ledger.balance(account=account("517100")).pending_in == 0
    with pytest.raises(Wrong):
        pay(town, intent)


@PROVIDERS
def test_what_is_given_back_leaves_the_fund_once(town: GivingTown, fund: Fund, odile: Person, provider: str) -> None:
    intent = carried(town, mean_to_give(town, odile, fund, 2000, provider))
    operations.return_gift(act=town.treasurer, asked=asked(intent))
    refused("amount_not_taken", lambda: operations.return_gift(act=town.treasurer, asked=asked(intent)))
    fake = town.helloasso if provider == "helloasso" else town.fake
    fake.wire.faults = ["", "lose"]
    town.turn()
    town.settle_down()
    town.told()
    town.settle_down()
    assert [one.amount for one in Gift.objects.order_by("id")] == [2000, -2000]
    assert (held(fund), books("196000"), books(HOLDS[provider])) == ((0, 0), 0, -FEE[provider])
    refused("already_reversed", lambda: operations.return_gift(act=town.treasurer, asked=asked(intent)))
    agree(town)


def promise(desk: Act, fund: Fund, amount: int) -> Award:
    """Somebody is promised that much of the fund."""
    award = agreed(desk, ask(desk, somebody("Aidée")))
    return operations.grant(act=desk, award=award, fund=fund, amount=amount)


def test_a_gift_that_is_promised_is_not_given_back(
    town: GivingTown, desk: Act, seats: list[Seat], fund: Fund, odile: Person
) -> None:
    intent = carried(town, mean_to_give(town, odile, fund, 2000))
    promise(desk, fund, 1500)
    refused("not_enough", lambda: operations.return_gift(act=town.treasurer, asked=asked(intent)))


def contest(town: GivingTown, intent: Intent) -> None:
    """The giver's bank takes it back, whoever the provider is."""
    if intent.provider == "helloasso":
        town.helloasso.becomes(int(intent.ref), "Contested")
    else:
        town.later(days=2)
    town.told()
    town.turn()
    intent.refresh_from_db()


@PROVIDERS
def test_a_contested_gift_leaves_the_fund_and_is_a_task(
    town: GivingTown, fund: Fund, odile: Person, provider: str
) -> None:
    intent = carried(town, mean_to_give(town, odile, fund, 2000, provider), "pm_card_createDispute")
    contest(town, intent)
    assert (held(fund), intent.contested) == ((0, 0), 2000)
    assert Task.objects.get(kind="payment_contested").params["fund"] == fund.name
    agree(town)


def test_a_dispute_that_is_won_brings_the_gift_back(town: GivingTown, fund: Fund, odile: Person) -> None:
    intent = carried(town, mean_to_give(town, odile, fund, 2000, "stripe"), "pm_card_createDispute")
    contest(town, intent)
    town.fake.till.judge(town.fake.till.all("dispute")[0], won=True)
    town.told()
    town.turn()
    assert held(fund) == (2000, 0)
    assert Letter.objects.filter(template="gift_thanks").count() == 1
    agree(town)


def test_a_contested_gift_that_is_promised_breaks_no_promise_and_waits_for_a_person(
    town: GivingTown, desk: Act, seats: list[Seat], fund: Fund, odile: Person
) -> None:
    intent = carried(town, mean_to_give(town, odile, fund, 2000))
    promise(desk, fund, 1500)
    contest(town, intent)
    assert (held(fund), books("471000"), books("517100")) == ((500, 1500), 2000, 0)
    assert Task.objects.get(kind="gift_stuck").params["amount"] == -2000
    agree(town)
    refused("not_enough", lambda: operations.return_gift(act=town.treasurer, asked=asked(intent)))
    give(desk, fund, 1500, "cheque")
    operations.return_gift(act=town.treasurer, asked=asked(intent))
    assert (held(fund), books("471000")) == ((0, 1500), 0)
    refused("already_reversed", lambda: operations.return_gift(act=town.treasurer, asked=asked(intent)))
    agree(town)


def test_a_gift_to_a_fund_that_has_closed_meanwhile_waits_for_a_person(
    town: GivingTown, desk: Act, fund: Fund, odile: Person
) -> None:
    intent = mean_to_give(town, odile, fund, 2000)
    operations.close_fund(act=desk, fund=fund)
    carried(town, intent)
    assert (Gift.objects.count(), books("471000"), books("517100")) == (0, -2000, 2000)
    assert Task.objects.get(kind="gift_stuck").params["amount"] == 2000
    refused("fund_closed", lambda: mean_to_give(town, odile, fund, 2000))
    agree(town)


def test_an_older_answer_undoes_nothing(town: GivingTown, fund: Fund, odile: Person) -> None:
    intent = mean_to_give(town, odile, fund, 2000)
    before = Intent.objects.select_related("person").get(id=intent.id)
    carried(town, intent)
    old = Standing(ref=intent.ref, state="created", amount=2000)
    operations.look_at_gift(act=town.clock, intent=before, standing=old, asked_at=START)
    assert held(fund) == (2000, 0)


def test_nobody_gives_in_the_name_of_somebody_else(town: GivingTown, fund: Fund, odile: Person) -> None:
    other = somebody("Autre")
    refused("not_allowed", lambda: operations.give_online(
        act=town.whoever(other), giver=odile, fund=fund, amount=100, provider="helloasso", back=BACK
    ))  # fmt: skip
    nobody = Act(by=Actor(None), at=START, door=Door.SITE)
    refused("not_allowed", lambda: operations.give_online(
        act=nobody, giver=odile, fund=fund, amount=100, provider="helloasso", back=BACK
    ))  # fmt: skip


def test_a_visitor_gives_as_whoever_they_were_written_down(town: GivingTown, fund: Fund, odile: Person) -> None:
    act = Act(by=Actor(None), at=START, door=Door.SITE, on_behalf_of=odile.id)
    intent = operations.give_online(act=act, giver=odile, fund=fund, amount=100, provider="helloasso", back=BACK)
    assert carried(town, intent).state == "captured"


def test_a_page_that_will_not_open_is_over_and_a_person_is_told(town: GivingTown, fund: Fund, odile: Person) -> None:
    intent = mean_to_give(town, odile, fund, 20)  # Less than they take.
    town.turn()
    intent.refresh_from_db()
    assert (intent.state, Task.objects.get(kind="payment_not_done").params["fund"]) == ("cancelled", fund.name)
    assert ledger.balance(account=account("517100")).pending_in == 0


def test_a_forged_notification_makes_us_ask_and_no_more(town: GivingTown, fund: Fund, odile: Person) -> None:
    intent = mean_to_give(town, odile, fund, 2000)
    town.turn()
    said = json.dumps({"eventType": "Payment", "data": {"id": 7, "state": "Authorized", "amount": 10**6}}).encode()
    hint = town.giving.hint(said, {})
    stranger = Act(by=Actor(None), at=town.at, door=Door.API)
    payments.hear(act=stranger, provider="helloasso", message=hint.id, about=hint.about, ref=hint.ref)
    town.turn()
    intent.refresh_from_db()
    assert (intent.state, held(fund)) == ("asked", (0, 0))


def test_the_file_for_the_tax_office_holds_gifts_and_balances(
    town: GivingTown, desk: Act, seats: list[Seat], fund: Fund, odile: Person
) -> None:
    for provider in HOLDS:
        carried(town, mean_to_give(town, odile, fund, 2000, provider))
    promise(desk, fund, 1500)
    contest(town, carried(town, mean_to_give(town, odile, fund, 1000)))
    rows = [line.split("\t") for line in settled.fec_lines(period=Period(START.date().replace(day=1), START.date()))]
    assert {"517000", "517100", "196000", "627000"} <= {row[4] for row in rows[1:]}
    debits, credits_ = (sum(int(row[column].replace(",", "")) for row in rows[1:]) for column in (11, 12))
    assert debits == credits_ > 0


# With an invoice


@pytest.fixture
def invoice(desk: Act, odile: Person) -> Invoice:
    return owe(desk, odile, 4900)


def test_an_invoice_and_a_gift_are_paid_together_each_once(town: GivingTown, fund: Fund, invoice: Invoice) -> None:
    intent = with_invoice(town, invoice, fund)
    assert (intent.amount, intent.about) == (5200, "invoice")
    assert with_invoice(town, invoice, fund) == intent
    carried(town, intent)
    town.told()
    town.settle_down()
    gift = Gift.objects.get()
    assert (gift.amount, gift.how, gift.invoice, held(fund)) == (300, "card", invoice, (300, 0))
    assert (due(invoice), books("411000")) == (0, 0)
    agree(town)


def test_the_persons_statement_says_what_they_gave(town: GivingTown, fund: Fund, invoice: Invoice) -> None:
    carried(town, with_invoice(town, invoice, fund))
    lines = settled.statement(person=invoice.client_id).lines
    assert [(happened(one), one.amount) for one in lines[:2]] == [("Donné à un fonds", -300), ("Payé, merci", 5200)]


def test_without_the_box_it_is_the_invoice_alone(town: GivingTown, fund: Fund, invoice: Invoice) -> None:
    carried(town, with_invoice(town, invoice, None))
    assert (due(invoice), Gift.objects.count()) == (0, 0)


@pytest.mark.parametrize("first", [True, False])
def test_whoever_changes_their_mind_pays_what_they_said_last(
    town: GivingTown, fund: Fund, invoice: Invoice, first: bool
) -> None:
    before = with_invoice(town, invoice, fund if first else None)
    town.turn()
    assert with_invoice(town, invoice, None if first else fund) == before
    town.turn()
    town.turn()
    with pytest.raises(Wrong):
        pay(town, before)
    after = with_invoice(town, invoice, None if first else fund)
    assert after.amount == 4900 + 300 * (not first)
    carried(town, after)
    assert (due(invoice), held(fund)) == (0, (300 * (not first), 0))


def test_what_is_given_back_of_a_payment_is_the_gift_first(town: GivingTown, fund: Fund, invoice: Invoice) -> None:
    intent = carried(town, with_invoice(town, invoice, fund))
    operations.return_gift(act=town.treasurer, asked=asked(intent))
    town.turn()
    assert (due(invoice), held(fund)) == (0, (0, 0))
    agree(town)


def test_a_payment_that_is_contested_is_due_again_and_gave_nothing(
    town: GivingTown, fund: Fund, invoice: Invoice
) -> None:
    intent = carried(town, with_invoice(town, invoice, fund), "pm_card_createDispute")
    contest(town, intent)
    assert (due(invoice), held(fund)) == (4900, (0, 0))
    agree(town)


def test_a_gift_with_an_invoice_to_a_closed_fund_stays_the_clients(
    town: GivingTown, desk: Act, fund: Fund, invoice: Invoice
) -> None:
    intent = with_invoice(town, invoice, fund)
    operations.close_fund(act=desk, fund=fund)
    carried(town, intent)
    assert (books("411000"), Gift.objects.count()) == (-300, 0)
    assert Task.objects.get(kind="gift_stuck")
