"""Two people for much money: one prepares a payment file, another one agrees, and only then it is made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.messaging import operations as messaging
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Approval
from entremise.settlement.queries.orders import second_person_above, waiting_approval
from entremise.settlement.rules.runs import APPROVAL

VERBS: Mapping[str, Verb] = {
    "wages": Verb.PAYOUTS_ORDER,
    "debits": Verb.DEBITS_ORDER,
    "withdrawals": Verb.PAYOUTS_ORDER,
    "bills": Verb.PAYOUTS_ORDER,
}


@dataclass(frozen=True)
class Prepared:
    """A payment file as it would be made. seen: the digest that the person looked at; None when they looked at none."""

    kind: str
    digest: str
    count: int
    total: int
    on: date  # Today, where we are.
    execution_on: date | None = None
    seen: str | None = None


def agreed(*, act: Act, file: Prepared) -> Approval | None:
    """None when the file may be made now, because it is small or a second person agrees; else what waits for them.

    What was prepared before and is different by now is withdrawn. Raises Refused("order_changed") when the file is
    not what was looked at, Refused("second_person_needed") for whoever prepared it.
    """
    require(act, VERBS[file.kind])
    if file.seen is not None and file.seen != file.digest:
        raise Refused("order_changed")
    waiting = waiting_approval(kind=file.kind)
    same = waiting and (waiting.digest, waiting.execution_on) == (file.digest, file.execution_on)
    if waiting and not same:
        _decide(act, waiting, "withdraw")
    if file.total <= second_person_above(on=file.on, by=act.by.person):
        if waiting and same:
            _decide(act, waiting, "withdraw")
        return None
    if not waiting or not same:
        return _ask(act, file)
    if waiting.asked_by == act.by.person:
        raise Refused("second_person_needed", {"total": file.total})
    _decide(act, waiting, "give")
    return None


def withdraw_approval(*, act: Act, approval: Approval) -> Approval:
    """The file is not to be made after all, as it was prepared. Raises Refused("not_now") when it was decided."""
    require(act, VERBS[approval.kind])
    _decide(act, approval, "withdraw")
    return approval


def _ask(act: Act, file: Prepared) -> Approval:
    state, fact = APPROVAL.step("", "ask")
    row = Approval.objects.create(
        id=new_id(),
        kind=file.kind,
        digest=file.digest,
        execution_on=file.execution_on,
        count=file.count,
        total=file.total,
        state=state,
        asked_by=act.by.person,
        asked_at=act.at,
    )
    data = {"kind": row.kind, "total": row.total, "count": row.count}
    record(act=act, type=fact, thing="approval", thing_id=row.id, data=data)
    messaging.add_task(act=act, kind="second_person", key=f"second-person:{row.id}", about="approval", about_id=row.id)
    return row


def _decide(act: Act, approval: Approval, verb: str) -> None:
    before = approval.state
    state, fact = APPROVAL.step(before, verb)
    rows = Approval.objects.filter(id=approval.id, state=before)
    if not rows.update(state=state, decided_by=act.by.person, decided_at=act.at):
        raise Refused("not_now", {"thing": "approval", "state": before, "verb": verb})
    approval.state, approval.decided_by, approval.decided_at = state, act.by.person, act.at
    data = {"kind": approval.kind, "total": approval.total, "count": approval.count}
    record(act=act, type=fact, thing="approval", thing_id=approval.id, data=data)
    messaging.finish_tasks_about(act=act, about_id=approval.id, outcome=state)
