from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from entremise.agreements import operations as agreements
from entremise.agreements.models import Fulfilment
from entremise.impact.queries.counting import done as counted_hours
from entremise.kernel.act import Act, Actor, Role
from entremise.kernel.refused import Refused
from entremise.kernel.time import Period
from entremise.ledger import queries as ledger
from entremise.messaging.models import Letter
from entremise.pools import operations, queries
from entremise.pools.models import Block, BudgetMoney, Commitment, Outcome, Pool, Session
from entremise.pools.operations.budgets import Granted
from entremise.pools.operations.pools import RateDraft
from entremise.pools.rules.books_fr import BUDGETS, budget_slot
from entremise.pools.rules.sharing import Terms
from entremise.settlement import operations as settlement
from entremise.settlement.operations.booking import book
from entremise.settlement.queries.accounts import free_on_account
from entremise.settlement.rules.bills import Bought
from entremise.settlement.rules.books_fr import CASH, COMMISSIONS, MEMBERS, SUPPLIERS, THIRD, Move, Slot
from tests.jobs.conftest import legal
from tests.pools.conftest import AT, DAY, FIRST, LAST, TERMS, books, done, joined, planned, put, refused, somebody

__all__ = ["legal"]

pytestmark = pytest.mark.django_db
DECEMBER = Period.month(2026, 12)


def test_shared_hours_are_paid_out_of_each_ones_own_budget(desk: Act, pool: Pool) -> None:
    three = [joined(desk, pool, somebody(name), paid=5000) for name in ("Aline", "Bernard", "Chloé")]
    session = done(desk, planned(desk, pool, *three), 120, *three)
    assert [queries.balance_of(budget=one.id) for one in three] == [3500] * 3
    assert books(BUDGETS[0]) == -10_500
    assert (books(THIRD[0]), books(COMMISSIONS[0])) == (-4200, -300)
    assert ledger.balances_by_holder(code=THIRD[0]) == {session.rate.provider_id: -4200}
    assert queries.totals(pool=pool.id) == queries.Totals(360, 4500, 300, 3 * 4300)
    assert ledger.verify() == []


def test_whoever_was_not_there_pays_nothing(desk: Act, pool: Pool) -> None:
    there, away = (joined(desk, pool, somebody(name), paid=5000) for name in "AB")
    done(desk, planned(desk, pool, there, away), 60, there)
    assert queries.balance_of(budget=away.id) == 5000
    assert {one.budget_id: one.state for one in Commitment.objects.all()} == {there.id: "kept", away.id: "missed"}


def test_hours_written_down_twice_are_paid_once(desk: Act, pool: Pool) -> None:
    budget = joined(desk, pool, somebody("A"), paid=9000)
    session = planned(desk, pool, budget)
    for _ in range(2):
        done(desk, session, 120, budget)
    assert queries.balance_of(budget=budget.id) == 9000 - 4500
    refused("not_now", lambda: done(desk, session, 60, budget))


def test_no_budget_pays_more_than_it_has(desk: Act, pool: Pool) -> None:
    rich, poor = joined(desk, pool, somebody("A"), paid=9000), joined(desk, pool, somebody("B"), paid=2249)
    session = planned(desk, pool, rich, poor)
    with pytest.raises(Refused, match="budget_too_small") as said, transaction.atomic():
        done(desk, session, 120, rich, poor)
    assert said.value.params == {"who": "B", "left": 2249, "price": 2250}
    assert queries.balance_of(budget=rich.id) == 9000
    put(desk, poor, 1, "a cent")
    done(desk, session, 120, rich, poor)
    assert queries.balance_of(budget=poor.id) == 0


def test_the_ledger_refuses_what_a_program_forgot_to_ask(desk: Act, pool: Pool) -> None:
    budget = joined(desk, pool, somebody("A"), paid=100)
    moves = [Move(budget_slot(budget.id), Slot(CASH), 101, "x")]
    refused("not_enough", lambda: book(act=desk, key="x", on=DAY, cause="x", cause_id=None, moves=moves))


def test_a_commitment_dearer_than_alone_cannot_be_written(desk: Act, pool: Pool) -> None:
    budget = joined(desk, pool, somebody("A"), paid=9000)
    done(desk, planned(desk, pool, budget), 60, budget)
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.update(amount=3000)


def test_whoever_leaves_keeps_the_past_and_owes_nothing_to_come(desk: Act, pool: Pool) -> None:
    goes, stays = (joined(desk, pool, somebody(name), paid=5000) for name in "AB")
    done(desk, planned(desk, pool, goes, stays), 120, goes, stays)
    shared = planned(desk, pool, goes, stays, after=timedelta(days=3))
    alone = planned(desk, pool, goes, after=timedelta(days=4))
    seen = queries.leaving(budget=goes, at=desk.at)
    assert (len(seen.void), seen.waiting, seen.left, seen.to) == (2, 0, 2750, goes.person)
    operations.leave(act=desk, budget=goes, seen=2750)
    assert queries.balance_of(budget=goes.id) == 0
    assert free_on_account(person=goes.person_id) == 2750
    states = dict(Session.objects.values_list("id", "state"))
    assert (states[shared.id], states[alone.id]) == ("planned", "cancelled")
    assert list(shared.commitments.filter(state="planned").values_list("budget", flat=True)) == [stays.id]
    assert Commitment.objects.get(budget=goes, state="kept").amount == 2250
    refused("not_now", lambda: operations.leave(act=desk, budget=goes, seen=0))
    refused("not_now", lambda: put(desk, goes, 100, "late"))


TO_FUNDER = [("own", False), ("direct_payment", False), ("isf", True), ("apa", True)]


@pytest.mark.parametrize(("kind", "to_funder"), TO_FUNDER)
def test_what_is_left_goes_where_the_kind_says(desk: Act, pool: Pool, kind: str, to_funder: bool) -> None:
    budget = joined(desk, pool, somebody("A"), kind=kind, paid=700)
    operations.leave(act=desk, budget=budget, seen=700)
    to = budget.funder if to_funder else budget.person
    assert to
    assert BudgetMoney.objects.get(amount__lt=0).to == to
    assert ledger.balances_by_holder(code=MEMBERS[0]) == {to.id: -700}


def test_whoever_leaves_waits_for_nobody_and_has_the_rest_once_past_hours_are_written_down(
    desk: Act, pool: Pool
) -> None:
    budget = joined(desk, pool, somebody("A"), paid=5000)
    first, second = planned(desk, pool, budget), planned(desk, pool, budget)
    to_come = planned(desk, pool, budget, after=timedelta(days=2))
    refused("leaving_changed", lambda: operations.leave(act=desk, budget=budget, seen=4999))
    assert operations.leave(act=desk, budget=budget, seen=5000).state == "leaving"
    assert Session.objects.get(id=to_come.id).state == "cancelled"
    refused("nobody_there", lambda: planned(desk, pool, budget))
    refused("not_now", lambda: put(desk, budget, 100, "late"))
    done(desk, first, 60, budget)
    assert queries.balance_of(budget=budget.id) == 2750
    operations.cancel_session(act=desk, session=second)
    budget.refresh_from_db()
    assert (budget.state, queries.balance_of(budget=budget.id)) == ("left", 0)
    assert free_on_account(person=budget.person_id) == 2750


def test_a_period_ends_once_past_hours_are_written_down(desk: Act, pool: Pool) -> None:
    budget = joined(desk, pool, somebody("A"), paid=5000)
    session = planned(desk, pool, budget)
    later = replace(desk, at=AT + timedelta(days=500))
    refused("hours_to_record", lambda: operations.end_budget(act=later, budget=budget, seen=5000))
    done(desk, session, 60, budget)
    operations.end_budget(act=later, budget=budget, seen=2750)


def test_people_leave_by_themselves_and_nobody_else_does_it_for_them(desk: Act, pool: Pool) -> None:
    mine = joined(desk, pool, somebody("A"))
    other = replace(desk, by=Actor(somebody("B").id, frozenset({Role.CLIENT, Role.COORDINATOR})))
    refused("not_allowed", lambda: operations.leave(act=other, budget=mine, seen=0))
    assert operations.leave(act=replace(desk, by=Actor(mine.person_id)), budget=mine, seen=0).state == "left"


def test_a_budget_ends_after_its_period(desk: Act, pool: Pool) -> None:
    budget = joined(desk, pool, somebody("A"), kind="apa", paid=300)
    refused("budget_still_runs", lambda: operations.end_budget(act=desk, budget=budget, seen=300))
    later = replace(desk, at=AT + timedelta(days=500))
    assert operations.end_budget(act=later, budget=budget, seen=300).state == "ended"


def test_an_isf_may_not_be_for_what_is_blocked(desk: Act, pool: Pool) -> None:
    refused("outcome_blocked", lambda: joined(desk, pool, somebody("A"), kind="isf", outcomes=["rent"]))
    (row,) = Block.objects.filter(outcome="rent")
    assert not row.verified
    assert row.source
    operations.unblock(act=desk, block=row)
    refused(
        "outcome_blocked", lambda: joined(desk, pool, somebody("A"), kind="isf", outcomes=["rent"])
    )  # Since January.


def test_what_is_blocked_later_is_not_planned_any_more(desk: Act, pool: Pool) -> None:
    budget = joined(desk, pool, somebody("A"), kind="apa", paid=9000)
    session = planned(desk, pool, budget)
    operations.block(act=desk, kind="apa", outcome="meals", since=date(2026, 12, 5), source="Règlement du département")
    refused("outcome_not_allowed", lambda: planned(desk, pool, budget, after=timedelta(days=2)))
    done(desk, session, 60, budget)  # Of the day before.


def test_hours_are_only_for_what_was_agreed(desk: Act, pool: Pool) -> None:
    budget = joined(desk, pool, somebody("A"), outcomes=["meals"])
    refused("outcome_not_allowed", lambda: planned(desk, pool, budget, outcome="outings"))
    operations.allow(act=desk, budget=budget, outcome="outings", since=FIRST)
    planned(desk, pool, budget, outcome="outings")
    operations.stop_allowing(act=desk, outcome=Outcome.objects.get(outcome="outings"))
    refused("outcome_not_allowed", lambda: planned(desk, pool, budget, outcome="outings", after=timedelta(days=1)))


def test_hours_outside_a_period_or_without_a_price_are_refused(desk: Act, pool: Pool) -> None:
    granted = Granted("own", 1000, FIRST, date(2026, 12, 1), ["meals"])
    budget = operations.open_budget(act=desk, pool=pool, person=somebody("A"), granted=granted)
    refused("outside_budget", lambda: planned(desk, pool, budget))
    other = joined(desk, pool, somebody("B"))
    refused("no_rate", lambda: planned(desk, pool, other, after=timedelta(days=1000)))
    refused("nobody_there", lambda: planned(desk, pool))


def test_a_new_price_counts_from_its_day_on(desk: Act, pool: Pool) -> None:
    budget = joined(desk, pool, somebody("A"), paid=20_000)
    provider = somebody("Autre aidante")
    dearer = RateDraft(provider, date(2026, 12, 6), LAST, Terms(2400, 3000, "percent", 1000), "Tarif 2027")
    operations.agree_rate(act=desk, pool=pool, rate=dearer)
    before, after = planned(desk, pool, budget), planned(desk, pool, budget, after=timedelta(days=3))
    assert (before.rate.hourly, after.rate.hourly) == (2100, 2400)
    done(replace(desk, at=AT + timedelta(days=5)), after, 60, budget)
    assert queries.balance_of(budget=budget.id) == 20_000 - 2640
    overtaking = replace(dearer, starts_on=date(2026, 12, 5))
    refused("rate_overtaken", lambda: operations.agree_rate(act=desk, pool=pool, rate=overtaking))
    refused("rate_known", lambda: operations.agree_rate(act=desk, pool=pool, rate=replace(dearer, starts_on=FIRST)))


def test_hours_written_down_under_the_agreement_by_whoever_helps_are_those_that_count(desk: Act, pool: Pool) -> None:
    """Any other room fulfils the agreement by its occasion, and knows nothing of pools."""
    budget = joined(desk, pool, somebody("A"), paid=9000)
    session = planned(desk, pool, budget)
    helper = replace(desk, by=Actor(session.rate.provider_id, frozenset({Role.SUPPLIER})))
    logged = agreements.log(
        act=helper, agreement=session.rate.agreement, occasion=session.id, day=session.day, minutes=90, key="phone"
    )
    done(desk, session, 90, budget)
    assert list(Fulfilment.objects.values_list("id", "minutes")) == [(logged.id, 90)]
    assert logged.confirmations.get().answer == "agreed"


def test_the_bill_of_whoever_helped_is_that_of_a_supplier_whom_our_clients_paid(desk: Act, pool: Pool) -> None:
    budget = joined(desk, pool, somebody("A"), paid=9000)
    provider = done(desk, planned(desk, pool, budget), 60, budget).rate.provider
    settlement.write_bill(
        act=desk,
        supplier=provider,
        number="7",
        dated_on=DAY,
        due_on=DAY,
        role="agent",
        lines=[Bought("Heures d’aide", Decimal(0), 2100, 0)],
    )
    assert books(THIRD[0]) == 0
    assert books(SUPPLIERS[0]) == -2100


def test_care_is_no_job_in_what_is_published(desk: Act, pool: Pool) -> None:
    budget = joined(desk, pool, somebody("A"), paid=9000)
    done(desk, planned(desk, pool, budget), 60, budget)
    assert list(counted_hours([DECEMBER])) == []


def test_a_month_says_what_came_what_was_used_and_what_is_left(desk: Act, pool: Pool) -> None:
    a, b = (joined(desk, pool, somebody(name), kind="apa", paid=9000) for name in "AB")
    done(desk, planned(desk, pool, a, b), 120, a, b)
    done(desk, planned(desk, pool, a), 30, a)
    put(desk, a, 50, "more")
    month = queries.statement(budget=a, month=DECEMBER)
    assert (month.opening, month.came, month.used, month.back, month.closing) == (0, 9050, 3375, 0, 5675)
    assert month.closing == queries.balance_of(budget=a.id)
    assert (month.fee, month.saved, month.minutes) == (225, 3550 + 325, 150)
    assert month.by_outcome == [("meals", 150, 3375)]
    january = queries.statement(budget=a, month=Period.month(2027, 1))
    assert (january.opening, january.closing, len(january.hours)) == (5675, 5675, 0)


def test_a_funder_reads_the_budgets_they_fund_and_no_others(desk: Act, pool: Pool) -> None:
    a, _b = (joined(desk, pool, somebody(name), kind="apa", paid=100) for name in "AB")
    assert a.funder
    assert [one.budget for one in queries.funder_statements(funder=a.funder.id, month=DECEMBER)] == [a]


def test_a_pool_is_closed_once_nobody_is_left_in_it(desk: Act, pool: Pool) -> None:
    budget = joined(desk, pool, somebody("A"))
    refused("pool_not_empty", lambda: operations.close_pool(act=desk, pool=pool))
    operations.leave(act=desk, budget=budget, seen=0)
    assert operations.close_pool(act=desk, pool=pool).state == "closed"
    refused("pool_over", lambda: joined(desk, pool, somebody("B")))


def test_a_session_that_is_cancelled_costs_nothing(desk: Act, pool: Pool) -> None:
    budget = joined(desk, pool, somebody("A"), paid=900)
    session = operations.cancel_session(act=desk, session=planned(desk, pool, budget))
    refused("not_now", lambda: done(desk, session, 60, budget))
    assert queries.balance_of(budget=budget.id) == 900


def test_whoever_only_plans_jobs_runs_no_pool(desk: Act, pool: Pool) -> None:
    coordinator = replace(desk, by=Actor(somebody("C").id, frozenset({Role.COORDINATOR, Role.TREASURER})))
    granted = Granted("own", 1000, FIRST, LAST, ["meals"])
    one = somebody("A")
    refused("not_allowed", lambda: operations.open_budget(act=coordinator, pool=pool, person=one, granted=granted))
    assert TERMS.hourly


def test_each_months_statement_is_sent_once_and_again_only_when_something_changed(
    desk: Act, pool: Pool, legal: None
) -> None:
    a, b = (joined(desk, pool, somebody(name), paid=9000) for name in "AB")
    joined(desk, pool, somebody("Nothing yet"))
    done(desk, planned(desk, pool, a, b), 120, a, b)
    refused("month_not_over", lambda: operations.send_statements(act=desk, pool=pool, month=DECEMBER))
    january = replace(desk, at=AT + timedelta(days=40))
    made = operations.send_statements(act=january, pool=pool, month=DECEMBER)
    assert {one.person for one in made} == {a.person, b.person}
    assert (made[0].data["used"], made[0].data["closing"], made[0].data["saved"]) == (2250, 6750, 3550)
    assert operations.send_statements(act=january, pool=pool, month=DECEMBER) == []
    done(desk, planned(desk, pool, a), 30, a)  # Written down late.
    (again,) = operations.send_statements(act=january, pool=pool, month=DECEMBER)
    assert again.person == a.person
    letters = Letter.objects.filter(template="care_month_ready")
    assert letters.count() == 3
    assert not any("67,50" in one.body or "repas" in one.body for one in letters)
