"""Several at once at one budget: its last euro is used once, money comes in once, and who leaves leaves once."""

from collections.abc import Sequence

import pytest

from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.ledger import queries as ledger
from entremise.pools import operations, queries
from entremise.pools.models import Budget, BudgetMoney, Commitment, Pool
from entremise.pools.rules.books_fr import budget_slot
from entremise.settlement.operations.booking import book
from entremise.settlement.queries.accounts import free_on_account
from entremise.settlement.rules.books_fr import THIRD, Move, Slot
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.pools.conftest import DAY, done, joined, opened, planned, put, somebody, staff
from tests.races import rivals

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
RIVALS = 6
HOUR = 2250  # Alone, with the fee.


@pytest.fixture
def town() -> tuple[Organisation, Act, Pool, Budget]:
    organisation = Organisation.objects.create(slug="races", name="Races")
    with scope.writing(organisation.id):
        act = staff()
        pool = opened(act)
        budget = joined(act, pool, somebody("Aline"), paid=2 * HOUR)
    return organisation, act, pool, budget


def codes(answers: Sequence[object]) -> list[str]:
    assert all(isinstance(one, Refused) for one in answers if isinstance(one, Exception)), answers
    return sorted(one.code for one in answers if isinstance(one, Refused))


Town = tuple[Organisation, Act, Pool, Budget]


def test_the_last_euros_of_a_budget_pay_as_many_hours_as_they_can(town: Town) -> None:
    organisation, act, pool, budget = town
    with scope.writing(organisation.id):
        sessions = [planned(act, pool, budget) for _ in range(RIVALS)]
    answers = rivals(RIVALS, organisation.id, lambda number: done(act, sessions[number], 60, budget))
    assert codes(answers) == ["budget_too_small"] * (RIVALS - 2)
    with scope.writing(organisation.id):
        assert queries.balance_of(budget=budget.id) == 0
        assert Commitment.objects.filter(state="kept").count() == 2
        assert ledger.verify() == []


def test_the_ledger_holds_even_where_a_program_asks_nothing(town: Town) -> None:
    organisation, act, _pool, budget = town
    moves = [Move(budget_slot(budget.id), Slot(THIRD), HOUR, "x")]

    def take(number: int) -> object:
        return book(act=act, key=f"take {number}", on=DAY, cause="x", cause_id=None, moves=moves)

    assert codes(rivals(RIVALS, organisation.id, take)) == ["not_enough"] * (RIVALS - 2)
    with scope.writing(organisation.id):
        assert queries.balance_of(budget=budget.id) == 0


def test_hours_are_written_down_once_however_many_do_it(town: Town) -> None:
    organisation, act, pool, budget = town
    with scope.writing(organisation.id):
        session = planned(act, pool, budget)
    assert codes(rivals(RIVALS, organisation.id, lambda number: done(act, session, 60, budget))) == []
    with scope.writing(organisation.id):
        assert queries.balance_of(budget=budget.id) == HOUR


def test_somebody_leaves_once_and_what_is_left_is_theirs_once(town: Town) -> None:
    organisation, act, _pool, budget = town
    answers = rivals(RIVALS, organisation.id, lambda number: operations.leave(act=act, budget=budget, seen=2 * HOUR))
    assert codes(answers) == ["not_now"] * (RIVALS - 1)
    with scope.writing(organisation.id):
        assert free_on_account(person=budget.person_id) == 2 * HOUR
        assert queries.balance_of(budget=budget.id) == 0


def test_leaving_planning_writing_down_and_paying_in_never_wait_in_a_ring(town: Town) -> None:
    organisation, act, pool, budget = town
    with scope.writing(organisation.id):
        other = joined(act, pool, somebody("Bernard"), paid=10 * HOUR)
        sessions = [planned(act, pool, other) for _ in range(2)]

    def happens(number: int) -> object:
        turn, which = divmod(number, 4)
        if which == 0:
            return operations.leave(act=act, budget=budget, seen=2 * HOUR)
        if which == 1:
            return planned(act, pool, budget, other)
        if which == 2:
            return done(act, sessions[turn], 60, other)
        return put(act, other, 100, f"in {turn}")

    assert set(codes(rivals(8, organisation.id, happens))) <= {"not_now", "nobody_there", "hours_to_record"}
    with scope.writing(organisation.id):
        assert queries.balance_of(budget=other.id) == 8 * HOUR + 200
        assert BudgetMoney.objects.filter(budget=other).count() == 3
        assert ledger.verify() == []
