from dataclasses import dataclass
from datetime import date, timedelta

from entremise.agreements import operations as agreements
from entremise.agreements.operations import Paper, PartyDraft, PromiseDraft
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.pools.models import Block, Budget, Pool, Rate, Session
from entremise.pools.rules import kinds, sharing
from entremise.pools.rules.sharing import Terms
from entremise.pools.rules.states import POOL
from entremise.settlement.operations.debits import today

HELP, PRICE = "care", "care_price"  # Promises of their own kinds: settlement bills neither (docs/adr/0010).


@dataclass(frozen=True)
class RateDraft:
    """What was agreed with whoever helps, on paper. source: of the individual price."""

    provider: Person
    starts_on: date
    ends_on: date
    terms: Terms
    source: str


def open_pool(*, act: Act, name: str, rate: RateDraft, about: str = "", organiser: Person | None = None) -> Pool:
    """A pool and its first price. The first pool of an organisation lays down what budgets may not pay.

    Raises Refused("pool_known") when one of that name is there, and what `agree_rate` raises.
    """
    require(act, Verb.POOLS_RUN)
    if Pool.objects.filter(name__iexact=name).exists():
        raise Refused("pool_known", where="name")
    state, fact = POOL.step("", "open")
    pool = Pool.objects.create(name=name, about=about, organiser=organiser, state=state, opened_at=act.at)
    if not Block.objects.exists():
        Block.objects.bulk_create(
            Block(kind=one.kind, outcome=one.outcome, since=one.since, source=one.source) for one in kinds.BLOCKED
        )
    record(act=act, type=fact, thing="pool", thing_id=pool.id)
    agree_rate(act=act, pool=pool, rate=rate)
    return pool


def close_pool(*, act: Act, pool: Pool) -> Pool:
    """Nothing is planned in it any more. Raises Refused("pool_not_empty") while somebody has a budget in it."""
    require(act, Verb.POOLS_RUN)
    locked = locked_pool(pool)
    if Budget.objects.filter(pool=locked, state__in=["active", "leaving"]).exists():
        raise Refused("pool_not_empty")
    locked.state, fact = POOL.step(locked.state, "close")
    locked.closed_at = act.at
    locked.save(update_fields=["state", "closed_at"])
    record(act=act, type=fact, thing="pool", thing_id=locked.id)
    return locked


def agree_rate(*, act: Act, pool: Pool, rate: RateDraft) -> Rate:
    """The price of an hour from a day on, agreed with whoever helps: an agreement whose occasions are the sessions.

    Raises Refused("pool_dearer") when together costs more than alone, Refused("dates_reversed"), Refused("rate_known")
    from the same day on, and Refused("rate_overtaken") when hours from that day on are planned at another price.
    """
    require(act, Verb.POOLS_RUN)
    sharing.check(rate.terms)
    locked = open_pool_now(pool)
    if rate.ends_on < rate.starts_on:
        raise Refused("dates_reversed", {"first": rate.starts_on, "last": rate.starts_on}, where="ends_on")
    if Rate.objects.filter(pool=locked, starts_on=rate.starts_on).exists():
        raise Refused("rate_known", where="starts_on")
    if Session.objects.filter(pool=locked, day__gte=rate.starts_on).exclude(state="cancelled").exists():
        raise Refused("rate_overtaken", where="starts_on")
    title = f"Aide partagée, {locked.name}"
    promises = [
        PromiseDraft(HELP, "supplier", "organisation", "HOUR", 0),
        PromiseDraft(PRICE, "organisation", "supplier", "EUR", rate.terms.hourly),
    ]
    parties = [PartyDraft("organisation", must_sign=False), PartyDraft("supplier", rate.provider)]
    paper = Paper(kinds.MODE, title, None, rate.starts_on, rate.ends_on, {}, parties, promises)
    (agreement,) = agreements.stand_on_paper_many(act=act, papers=[paper])
    row = Rate.objects.create(
        pool=locked,
        provider=rate.provider,
        agreement=agreement,
        starts_on=rate.starts_on,
        ends_on=rate.ends_on,
        hourly=rate.terms.hourly,
        alone=rate.terms.alone,
        source=rate.source,
        fee_how=rate.terms.fee_how,
        fee_value=rate.terms.fee_value,
        agreed_at=act.at,
    )
    data = {"hourly": row.hourly, "alone": row.alone, "from": row.starts_on.isoformat()}
    record(act=act, type="rate_agreed", thing="pool", thing_id=locked.id, data=data)
    return row


def block(*, act: Act, kind: str, outcome: str, since: date, source: str, verified: bool = False) -> Block:
    """Budgets of a kind may not pay this from a day on.

    Raises Refused("already_blocked") or Refused("source_missing").
    """
    require(act, Verb.POOLS_RUN)
    if not source:
        raise Refused("source_missing", where="source")
    if Block.objects.filter(kind=kind, outcome=outcome, until=None).exists():
        raise Refused("already_blocked", where="outcome")
    row = Block.objects.create(kind=kind, outcome=outcome, since=since, source=source, verified=verified)
    record(act=act, type="outcome_blocked", thing="block", thing_id=row.id, data={"kind": kind, "outcome": outcome})
    return row


def unblock(*, act: Act, block: Block) -> Block:
    """From today on it may be paid again; what was blocked before stays known. Twice is once."""
    require(act, Verb.POOLS_RUN)
    locked = Block.objects.select_for_update(no_key=True).get(id=block.id)
    if locked.until is None:
        locked.until = max(locked.since, today(act) - timedelta(days=1))
        locked.save(update_fields=["until"])
        data = {"kind": locked.kind, "outcome": locked.outcome}
        record(act=act, type="outcome_unblocked", thing="block", thing_id=locked.id, data=data)
    return locked


def locked_pool(pool: Pool) -> Pool:
    """As it is now; whoever else plans in it or changes it waits."""
    return Pool.objects.select_for_update(no_key=True).get(id=pool.id)


def open_pool_now(pool: Pool) -> Pool:
    """The pool, locked. Raises Refused("pool_over")."""
    locked = locked_pool(pool)
    if locked.state != "open":
        raise Refused("pool_over")
    return locked
