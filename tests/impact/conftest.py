from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest

from entremise.agreements.models import Agreement, Confirmation, Fulfilment, Party
from entremise.jobs.models import Activity, Request
from entremise.kernel.ids import new_id
from entremise.market.models import Listing, Proposal
from entremise.people.models import Person, Place
from entremise.tenancy.models import Organisation
from tests.conftest import TODAY
from tests.jobs.conftest import hedge, legal, place

__all__ = ["hedge", "legal", "place"]


@dataclass
class Work:
    """Rows of jobs done: `work(day, workers=6)` is six people, each an hour at another client's."""

    people: list[Person]
    hedge: Activity
    place: Place
    numbers: list[int] = field(default_factory=list)

    def __call__(
        self,
        day: date,
        *,
        workers: int = 6,
        clients: int = 0,
        minutes: int = 60,
        activity: Activity | None = None,
        wait: timedelta = timedelta(hours=2),
        door: str = "phone",
    ) -> None:
        for at in range(workers):
            worker, client = self.people[at], self.people[-1 - at % (clients or workers)]
            listing = self._asked(day, client, activity or self.hedge, door)
            self._accepted(listing, worker, wait)
            self._done(listing, day, worker, client, minutes)

    def _asked(self, day: date, client: Person, activity: Activity, door: str) -> Listing:
        at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        self.numbers.append(len(self.numbers))
        listing = Listing.objects.create(
            number=len(self.numbers), side="request", what="haie", person=client, place=self.place, posted_at=at
        )
        money = {"hourly_price": 2450, "hourly_wage": 1231, "price": 2450}
        posted = {"state": "done", "posted_door": door, "posted_at": at}
        Request.objects.create(listing=listing, client=client, activity=activity, minutes=60, **money, **posted)
        return listing

    def _accepted(self, listing: Listing, worker: Person, wait: timedelta) -> None:
        at = listing.posted_at
        moments = {"offered_at": at, "deadline": at, "answered_at": at + wait}
        Proposal.objects.create(listing=listing, person=worker, state="accepted", slot=1, channel="text", **moments)

    def _done(self, listing: Listing, day: date, worker: Person, client: Person, minutes: int) -> None:
        at, dates = listing.posted_at, {"starts_on": day, "ends_on": day, "drawn_up_at": listing.posted_at}
        agreement = Agreement.objects.create(
            number=f"AG-{listing.number}", mode="placement_fr", listing=listing, state="active", **dates
        )
        for role, person in (("worker", worker), ("client", client)):
            Party.objects.create(agreement=agreement, person=person, role=role)
        key = f"k{listing.number}"
        done = Fulfilment.objects.create(
            agreement=agreement, occasion=new_id(), day=day, minutes=minutes, key=key, door="desk", at=at
        )
        Confirmation.objects.create(fulfilment=done, answer="agreed", minutes=minutes, door="phone", at=at)


@pytest.fixture
def people(inside: Organisation) -> list[Person]:
    return [Person.objects.create(family_name=f"Personne {n}", known_since=TODAY) for n in range(20)]


@pytest.fixture
def work(people: list[Person], hedge: Activity, place: Place) -> Work:
    return Work(people, hedge, place)
