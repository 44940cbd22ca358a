"""Pages for everybody, as a browser asks for them: list, detail, start, memory, what a first visit transfers."""

from datetime import UTC, timedelta
from random import Random

from django.core.management import call_command
from django.db import connection

from entremise.doors.clock.demo.founding import Cast, found
from entremise.kernel.clock import now
from entremise.people.models import Place
from entremise.tenancy import scope
from tests.bench.crowd import FIRST, copies, first_jobs
from tests.bench.measure import line
from tests.bench.serving import Answers, serving
from tests.bench.visiting import visits

SLUG = "annonces"
LIST = "/missions/"
KEPT = ("list", "detail")  # What is typed into an address is never kept.


def run(*, jobs: int, seconds: float) -> None:
    """jobs: how many more measures are taken with, after ten thousand."""
    call_command("collectstatic", verbosity=0, interactive=False)
    opening = (now() - timedelta(days=60)).replace(microsecond=0)
    cast = found(opening=opening, scale=1, chance=Random(1), slug=SLUG)
    with scope.writing(cast.organisation.id):
        first_jobs(
            clients=cast.clients, activities=list(cast.activities.values()), places=list(Place.objects.all()), at=now()
        )
    ours = {"ENTREMISE_DEFAULT_ORGANISATION": SLUG, "ENTREMISE_ALLOWED_HOSTS": "*"}
    few = _measure(cast, ours, FIRST, seconds)
    if jobs > FIRST:
        with scope.writing(cast.organisation.id):
            copies(times=jobs // FIRST)
        many = _measure(cast, ours, jobs, seconds)
        for name, answers in many.items():
            line(f"{name}: p95 with {jobs} jobs against {FIRST}", answers.p95, few[name].p95, "ms")


def _measure(cast: Cast, ours: dict[str, str], jobs: int, seconds: float) -> dict[str, Answers]:
    bare = {"BARE_ORGANISATION": _plain(cast), "BARE_AT": now().astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")}
    connection.close()
    with serving("tests.bench.bare:application", bare) as limit:
        limit.load([LIST], seconds=1)
        raw, nothing = limit.load([LIST], seconds=seconds), limit.load(["/"], seconds=seconds)
        least, started = limit.megabytes(), limit.first
        smallest = next(visits([f"{limit.address}{LIST}"]))
    answers: dict[str, Answers] = {}
    with serving("config.wsgi:application", ours, path=LIST) as server:
        line(f"start to first answer, {jobs} jobs", server.first, started, "s")
        for name, paths in _pages(jobs).items():
            server.load(paths, seconds=1)
            answers[name] = server.load(paths, clients=1, seconds=seconds, fresh=True)
            limit_rate = nothing.rate if name == "detail" else raw.rate
            for kept in (True, False) if name in KEPT else (False,):
                eight = server.load(paths, seconds=seconds, fresh=not kept)
                way = "while nothing changes" if kept else "made anew each time"
                line(f"{name}, {jobs} jobs, 8 clients, {way}", eight.rate, limit_rate, "answers/s")
        line(f"memory of two workers, {jobs} jobs", server.megabytes(), least, "MB")
        for name, seen in zip(
            ("first", "next"), visits([f"{server.address}{path}" for path in ("/", LIST)]), strict=True
        ):
            line(f"{name} page, transferred", seen.bytes / 1000, smallest.bytes / 1000, "kB")
            line(f"{name} page, requests", seen.answers, smallest.answers, "answers")
    return answers


def _pages(jobs: int) -> dict[str, list[str]]:
    chance = Random(4)
    numbers = [chance.randrange(1, jobs + 1) for _ in range(200)]
    return {
        "list": [LIST],
        "list by activity": [f"{LIST}?activite={code}" for code in ("menage", "jardin", "courses")],
        "list by words": [f"{LIST}?q={words}" for words in ("pelouse", "tondre+pelouse", "fenetre", "haies")],
        "list by place": [f"{LIST}?lieu=33499+Valmarelle&km={km}" for km in (5, 10)],
        "detail": [f"{LIST}{number}/" for number in numbers],
    }


def _plain(cast: Cast) -> str:
    return cast.organisation.id.hex if connection.vendor == "sqlite" else str(cast.organisation.id)
