"""How the example's visits went, as both say it: most are content, some say nothing, one is contested now and then."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle
from typing import Protocol

from entremise.agreements.queries import feedback_due, feedback_on
from entremise.doors.clock.demo.founding import Cast
from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission
from entremise.jobs.queries.feedback import mission_of, waiting_for
from entremise.kernel.act import THE_CLOCK, Act, Door, Role

# answer, words, what they say of us; None says nothing.
SAID: tuple[tuple[str, str, str] | None, ...] = (
    ("well", "", "well"),
    ("well", "Très soigneux, merci.", "well"),
    None,
    ("fair", "Un peu en retard.", "fair"),
    ("well", "", "well"),
    ("well", "Bon accueil, tout était prêt.", "well"),
    ("badly", "Le travail n’était pas celui prévu.", "badly"),
    None,
    ("well", "", ""),
)


Said = tuple[str, str, str] | None


NOT_YET = timedelta(days=7)  # So recent a visit its client has not spoken of: somebody is still asked on any day.


class Year(Protocol):
    cast: Cast
    now: datetime
    opinions: Iterator[Said]

    def at(self, moment: datetime, happens: Callable[[datetime], None]) -> None: ...


def in_turn() -> Iterator[Said]:
    return cycle(SAID)


def ask_both(year: Year, at: datetime, mission: Mission) -> None:
    """Each says something or nothing in the hours after; what is said badly of the worker is contested once open."""
    for hours, role in ((3, Role.WORKER), (26, Role.CLIENT)):
        said = next(year.opinions)
        if role is Role.CLIENT and at > year.now - NOT_YET:
            continue
        if said:
            year.at(at + timedelta(hours=hours), partial(_say, year=year, mission=mission, role=role, said=said))
        if said and said[0] == "badly" and role is Role.CLIENT:
            year.at(at + timedelta(days=8), partial(_contest, year=year, mission=mission))


def open_due(at: datetime) -> None:
    act = Act(by=THE_CLOCK, at=at, door=Door.CLOCK)
    for one in feedback_due(at=at):
        jobs.open_feedback(act=act, mission=mission_of(feedback=one), feedback=one)


def _say(at: datetime, year: Year, mission: Mission, role: Role, said: tuple[str, str, str]) -> None:
    answer, words, of_us = said
    person = mission.worker if role is Role.WORKER else mission.client
    act = year.cast.act(person, {role}, at, Door.SITE)
    for one in waiting_for(person=person.id, at=at, number=mission.number):
        jobs.give_feedback(act=act, mission=one.mission, feedback=one.feedback, answer=answer, words=words, of_us=of_us)


def _contest(at: datetime, year: Year, mission: Mission) -> None:
    act = year.cast.act(mission.worker, {Role.WORKER}, at, Door.SITE)
    for one in feedback_on(occasion=mission.id):
        if one.about_id == mission.worker_id and one.state == "open":
            jobs.contest_feedback(
                act=act, mission=mission, feedback=one, words="On m’avait demandé autre chose sur place."
            )
            year.at(at + timedelta(days=3), partial(_decide, year=year, mission=mission))


def _decide(at: datetime, year: Year, mission: Mission) -> None:
    for one in feedback_on(occasion=mission.id):
        if one.state == "contested":
            reason = "Les deux entendus : la demande avait changé le matin même."
            jobs.decide_feedback(act=year.cast.desk(at), feedback=one, keep=False, reason=reason)
