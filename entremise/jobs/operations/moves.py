from collections.abc import Mapping
from datetime import datetime

from entremise.agreements import operations as agreements
from entremise.agreements.models import Agreement
from entremise.history.operations import record
from entremise.jobs.models import Mission, Request, TakenQuarter
from entremise.jobs.operations.notices import announce
from entremise.jobs.rules.notices import WANTED
from entremise.jobs.rules.offers import quarters
from entremise.jobs.rules.requests import MISSION, REQUEST
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.kernel.time import Window
from entremise.messaging import operations as messaging


def move_request(*, act: Act, request: Request, verb: str, data: Mapping[str, object] | None = None) -> Request:
    """Take one edge of the request's table and record its fact. Whoever comes second gets Refused("not_now")."""
    before = request.state
    after, fact = REQUEST.step(before, verb)
    if not Request.objects.filter(id=request.id, state=before).update(state=after):
        raise Refused("not_now", {"thing": "request", "state": before, "verb": verb})
    request.state = after
    said = {"number": request.listing.number, **(data or {})}
    record(act=act, type=fact, thing="request", thing_id=request.id, data=said)
    if (before in WANTED) != (after in WANTED):
        announce(act=act, request=request)
    return request


def move_mission(*, act: Act, mission: Mission, verb: str, data: Mapping[str, object] | None = None) -> Mission:
    """Take one edge of the mission's table and record its fact."""
    before = mission.state
    after, fact = MISSION.step(before, verb)
    if not Mission.objects.filter(id=mission.id, state=before).update(state=after, state_at=act.at):
        raise Refused("not_now", {"thing": "mission", "state": before, "verb": verb})
    mission.state, mission.state_at = after, act.at
    if after == "cancelled":
        TakenQuarter.objects.filter(mission=mission).delete()
    said = {"number": mission.number, **(data or {})}
    record(act=act, type=fact, thing="mission", thing_id=mission.id, data=said)
    return mission


def take(*, mission: Mission, visit: Window) -> None:
    """These quarters of an hour are the mission's own, whatever it had before. Whoever books has locked rivals out; the
    unique quarters hold even where somebody forgot it. Raises Refused("moment_taken").
    """
    TakenQuarter.objects.filter(mission=mission).delete()
    wanted = [TakenQuarter(worker_id=mission.worker_id, mission=mission, at=at) for at in quarters(visit)]
    TakenQuarter.objects.bulk_create(wanted, ignore_conflicts=True)
    if TakenQuarter.objects.filter(mission=mission).count() < len(wanted):
        raise Refused("moment_taken")


def call_off(*, act: Act, agreement: Agreement, verb: str, since: datetime) -> None:
    """Take back the visits of an agreement from a moment on. Those before were done, or will still get their hours:
    then the agreement ends; without any it falls.
    """
    promised = Mission.objects.filter(agreement=agreement, state__in=["agreed", "ready"], starts_at__gte=since)
    for visit in promised:
        move_mission(act=act, mission=visit, verb=verb)
    if not _let_fall(act, agreement) and agreement.state == "active":
        agreements.end(act=act, agreement=agreement)


def end_if_over(*, act: Act, agreement: Agreement) -> None:
    """Every visit of an agreement has its hours, or nobody came: it ends. When all were called off, it falls."""
    if _let_fall(act, agreement) or agreement.state != "active":
        return
    if not Mission.objects.filter(agreement=agreement, state__in=["agreed", "ready"]).exists():
        agreements.end(act=act, agreement=agreement)


def _let_fall(act: Act, agreement: Agreement) -> bool:
    """Without any visit left an agreement binds nobody; whether it has none."""
    if Mission.objects.filter(agreement=agreement).exclude(state="cancelled").exists():
        return False
    if agreement.state in ("drawn_up", "active"):
        agreements.cancel(act=act, agreement=agreement)
        messaging.finish_tasks_about(act=act, about_id=agreement.id, outcome="cancelled")
    return True
