"""A client with a mandate who pays in instalments: each is announced and collected on its own day."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import invariant, rule

from entremise.figures.operations import load_shipped
from entremise.kernel.act import STAFF, Act, Actor, Door
from entremise.kernel.refused import Refused
from entremise.messaging.models import Letter, Task
from entremise.payments import operations as payments
from entremise.people.models import ContactPoint, Person
from entremise.settlement import operations, queries
from entremise.settlement.models import Debit, Invoice, Plan
from entremise.settlement.queries.owed import left
from entremise.tenancy.models import LegalIdentity
from tests.machine import Machine
from tests.payments.test_mandates import IBAN
from tests.settlement.test_plans import agree, minds, pays, plan, staff
from tests.settlement.test_reminders import invoice, on
from tests.settlement.town import bill

__all__ = ["invoice", "plan", "staff"]


@pytest.fixture(autouse=True)
def mandate(treasurer: Act, odile: Person, legal: None) -> None:
    LegalIdentity.objects.update(creditor_id="FR72ZZZ123456")
    payments.give_mandate(act=treasurer, person=odile, iban=IBAN, signed_on=date(2026, 11, 20), how="paper")


def at(act: Act, day: int) -> Act:
    return replace(act, at=on(day))


def collected(act: Act, debit: Debit) -> None:
    operations.order_debits(act=act)
    debit.refresh_from_db()
    operations.confirm_debit(act=act, debit=debit, on=debit.collect_on)


def test_the_next_instalment_is_announced_by_its_number_and_on_its_day(staff: Act, invoice: Invoice) -> None:
    agree(staff, invoice, first_on=date(2027, 1, 11))
    (debit,) = operations.announce_debits(act=staff)
    assert (debit.amount, debit.collect_on, debit.instalment and debit.instalment.number) == (
        1634,
        date(2027, 1, 11),
        1,
    )
    assert "échéance 1 sur 3" in Letter.objects.get(template="debit_announced").body
    with pytest.raises(Refused, match="nothing_to_collect"):
        operations.announce_debits(act=staff)


def test_what_is_agreed_says_that_it_is_collected(staff: Act, invoice: Invoice) -> None:
    ContactPoint.objects.update(texts=False)  # By post there is room.
    agree(staff, invoice)
    assert "prélèverons chaque date par votre mandat" in Letter.objects.get(template="plan_agreed").body


def test_one_that_is_far_is_not_announced_yet(staff: Act, invoice: Invoice) -> None:
    agree(staff, invoice, count=1, first_on=date(2027, 2, 20))
    assert queries.to_announce(on=on(10).date()) == []
    assert len(queries.to_announce(on=on(40).date())) == 1


def test_each_is_collected_in_its_turn_and_the_plan_ends_by_itself(staff: Act, invoice: Invoice, plan: Plan) -> None:
    for day, amount in ((10, 1634), (40, 1633), (70, 1633)):
        (debit,) = operations.announce_debits(act=at(staff, day))
        assert debit.amount == amount
        collected(at(staff, day), debit)
    assert queries.dues(invoices=[invoice])[invoice.id] == 0
    assert minds(80).state == "paid"


def test_nobody_is_reminded_of_a_date_that_is_collected(staff: Act, plan: Plan) -> None:
    operations.announce_debits(act=staff)
    minds(14)
    minds(22)
    assert not Letter.objects.filter(template__startswith="instalment").exists()
    (part, *_) = queries.running_plans(on=on(22).date())[0].parts
    assert part.collect_on == date(2026, 12, 28)


def test_what_comes_otherwise_meanwhile_is_not_collected_again(staff: Act, invoice: Invoice, plan: Plan) -> None:
    operations.announce_debits(act=staff)
    pays(staff, invoice, 1000)
    (row,) = queries.debits_to_order(on=on(12).date()).rows
    assert row[1] == 634
    pays(staff, invoice, 634, key="rest")
    made = operations.order_debits(act=at(staff, 12))
    assert (made.file, [one.reason for one in made.dropped]) == (None, ["paid"])


def test_one_that_came_back_waits_for_a_persons_word_and_is_then_collected_again(staff: Act, plan: Plan) -> None:
    (debit,) = operations.announce_debits(act=staff)
    collected(staff, debit)
    operations.return_debit(act=staff, debit=debit, on=date(2026, 12, 30), reason="AM04")
    assert Task.objects.get(kind="debit_back")
    minds(40)
    assert not Letter.objects.filter(template="instalment_missed").exists()
    assert queries.to_announce(on=on(40).date()) == []
    operations.collect_again(act=staff, debit=debit)
    (again,) = operations.announce_debits(act=at(staff, 40))
    assert (again.amount, again.instalment_id) == (1634, debit.instalment_id)


@pytest.mark.parametrize("anew", [True, False])
def test_a_plan_that_changes_drops_what_was_announced_of_it(
    staff: Act, invoice: Invoice, plan: Plan, anew: bool
) -> None:
    (debit,) = operations.announce_debits(act=staff)
    if anew:
        agree(staff, invoice, count=2, key="anew", instead_of=plan.id)
    else:
        operations.cancel_plan(act=staff, plan=plan, reason="il paie tout")
    debit.refresh_from_db()
    assert (debit.state, debit.reason) == ("dropped", "plan_changed")
    assert [one.due for one in queries.to_announce(on=on(10).date())] == ([2450] if anew else [4900])


def test_one_that_the_bank_has_stops_a_change(staff: Act, invoice: Invoice, plan: Plan) -> None:
    operations.announce_debits(act=staff)
    operations.order_debits(act=staff)
    with pytest.raises(Refused, match="debit_on_its_way"):
        agree(staff, invoice, count=2, key="anew", instead_of=plan.id)


def test_an_instalment_over_two_invoices_is_a_debit_of_each(staff: Act, invoice: Invoice, odile: Person) -> None:
    agree(staff, invoice, bill(odile, 2000), count=1)
    found = operations.announce_debits(act=staff)
    assert sorted(one.amount for one in found) == [2000, 4900]
    assert len({one.instalment_id for one in found}) == 1


class Spreading(Machine):
    """Two invoices, instalments, a mandate: whatever happens, nobody is collected beyond what is due or was told."""

    def __init__(self) -> None:
        super().__init__()
        load_shipped()
        LegalIdentity.objects.create(
            legal_name="D", siret="73282932000074", iban="FR7630006000011234567890189", creditor_id="FR72ZZZ123456"
        )
        self.at: datetime = on(10)
        self.client = Person.objects.create(family_name="Marsan", known_since=self.at)
        payments.give_mandate(act=self.act, person=self.client, iban=IBAN, signed_on=date(2026, 11, 20), how="paper")
        self.invoices = [bill(self.client, total) for total in (3000, 2000)]

    @property
    def act(self) -> Act:
        return Act(by=Actor(self.client.id, STAFF), at=self.at, door=Door.DESK)

    def maybe(self, verb: str, **said: object) -> None:
        with suppress(Refused):
            getattr(operations, verb)(act=self.act, **said)

    def any_of(self, number: int, *states: str) -> Debit | None:
        rows = list(Debit.objects.filter(state__in=states).select_related("invoice__client", "mandate").order_by("id"))
        return rows[number % len(rows)] if rows else None

    @rule(count=st.integers(1, 3), anew=st.booleans())
    def agree(self, count: int, anew: bool) -> None:
        running = Plan.objects.filter(state="running").first()
        self.maybe(
            "agree_plan",
            client=self.client,
            invoices=self.invoices,
            count=count,
            first_on=self.at.date() + timedelta(days=5),
            key=self.key(),
            instead_of=running.id if running and anew else None,
        )

    @rule()
    def cancel(self) -> None:
        running = Plan.objects.filter(state="running").first()
        if running:
            self.maybe("cancel_plan", plan=running, reason="x")

    @rule()
    def announce(self) -> None:
        self.maybe("announce_debits")

    @rule()
    def order(self) -> None:
        self.maybe("order_debits")

    @rule(number=st.integers(0, 5), verb=st.sampled_from(["confirm_debit", "return_debit"]))
    def bank(self, number: int, verb: str) -> None:
        debit = self.any_of(number, "ordered") if verb == "confirm_debit" else self.any_of(number, "ordered", "paid")
        if debit:
            self.maybe(verb, debit=debit, on=self.at.date())

    @rule(number=st.integers(0, 5))
    def reject(self, number: int) -> None:
        debit = self.any_of(number, "ordered")
        if debit:
            self.maybe("reject_debit", debit=debit, reason="AM04")

    @rule(number=st.integers(0, 5))
    def again(self, number: int) -> None:
        debit = self.any_of(number, "rejected", "returned", "dropped")
        if debit:
            self.maybe("collect_again", debit=debit)

    @rule(which=st.integers(0, 1), amount=st.integers(1, 2500))
    def cash(self, which: int, amount: int) -> None:
        on_day = self.at.date()
        self.maybe("receive_cash", invoice=self.invoices[which], amount=amount, how="cheque", on=on_day, key=self.key())

    @rule(days=st.sampled_from([3, 14, 30]))
    def time_passes(self, days: int) -> None:
        self.at += timedelta(days=days)
        for one in Plan.objects.filter(state="running").select_related("client"):
            operations.mind_plan(act=self.act, plan=one)

    @invariant()
    def nobody_is_collected_beyond_what_is_due(self) -> None:
        ordered = list(Debit.objects.filter(state="ordered"))
        due = queries.dues(invoices=self.invoices)
        for one in self.invoices:
            assert sum(debit.amount for debit in ordered if debit.invoice_id == one.id) <= due[one.id]
        assert all(one >= 0 for one in left(invoices=self.invoices).values())

    @invariant()
    def one_at_a_time_of_an_invoice_and_no_more_than_its_instalment(self) -> None:
        live = list(Debit.objects.filter(state__in=["announced", "ordered"]).select_related("instalment"))
        assert len(live) == len({one.invoice_id for one in live})
        for part in {one.instalment for one in live if one.instalment}:
            assert sum(one.amount for one in live if one.instalment_id == part.id) <= part.amount

    @invariant()
    def what_waits_for_the_bank_belongs_to_a_plan_that_runs(self) -> None:
        for one in Debit.objects.filter(state="announced", instalment__isnull=False).select_related("instalment__plan"):
            assert one.instalment is not None
            assert one.instalment.plan.state in ("running", "paid")


class TestSpreading(Spreading.TestCase, TestCase):
    settings = settings(max_examples=12, stateful_step_count=25, suppress_health_check=[HealthCheck.too_slow])
