"""Missions: one time that one worker goes to one client; what became of it, and its hours."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.http import HttpRequest

from entremise.doors.api import pages
from entremise.doors.api.door import DESK, act_of, asks, found, tells, whose
from entremise.doors.api.requests import CallingOff, Why
from entremise.doors.api.told import PlaceTold, Someone
from entremise.doors.api.types import PAGE, Chosen, Cursor, Given, Limit, Minutes, Named, Told, WhichNumber
from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission
from entremise.jobs.queries import listed
from entremise.jobs.queries.desk import Visit
from entremise.kernel.ids import new_id

MissionState = Literal["agreed", "ready", "worked", "confirmed", "cancelled", "no_show_worker", "no_show_client"]
MISSIONS = "missions"


class Hours(Told):
    """Minutes that were written down, what the client said of them, and their own count when it differs."""

    logged: int | None
    answer: Literal["", "agreed", "differs", "silent"]
    said: int | None


class MissionTold(Told):
    """A visit, promised or done. request: the number that people say aloud."""

    id: UUID
    request: int
    state: MissionState
    activity: str
    worker: Someone
    client: Someone
    agreement: str | None
    starts_at: datetime
    ends_at: datetime
    street: str
    place: PlaceTold | None
    hours: Hours


class Missions(Told):
    """A page of missions; next: the cursor of the page after, null on the last."""

    rows: list[MissionTold]
    next: str | None


class NewHours(Given):
    """Hours of one mission."""

    minutes: Minutes


class NewConfirmation(Given):
    """minutes: the client's own count; left out, they agree with what was written down."""

    minutes: Minutes | None = None


class NewAbsence(CallingOff):
    """Who did not come, or was not there."""

    who: Literal["worker", "client"]


@asks("/missions", "missions:read", answer=Missions, summary="Missions, the latest agreed first")
def list_missions(
    request: HttpRequest,
    state: Literal["", MissionState] = "",
    number: WhichNumber = None,
    person: Chosen = None,
    cursor: Cursor = "",
    limit: Limit = PAGE,
) -> Missions:
    """Staff find all of them, others where they work or are worked for."""
    before, mine = pages.before(cursor, of=MISSIONS), whose(request, *DESK)
    rows = listed.missions(of=mine, state=state, request=number, person=person, before=before, limit=limit)
    page, following = pages.split(rows, limit=limit, of=MISSIONS)
    return Missions(rows=[_told(one) for one in listed.visits(missions=page)], next=following)


@asks("/missions/{mission}", "missions:read", answer=MissionTold, summary="One mission")
def read_mission(request: HttpRequest, mission: Named) -> MissionTold:
    return again(request, mission)


@tells("/missions/{mission}/withdrawal", "missions:write", answer=MissionTold, summary="The worker cannot come")
def withdraw_worker(request: HttpRequest, mission: Named, body: Why) -> MissionTold:
    """The request is open again, and the desk looks for somebody else."""
    row = mission_of(request, mission)
    jobs.withdraw_worker(act=act_of(request).for_person(row.worker_id), mission=row, reason=body.reason)
    return again(request, mission)


@tells("/missions/{mission}/cancellation", "missions:write", answer=MissionTold, summary="One visit is not wanted")
def cancel_mission(request: HttpRequest, mission: Named, body: CallingOff) -> MissionTold:
    """Both sides are told; other visits of the same agreement stand."""
    row = mission_of(request, mission)
    jobs.cancel_mission(act=act_of(request).for_person(row.client_id), mission=row, **body.model_dump())
    return again(request, mission)


@tells("/missions/{mission}/absence", "missions:write", answer=MissionTold, summary="Somebody did not come")
def report_absence(request: HttpRequest, mission: Named, body: NewAbsence) -> MissionTold:
    """A human looks; nothing happens to anybody by itself."""
    jobs.report_absence(act=act_of(request), mission=mission_of(request, mission), **body.model_dump())
    return again(request, mission)


@tells("/missions/{mission}/hours", "hours:write", answer=MissionTold, summary="Write down the worker's hours")
def log_hours(request: HttpRequest, mission: Named, body: NewHours) -> MissionTold:
    """The client is asked to confirm. Sent again before they did, it corrects."""
    row, act = mission_of(request, mission), act_of(request)
    jobs.log_hours(act=act.for_person(row.worker_id), mission=row, minutes=body.minutes, key=f"api:{new_id()}")
    return again(request, mission)


@tells("/missions/{mission}/confirmation", "hours:write", answer=MissionTold, summary="The client's word on the hours")
def confirm_hours(request: HttpRequest, mission: Named, body: NewConfirmation) -> MissionTold:
    """Another count than the worker's becomes a task for the desk."""
    row = mission_of(request, mission)
    jobs.confirm_hours(act=act_of(request).for_person(row.client_id), mission=row, minutes=body.minutes)
    return again(request, mission)


@tells("/missions/{mission}/decision", "hours:write", answer=MissionTold, summary="Settle a difference about hours")
def decide_hours(request: HttpRequest, mission: Named, body: NewHours) -> MissionTold:
    """Somebody at the desk heard both sides."""
    jobs.settle_hours(act=act_of(request), mission=mission_of(request, mission), minutes=body.minutes)
    return again(request, mission)


def mission_of(request: HttpRequest, mission: UUID) -> Mission:
    return found(listed.mission(of=whose(request, *DESK), mission=mission))


def again(request: HttpRequest, mission: UUID) -> MissionTold:
    return _told(listed.visits(missions=[mission_of(request, mission)])[0])


def _told(visit: Visit) -> MissionTold:
    row, listing = visit.mission, visit.mission.request.listing
    return MissionTold.drawn(
        row,
        request=row.number,
        activity=row.request.activity.code,
        worker=Someone.of(row.worker),
        client=Someone.of(row.client),
        agreement=row.agreement.number if row.agreement else None,
        street=listing.street,
        place=PlaceTold.of(listing.place) if listing.place else None,
        hours=Hours.drawn(visit),
    )
