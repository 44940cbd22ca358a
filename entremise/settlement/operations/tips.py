"""What clients give to whoever worked for them: whole, on top of the wage, and never a condition of anything."""

from uuid import UUID

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.ledger import operations as ledger
from entremise.ledger import queries as ledger_queries
from entremise.messaging import operations as messaging
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Payslip, Tip, TipPaid
from entremise.settlement.operations.booking import book, wait_for
from entremise.settlement.operations.debits import today
from entremise.settlement.queries.accounts import free_on_account
from entremise.settlement.queries.tips import most, standing_tip, tips_are_exempt, tips_waiting
from entremise.settlement.rules.books_fr import tip_moves
from entremise.tenancy.queries import here

HOW = ("account", "cash")


def give_tip(*, act: Act, client: Person, worker: Person, occasion: UUID, amount: int, how: str, key: str) -> Tip:
    """A client thanks whoever worked for them at this visit. how: account (from what they have with us), cash.

    amount: cents; all of it is the worker's. The same key again is the same tip. Raises Refused("tips_not_offered")
    when the law takes contributions of it, ("already_thanked"), ("tip_out_of_range") or ("account_empty").
    """
    require(act, Verb.TIPS_GIVE, owner=client.id if how == "account" else None)  # Coins are seen at the counter.
    wait_for(people=[client.id, worker.id])
    same = Tip.objects.filter(key=key).first()
    if same:
        return same
    on = today(act)
    if how not in HOW or not tips_are_exempt(on=on):
        raise Refused("tips_not_offered")
    if standing_tip(occasion=occasion):
        raise Refused("already_thanked")
    if not 0 < amount <= most(on=on):
        raise Refused("tip_out_of_range", {"ceiling": most(on=on)}, where="amount")
    if how == "account" and amount > free_on_account(person=client.id):
        raise Refused("account_empty", where="amount")
    moves = tip_moves(client.id, worker.id, amount, how, f"Remerciement, {client.full_name}, {worker.full_name}")
    entry = book(act=act, key=f"tip:{key}", on=on, cause="tip", cause_id=occasion, moves=moves)
    tip = _write(
        act, Tip(client=client, worker=worker, occasion=occasion, amount=amount, how=how, entry=entry, key=key)
    )
    record(act=act, type="tip_given", thing="tip", thing_id=tip.id, data={"amount": amount, "how": how})
    messaging.queue(
        act=act,
        person=worker,
        template="tip_given",
        context={"tip": tip, "organisation": here()},
        key=f"tip:{tip.id}",
        about="tip",
        about_id=tip.id,
    )
    return tip


def take_back_tip(*, act: Act, tip: Tip, reason: str) -> Tip:
    """One that was a mistake goes back where it came from, as long as it is on no payslip. Again, it is the same.

    Raises Refused("reason_needed"), or Refused("tip_paid_out").
    """
    require(act, Verb.REFUNDS_ORDER)
    if not reason.strip():
        raise Refused("reason_needed", where="reason")
    wait_for(people=[tip.client_id, tip.worker_id])
    before = Tip.objects.filter(takes_back=tip).first()
    if before:
        return before
    if tip.takes_back_id or TipPaid.objects.filter(tip=tip).exists():
        raise Refused("tip_paid_out")
    key, day = f"back:{tip.id}", ledger_queries.first_open(on=today(act))
    entry = ledger.reverse(key=f"tip:{key}", at=act.at, effective_on=day, entry=tip.entry, cause="tip").id
    back = _write(
        act,
        Tip(
            client=tip.client,
            worker=tip.worker,
            occasion=tip.occasion,
            amount=-tip.amount,
            how=tip.how,
            takes_back=tip,
            entry=entry,
            key=key,
        ),
    )
    data = {"amount": tip.amount, "reason": reason.strip()[:160]}
    record(act=act, type="tip_taken_back", thing="tip", thing_id=tip.id, data=data)
    return back


def tips_to_join(*, worker: Person) -> list[Tip]:
    """What the payslip that is being made takes; none of it is taken back meanwhile."""
    wait_for(people=[worker.id])
    return tips_waiting(worker=worker.id)


def join_tips(*, payslip: Payslip, tips: list[Tip]) -> None:
    """They leave with this payslip's wage."""
    TipPaid.objects.bulk_create(TipPaid(tip=tip, payslip=payslip) for tip in tips)


def _write(act: Act, tip: Tip) -> Tip:
    tip.id, tip.given_at, tip.given_by = new_id(), act.at, act.by.person
    tip.save(force_insert=True)
    return tip
