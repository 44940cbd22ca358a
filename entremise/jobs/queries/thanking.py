"""Visits that were made, and whom their client may thank for them. No rule of matching reads this."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from entremise.jobs.models import Mission
from entremise.jobs.rules.modes.registry import MODES
from entremise.settlement import queries as settlement
from entremise.settlement.models import Tip

DONE = ("worked", "confirmed")
RECENT = timedelta(days=60)
OURS = [mode.code for mode in MODES.values() if not mode.owed_to_who_comes]


@dataclass(frozen=True)
class Thanked:
    """A visit, and what was given for it."""

    mission: Mission
    tip: Tip | None


def to_thank(*, client: UUID, at: datetime) -> list[Thanked]:
    """The latest visits that our own workers made at somebody's, the latest first; none while tips are not offered. A
    constant number of queries.
    """
    if not offered(at=at):
        return []
    return _with_tips(list(_whole(_recent(client, at)).order_by("-starts_at", "-id")[:20]))


def waits(*, client: UUID, at: datetime) -> bool:
    """Whether there is somebody whom they may thank and have not. One query."""
    thanked = settlement.tips_standing().filter(occasion=OuterRef("id"))
    return offered(at=at) and _recent(client, at).filter(~Exists(thanked)).exists()


def thanked(*, mission: UUID) -> Thanked | None:
    """One visit, whatever became of it."""
    return next(iter(_with_tips(list(_whole(Mission.objects.filter(id=mission))))), None)


def may_be_thanked(*, mission: Mission) -> bool:
    """It was made, by somebody whom we employ."""
    return mission.state in DONE and mission.request.mode in OURS


def offered(*, at: datetime) -> bool:
    """Whether tips are offered at all. at: in the time of the organisation."""
    return settlement.tips_are_exempt(on=at.date())


def _recent(client: UUID, at: datetime) -> "QuerySet[Mission]":
    return Mission.objects.filter(client_id=client, state__in=DONE, ends_at__gte=at - RECENT, request__mode__in=OURS)


def _whole(rows: "QuerySet[Mission]") -> "QuerySet[Mission]":
    return rows.select_related("request__activity", "worker", "client")


def _with_tips(missions: list[Mission]) -> list[Thanked]:
    tips = settlement.tips_for(occasions=[one.id for one in missions])
    return [Thanked(one, tips.get(one.id)) for one in missions]
