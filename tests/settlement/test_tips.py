"""« Remercier » : what clients give goes whole to whoever worked for them, with the next wage."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import invariant, rule

import entremise
from entremise.documents.models import Document
from entremise.documents.queries import pdf
from entremise.figures import operations as figures
from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission
from entremise.kernel.act import STAFF, Act, Actor, Door, Role
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.ledger import queries as ledger
from entremise.messaging.models import Letter
from entremise.people.models import Person
from entremise.settlement import operations, queries
from entremise.settlement.models import Payout, Payslip, Tip, TipPaid
from entremise.settlement.operations.booking import book
from entremise.settlement.operations.tips import join_tips, tips_to_join
from entremise.settlement.rules.books_fr import tips_paid_moves
from tests.machine import Machine
from tests.settlement.conftest import DECEMBER_4, balance, settle

TIPS = "467100"


def mine(mission: Mission) -> Act:
    """Of the client, on their page."""
    return Act(by=Actor(mission.client_id, frozenset({Role.CLIENT})), at=DECEMBER_4, door=Door.SITE)


def thank(act: Act, mission: Mission, amount: int = 200, how: str = "cash", key: str = "one") -> Tip:
    whole = Mission.objects.select_related("client", "worker", "request").get(id=mission.id)
    return jobs.thank(act=act, mission=whole, amount=amount, how=how, key=key)


def test_coins_at_the_counter_are_owed_to_the_worker_whole(treasurer: Act, worked: Mission) -> None:
    assert thank(treasurer, worked) == thank(treasurer, worked)
    assert (balance("530000"), balance(TIPS)) == (200, -200)
    assert ledger.balances_by_holder(code=TIPS) == {worked.worker_id: -200}
    assert "2,00" in Letter.objects.get(template="tip_given").body


def test_a_client_gives_from_what_they_have_with_us_and_never_more(treasurer: Act, worked: Mission) -> None:
    operations.pay_in(act=treasurer, person=worked.client, amount=300, how="cash", key="ahead")
    with pytest.raises(Refused, match="account_empty"):
        thank(mine(worked), worked, 500, "account")
    thank(mine(worked), worked, 200, "account")
    assert queries.free_on_account(person=worked.client_id) == 100
    assert queries.statement(person=worked.client_id).lines[0].cause == "tip"
    assert queries.statement(person=worked.worker_id).owed == 200


@pytest.mark.parametrize("amount", [0, -1, 5001])
def test_an_amount_beyond_what_anybody_means_is_refused(treasurer: Act, worked: Mission, amount: int) -> None:
    with pytest.raises(Refused, match="tip_out_of_range") as refused:
        thank(treasurer, worked, amount)
    assert refused.value.where == "amount"


def test_a_visit_is_thanked_for_once(treasurer: Act, worked: Mission) -> None:
    thank(treasurer, worked)
    with pytest.raises(Refused, match="already_thanked"):
        thank(treasurer, worked, key="two")


def test_never_before_the_job(treasurer: Act, mission: Mission) -> None:
    with pytest.raises(Refused, match="not_to_thank_yet"):
        thank(treasurer, mission)


def test_a_client_says_for_themselves_and_hands_no_coins_over_a_page(worked: Mission, nadege: Person) -> None:
    stranger = replace(mine(worked), by=Actor(nadege.id, frozenset({Role.CLIENT})))
    for act, how in ((stranger, "account"), (mine(worked), "cash")):
        with pytest.raises(Refused, match="not_allowed"):
            thank(act, worked, how=how)


def test_when_the_law_takes_contributions_of_them_they_are_not_offered(treasurer: Act, worked: Mission) -> None:
    no = {"value": Decimal(0), "unit": "yes", "valid_from": date(2026, 12, 1), "source": "loi relue"}
    figures.override(act=treasurer, key="tips_exempt", **no)
    with pytest.raises(Refused, match="tips_not_offered"):
        thank(treasurer, worked)


def test_they_leave_with_the_next_wage_outside_of_gross(treasurer: Act, worked: Mission) -> None:
    thank(treasurer, worked)
    settle(treasurer)
    payslip = Payslip.objects.get()
    data = Document.objects.get(id=payslip.document_id).data
    assert (payslip.tips, payslip.paid, payslip.gross) == (200, 2144 + 200, 2708)
    assert (data["tips"], data["net_paid"], data["net_social"]) == (200, 2344, payslip.net)
    assert pdf(document=Document.objects.get(id=payslip.document_id)).startswith(b"%PDF")
    assert (balance(TIPS), balance("421000")) == (0, -2344)
    operations.order_payouts(act=treasurer, execution_on=DECEMBER_4.date())
    assert Payout.objects.get().amount == 2344
    assert [one.number for one in queries.tips_of(worker=worked.worker_id)] == [payslip.number]


def test_they_are_no_wage_of_the_year_and_no_tax(treasurer: Act, worked: Mission) -> None:
    thank(treasurer, worked)
    settle(treasurer)
    data = Document.objects.get(kind="payslip").data
    assert data["gross"] == data["year"][0]["year"]
    assert data["tax"]["amount"] == data["year"][2]["year"] == 0


def test_a_mistake_goes_back_before_the_payslip_and_not_after(treasurer: Act, worked: Mission) -> None:
    tip = thank(treasurer, worked)
    with pytest.raises(Refused, match="reason_needed"):
        operations.take_back_tip(act=treasurer, tip=tip, reason=" ")
    for _ in range(2):
        operations.take_back_tip(act=treasurer, tip=tip, reason="deux, pas vingt")
    assert (balance("530000"), balance(TIPS)) == (0, 0)
    later = thank(treasurer, worked, 300, key="two")
    settle(treasurer)
    assert Payslip.objects.get().tips == 300
    with pytest.raises(Refused, match="tip_paid_out"):
        operations.take_back_tip(act=treasurer, tip=later, reason="trop tard")


def test_no_rule_of_matching_and_no_public_page_reads_tips() -> None:
    house = Path(entremise.__file__).parent
    allowed = {"thanking.py"}
    readers = [
        path.name
        for room in ("jobs", "market")
        for path in (house / room).rglob("*.py")
        if path.name not in allowed and ("tips_" in path.read_text() or "Tip" in path.read_text())
    ]
    assert readers == []


class Thanking(Machine):
    """What clients gave is what workers got and what waits, whatever is given, taken back and paid."""

    def __init__(self) -> None:
        super().__init__()
        figures.load_shipped()
        people = [Person.objects.create(family_name=name, known_since=DECEMBER_4) for name in ("A", "B", "C", "D")]
        self.clients, self.workers = people[:2], people[2:]
        self.act = Act(by=Actor(people[0].id, STAFF), at=DECEMBER_4, door=Door.DESK)
        self.given = self.got = 0
        for one in self.clients:
            operations.pay_in(act=self.act, person=one, amount=1000, how="cash", key=self.key())

    @rule(
        client=st.integers(0, 1),
        worker=st.integers(0, 1),
        amount=st.integers(1, 700),
        how=st.sampled_from(["cash", "account"]),
    )
    def give(self, client: int, worker: int, amount: int, how: str) -> None:
        person, key = self.clients[client], self.key()

        def give() -> Tip:
            return operations.give_tip(
                act=self.act,
                client=person,
                worker=self.workers[worker],
                occasion=new_id(),
                amount=amount,
                how=how,
                key=key,
            )

        if how == "account" and amount > queries.free_on_account(person=person.id):
            self.refused("account_empty", give)
        else:
            assert give() == give()
            self.given += amount

    @rule(number=st.integers(0, 9))
    def take_back(self, number: int) -> None:
        rows = list(Tip.objects.filter(takes_back=None).select_related("client", "worker").order_by("id"))
        if not rows:
            return
        tip = rows[number % len(rows)]
        back = Tip.objects.filter(takes_back=tip).exists()
        if TipPaid.objects.filter(tip=tip).exists():
            self.refused("tip_paid_out", lambda: operations.take_back_tip(act=self.act, tip=tip, reason="x"))
        else:
            operations.take_back_tip(act=self.act, tip=tip, reason="x")
            self.given -= 0 if back else tip.amount

    @rule(worker=st.integers(0, 1))
    def pay(self, worker: int) -> None:
        """The part of a payslip that is about them."""
        whose = self.workers[worker]
        tips = tips_to_join(worker=whose)
        amount = sum(one.amount for one in tips)
        number = f"BP-2026-{Payslip.objects.count() + 1:04d}"
        moves = tips_paid_moves(whose.id, amount, number)
        said = {"kind": "letter", "template": "letter", "data": {}}
        document = Document.objects.create(number=number, issued_at=DECEMBER_4, **said)
        entry, on = new_id(), DECEMBER_4.date()
        if moves:
            entry = book(act=self.act, key=number, on=on, cause="payslip", cause_id=None, moves=moves)
        payslip = Payslip.objects.create(
            number=number,
            worker=whose,
            month=DECEMBER_4.date(),
            minutes=0,
            gross=0,
            net=0,
            tips=amount,
            paid=amount,
            employer_cost=0,
            document=document,
            entry=entry,
            issued_at=DECEMBER_4,
        )
        join_tips(payslip=payslip, tips=tips)
        self.got += amount

    @invariant()
    def what_was_given_is_what_was_got_and_what_waits(self) -> None:
        waits = -balance(TIPS)
        assert self.given == self.got + waits
        assert self.got == sum(Payslip.objects.values_list("tips", flat=True)) == -balance("421000")
        assert waits == sum(one.tip.amount for one in queries.tips() if not one.number and not one.taken_back)

    @invariant()
    def the_books_add_up(self) -> None:
        assert ledger.verify() == []
        assert all(queries.free_on_account(person=one.id) >= 0 for one in self.clients)


class TestThanking(Thanking.TestCase, TestCase):
    settings = settings(max_examples=12, stateful_step_count=20, suppress_health_check=[HealthCheck.too_slow])
