"""Suggestions for one job among five thousand workers, against the same rows fetched and sorted without any rule."""

from datetime import UTC, date, datetime, timedelta
from random import Random

from django.db import connection
from django.test.utils import CaptureQueriesContext

from entremise.doors.clock.demo.founding import Cast, found
from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission, Request, Skill, Worker
from entremise.jobs.queries.suggestions import candidates
from entremise.jobs.rules.spreading import spread
from entremise.people.models import Membership, Paper, Person
from entremise.tenancy import scope
from tests.bench.measure import line, seconds_of

OPENING = datetime(2026, 8, 31, 7, 0, tzinfo=UTC)
STARTS = datetime(2026, 9, 8, 8, 0, tzinfo=UTC)
FIRST_DAY = date(2026, 1, 5)


def run(*, workers: int) -> None:
    cast = found(opening=OPENING, scale=1, chance=Random(1), slug="crowd")
    with scope.writing(cast.organisation.id):
        request = _crowd(cast, workers, Random(2))
    with scope.reading(cast.organisation.id):
        with CaptureQueriesContext(connection) as asked:
            candidates(request=request, at=OPENING)
        statements = [query["sql"] for query in asked.captured_queries]

        def raw() -> None:
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                    sorted(cursor.fetchall(), key=str)

        ours = seconds_of(lambda: candidates(request=request, at=OPENING))
        line(
            f"suggestions for one job among {workers} workers, with reasons", ours * 1000, seconds_of(raw) * 1000, "ms"
        )
    _day(1_000, Random(5))


def _day(count: int, chance: Random) -> None:
    """As many jobs as people, twenty of them for each job; the limit hands them out without ever taking one back."""
    orders = {job: chance.sample(range(count), 20) for job in range(count)}

    def greedy() -> None:
        taken: set[int] = set()
        for people in orders.values():
            taken.update([next((one for one in people if one not in taken), -1)])

    ours, least = seconds_of(lambda: spread(orders)), seconds_of(greedy)
    line(f"whole-day plan, {count} jobs and people, the best there is", ours * 1000, least * 1000, "ms")


def _crowd(cast: Cast, count: int, chance: Random) -> Request:
    """People who can do two activities each, with papers, free some days; half of them work these weeks."""
    people = [
        Person(
            given_name="Personne",
            family_name=f"{number}",
            latitude=44.6 + chance.uniform(-0.2, 0.2),
            longitude=-0.2 + chance.uniform(-0.2, 0.2),
            known_since=OPENING,
        )
        for number in range(count)
    ]
    Person.objects.bulk_create(people, batch_size=500)
    Membership.objects.bulk_create([Membership(person=p, role="worker", since=FIRST_DAY) for p in people], 500)
    Paper.objects.bulk_create(
        [Paper(person=p, kind="pass_iae", valid_to=date(2027, 12, 31), checked_on=FIRST_DAY) for p in people], 500
    )
    rows = [
        Worker(
            person=person,
            hours_wanted=600,
            travel_mode=chance.choice(["walk", "bike", "bus", "car"]),
            free_times=[[day, "08:00", "18:00"] for day in sorted(chance.sample(range(5), 3))],
            since=FIRST_DAY,
        )
        for person in people
    ]
    Worker.objects.bulk_create(rows, batch_size=500)
    activities = list(cast.activities.values())
    skills = [Skill(worker=row, activity=one, since=FIRST_DAY) for row in rows for one in chance.sample(activities, 2)]
    Skill.objects.bulk_create(skills, batch_size=500)
    request, other = (_ask(cast, STARTS + timedelta(days=later)) for later in range(2))
    Mission.objects.bulk_create(
        [
            Mission(
                request=other,
                worker=person,
                client=cast.clients[place % len(cast.clients)],
                number=other.listing.number,
                starts_at=begins,
                ends_at=begins + timedelta(hours=2),
                state=state,
                state_at=OPENING,
            )
            for place, person in enumerate(people[::2])
            for state, begins in (("confirmed", STARTS - timedelta(days=9)), ("ready", STARTS + timedelta(days=1)))
        ],
        500,
    )
    return Request.objects.select_related("listing__place", "client", "activity", "organisation").get(id=request.id)


def _ask(cast: Cast, starts_at: datetime) -> Request:
    return jobs.post_request(
        act=cast.desk(OPENING),
        client=cast.clients[5],
        activity=cast.activities["menage"],
        starts_at=starts_at,
        minutes=120,
        quiet=True,
    )
