"""Who is suggested first, and why. The rule is published: no weight, no score, no rank that a page could show.

`CRITERIA` is the rule as data: people are compared on the first criterion that tells them apart, and on no other.
Age, origin, speed of answering, refusals and opinions about a person are not arguments of these functions.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Literal
from uuid import UUID

from entremise.jobs.rules.limits import Block, first_job_alone
from entremise.jobs.rules.need import JobNeed, Travel, minutes_between
from entremise.kernel.place import Point

IDLE_DAYS = 7  # From here on the desk is told how long somebody has had nothing.
NEAR = 45  # Minutes: a longer way is said, but is no argument for somebody.
SHARE_STEPS = 10
FAR_AWAY = 10_000  # Minutes: stands for a way that is not known.


class Availability(StrEnum):
    FREE = "free"
    UNKNOWN = "unknown"
    BUSY = "busy"


@dataclass(frozen=True)
class JobBefore:
    """The job that ends last before this one, the same day."""

    where: str
    ends: datetime
    point: Point | None = None


@dataclass(frozen=True)
class Candidate:
    """One worker, seen from one request. Times in minutes of one week; `last_worked` None: never yet.

    `blocks` come from `limits`; a first job alone is added here.
    """

    person: UUID
    skills: frozenset[str] = frozenset()
    done_activity: int = 0
    done_for_client: int = 0
    point: Point | None = None
    travel: Travel = Travel.WALK
    availability: Availability = Availability.UNKNOWN
    free_until: datetime | None = None
    hours_wanted: int = 0
    hours_given: int = 0
    last_worked: date | None = None
    trained_on: date | None = None
    prefers_call: bool = False
    job_before: JobBefore | None = None
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Criterion:
    """One line of the published rule. `step`: values closer than this count as equal (in `unit`)."""

    code: str
    step: int = 1
    unit: str = ""


CRITERIA = (
    Criterion("not_blocked"),
    Criterion("knows_activity"),
    Criterion("free_then"),
    Criterion("knows_client"),
    Criterion("hours_still_wanted", 100 // SHARE_STEPS, "percent"),
    Criterion("longest_without", 7, "days"),
    Criterion("shortest_way", 1, "minutes"),
    Criterion("drawn_by_lot"),
)


@dataclass(frozen=True)
class Reason:
    code: str
    params: Mapping[str, object]
    kind: Literal["plus", "note", "warn"]


@dataclass(frozen=True)
class Suggestion:
    person: UUID
    reasons: tuple[Reason, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Ranking:
    """`blocked` counts people by block code among all; somebody with two blocks counts under both."""

    suggestions: tuple[Suggestion, ...]
    blocked: Mapping[str, int]
    total: int


Key = tuple[int, int, int, int, int, int, int, bytes, bytes]


def rank(need: JobNeed, candidates: Iterable[Candidate], *, today: date, limit: int = 20) -> Ranking:
    """The first `limit` people in the order of `CRITERIA`, each with reasons in the order a person would say them."""
    keyed = []
    blocked: Counter[str] = Counter()
    for candidate in candidates:
        blocks = blocks_of(need, candidate)
        blocked.update({block.code for block in blocks})
        keyed.append((key(need, candidate, blocks, today), candidate, blocks))
    keyed.sort(key=lambda row: row[0])
    suggestions = tuple(
        Suggestion(candidate.person, tuple(_reasons(need, candidate, today)), blocks)
        for _, candidate, blocks in keyed[:limit]
    )
    return Ranking(suggestions, dict(blocked), len(keyed))


def blocks_of(need: JobNeed, candidate: Candidate) -> tuple[Block, ...]:
    """Why this person may not go, a first job alone among the reasons."""
    alone = first_job_alone(need, knows_activity=_knows(need, candidate))
    return (*(block for block in candidate.blocks if block.code != alone.code), alone) if alone else candidate.blocks


def _knows(need: JobNeed, candidate: Candidate) -> bool:
    return need.activity in candidate.skills


_FREE_FIRST = {Availability.FREE: 0, Availability.UNKNOWN: 1, Availability.BUSY: 2}


def key(need: JobNeed, candidate: Candidate, blocks: tuple[Block, ...], today: date) -> Key:
    """One value per criterion, smallest first. Those whom a named person may still send come before the others."""
    wanted = candidate.hours_wanted
    left = max(0, wanted - candidate.hours_given) * SHARE_STEPS // wanted if wanted > 0 else 0
    weeks = -((today - candidate.last_worked).days // 7) if candidate.last_worked else -FAR_AWAY
    return (
        0 if not blocks else 1 if all(block.waivable for block in blocks) else 2,
        0 if _knows(need, candidate) else 1,
        _FREE_FIRST[candidate.availability],
        0 if candidate.done_for_client > 0 else 1,
        -left,
        weeks,
        _way(need, candidate.point, candidate.travel),
        blake2b(need.request.bytes + candidate.person.bytes, digest_size=8).digest(),
        candidate.person.bytes,
    )


def _way(need: JobNeed, start: Point | None, mode: Travel) -> int:
    return FAR_AWAY if need.point is None or start is None else minutes_between(start, need.point, mode)


def _reasons(need: JobNeed, candidate: Candidate, today: date) -> Iterable[Reason]:
    yield from _skill_reasons(need, candidate)
    if need.point and candidate.point:
        minutes = _way(need, candidate.point, candidate.travel)
        params = {"minutes": minutes, "mode": candidate.travel.value}
        yield Reason("distance", params, "plus" if minutes <= NEAR else "note")
    if candidate.availability is Availability.FREE:
        yield Reason("free", {"until": candidate.free_until}, "plus")
    elif candidate.availability is Availability.BUSY:
        yield Reason("not_free", {}, "warn")
    else:
        yield Reason("free_unknown", {}, "note")
    if candidate.hours_wanted > 0:
        yield Reason("hours", {"given": candidate.hours_given, "wanted": candidate.hours_wanted}, "note")
    if candidate.last_worked is None:
        yield Reason("no_job_yet", {}, "plus")
    elif (days := (today - candidate.last_worked).days) >= IDLE_DAYS:
        yield Reason("nothing_for", {"days": days}, "plus")
    if before := candidate.job_before:
        way = _way(need, before.point, candidate.travel)
        known = None if way == FAR_AWAY else way
        yield Reason("ends_before", {"where": before.where, "at": before.ends, "minutes": known}, "warn")
    if candidate.prefers_call:
        yield Reason("prefers_call", {}, "note")


def _skill_reasons(need: JobNeed, candidate: Candidate) -> Iterable[Reason]:
    if candidate.done_for_client > 0:
        yield Reason("done_here", {"times": candidate.done_for_client}, "plus")
    if candidate.done_activity > 0:
        yield Reason("done_this", {"times": candidate.done_activity}, "plus")
    elif _knows(need, candidate) and candidate.trained_on:
        yield Reason("trained", {"month": candidate.trained_on.replace(day=1)}, "plus")
    elif _knows(need, candidate):
        yield Reason("can_do", {}, "plus")
    elif need.in_twos_ok:
        yield Reason("first_job_in_twos", {"activity": need.activity}, "note")
    elif need.first_alone_ok:
        yield Reason("first_job", {"activity": need.activity}, "note")
