from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from entremise.agreements import operations as agreements
from entremise.agreements import queries as agreed
from entremise.history.operations import record, record_many
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.people.rules.may import Verb, require
from entremise.pools import queries
from entremise.pools.models import Budget, Commitment, Pool, Session
from entremise.pools.operations.budgets import finish_leaving
from entremise.pools.operations.pools import locked_pool, open_pool_now
from entremise.pools.rules import sharing
from entremise.pools.rules.books_fr import care_moves
from entremise.pools.rules.sharing import Cost
from entremise.pools.rules.states import COMMITMENT, SESSION
from entremise.settlement.operations.booking import book
from entremise.tenancy.queries import here

LONGEST = 24 * 60


@dataclass(frozen=True)
class Planned:
    """starts_at: aware. minutes: of whoever helps. budgets: of those who take part; one alone has it for themselves."""

    starts_at: datetime
    minutes: int
    outcome: str
    budgets: Collection[UUID]


def plan_session(*, act: Act, pool: Pool, planned: Planned) -> Session:
    """Hours of help to come, or that were just given, and who takes part. Nothing is paid before they are recorded.

    Raises Refused("nobody_there"), Refused("no_rate") without a price of that day, Refused("outside_budget"),
    Refused("outcome_not_allowed"), Refused("hours_out_of_range").
    """
    require(act, Verb.POOLS_RUN)
    if not 0 < planned.minutes <= LONGEST:
        raise Refused("hours_out_of_range", {"minutes": planned.minutes}, where="minutes")
    locked = open_pool_now(pool)
    day = planned.starts_at.astimezone(ZoneInfo(here().timezone)).date()
    rate = queries.rate_on(pool=locked.id, day=day)
    if rate is None:
        raise Refused("no_rate", {"day": day}, where="day")
    budgets = list(Budget.objects.filter(id__in=planned.budgets, pool=locked, state="active").order_by("id"))
    if not budgets or len(budgets) != len(set(planned.budgets)):
        raise Refused("nobody_there", where="budgets")
    state, fact = SESSION.step("", "plan")
    session = Session(
        pool=locked,
        rate=rate,
        outcome=planned.outcome,
        day=day,
        starts_at=planned.starts_at,
        minutes=planned.minutes,
        state=state,
        planned_at=act.at,
    )
    _allowed(session, budgets)
    session.save(force_insert=True)
    state, committed = COMMITMENT.step("", "commit")
    rows = [Commitment(session=session, budget=one, state=state) for one in budgets]
    Commitment.objects.bulk_create(rows)
    data = {"pool": str(locked.id), "people": len(rows)}
    record(act=act, type=fact, thing="session", thing_id=session.id, data=data)
    record_many(act=act, type=committed, thing="commitment", data={one.id: {} for one in rows})
    return session


def cancel_session(*, act: Act, session: Session) -> Session:
    """It does not take place; nobody pays. Raises Refused("not_now") once it was recorded."""
    require(act, Verb.POOLS_RUN)
    locked_pool(session.pool)
    locked = Session.objects.select_for_update(no_key=True).get(id=session.id)
    locked.state, fact = SESSION.step(locked.state, "cancel")
    locked.save(update_fields=["state"])
    rows = [one for one in locked.commitments.all() if one.state == "planned"]
    _step(act, rows, "void")
    record(act=act, type=fact, thing="session", thing_id=locked.id)
    finish_leaving(act=act, budgets=[one.budget_id for one in rows])
    return locked


def record_session(*, act: Act, session: Session, minutes: int, present: Mapping[UUID, int]) -> Session:
    """What took place: minutes of whoever helped, and how many each one had, by budget; none: they were not there.
    Each pays their part at once, out of their own budget. Recorded again the same way, it is the same.

    Raises Refused("budget_too_small") naming whoever has not enough, Refused("not_begun"), what
    `sharing.cost` and `plan_session` raise, Refused("hours_confirmed") when whoever helped wrote other hours down and
    they were confirmed, and Refused("not_now").
    """
    require(act, Verb.POOLS_RUN)
    locked_pool(session.pool)
    locked = Session.objects.select_for_update(no_key=True).select_related("rate__agreement", "pool").get(id=session.id)
    rows = {one.budget_id: one for one in locked.commitments.exclude(state="void").select_related("budget__person")}
    present = {who: had for who, had in present.items() if had}
    if locked.state == "done" and _same(locked, rows, minutes, present):
        return locked
    state, fact = SESSION.step(locked.state, "do")
    if locked.starts_at > act.at:
        raise Refused("not_begun", where="minutes")
    if not set(present) <= set(rows):
        raise Refused("nobody_there", where="minutes")
    cost = sharing.cost(locked.rate.terms, minutes, present)
    there = [rows[who] for who in cost.parts]
    _allowed(locked, [one.budget for one in there])
    _enough(there, cost)
    locked.entry = _booked(act, locked, cost)
    _fulfilled(act, locked, minutes)
    for who, part in cost.parts.items():
        row = rows[who]
        row.minutes, row.amount, row.fee, row.alone = part.minutes, part.amount, part.fee, part.alone
    _step(act, there, "keep")
    _step(act, [one for who, one in rows.items() if who not in cost.parts], "miss")
    locked.state, locked.minutes, locked.borne, locked.done_at = state, minutes, cost.borne, act.at
    locked.save(update_fields=["state", "minutes", "borne", "done_at", "entry"])
    data = {"minutes": minutes, "care": cost.care, "fee": cost.fee}
    record(act=act, type=fact, thing="session", thing_id=locked.id, data=data)
    finish_leaving(act=act, budgets=rows)
    return locked


def _same(session: Session, rows: Mapping[UUID, Commitment], minutes: int, present: Mapping[UUID, int]) -> bool:
    return session.minutes == minutes and present == {who: one.minutes for who, one in rows.items() if one.minutes}


def _allowed(session: Session, budgets: Collection[Budget]) -> None:
    allowed = queries.allowed_for(budgets=[one.id for one in budgets], outcome=session.outcome, on=session.day)
    for one in budgets:
        if not one.first <= session.day <= one.last:
            period = {"who": one.person.full_name, "first": one.first, "last": one.last}
            raise Refused("outside_budget", period, where="day")
        if one.id not in allowed or queries.blocked(kind=one.kind, outcome=session.outcome, on=session.day):
            raise Refused("outcome_not_allowed", {"who": one.person.full_name}, where="outcome")


def _enough(rows: Collection[Commitment], cost: Cost) -> None:
    """Said by name, before the ledger would say it without one; the lock of each budget is held until the commit."""
    list(Budget.objects.select_for_update(no_key=True).filter(id__in=cost.parts).order_by("id").values_list("id"))
    held = queries.balances(budgets=list(cost.parts))
    for one in rows:
        price = cost.parts[one.budget_id].amount
        if held[one.budget_id] < price:
            who = one.budget.person.full_name
            raise Refused(
                "budget_too_small", {"who": who, "left": held[one.budget_id], "price": price}, where="minutes"
            )


def _booked(act: Act, session: Session, cost: Cost) -> UUID:
    label = f"Aide partagée du {session.day:%d/%m/%Y}"
    moves = care_moves(cost, session.rate.provider_id, label)
    key = f"care:{session.id}"
    return book(act=act, key=key, on=session.day, cause="care", cause_id=session.id, moves=moves)


def _fulfilled(act: Act, session: Session, minutes: int) -> None:
    """The hours of the agreement: those that whoever helped wrote down, when they are the same, or these."""
    agreement = session.rate.agreement
    before = agreed.current_fulfilment(occasion=session.id)
    if before is None or before.minutes != minutes:
        key = f"care:{session.id}"
        before = agreements.log(
            act=act, agreement=agreement, occasion=session.id, day=session.day, minutes=minutes, key=key
        )
    agreements.confirm(act=act, fulfilment=before, minutes=minutes)


def _step(act: Act, rows: Collection[Commitment], verb: str) -> None:
    state, fact = COMMITMENT.step("planned", verb)
    for one in rows:
        one.state = state
    Commitment.objects.bulk_update(rows, ["state", "minutes", "amount", "fee", "alone"])
    record_many(act=act, type=fact, thing="commitment", data={one.id: {} for one in rows})
