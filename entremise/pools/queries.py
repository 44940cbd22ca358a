"""Questions about pools: who is in them, what each has left, what a month was, what leaving means."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from entremise.documents.models import Document
from entremise.kernel.time import Period
from entremise.ledger import queries as ledger
from entremise.people.models import Person
from entremise.pools.models import Block, Budget, BudgetMoney, Commitment, Outcome, Pool, Rate, Session
from entremise.pools.rules.books_fr import BUDGETS
from entremise.pools.rules.kinds import back_to_funder

KIND = "care_statement"  # Of a document.


@dataclass(frozen=True)
class Totals:
    """Of what was kept; cents: paid in all, of which the intermediary's, saved against the individual price."""

    minutes: int = 0
    amount: int = 0
    fee: int = 0
    saved: int = 0


@dataclass(frozen=True)
class PoolSeen:
    pool: Pool
    members: int
    held: int
    totals: Totals


@dataclass(frozen=True)
class Member:
    budget: Budget
    left: int
    totals: Totals


@dataclass(frozen=True)
class Statement:
    """A budget's month: opening + came - used - back = closing, cents."""

    budget: Budget
    month: Period
    opening: int
    money: Sequence[BudgetMoney]
    hours: Sequence[Commitment]

    @property
    def came(self) -> int:
        return sum(one.amount for one in self.money if one.amount > 0)

    @property
    def back(self) -> int:
        return -sum(one.amount for one in self.money if one.amount < 0)

    @property
    def used(self) -> int:
        return sum(one.amount for one in self.hours)

    @property
    def fee(self) -> int:
        return sum(one.fee for one in self.hours)

    @property
    def saved(self) -> int:
        return sum(one.saved for one in self.hours)

    @property
    def minutes(self) -> int:
        return sum(one.minutes for one in self.hours)

    @property
    def closing(self) -> int:
        return self.opening + self.came - self.used - self.back

    @property
    def by_outcome(self) -> list[tuple[str, int, int]]:
        """(outcome, minutes, cents): all that a funder is told of what the help was."""
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for one in self.hours:
            sums[one.session.outcome][0] += one.minutes
            sums[one.session.outcome][1] += one.amount
        return [(outcome, minutes, amount) for outcome, (minutes, amount) in sorted(sums.items())]


@dataclass(frozen=True)
class Leaving:
    """What comes of it when somebody leaves now. waiting: past hours of theirs that are to be written down first."""

    void: Sequence[Commitment]
    waiting: int
    left: int
    to: Person


def pools() -> list[PoolSeen]:
    """Every pool, the open ones first. Four queries at most, whatever their number."""
    rows = list(Pool.objects.order_by("-state", "name"))
    budgets = list(Budget.objects.filter(pool__in=rows))
    held = balances(budgets=[one.id for one in budgets])
    sums = _totals(Commitment.objects.filter(budget__pool__in=rows), "budget__pool")
    return [
        PoolSeen(
            pool,
            sum(one.pool_id == pool.id and one.state == "active" for one in budgets),
            sum(held[one.id] for one in budgets if one.pool_id == pool.id),
            sums.get(pool.id, Totals()),
        )
        for pool in rows
    ]


def pool(*, pool: UUID) -> Pool | None:
    return Pool.objects.select_related("organiser").filter(id=pool).first()


def rates(*, pool: UUID) -> list[Rate]:
    """The latest first."""
    return list(Rate.objects.filter(pool_id=pool).select_related("provider", "agreement").order_by("-starts_on"))


def rate_on(*, pool: UUID, day: date) -> Rate | None:
    """The price of that day: that of the latest beginning, if it has not ended."""
    rate = Rate.objects.filter(pool_id=pool, starts_on__lte=day).order_by("-starts_on").first()
    return rate if rate and day <= rate.ends_on else None


def members(*, pool: UUID) -> list[Member]:
    """Every budget of a pool, the active ones first. Three queries."""
    rows = Budget.objects.filter(pool_id=pool).select_related("person", "funder")
    return _members(rows.order_by("state", "person__family_name", "person__given_name", "id"))


def totals(*, pool: UUID) -> Totals:
    return _totals(Commitment.objects.filter(budget__pool_id=pool), "budget__pool").get(pool, Totals())


def budget(*, budget: UUID) -> Budget | None:
    return Budget.objects.select_related("person", "funder", "pool").filter(id=budget).first()


def budgets_of(*, person: UUID) -> list[Member]:
    """Of one person, the active ones first."""
    rows = Budget.objects.filter(person_id=person).select_related("pool", "funder", "person")
    return _members(rows.order_by("state", "-id"))


def shares_help(*, person: UUID) -> bool:
    """Whether they have or had a budget in a pool."""
    return Budget.objects.filter(person_id=person).exists()


def outcomes_of(*, budget: UUID) -> list[Outcome]:
    """What it is for, those that ended last."""
    return list(Outcome.objects.filter(budget_id=budget).order_by("until", "outcome"))


def outcome(*, outcome: UUID) -> Outcome | None:
    return Outcome.objects.select_related("budget").filter(id=outcome).first()


def allowed_for(*, budgets: Collection[UUID], outcome: str, on: date) -> set[UUID]:
    """Those of these budgets that may be used for it that day."""
    rows = Outcome.objects.filter(budget__in=budgets, outcome=outcome, since__lte=on)
    return set(rows.filter(Q(until=None) | Q(until__gte=on)).values_list("budget_id", flat=True))


def blocks() -> list[Block]:
    """What budgets may not pay, those that ended last."""
    return list(Block.objects.order_by("-until", "kind", "outcome", "since"))


def block(*, block: UUID) -> Block | None:
    return Block.objects.filter(id=block).first()


def blocked(*, kind: str, outcome: str, on: date) -> bool:
    """Whether budgets of this kind may not pay it that day."""
    rows = Block.objects.filter(kind=kind, outcome=outcome, since__lte=on)
    return rows.filter(Q(until=None) | Q(until__gte=on)).exists()


def balances(*, budgets: Collection[UUID]) -> dict[UUID, int]:
    """What is left on each, cents; never below nothing."""
    held = ledger.bounded_by_holder(codes=[BUDGETS[0]])
    return {one: -held[one].posted if one in held else 0 for one in budgets}


def balance_of(*, budget: UUID) -> int:
    """What is left of one budget, cents."""
    account = ledger.account(code=BUDGETS[0], holder=budget)
    return -ledger.balance(account=account.id).posted if account else 0


def session(*, session: UUID) -> Session | None:
    return Session.objects.select_related("pool", "rate__provider").filter(id=session).first()


def commitments_of(*, session: UUID) -> list[Commitment]:
    """Those who take part, by name; without those whose place is void."""
    rows = Commitment.objects.filter(session_id=session).exclude(state="void").select_related("budget__person")
    return list(rows.order_by("budget__person__family_name", "budget__person__given_name", "id"))


def sessions(*, pool: UUID, state: str, limit: int = 60) -> list[Session]:
    """With those who take part: what is planned soonest first, what is done latest first."""
    rows = Session.objects.filter(pool_id=pool, state=state).select_related("rate__provider")
    rows = rows.prefetch_related("commitments__budget__person")
    return list(rows.order_by("starts_at" if state == "planned" else "-starts_at", "id")[:limit])


def hours_to_record(*, budget: Budget, at: datetime) -> int:
    """Past hours of this budget that nobody wrote down yet."""
    return Commitment.objects.filter(budget=budget, state="planned", session__starts_at__lte=at).count()


def coming(*, budgets: Collection[UUID]) -> list[Commitment]:
    """Hours that are planned, the soonest first."""
    rows = Commitment.objects.filter(budget__in=budgets, state="planned")
    return list(rows.select_related("session__rate__provider", "session__pool").order_by("session__starts_at", "id"))


def goes_to(*, budget: Budget) -> Person:
    """To whom goes what is left when it ends."""
    return budget.funder if budget.funder and back_to_funder(budget.kind) else budget.person


def leaving(*, budget: Budget, at: datetime) -> Leaving:
    """What leaving now would mean."""
    void = [one for one in coming(budgets=[budget.id]) if one.session.starts_at > at]
    waiting = hours_to_record(budget=budget, at=at)
    return Leaving(void, waiting, balance_of(budget=budget.id), goes_to(budget=budget))


def statement(*, budget: Budget, month: Period) -> Statement:
    """What came in, what was used for what, what is left, by the days on which it happened."""
    (found,) = _statements([budget], month)
    return found


def statements(*, pool: UUID, month: Period) -> list[Statement]:
    """The month of each budget of a pool on which there was something."""
    rows = Budget.objects.filter(pool_id=pool).select_related("person__place", "pool", "organisation").order_by("id")
    return [one for one in _statements(rows, month) if one.opening or one.money or one.hours]


def printed(*, budget: UUID, month: Period) -> Document | None:
    """The latest paper of a budget's month."""
    papers = Document.objects.filter(about_id=budget, kind=KIND, data__month=month.first.isoformat())
    return papers.order_by("-issued_at", "-id").first()


def funders() -> list[Person]:
    """Those who fund somebody's budget, by name."""
    rows = Person.objects.filter(id__in=Budget.objects.exclude(funder=None).values("funder"))
    return list(rows.order_by("family_name", "given_name", "id"))


def funder_statements(*, funder: UUID, month: Period) -> list[Statement]:
    """The month of each budget that they fund, and of no other. Three queries."""
    rows = Budget.objects.filter(funder_id=funder, opened_at__isnull=False).select_related("person", "pool", "funder")
    found = _statements(rows.order_by("person__family_name", "person__given_name", "id"), month)
    return [one for one in found if one.opening or one.money or one.hours or one.budget.state == "active"]


def _statements(budgets: "Sequence[Budget] | QuerySet[Budget]", month: Period) -> list[Statement]:
    rows = list(budgets)
    came = BudgetMoney.objects.filter(budget__in=rows).order_by("on", "id")
    kept = Commitment.objects.filter(budget__in=rows, state="kept").select_related("session__rate__provider")
    before: dict[UUID, int] = defaultdict(int)
    for who, amount in came.filter(on__lt=month.first).order_by().values_list("budget").annotate(sum=Sum("amount")):
        before[who] += amount
    for who, amount in kept.filter(session__day__lt=month.first).values_list("budget").annotate(sum=Sum("amount")):
        before[who] -= amount
    money, hours = defaultdict(list), defaultdict(list)
    for one in came.filter(on__range=(month.first, month.last)).select_related("to"):
        money[one.budget_id].append(one)
    days = (month.first, month.last)
    for row in kept.filter(session__day__range=days).order_by("session__starts_at", "id"):
        hours[row.budget_id].append(row)
    return [Statement(one, month, before[one.id], money[one.id], hours[one.id]) for one in rows]


def _totals(rows: "QuerySet[Commitment]", by: str) -> dict[UUID, Totals]:
    kept = rows.filter(state="kept").order_by().values_list(by)
    sums = kept.annotate(had=Sum("minutes"), paid=Sum("amount"), ours=Sum("fee"), single=Sum("alone"))
    return {one: Totals(had, paid, ours, single - paid) for one, had, paid, ours, single in sums}


def _members(rows: "QuerySet[Budget]") -> list[Member]:
    found = list(rows)
    held = balances(budgets=[one.id for one in found])
    sums = _totals(Commitment.objects.filter(budget__in=found), "budget")
    return [Member(one, held[one.id], sums.get(one.id, Totals())) for one in found]
