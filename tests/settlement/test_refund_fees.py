"""Who bears the fee of money that goes back through a provider is a row of its own."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.payments.models import Intent
from entremise.payments.rules.provider import Standing
from entremise.settlement import operations, queries
from entremise.settlement.models import Invoice, Receipt, RefundFee
from entremise.settlement.rules.refunds import bearer_beside_us, fee_of_part
from entremise.tenancy.models import Organisation
from tests.provider.fake import Fake
from tests.settlement.conftest import balance, settle
from tests.settlement.town import Town, due, pays


@pytest.fixture
def town(inside: Organisation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    with Fake.open() as fake:
        yield Town(fake, monkeypatch)


@pytest.fixture
def intent(town: Town, worked: object, treasurer: Act) -> Intent:
    """49 € that Odile paid by card, of which the provider kept 0.99 €."""
    settle(treasurer)
    return pays(town, Invoice.objects.select_related("client").get())


def gives_back(town: Town, intent: Intent, amount: int, bearer: str = "client", reason: str = "annulé") -> None:
    operations.give_back_online(act=town.treasurer, intent=intent, amount=amount, bearer=bearer, reason=reason)
    town.turn()
    town.settle_down()
    intent.refresh_from_db()


@given(st.integers(0, 300), st.lists(st.integers(1, 5000), min_size=1, max_size=8))
def test_refunds_of_all_of_a_payment_bear_all_of_its_fee(fee: int, parts: list[int]) -> None:
    taken, returned, shared = sum(parts), 0, 0
    for part in parts:
        returned += part
        shared += fee_of_part(fee=fee, taken=taken, returned=returned, shared_out=shared)
        assert 0 <= shared <= fee
    assert shared == fee


def test_of_a_commission_it_may_be_the_suppliers_of_work_the_clients() -> None:
    assert (bearer_beside_us("commission"), bearer_beside_us("work")) == ("supplier", "client")


def test_the_organisation_bears_it_unless_somebody_says_otherwise(town: Town, intent: Intent) -> None:
    operations.give_back_online(act=town.treasurer, intent=intent, amount=4900)
    town.turn()
    row = RefundFee.objects.get()
    assert (row.what, row.amount, row.bearer) == ("kept", 99, "organisation")
    assert town.fake.till.all("charge")[0]["amount_refunded"] == 4900
    assert balance("627000") == 99
    assert not Receipt.objects.filter(how="fee").exists()


def test_what_the_client_bears_is_kept_by_a_row_and_never_netted(town: Town, intent: Intent) -> None:
    gives_back(town, intent, 4900)
    assert town.fake.till.all("charge")[0]["amount_refunded"] == 4801
    assert sorted(Receipt.objects.values_list("how", "amount")) == [("card", -4801), ("card", 4900), ("fee", -99)]
    assert (balance("708800"), balance("627000")) == (-99, 99)
    invoice = Invoice.objects.get()
    assert due(invoice) == 4900
    assert "refund_fee" in {line.cause for line in queries.statement(person=invoice.client_id).lines}
    assert queries.refundable(intent=intent) == 0


def test_parts_that_go_back_one_by_one_bear_the_whole_fee_together(town: Town, intent: Intent) -> None:
    for amount in (1000, 1900, 2000):
        gives_back(town, intent, amount)
    assert sum(RefundFee.objects.values_list("amount", flat=True)) == 99
    assert town.fake.till.all("charge")[0]["amount_refunded"] == 4801
    with pytest.raises(Refused, match="amount_not_taken"):
        gives_back(town, intent, 1)


def test_nothing_is_kept_from_the_client_before_the_provider_has_given_back(town: Town, intent: Intent) -> None:
    operations.give_back_online(act=town.treasurer, intent=intent, amount=4900, bearer="client", reason="annulé")
    assert not Receipt.objects.filter(how="fee").exists()
    town.fake.wire.faults = ["lose"]
    town.turn()
    town.settle_down()
    assert Receipt.objects.get(how="fee").amount == -99


@pytest.mark.parametrize(
    ("bearer", "reason", "code"), [("client", " ", "reason_needed"), ("supplier", "x", "fee_not_theirs")]
)
def test_somebody_else_bears_it_only_with_a_reason_and_a_part_in_it(
    town: Town, intent: Intent, bearer: str, reason: str, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        gives_back(town, intent, 4900, bearer, reason)
    assert not RefundFee.objects.exists()


def test_what_a_dispute_cost_is_nobody_elses_fee(town: Town, worked: object, treasurer: Act) -> None:
    settle(treasurer)
    intent = pays(town, Invoice.objects.select_related("client").get(), "pm_card_createDispute")
    town.later(days=2)
    town.told()
    town.turn()
    town.fake.till.judge(town.fake.till.all("dispute")[0], won=True)
    town.told()
    town.turn()
    with pytest.raises(Refused, match="fee_not_theirs"):
        gives_back(town, intent, 100)


def test_what_the_provider_asks_for_giving_back_is_a_row_of_the_organisation(town: Town, intent: Intent) -> None:
    operations.give_back_online(act=town.treasurer, intent=intent, amount=4900, bearer="client", reason="annulé")
    (refund,) = intent.instructions.filter(verb="give_back")
    payments_done(town, intent)
    asked = Standing(ref=intent.ref, state="captured", amount=4900, taken=4900, given_back=refund.amount, fee=99 + 25)
    later = town.at + timedelta(minutes=1)
    operations.look_at_payment(act=replace(town.clock, at=later), intent=intent, standing=asked, asked_at=later)
    row = RefundFee.objects.get(what="charged")
    assert (row.amount, row.bearer) == (25, "organisation")
    assert (balance("627000"), balance("708800")) == (124, -99)


def payments_done(town: Town, intent: Intent) -> None:
    intent.instructions.filter(verb="give_back").update(state="done")
