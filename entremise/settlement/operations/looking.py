"""The one shape of a look at a payment, whatever was paid: what the provider says is written down, and what is new is
booked. Each kind of thing says how it follows what was taken, given back and contested.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from entremise.kernel.act import Act
from entremise.ledger import operations as ledger
from entremise.messaging import operations as messaging
from entremise.payments import operations as payments
from entremise.payments.models import Instruction, Intent
from entremise.payments.operations import Change
from entremise.payments.rules.provider import Standing
from entremise.settlement.operations.booking import book
from entremise.settlement.operations.charges import follow_charge
from entremise.settlement.operations.debits import today
from entremise.settlement.rules.books_fr import provider_fee_moves

Named = Mapping[str, str]  # How people call what is paid: {"invoice": its number}, or {"fund": its name}.


def look(
    *,
    act: Act,
    intent: Intent,
    standing: Standing | None,
    asked_at: datetime,
    label: str,
    named: Named,
    follow: Callable[[Change], None],
) -> Change:
    """Whoever and whatever `follow` changes is locked before. label: of the provider's fee in the books."""
    change = payments.look(act=act, intent=intent, standing=standing, asked_at=asked_at)
    if change.over or (change.taken and change.taken == intent.taken):
        ledger.release(key=f"intent:{intent.id}:resolved", at=act.at, entry=intent.entry)
    follow(change)
    if change.fee:
        key = f"intent:{intent.id}:fee:{asked_at.isoformat()}"
        moves = provider_fee_moves(intent.provider, change.fee, label)
        book(act=act, key=key, on=today(act), cause="intent", cause_id=intent.about_id, moves=moves)
    if intent.means_id:
        follow_charge(act=act, intent=intent, change=change, standing=standing)
    if change.contested > 0:
        _task(act, intent, "payment_contested", f"contested:{intent.id}", {**named, "amount": change.contested})
    return change


def instruction_failed(
    *,
    act: Act,
    instruction: Instruction,
    why: str,
    final: bool,
    look: Callable[..., Change],
    named: Callable[..., Named],
) -> Instruction:
    """The provider did not do it, or will not (final). A payment whose page will never open is over; anything else that
    will not be done is for a person. look, named: of what the payment is for.
    """
    ended = payments.not_carried_out(act=act, instruction=instruction, why=why, final=final)
    if ended.state != "refused":
        return ended
    intent = instruction.intent
    if ended.verb == "open":
        over = Standing(ref="", state="cancelled", amount=intent.amount, why=why)
        look(act=act, intent=intent, standing=over, asked_at=act.at)
    said = {**named(intent=intent), "verb": ended.verb, "amount": ended.amount, "why": why[:80]}
    _task(act, intent, "payment_not_done", f"instruction:{ended.id}", said)
    return ended


def _task(act: Act, intent: Intent, kind: str, key: str, said: Mapping[str, object]) -> None:
    messaging.add_task(
        act=act, kind=kind, key=key, person=intent.person, about=intent.about, about_id=intent.about_id, params=said
    )
