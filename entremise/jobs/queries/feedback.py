"""How it went, as each side and the desk read it. It is never counted for a person, and no rule of matching sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from entremise.agreements import queries as agreed
from entremise.agreements.models import Feedback
from entremise.jobs.models import Mission


@dataclass(frozen=True)
class Said:
    """mine: whether the reader wrote it."""

    feedback: Feedback
    mission: Mission
    mine: bool = False


@dataclass(frozen=True)
class Mine:
    """to_give: asked about a person, each with the question about us in us. read: what this person may read."""

    to_give: list[Said]
    us: dict[UUID, Feedback]
    read: list[Said]


@dataclass(frozen=True)
class OnMission:
    """What the desk sees of one visit: to_give may still be said for somebody; what is sealed has no words."""

    mission: Mission
    rows: list[Feedback]


def mine(*, person: UUID, at: datetime) -> Mine:
    """Three queries, whatever was said."""
    asked = agreed.feedback_to_give(writer=person, at=at)
    read = agreed.feedback_read_by(person=person)
    missions = _missions([*asked, *read])
    return Mine(
        to_give=[Said(one, missions[one.occasion], True) for one in asked if one.about_id],
        us={one.occasion: one for one in asked if not one.about_id},
        read=[Said(one, missions[one.occasion], one.writer_id == person) for one in read],
    )


def on_mission(*, mission: UUID) -> OnMission | None:
    found = _missions_of([mission]).get(mission)
    return OnMission(found, agreed.feedback_on(occasion=mission)) if found else None


def waiting_for(*, person: UUID, at: datetime, number: int | None = None) -> list[Said]:
    """What somebody may answer now, about people; of one number only when it is given."""
    asked = [one for one in agreed.feedback_to_give(writer=person, at=at) if one.about_id]
    missions = _missions(asked)
    rows = [Said(one, missions[one.occasion], True) for one in asked]
    return [row for row in rows if number in (None, row.mission.number)]


def mission_of(*, feedback: Feedback) -> Mission:
    return _missions([feedback])[feedback.occasion]


def _missions(rows: Sequence[Feedback]) -> dict[UUID, Mission]:
    return _missions_of([row.occasion for row in rows])


def _missions_of(ids: Sequence[UUID]) -> dict[UUID, Mission]:
    rows = Mission.objects.select_related("request__activity", "request__listing", "worker", "client", "agreement")
    return {row.id: row for row in rows.filter(id__in=ids)}
