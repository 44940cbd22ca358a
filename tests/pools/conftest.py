from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from entremise.kernel.act import STAFF, Act, Actor, Door
from entremise.kernel.refused import Refused
from entremise.ledger import queries as ledger
from entremise.people.models import Person
from entremise.pools import operations
from entremise.pools.models import Budget, BudgetMoney, Pool, Session
from entremise.pools.operations.budgets import Granted
from entremise.pools.operations.pools import RateDraft
from entremise.pools.operations.sessions import Planned
from entremise.pools.rules.sharing import Terms

AT = datetime(2026, 12, 4, 8, 0, tzinfo=UTC)
DAY = date(2026, 12, 4)
FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
TERMS = Terms(hourly=2100, alone=2900, fee_how="hourly", fee_value=150)


def somebody(name: str) -> Person:
    return Person.objects.create(family_name=name, known_since=AT)


def staff(at: datetime = AT) -> Act:
    return Act(by=Actor(somebody("Direction").id, STAFF), at=at, door=Door.DESK)


def opened(act: Act, name: str = "Les Tilleuls", terms: Terms = TERMS) -> Pool:
    rate = RateDraft(somebody("Aidante"), FIRST, LAST, terms, "Tarif du département")
    return operations.open_pool(act=act, name=name, rate=rate)


def joined(
    act: Act, pool: Pool, person: Person, *, kind: str = "own", outcomes: Collection[str] = ("meals",), paid: int = 0
) -> Budget:
    funder = None if kind == "own" else somebody(f"Financeur de {person.family_name}")
    granted = Granted(kind, 100_000, FIRST, LAST, outcomes, funder)
    budget = operations.open_budget(act=act, pool=pool, person=person, granted=granted)
    if paid:
        put(act, budget, paid)
    return budget


def put(act: Act, budget: Budget, amount: int, key: str = "") -> BudgetMoney:
    return operations.pay_in(act=act, budget=budget, amount=amount, how="cheque", on=DAY, key=key or f"in:{budget.id}")


def planned(
    act: Act, pool: Pool, *budgets: Budget, minutes: int = 120, outcome: str = "meals", after: timedelta = -timedelta(1)
) -> Session:
    plan = Planned(AT + after, minutes, outcome, [one.id for one in budgets])
    return operations.plan_session(act=act, pool=pool, planned=plan)


def done(act: Act, session: Session, minutes: int, *budgets: Budget) -> Session:
    present = {one.id: minutes for one in budgets}
    return operations.record_session(act=act, session=session, minutes=minutes, present=present)


def books(code: str) -> int:
    return next((line.balance for line in ledger.trial_balance(up_to=date(2028, 12, 31)) if line.code == code), 0)


def refused(code: str, operation: Callable[[], object]) -> None:
    with pytest.raises(Refused, match=code), transaction.atomic():
        operation()


@pytest.fixture
def desk(inside: None) -> Act:
    return staff()


@pytest.fixture
def pool(desk: Act) -> Pool:
    return opened(desk)
