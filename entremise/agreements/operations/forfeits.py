"""What is due for work that was promised and did not take place."""

from datetime import date
from uuid import UUID

from entremise.agreements import queries, rules
from entremise.agreements.models import Agreement, Confirmation, Fulfilment
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused


def forfeit(
    *, act: Act, agreement: Agreement, occasion: UUID, day: date, kind: str, minutes: int, due: int, reason: str
) -> Fulfilment:
    """Instead of work: what the terms give for an occasion that was called off, or to which somebody did not come.

    minutes: paid to whoever would have worked. due: from whoever would have paid, in minor units. It stands
    confirmed, since the terms were signed; said otherwise for the same occasion, the last word counts. Raises
    Refused("not_signed_yet") while nobody is bound, ("hours_confirmed") once work is written down.
    """
    Agreement.objects.select_for_update().get(id=agreement.id)
    before = queries.current_fulfilment(occasion=occasion)
    # Called off with its last visit it may be; what was due before that can still be said otherwise.
    if before is None and agreement.state not in ("active", "ended"):
        raise Refused("not_signed_yet", {"number": agreement.number})
    if before and before.kind == rules.WORK:
        raise Refused("hours_confirmed", {"minutes": before.minutes})
    if before and (before.kind, before.minutes, before.due) == (kind, minutes, due):
        return before
    fulfilment = Fulfilment.objects.create(
        agreement=agreement,
        occasion=occasion,
        day=day,
        minutes=minutes,
        kind=kind,
        due=due,
        reason=reason[:200],
        replaces=before,
        key=f"{kind}:{before.id if before else occasion}",
        by=act.by.person,
        on_behalf_of=act.on_behalf_of,
        door=act.door.value,
        at=act.at,
    )
    Confirmation.objects.create(
        fulfilment=fulfilment, answer="terms", minutes=minutes, by=act.whose, door=act.door.value, at=act.at
    )
    data = {"occasion": str(occasion), "kind": kind, "minutes": minutes, "due": due}
    record(act=act, type="work_forfeited", thing="fulfilment", thing_id=fulfilment.id, data=data)
    return fulfilment
