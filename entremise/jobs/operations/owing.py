"""Writing down what is due for a visit that does not take place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID
from zoneinfo import ZoneInfo

from entremise.agreements import operations as agreements
from entremise.jobs.models import Mission
from entremise.jobs.queries.calling_off import Calling, calling_off
from entremise.jobs.rules.calling_off import EXCUSES, WRITTEN, Due
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.people.rules.may import Verb, require


@dataclass(frozen=True)
class Said:
    """What whoever calls off has seen and says. fee: cents they were told. excuse: of EXCUSES, chosen by the desk."""

    fee: int = 0
    reason: str = ""
    excuse: str = ""


def check_said(act: Act, said: Said, calling: Calling) -> Due:
    """What is due when the excuse counts. The worker's part stands whatever excuses the client. Nobody gives away what
    is owed to somebody else: then only what the terms name excuses.

    Raises Refused("fee_changed") when it is more than they were told, ("excuse_unknown"), ("waiver_needs_reason").
    """
    due = calling.due
    if said.excuse:
        require(act, Verb.FEES_WAIVE)
        if said.excuse not in (WRITTEN if calling.theirs else EXCUSES):
            raise Refused("excuse_unknown", where="excuse")
        if said.excuse == "goodwill" and not said.reason.strip():
            raise Refused("waiver_needs_reason", where="reason")
        return Due(due.why, 0, due.minutes)
    if due.fee > said.fee:
        raise Refused("fee_changed", {"due": due.fee})
    return due


@dataclass(frozen=True)
class Told:
    """What whoever would have come hears: minutes that they are paid, cents that the client owes them."""

    paid: int = 0
    owed: int = 0


def check_whole(each: Mapping[UUID, Calling], said: Said) -> int:
    """Cents due for visits that fall together. Raises Refused("fee_changed") when it is more than they were told."""
    whole = sum(one.due.fee for one in each.values())
    if whole > said.fee and not said.excuse:
        raise Refused("fee_changed", {"due": whole})
    return whole


def owe_all(*, act: Act, missions: Sequence[Mission], said: Said) -> tuple[int, dict[UUID, Told]]:
    """What is due for visits that fall together: cents in all, and what each worker hears. Raises as `check_whole`."""
    each = calling_off(missions=missions, at=act.at)
    whole = check_whole(each, said)
    fee, told = 0, dict[UUID, Told]()
    for mission in missions:
        calling, before = each[mission.id], told.get(mission.worker_id, Told())
        due = owe(act=act, mission=mission, kind="called_off", calling=calling, said=replace(said, fee=whole))
        owed = due.fee if calling.theirs else 0
        told[mission.worker_id] = Told(before.paid + due.minutes, before.owed + owed)
        fee += due.fee
    return fee, told


def owe(*, act: Act, mission: Mission, kind: str, calling: Calling, said: Said) -> Due:
    """Write down what the terms give; nothing when nothing is due. Returns it."""
    due = check_said(act, said, calling)
    if mission.agreement and not due.nothing:
        agreements.forfeit(
            act=act,
            agreement=mission.agreement,
            occasion=mission.id,
            day=mission.starts_at.astimezone(ZoneInfo(mission.organisation.timezone)).date(),
            kind=kind,
            minutes=due.minutes,
            due=due.fee,
            reason=f"{said.excuse}: {said.reason}".strip(": ") if said.excuse else "",
        )
    return due
