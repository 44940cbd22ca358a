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
class Held:
    budget: Budget
    has: int = 0
    leaving: bool = False


@dataclass
class Member:
    person: Person
    kind: str
    now: Held | None = None
    before: list[Held] = field(default_factory=list)  # Of whoever left: nothing, once past hours are written down.


class Together(Machine):
    def __init__(self) -> None:
        super().__init__()
        self.act = staff()
        self.pool = opened(self.act, terms=TERMS)
        self.members = [Member(somebody(kind), kind) for kind in KINDS]
        self.waiting: list[tuple[Session, list[Held]]] = []  # Past and not written down, with whose they are.
        self.to_come: list[tuple[Session, list[Held]]] = []
        self.came = self.care = self.fee = self.borne = self.back = 0

    @property
    def held(self) -> list[Held]:
        return [held for one in self.members for held in (*one.before, one.now) if held]

    @rule(who=WHO)
    def join(self, who: int) -> None:
        one = self.members[who]
        if one.now:
            self.refused("budget_known", lambda: joined(self.act, self.pool, one.person))
            return
        one.now = Held(joined(self.act, self.pool, one.person, kind=one.kind))

    @rule(who=WHO, cents=st.integers(1, 6000))
    def pay_in(self, who: int, cents: int) -> None:
        held = self.members[who].now
        if held:
            key = self.key()
            for _ in range(2):
                put(self.act, held.budget, cents, key)
            held.has += cents
            self.came += cents

    @rule(who=st.sets(WHO, min_size=1), past=st.booleans())
    def plan(self, who: set[int], past: bool) -> None:
        there = [held for one in who if (held := self.members[one].now)]
        if there:
            days = timedelta(days=-1 if past else 2)
            session = planned(self.act, self.pool, *(one.budget for one in there), after=days)
            (self.waiting if past else self.to_come).append((session, there))

    @rule(minutes=st.integers(1, 120), had=st.lists(st.integers(0, 120), min_size=3, max_size=3))
    def write_down(self, minutes: int, had: list[int]) -> None:
        if not self.waiting:
            return
        session, who = self.waiting[-1]
        present = {one.budget.id: min(had[number], minutes) for number, one in enumerate(who)}
        record = partial(operations.record_session, act=self.act, session=session, minutes=minutes, present=present)
        if sum(present.values()) < minutes:
            self.refused("hours_nobody_had|nobody_there", record)
            return
        found = cost(TERMS, minutes, present)
        if any(one.budget.id in found.parts and one.has < found.parts[one.budget.id].amount for one in who):
            self.refused("budget_too_small", record)
            return
        for _ in range(2):
            record()
        for one in who:
            one.has -= found.parts[one.budget.id].amount if one.budget.id in found.parts else 0
        self.care, self.fee, self.borne = self.care + found.care, self.fee + found.fee, self.borne + found.borne
        self._over()

    @rule()
    def cancel(self) -> None:
        if self.waiting:
            operations.cancel_session(act=self.act, session=self.waiting[-1][0])
            self._over()

    def _over(self) -> None:
        """The latest past session waits no more; whoever was leaving and waited for nothing else has left."""
        _session, who = self.waiting.pop()
        for one in who:
            if one.leaving and not self._waits(one):
                self.back, one.has = self.back + one.has, 0

    def _waits(self, held: Held) -> bool:
        return any(one is held for _, people in self.waiting for one in people)

    @rule(who=WHO)
    def leave(self, who: int) -> None:
        one = self.members[who]
        held = one.now
        if held is None:
            return
        go = partial(operations.leave, act=self.act, budget=held.budget, seen=held.has)
        self.refused("leaving_changed", partial(go, seen=held.has + 1))
        go()
        self.refused("not_now", go)
        held.leaving, one.now = True, None
        one.before.append(held)
        if not self._waits(held):
            self.back, held.has = self.back + held.has, 0
        for _, people in self.to_come:
            people[:] = [other for other in people if other is not held]

    @invariant()
    def each_has_what_is_theirs(self) -> None:
        for held in self.held:
            assert held.has >= 0
            assert queries.balance_of(budget=held.budget.id) == held.has
            state = "active" if not held.leaving else "leaving" if self._waits(held) else "left"
            assert Budget.objects.get(id=held.budget.id).state == state

    @invariant()
    def the_books_say_the_same(self) -> None:
        assert books(BUDGETS[0]) == -sum(one.has for one in self.held)
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
            assert left == {one.budget.id for one in people}
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
