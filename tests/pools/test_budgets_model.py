"""Any sequence of money that comes in, hours that are planned and written down, and people who leave and come back,
against a plain model: no budget ever passes nothing, nobody pays more than alone, and the books sum to nothing.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import invariant, rule

from entremise.kernel.time import Period
from entremise.ledger import queries as ledger
from entremise.people.models import Person
from entremise.pools import operations, queries
from entremise.pools.models import Budget, BudgetMoney, Commitment, Session
from entremise.pools.rules.books_fr import BORNE, BUDGETS
from entremise.pools.rules.sharing import Terms, cost
from entremise.settlement.rules.books_fr import CASH, CHEQUES, COMMISSIONS, MEMBERS, THIRD
from tests.machine import Machine
from tests.pools.conftest import AT, books, joined, opened, planned, put, somebody, staff

WHO = st.integers(0, 2)
TERMS = Terms(2000, 2000, "hourly", 0)  # Saves nothing: where rounding is hardest.
KINDS = ("own", "isf", "direct_payment")


@dataclass
class Member:
    person: Person
    kind: str
    budget: Budget | None = None
    has: int = 0
    ended: list[Budget] = field(default_factory=list)


class Together(Machine):
    def __init__(self) -> None:
        super().__init__()
        self.act = staff()
        self.pool = opened(self.act, terms=TERMS)
        self.members = [Member(somebody(kind), kind) for kind in KINDS]
        self.waiting: list[tuple[Session, set[int]]] = []  # Past and not written down, with whose they are.
        self.to_come: list[tuple[Session, set[int]]] = []
        self.came = self.care = self.fee = self.borne = self.back = 0

    @rule(who=WHO)
    def join(self, who: int) -> None:
        one = self.members[who]
        if one.budget:
            self.refused("budget_known", lambda: joined(self.act, self.pool, one.person))
            return
        one.budget = joined(self.act, self.pool, one.person, kind=one.kind)

    @rule(who=WHO, cents=st.integers(1, 6000))
    def pay_in(self, who: int, cents: int) -> None:
        one = self.members[who]
        if one.budget:
            key = self.key()
            for _ in range(2):
                put(self.act, one.budget, cents, key)
            one.has += cents
            self.came += cents

    @rule(who=st.sets(WHO, min_size=1), past=st.booleans())
    def plan(self, who: set[int], past: bool) -> None:
        there = {one for one in who if self.members[one].budget}
        if there:
            budgets = [budget for one in there if (budget := self.members[one].budget)]
            days = timedelta(days=-1 if past else 2)
            session = planned(self.act, self.pool, *budgets, after=days)
            (self.waiting if past else self.to_come).append((session, there))

    @rule(minutes=st.integers(1, 120), had=st.lists(st.integers(0, 120), min_size=3, max_size=3))
    def write_down(self, minutes: int, had: list[int]) -> None:
        if not self.waiting:
            return
        session, who = self.waiting[-1]
        present = {budget.id: min(had[one], minutes) for one in who if (budget := self.members[one].budget)}
        record = partial(operations.record_session, act=self.act, session=session, minutes=minutes, present=present)
        if sum(present.values()) < minutes:
            self.refused("hours_nobody_had|nobody_there", record)
            return
        found = cost(TERMS, minutes, present)
        owed = {one: found.parts[b.id].amount for one in who if (b := self.members[one].budget) and b.id in found.parts}
        if any(self.members[one].has < amount for one, amount in owed.items()):
            self.refused("budget_too_small", record)
            return
        for _ in range(2):
            record()
        self.waiting.pop()
        for one, amount in owed.items():
            self.members[one].has -= amount
        self.care, self.fee, self.borne = self.care + found.care, self.fee + found.fee, self.borne + found.borne

    @rule()
    def cancel(self) -> None:
        if self.waiting:
            session, _who = self.waiting.pop()
            operations.cancel_session(act=self.act, session=session)

    @rule(who=WHO)
    def leave(self, who: int) -> None:
        one = self.members[who]
        if one.budget is None:
            return
        go = partial(operations.leave, act=self.act, budget=one.budget, seen=one.has)
        if any(who in people for _, people in self.waiting):
            self.refused("hours_to_record", go)
            return
        self.refused("leaving_changed", partial(go, seen=one.has + 1))
        go()
        self.back += one.has
        one.ended.append(one.budget)
        one.budget, one.has = None, 0
        for _, people in self.to_come:
            people.discard(who)

    @invariant()
    def each_has_what_is_theirs(self) -> None:
        for one in self.members:
            assert one.has >= 0
            assert one.budget is None or queries.balance_of(budget=one.budget.id) == one.has
            assert all(queries.balance_of(budget=budget.id) == 0 for budget in one.ended)

    @invariant()
    def the_books_say_the_same(self) -> None:
        assert books(BUDGETS[0]) == -sum(one.has for one in self.members)
        assert books(CHEQUES[0]) == self.came
        assert books(THIRD[0]) == -self.care
        assert (books(COMMISSIONS[0]), books(BORNE[0])) == (-self.fee, self.borne)
        assert books(MEMBERS[0]) == -self.back
        codes = (BUDGETS, CHEQUES, THIRD, COMMISSIONS, BORNE, MEMBERS, CASH)
        assert sum(books(code) for code, _ in codes) == 0
        assert ledger.verify() == []

    @invariant()
    def statements_end_with_what_is_left(self) -> None:
        month = Period.month_of(AT.date())
        for budget in Budget.objects.all():
            assert queries.statement(budget=budget, month=month).closing == queries.balance_of(budget=budget.id)

    @invariant()
    def what_is_to_come_is_for_those_who_stay(self) -> None:
        for session, people in self.to_come:
            left = set(session.commitments.filter(state="planned").values_list("budget", flat=True))
            assert left == {budget.id for one in people if (budget := self.members[one].budget)}
            assert Session.objects.get(id=session.id).state == ("planned" if people else "cancelled")

    @invariant()
    def nothing_is_counted_twice(self) -> None:
        kept = Commitment.objects.filter(state="kept")
        assert sum(one.amount for one in kept) + self.borne == self.care + self.fee
        assert sum(one.amount for one in BudgetMoney.objects.all()) == self.came - self.back


class TestTogether(Together.TestCase, TestCase):
    settings = settings(
        max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
