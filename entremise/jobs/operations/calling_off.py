"""Visits that do not take place: called off, or somebody was not there. What is due follows the terms signed."""

from zoneinfo import ZoneInfo

from entremise.agreements import operations as agreements
from entremise.agreements.models import Fulfilment
from entremise.jobs.models import DayException, Mission
from entremise.jobs.operations.holding import hold_visit
from entremise.jobs.operations.moves import move_mission
from entremise.jobs.operations.owing import Said, owe
from entremise.jobs.operations.requests import close_if_over
from entremise.jobs.queries.calling_off import absent, calling_off, forfeits_of
from entremise.jobs.queries.series import visits_on
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.messaging import operations as messaging
from entremise.messaging.models import Task
from entremise.people.rules.may import Verb, require
from entremise.settlement.queries import is_settled


def cancel_mission(*, act: Act, mission: Mission, reason: str = "", excuse: str = "", fee: int = 0) -> Mission:
    """This one visit will not take place; both sides are told. Other visits of the same agreement stand; without any
    it falls.

    What the signed terms make due is written down. fee: cents that whoever says it was told. excuse: one of EXCUSES,
    for the desk to choose. Raises Refused("fee_changed") when more is due, ("waiver_needs_reason").
    """
    require(act, Verb.MISSIONS_CANCEL, owner=mission.client_id)
    hold_visit(mission=mission)
    calling = calling_off(missions=[mission], at=act.at)[mission.id]
    due = owe(act=act, mission=mission, kind="called_off", calling=calling, said=Said(fee, reason, excuse))
    data = {"fee": due.fee, "paid": due.minutes, "excuse": excuse, "reason": reason[:200]}
    move_mission(act=act, mission=mission, verb="cancel", data=data)
    for person in (mission.worker, mission.client):
        if person.id != act.whose:
            messaging.queue(
                act=act,
                person=person,
                template="visit_cancelled",
                context={
                    "mission": mission,
                    "listing": mission.request.listing,
                    "organisation": mission.organisation,
                    "paid": due.minutes if person.id == mission.worker_id else 0,
                    "owed": due.fee if calling.theirs and person.id == mission.worker_id else 0,
                },
                key=f"visit-cancelled:{mission.id}:{person.id}",
                about="mission",
                about_id=mission.id,
            )
    day = mission.starts_at.astimezone(ZoneInfo(mission.organisation.timezone)).date()
    if mission.request.listing.recurrence and not visits_on(request=mission.request, day=day):
        DayException.objects.update_or_create(request=mission.request, day=day, defaults={"kept": False})
    close_if_over(act=act, mission=mission)
    return mission


def report_absence(
    *, act: Act, mission: Mission, who: str, reason: str = "", excuse: str = "", fee: int = 0
) -> Mission:
    """Somebody did not come: `worker` or `client`. A human looks; nobody is sanctioned by it.

    A client who was not there owes what the signed terms say; raises as `cancel_mission` does, and
    Refused("absent_too_early") before the visit begins. For a worker who did not come nothing is billed or paid.
    """
    require(act, Verb.MISSIONS_CANCEL, owner=mission.client_id if who == "worker" else None)
    hold_visit(mission=mission)
    if act.at < mission.starts_at:
        raise Refused("absent_too_early", {"number": mission.number})
    data: dict[str, object] = {}
    if who == "client":
        said = Said(fee, reason, excuse)
        due = owe(act=act, mission=mission, kind="absent", calling=absent(mission=mission), said=said)
        data = {"fee": due.fee, "paid": due.minutes, "excuse": excuse}
    move_mission(act=act, mission=mission, verb=f"miss_{who}", data=data)
    messaging.add_task(
        act=act,
        kind=f"absent_{who}",
        key=f"absent:{mission.id}",
        person=mission.worker if who == "worker" else mission.client,
        about="mission",
        about_id=mission.id,
        params={"number": mission.number},
    )
    close_if_over(act=act, mission=mission)
    return mission


def run_late(*, act: Act, mission: Mission) -> Task:
    """Whoever works will not be there on time: somebody at the desk tells whoever waits. Said twice it is the same."""
    require(act, Verb.HOURS_LOG, owner=mission.worker_id)
    return messaging.add_task(
        act=act,
        kind="running_late",
        key=f"late:{mission.id}",
        person=mission.worker,
        about="mission",
        about_id=mission.id,
        due_at=act.at,
        params={"number": mission.number},
    )


def waive(*, act: Act, mission: Mission, reason: str = "") -> Fulfilment:
    """The client owes nothing for this visit after all; the worker is paid all the same. What is owed to whoever would
    have come they forgo themselves, for no reason, or the desk notes that they do.

    Raises Refused("waiver_needs_reason"), ("theirs_to_waive") when the desk forgoes what is not ours,
    ("nothing_to_waive"), ("forfeit_settled") once it is billed.
    """
    theirs = mission.request.owed_to_who_comes
    require(act, Verb.FEES_WAIVE, owner=mission.worker_id if theirs else None)
    if theirs and act.whose != mission.worker_id:
        raise Refused("theirs_to_waive", {"name": mission.worker.called})
    if not reason.strip() and act.by.person != mission.worker_id:
        raise Refused("waiver_needs_reason", where="reason")
    if mission.agreement is None:
        raise Refused("nothing_to_waive")
    agreements.hold(agreements=[mission.agreement.id])
    before = forfeits_of(missions=[mission.id]).get(mission.id)
    if before is None or not before.due:
        raise Refused("nothing_to_waive")
    if is_settled(fulfilment=before.id):
        raise Refused("forfeit_settled")
    return agreements.forfeit(
        act=act,
        agreement=mission.agreement,
        occasion=mission.id,
        day=before.day,
        kind=before.kind,
        minutes=before.minutes,
        due=0,
        reason=f"goodwill: {reason.strip()}".strip(": "),
    )
