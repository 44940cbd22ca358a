"""One visit that does not go as planned: what calling it off costs, another moment, somebody else, nothing counted."""

from typing import Annotated, Literal

from django.http import HttpRequest
from pydantic import Field

from entremise.doors.api.door import DESK, act_of, asks, tells, whose
from entremise.doors.api.missions import MissionTold, again, mission_of
from entremise.doors.api.requests import RequestTold, Why, told
from entremise.doors.api.types import Given, Moment, Named, Reason, Told
from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission
from entremise.jobs.queries import calling_off
from entremise.jobs.queries.calling_off import Calling
from entremise.jobs.rules.requests import MISSION


class RuleTold(Told):
    """What both sides signed. Calling off costs nothing before free_hours and for grace_minutes after the last
    signature; then late_share of the price, absent_share where nobody was there. paid_share: of the worker's minutes,
    null for the client. Shares are fractions: 0.5 is half.
    """

    free_hours: int
    grace_minutes: int
    late_share: float
    absent_share: float
    paid_share: float | None


class CostTold(Told):
    """fee: cents that the client would owe, to be said with the cancellation. minutes and pay: paid to the worker all
    the same, in gross cents; null for the client. rule null: the agreement says nothing of it, and nothing is due.
    """

    why: Literal["unsigned", "grace", "early", "late", "absent"]
    fee: int
    minutes: int | None
    pay: int | None
    rule: RuleTold | None


class NewMoment(Given):
    """When the visit begins instead; it lasts as long."""

    starts_at: Moment


class NewReplacement(Why):
    """starts_at: when it is done instead, for a visit that somebody missed."""

    starts_at: Moment | None = None


class NewWaiver(Given):
    """Why nothing is counted to the client."""

    reason: Annotated[Reason, Field(min_length=1)]


@asks("/missions/{mission}/cancellation", "missions:read", answer=CostTold, summary="What calling it off costs now")
def preview_mission_cancellation(request: HttpRequest, mission: Named) -> CostTold:
    """Nothing is written."""
    row = mission_of(request, mission)
    MISSION.step(row.state, "cancel")
    return _cost(request, row, calling_off.calling_off(missions=[row], at=act_of(request).at)[row.id])


@asks("/missions/{mission}/absence", "missions:read", answer=CostTold, summary="What a client's absence costs")
def preview_absence(request: HttpRequest, mission: Named) -> CostTold:
    """Nothing is written. Whoever works and does not come is neither paid nor fined."""
    row = mission_of(request, mission)
    MISSION.step(row.state, "miss_client")
    return _cost(request, row, calling_off.absent(mission=row))


@tells("/missions/{mission}/moment", "missions:write", answer=MissionTold, summary="This visit at another moment")
def move_mission(request: HttpRequest, mission: Named, body: NewMoment) -> MissionTold:
    """Somebody at the desk asked both. The contract and the other visits stand."""
    jobs.move_visit(act=act_of(request), mission=mission_of(request, mission), starts_at=body.starts_at)
    return again(request, mission)


@tells("/missions/{mission}/replacement", "missions:write", answer=RequestTold, summary="Somebody else for this visit")
def replace_once(request: HttpRequest, mission: Named, body: NewReplacement) -> RequestTold:
    """A request of its own, to propose; the other visits, and whoever does them, stay."""
    row = mission_of(request, mission)
    return told(jobs.replace_once(act=act_of(request), mission=row, **body.model_dump()))


@tells("/missions/{mission}/waiver", "missions:write", answer=MissionTold, summary="Nothing is counted after all")
def waive_fee(request: HttpRequest, mission: Named, body: NewWaiver) -> MissionTold:
    """The worker is paid all the same. A supplier forgoes what is owed to them, or the desk notes that they do."""
    row, act = mission_of(request, mission), act_of(request)
    if row.request.owed_to_who_comes:
        act = act.for_person(row.worker_id)
    jobs.waive(act=act, mission=row, reason=body.reason)
    return again(request, mission)


@tells("/missions/{mission}/delay", "missions:write", answer=MissionTold, summary="The worker is running late")
def run_late(request: HttpRequest, mission: Named) -> MissionTold:
    """Somebody at the desk tells whoever is waiting."""
    row = mission_of(request, mission)
    jobs.run_late(act=act_of(request).for_person(row.worker_id), mission=row)
    return again(request, mission)


def _cost(request: HttpRequest, mission: Mission, calling: Calling) -> CostTold:
    """What somebody is paid is for themselves and the desk."""
    paid = whose(request, *DESK) in (None, mission.worker_id)
    due, terms = calling.due, calling.terms
    return CostTold(
        why=due.why,
        fee=due.fee,
        minutes=due.minutes if paid else None,
        pay=calling.pay if paid else None,
        rule=RuleTold.drawn(terms, **({} if paid else {"paid_share": None})) if terms else None,
    )
