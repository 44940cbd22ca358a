"""The months before the desk took its calls here: slips of paper, written down together when a month is over."""

from collections.abc import Callable
from datetime import date, datetime
from random import Random

from entremise.doors.clock.demo import town
from entremise.doors.clock.demo.founding import Cast
from entremise.jobs.models import Skill
from entremise.jobs.operations.past_jobs import PastJob, write_down_many
from entremise.jobs.queries.prices import Basis, price_basis, quote
from entremise.people.models import Person


class Slips:
    """What was done and is not written down yet."""

    def __init__(self, cast: Cast, chance: Random) -> None:
        self.cast, self.chance = cast, chance
        self.waiting: list[PastJob] = []
        self.busy: set[tuple[Person, date]] = set()
        self.able: dict[str, list[Person]] = {}
        self.basis: Basis | None = None

    def fill(self, at: datetime, begins: Callable[[datetime], datetime]) -> None:
        """Somebody asked, and somebody went who was nowhere else that day."""
        kind = self.chance.choices(town.ACTIVITIES, weights=[kind.weight for kind in town.ACTIVITIES])[0]
        starts = begins(at)
        free = [one for one in self._able(kind.code) if (one, starts.date()) not in self.busy]
        if not free:
            return
        client, worker = self.chance.choice(self.cast.clients), self.chance.choice(free)
        self.busy.add((worker, starts.date()))
        activity, minutes = self.cast.activities[kind.code], self.chance.choice(kind.usual)
        self.basis = self.basis or price_basis()
        key = f"demo:{starts:%Y%m%d}:{worker.id}"
        self.waiting.append(
            PastJob(
                worker=worker,
                client=client,
                activity=activity,
                day=starts.date(),
                starts_at=starts,
                minutes=minutes,
                price=quote(client=client, activity=activity, minutes=minutes, on=starts.date(), basis=self.basis),
                confirmed=True,
                key=key,
                hours_key=key,
            )
        )

    def write_down(self, at: datetime) -> None:
        """Those of the months before this one."""
        first = at.date().replace(day=1)
        over = [one for one in self.waiting if one.day < first]
        self.waiting = [one for one in self.waiting if one.day >= first]
        write_down_many(act=self.cast.desk(at), jobs=over)

    def _able(self, code: str) -> list[Person]:
        if not self.able:
            everybody = {one.id: one for one in self.cast.workers}
            for worker, activity in Skill.objects.order_by("id").values_list("worker__person_id", "activity__code"):
                self.able.setdefault(activity, []).append(everybody[worker])
        return self.able.get(code, [])
