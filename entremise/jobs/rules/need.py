"""The job that somebody has to go to, as the rules see it."""

from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from uuid import UUID

from entremise.kernel.place import CYCLING_KM_H, DRIVING_KM_H, WALKING_KM_H, Point, travel_minutes
from entremise.kernel.time import Window


class ClientKind(StrEnum):
    INDIVIDUAL = "individual"
    COMPANY = "company"
    ASSOCIATION = "association"
    LOCAL_AUTHORITY = "local_authority"


class Travel(StrEnum):
    WALK = "walk"
    BIKE = "bike"
    CAR = "car"
    BUS = "bus"


BUS_KM_H = 15.0
BUS_WAIT = 8  # Minutes: to the stop and at the stop, on an ordinary town line.
_SPEED = {Travel.WALK: WALKING_KM_H, Travel.BIKE: CYCLING_KM_H, Travel.CAR: DRIVING_KM_H, Travel.BUS: BUS_KM_H}


def minutes_between(a: Point, b: Point, mode: Travel) -> int:
    """Door to door. By bus never longer than on foot: people walk when the stop is further than the job."""
    minutes = travel_minutes(a, b, speed_km_h=_SPEED[mode])
    return min(minutes + BUS_WAIT, minutes_between(a, b, Travel.WALK)) if mode is Travel.BUS else minutes


@dataclass(frozen=True)
class JobNeed:
    """One visit. `request` is its id: it decides ties.

    in_twos_ok: a newcomer may go with somebody who knows. first_alone_ok: this activity lets a newcomer go alone.
    """

    request: UUID
    window: Window
    activity: str
    point: Point | None = None
    place_code: str = ""
    client_kind: ClientKind = ClientKind.INDIVIDUAL
    in_twos_ok: bool = False
    first_alone_ok: bool = False

    @property
    def minutes(self) -> int:
        return real(self.window).minutes


def real(window: Window) -> Window:
    """The same stretch in UTC, where a subtraction counts the hours that pass on the nights when clocks change."""
    if window.start.tzinfo is UTC and window.end.tzinfo is UTC:
        return window  # As rows come: the desk asks this for every engagement of every worker.
    return Window(window.start.astimezone(UTC), window.end.astimezone(UTC))
