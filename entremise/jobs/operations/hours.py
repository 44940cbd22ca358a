from zoneinfo import ZoneInfo

from entremise.agreements import operations as agreements
from entremise.agreements import queries as agreed
from entremise.agreements.models import Fulfilment
from entremise.agreements.rules import WORK
from entremise.jobs.models import Mission
from entremise.jobs.operations.feedback import ask_how_it_went
from entremise.jobs.operations.holding import hold_visit
from entremise.jobs.operations.learning import seen_doing
from entremise.jobs.operations.moves import move_mission
from entremise.jobs.operations.requests import close_if_over
from entremise.jobs.rules.requests import MISSION
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.messaging import operations as messaging
from entremise.people.rules.may import Verb, require
from entremise.settlement.queries import is_settled


def log_hours(*, act: Act, mission: Mission, minutes: int, key: str) -> Fulfilment:
    """The worker's hours of one mission, by text, page, paper or desk. The same key again changes nothing.

    The client is asked to confirm. Raises Refused("not_started_yet") before the mission begins, ("hours_out_of_range"),
    ("hours_confirmed"), ("not_signed_yet"), ("forfeit_settled") once the absence was billed or paid.
    """
    require(act, Verb.HOURS_LOG, owner=mission.worker_id)
    if mission.agreement is None:
        raise Refused("not_signed_yet", {"number": mission.number})
    hold_visit(mission=mission)
    if act.at < mission.starts_at:
        raise Refused("not_started_yet", {"number": mission.number})
    before = agreed.current_fulfilment(occasion=mission.id)
    if before is not None and before.kind != WORK and is_settled(fulfilment=before.id):
        raise Refused("forfeit_settled")
    day = mission.starts_at.astimezone(ZoneInfo(mission.organisation.timezone)).date()
    fulfilment = agreements.log(
        act=act, agreement=mission.agreement, occasion=mission.id, day=day, minutes=minutes, key=key
    )
    known = before is not None and before.id == fulfilment.id
    if known or (fulfilment.replaces_id is None and not MISSION.allows(mission.state, "log_hours")):
        return fulfilment  # The same key came back, perhaps after the client had spoken.
    move_mission(act=act, mission=mission, verb="log_hours", data={"minutes": minutes})
    seen_doing(act=act, missions=[mission])
    messaging.queue(
        act=act,
        person=mission.client,
        template="confirm_hours",
        context={
            "mission": mission,
            "listing": mission.request.listing,
            "minutes": minutes,
            "organisation": mission.organisation,
        },
        key=f"confirm:{fulfilment.id}",
        about="mission",
        about_id=mission.id,
    )
    close_if_over(act=act, mission=mission)
    return fulfilment


def confirm_hours(*, act: Act, mission: Mission, minutes: int | None = None) -> Mission:
    """The client's word: the hours that were logged (None), or their own count. A difference becomes a task.

    The same word again changes nothing; another one is Refused("hours_confirmed"): a person hears both sides.
    """
    require(act, Verb.HOURS_CONFIRM, owner=mission.client_id)
    fulfilment = _logged(mission)
    said = fulfilment.minutes if minutes is None else minutes
    already = agreed.confirmation_of(fulfilment=fulfilment.id)
    if already and already.minutes != said:
        raise Refused("hours_confirmed", {"minutes": already.minutes})
    if already:
        return mission
    confirmation = agreements.confirm(act=act, fulfilment=fulfilment, minutes=said)
    if confirmation.answer == "differs":
        messaging.add_task(
            act=act,
            kind="hours_differ",
            key=f"differ:{fulfilment.id}",
            person=mission.client,
            about="mission",
            about_id=mission.id,
            params={"number": mission.number, "logged": fulfilment.minutes, "said": confirmation.minutes},
        )
        return mission
    move_mission(act=act, mission=mission, verb="confirm", data={"minutes": fulfilment.minutes})
    ask_how_it_went(act=act, mission=mission)
    return mission


def presume_silent(*, act: Act, mission: Mission) -> Mission:
    """The client stayed silent for as long as the organisation waits: the hours count, and a letter says so."""
    require(act, Verb.HOURS_PRESUME)
    fulfilment = _logged(mission)
    agreements.confirm(act=act, fulfilment=fulfilment, minutes=None)
    move_mission(act=act, mission=mission, verb="confirm", data={"minutes": fulfilment.minutes, "silent": True})
    messaging.queue(
        act=act,
        person=mission.client,
        template="hours_presumed",
        context={
            "mission": mission,
            "listing": mission.request.listing,
            "minutes": fulfilment.minutes,
            "organisation": mission.organisation,
        },
        key=f"presumed:{fulfilment.id}",
        about="mission",
        about_id=mission.id,
    )
    ask_how_it_went(act=act, mission=mission)
    return mission


def settle_hours(*, act: Act, mission: Mission, minutes: int) -> Mission:
    """Somebody at the desk heard both sides of a difference and says what counts."""
    require(act, Verb.HOURS_SETTLE)
    agreements.settle_difference(act=act, fulfilment=_logged(mission), minutes=minutes)
    messaging.finish_tasks_about(act=act, about_id=mission.id, outcome=f"settled: {minutes} min")
    move_mission(act=act, mission=mission, verb="confirm", data={"minutes": minutes, "settled": True})
    ask_how_it_went(act=act, mission=mission)
    return mission


def _logged(mission: Mission) -> Fulfilment:
    fulfilment = agreed.current_fulfilment(occasion=mission.id)
    if fulfilment is None or fulfilment.kind != WORK:
        raise Refused("no_hours_yet", {"number": mission.number})
    return fulfilment
