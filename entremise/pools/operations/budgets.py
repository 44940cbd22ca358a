from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from entremise.history.operations import record, record_many
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.ledger import operations as ledger
from entremise.ledger import queries as ledger_queries
from entremise.payments import operations as payments
from entremise.payments.models import BankLine
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.pools import queries
from entremise.pools.models import Budget, BudgetMoney, Commitment, Outcome, Pool, Session
from entremise.pools.operations.pools import open_pool_now
from entremise.pools.rules.books_fr import BUDGETS, given_back_moves, paid_in_moves
from entremise.pools.rules.kinds import KINDS, needs_funder
from entremise.pools.rules.states import BUDGET, COMMITMENT, SESSION
from entremise.settlement.operations.accounts import opened_account
from entremise.settlement.operations.booking import book, wait_for
from entremise.settlement.operations.debits import today


@dataclass(frozen=True)
class Granted:
    """What was decided about somebody's help. amount: cents. outcomes: codes of `kinds.OUTCOMES`."""

    kind: str
    amount: int
    first: date
    last: date
    outcomes: Collection[str]
    funder: Person | None = None
    reference: str = ""


def open_budget(*, act: Act, pool: Pool, person: Person, granted: Granted) -> Budget:
    """Somebody joins a pool with a budget; nothing is on it until money comes in.

    Raises Refused("budget_known") while they have one in it, Refused("funder_missing"), Refused("dates_reversed"),
    Refused("amount_needed"), Refused("outcomes_missing"), Refused("outcome_blocked").
    """
    require(act, Verb.POOLS_RUN)
    _must_be_whole(granted)
    locked = open_pool_now(pool)
    if Budget.objects.filter(pool=locked, person=person, state="active").exists():
        raise Refused("budget_known", {"who": person.full_name}, where="who")
    state, fact = BUDGET.step("", "open")
    budget = Budget.objects.create(
        pool=locked,
        person=person,
        funder=granted.funder if needs_funder(granted.kind) else None,
        kind=granted.kind,
        reference=granted.reference,
        granted=granted.amount,
        first=granted.first,
        last=granted.last,
        state=state,
        opened_at=act.at,
    )
    code, called = BUDGETS
    ledger.open_account(code=code, name=f"{called} : {person.full_name}", holder=budget.id, ceiling=0)
    record(act=act, type=fact, thing="budget", thing_id=budget.id, data={"pool": str(locked.id), "kind": granted.kind})
    for outcome in granted.outcomes:
        allow(act=act, budget=budget, outcome=outcome, since=granted.first, source=granted.reference)
    return budget


def allow(*, act: Act, budget: Budget, outcome: str, since: date, source: str = "") -> Outcome:
    """A budget may be used for this from a day on. What is allowed already stays as it is.

    Raises Refused("outcome_blocked") for what its kind may not pay, Refused("not_now") once it has ended.
    """
    require(act, Verb.POOLS_RUN)
    locked = active_budget(budget)
    if queries.blocked(kind=locked.kind, outcome=outcome, on=since):
        raise Refused("outcome_blocked", where="outcome")
    same = Outcome.objects.filter(budget=locked, outcome=outcome, until=None).first()
    if same:
        return same
    row = Outcome.objects.create(budget=locked, outcome=outcome, since=since, source=source)
    record(act=act, type="outcome_allowed", thing="budget", thing_id=locked.id)  # Care itself is in no fact.
    return row


def stop_allowing(*, act: Act, outcome: Outcome) -> Outcome:
    """Nothing more is planned for it from today on. Twice is once."""
    require(act, Verb.POOLS_RUN)
    locked = Outcome.objects.select_for_update(no_key=True).get(id=outcome.id)
    if locked.until is None:
        locked.until = max(locked.since, today(act) - timedelta(days=1))
        locked.save(update_fields=["until"])
        record(act=act, type="outcome_ended", thing="budget", thing_id=locked.budget_id)
    return locked


def pay_in(
    *, act: Act, budget: Budget, amount: int, how: str, on: date, key: str, line: BankLine | None = None
) -> BudgetMoney:
    """Money for a budget, in coins, by cheque, or a transfer of the bank's statement, which says how much and when.

    The same key again is the same money. Raises Refused("amount_needed"), Refused("day_to_come"), or
    Refused("not_now") when the budget has ended or the line was explained before.
    """
    require(act, Verb.POOLS_RECEIVE)
    same = BudgetMoney.objects.filter(key=key).first()
    if same:
        return same
    if line:
        require(act, Verb.PAYMENTS_RECEIVE)
        amount, how, on = line.amount, "transfer", line.booked_on
    if amount <= 0 or how not in ("cash", "cheque", "transfer") or (how == "transfer") != bool(line):
        raise Refused("amount_needed", where="amount")
    if on > today(act):
        raise Refused("day_to_come", where="on")
    locked = active_budget(budget)
    on = ledger_queries.first_open(on=on)
    moves = paid_in_moves(locked.id, amount, how, f"Budget d’aide, {locked.person.full_name}")
    entry = book(act=act, key=f"budget:{key}", on=on, cause="budget_in", cause_id=locked.id, moves=moves)
    if line:
        payments.mark_line(act=act, line=line, state="matched", reason="budget", entry=entry)
    data = {"amount": amount, "how": how}
    record(act=act, type="budget_paid_in", thing="budget", thing_id=locked.id, data=data)
    return BudgetMoney.objects.create(
        budget=locked, amount=amount, how=how, on=on, line=line, entry=entry, key=key, at=act.at
    )


def leave(*, act: Act, budget: Budget, seen: int) -> Budget:
    """Somebody leaves, whenever they like: hours to come are void, those that were stay as they are, and what is left
    goes to their account with us, or to whoever funded it, as the kind of budget says; at once, or as soon as past
    hours of theirs are written down. seen: cents, as the preview told them.

    Raises Refused("leaving_changed") when there is another sum by now, Refused("not_now") the second time.
    """
    require(act, Verb.POOLS_LEAVE, owner=budget.person_id)
    locked = _alone(budget)
    if not queries.hours_to_record(budget=locked, at=act.at):
        return _close(act, locked, "leave", seen)
    state, fact = BUDGET.step(locked.state, "part")
    _must_have(locked, seen)
    data = {"void": _void(act, locked)}
    locked.state, locked.ended_at = state, act.at
    locked.save(update_fields=["state", "ended_at"])
    record(act=act, type=fact, thing="budget", thing_id=locked.id, data=data)
    return locked


def end_budget(*, act: Act, budget: Budget, seen: int) -> Budget:
    """Its period is over: as `leave`.

    Raises Refused("budget_still_runs") before, Refused("hours_to_record") while past hours of theirs wait, and what
    `leave` raises.
    """
    require(act, Verb.POOLS_RUN)
    if budget.last >= today(act):
        raise Refused("budget_still_runs", {"last": budget.last})
    locked = _alone(budget)
    if queries.hours_to_record(budget=locked, at=act.at):
        raise Refused("hours_to_record")
    return _close(act, locked, "end", seen)


def finish_leaving(*, act: Act, budgets: Collection[UUID]) -> None:
    """Those who were only waiting for past hours to be written down have left. Their pool is locked."""
    rows = Budget.objects.filter(id__in=budgets, state="leaving").select_related("pool", "person", "funder")
    for one in rows.order_by("id"):
        if not Commitment.objects.filter(budget=one, state="planned").exists():
            _close(act, _alone(one), "leave", queries.balance_of(budget=one.id))


def _alone(budget: Budget) -> Budget:
    """The budget as it is now. Nobody plans or writes down hours of its pool meanwhile, nor uses the accounts that
    what is left may go to: always locked in this order.
    """
    open_pool_now(budget.pool)
    wait_for(people=[one for one in (budget.person_id, budget.funder_id) if one])
    return Budget.objects.select_for_update(no_key=True).get(id=budget.id)


def _must_have(budget: Budget, seen: int) -> None:
    left = queries.balance_of(budget=budget.id)
    if left != seen:
        raise Refused("leaving_changed", {"left": left})


def _close(act: Act, budget: Budget, verb: str, seen: int) -> Budget:
    budget.state, fact = BUDGET.step(budget.state, verb)
    _must_have(budget, seen)
    voided = _void(act, budget)
    if seen:
        _give_back(act, budget, seen)
    budget.ended_at = act.at
    budget.save(update_fields=["state", "ended_at"])
    data = {"given_back": seen, "void": voided}
    record(act=act, type=fact, thing="budget", thing_id=budget.id, data=data)
    return budget


def _void(act: Act, budget: Budget) -> int:
    """Their places in what is still to come; a session that nobody is left for does not take place."""
    coming = Commitment.objects.filter(budget=budget, state="planned", session__starts_at__gt=act.at)
    rows = list(coming.select_related("session"))
    state, fact = COMMITMENT.step("planned", "void")
    Commitment.objects.filter(id__in=[one.id for one in rows]).update(state=state)
    record_many(act=act, type=fact, thing="commitment", data={one.id: {} for one in rows})
    sessions = [one.session_id for one in rows]
    kept = set(Commitment.objects.filter(session__in=sessions, state="planned").values_list("session", flat=True))
    alone = [one for one in sessions if one not in kept]
    state, fact = SESSION.step("planned", "cancel")
    Session.objects.filter(id__in=alone).update(state=state)
    record_many(act=act, type=fact, thing="session", data={one: {} for one in alone})
    return len(rows)


def _give_back(act: Act, budget: Budget, left: int) -> None:
    to = queries.goes_to(budget=budget)
    opened_account(act, to)
    on = today(act)
    moves = given_back_moves(budget.id, to.id, left, f"Argent rendu, {budget.person.full_name}")
    key = f"budget_back:{budget.id}"
    entry = book(act=act, key=key, on=on, cause="budget_back", cause_id=budget.id, moves=moves)
    BudgetMoney.objects.create(budget=budget, amount=-left, how="back", on=on, to=to, entry=entry, key=key, at=act.at)


def active_budget(budget: Budget) -> Budget:
    """The budget, locked. Raises Refused("not_now") once it has ended."""
    locked = Budget.objects.select_for_update(no_key=True).get(id=budget.id)
    if locked.state != "active":
        raise Refused("not_now", {"thing": "budget", "state": locked.state, "verb": "use"})
    return locked


def _must_be_whole(granted: Granted) -> None:
    if granted.kind not in KINDS or (needs_funder(granted.kind) and granted.funder is None):
        raise Refused("funder_missing", where="funder_name")
    if granted.amount <= 0:
        raise Refused("amount_needed", where="amount")
    if granted.last < granted.first:
        raise Refused("dates_reversed", {"first": granted.first, "last": granted.first}, where="last")
    if not granted.outcomes:
        raise Refused("outcomes_missing", where="outcomes")
