"""Pools of care budgets: hours to come, done, cancelled and to be written down; people who stay, left, or are over."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from entremise.doors.clock.demo.founding import Cast
from entremise.people import operations as people
from entremise.people.models import Person, Supplier
from entremise.pools import operations as pools
from entremise.pools.models import Budget, Pool, Session
from entremise.pools.operations.budgets import Granted
from entremise.pools.operations.pools import RateDraft
from entremise.pools.operations.sessions import Planned
from entremise.pools.queries import balance_of
from entremise.pools.rules.sharing import Terms


def share_care(cast: Cast, now: datetime, client: Person) -> None:
    """This client shares hours with two others; one of them has left, and a second pool is closed."""
    act, helper = cast.treasury(now), Supplier.objects.select_related("person")[0].person
    county = people.add_person(act=act, family_name="Département", kind="local_authority", phones=[])
    first, last = date(now.year, 1, 1), date(now.year, 12, 31)
    rate = RateDraft(helper, first, last, Terms(2100, 2900, "hourly", 150), "tarif du département")
    closed = pools.open_pool(act=act, name="Les Ormes", rate=rate)
    pools.close_pool(act=act, pool=closed)
    pool = pools.open_pool(act=act, name="Les Tilleuls", about="Repas et sorties à plusieurs.", rate=rate)
    dearer = Terms(2200, 3000, "percent", 700)
    pools.agree_rate(act=act, pool=pool, rate=RateDraft(helper, last, last, dearer, "tarif du département"))
    *others, goes = [one for one in cast.clients if one.id != client.id][:4]
    budgets = [_joins(cast, now, pool, one, county) for one in (client, *others)]
    ended = pools.block(act=act, kind="apa", outcome="debts", since=now.date(), source="Département", verified=True)
    pools.unblock(act=act, block=ended)
    for days, outcome in ((-9, "meals"), (-6, "outings"), (-1, "meals"), (2, "meals"), (4, "company")):
        # Nothing of this client's is to be written down: they may leave at once.
        plan = Planned(now + timedelta(days=days), 120, outcome, [one.id for one in budgets[days == -1 :]])
        session = pools.plan_session(act=act, pool=pool, planned=plan)
        if days < -5:
            present = {one.id: 60 * (2 - number % 2) for number, one in enumerate(budgets[:-1])}
            pools.record_session(act=act, session=session, minutes=120, present=present)
        if days == 4:
            pools.cancel_session(act=act, session=session)
    pools.stop_allowing(act=act, outcome=budgets[1].outcomes.get(outcome="company"))
    leaves = _joins(cast, now, pool, goes, county)
    pools.leave(act=act, budget=leaves, seen=20_000)
    pools.leave(act=act, budget=budgets[-1], seen=balance_of(budget=budgets[-1].id))  # Hours of theirs wait.


def _joins(cast: Cast, now: datetime, pool: Pool, person: Person, county: Person) -> Budget:
    act, day = cast.treasury(now), now.date()
    first, last = date(now.year, 1, 1), date(now.year, 12, 31)
    granted = Granted("apa", 60_000, first, last, ["meals", "outings", "company"], county, "APA 2026-118")
    budget = pools.open_budget(act=act, pool=pool, person=person, granted=granted)
    pools.pay_in(act=act, budget=budget, amount=20_000, how="cheque", on=day, key=f"care:{budget.id}")
    return budget


def of_care() -> Iterator[str]:
    """Pools, budgets and hours in each of their states."""
    for state in ("open", "closed"):
        yield f"/bureau/aide-partagee/{Pool.objects.filter(state=state)[0].id}/"
        yield f"/bureau/aide-partagee/{Pool.objects.filter(state=state)[0].id}/prix/"
    for one in Budget.objects.all():
        yield f"/bureau/aide-partagee/budgets/{one.id}/"
        yield f"/bureau/aide-partagee/budgets/{one.id}/depart"
    for state in ("planned", "done", "cancelled"):
        for session in Session.objects.filter(state=state).order_by("starts_at"):
            yield f"/bureau/aide-partagee/seances/{session.id}/"
    yield f"/bureau/aide-partagee/financeurs/{Budget.objects.exclude(funder=None)[0].funder_id}/?mois=2026-12"
