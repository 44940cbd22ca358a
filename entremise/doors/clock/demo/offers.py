"""People who say what they can do and when, so that clients pick them."""

from datetime import datetime
from itertools import islice

from entremise.doors.clock.demo.founding import Cast
from entremise.jobs import operations as jobs
from entremise.jobs.models import Skill
from entremise.jobs.operations.offers import Terms
from entremise.jobs.rules.modes.registry import with_pricing
from entremise.kernel.act import Door, Role
from entremise.people.models import Person

OPEN = 6
WORDS = ("J’ai mes outils.", "", "Discret et ponctuel.", "Je connais bien le quartier.", "", "Le matin de préférence.")


def put_up(cast: Cast, at: datetime) -> None:
    """Some said it on the telephone: their offers are open; most agreed to be named, and to be booked at once."""
    for number, skill in enumerate(islice(_skills(cast.workers), OPEN)):
        person = skill.worker.person
        terms = Terms(
            reach_km=(5, 10)[number % 2], bookable=number % 3 != 2, details=WORDS[number], named=number % 3 != 1
        )
        jobs.put_up(act=cast.desk(at).for_person(person.id), person=person, activity=skill.activity, terms=terms)


def of_a_business(cast: Cast, person: Person, at: datetime) -> None:
    """A gardener at his own prices, on Thursdays and Fridays."""
    act = cast.desk(at).for_person(person.id)
    free = [(3, "08:00", "12:00"), (3, "14:00", "18:00"), (4, "08:00", "12:00")]
    jobs.set_free_times(act=act, person=person, weekly=free)
    for code, hourly in (("jardin", 3200), ("haie", 3400)):
        terms = Terms(reach_km=20, details="J’emporte les déchets verts.", named=True, hourly_price=hourly)
        activity = cast.activities[code]
        jobs.put_up(act=act, person=person, activity=activity, terms=terms, mode=with_pricing("quote").code)


def wait_for_the_desk(cast: Cast, at: datetime) -> None:
    """One wrote theirs from a telephone: the desk has not read it yet."""
    skill = next(islice(_skills(cast.workers), OPEN, None))
    person = skill.worker.person
    act = cast.act(person, {Role.WORKER}, at, Door.SITE)
    terms = Terms(reach_km=5, details="Le mardi et le jeudi.", named=True)
    jobs.put_up(act=act, person=person, activity=skill.activity, terms=terms)


def _skills(workers: list[Person]) -> list[Skill]:
    """The first safe activity of each worker."""
    rows = Skill.objects.filter(worker__person__in=workers, activity__dangerous=False, activity__offered=True)
    first = {one.worker_id: one for one in rows.select_related("worker__person__place", "activity").order_by("-id")}
    return sorted(first.values(), key=lambda one: one.worker_id)
