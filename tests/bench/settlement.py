"""A month's documents: ours against the renderer alone on the same invoices."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from entremise.documents.models import Document
from entremise.documents.queries import render
from entremise.doors.clock.demo.founding import Cast, found
from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission
from entremise.kernel.act import Act, Door
from entremise.kernel.time import Period
from entremise.settlement import operations, queries
from entremise.tenancy import scope
from tests.bench.measure import line

OPENING = datetime(2026, 8, 31, 7, 0, tzinfo=UTC)
MONTH = Period.month(2026, 9)


def run(*, clients: int) -> None:
    cast = found(opening=OPENING, scale=1, chance=Random(1))
    organisation = cast.organisation.id
    for number in range(clients):
        with scope.writing(organisation):
            _visit(cast, number)
    treasurer = cast.treasury(datetime(2026, 10, 5, 8, 0, tzinfo=UTC))
    with scope.writing(organisation):
        opened = operations.open_run(act=treasurer, month=MONTH)
        items = queries.items_to_do(run=opened.id)
    started = time.perf_counter()
    for item in items:
        with scope.writing(organisation):
            operations.settle_item(act=treasurer, item=item)
    settled = time.perf_counter() - started
    with scope.reading(organisation):
        documents = list(Document.objects.filter(kind__in=["invoice", "payslip"]))
    render(document=documents[0])  # Warm, as in a run.
    started = time.perf_counter()
    for document in documents:
        render(document=document)
    alone = time.perf_counter() - started
    both = settled + alone
    line(f"settlement of {len(items)} documents, printed", len(items) / both, len(items) / alone, "documents/s")


def _visit(cast: Cast, number: int) -> None:
    day = date(2026, 9, 1) + timedelta(days=number % 28)
    starts = datetime(day.year, day.month, day.day, 7, 0, tzinfo=UTC)
    desk: Act = cast.desk(OPENING)
    client = cast.clients[number % len(cast.clients)]
    worker = cast.workers[number % len(cast.workers)]
    activity = cast.activities["menage"]
    request = jobs.post_request(act=desk, client=client, activity=activity, starts_at=starts, minutes=120, quiet=True)
    try:
        (proposal,) = jobs.propose(act=desk, request=request, workers=[worker.id])
    except Exception:
        return
    jobs.answer(act=desk, proposal=proposal, yes=True)
    mission = Mission.objects.select_related("agreement", "client", "request__listing").get(proposal=proposal)
    for role in ("client", "worker"):
        jobs.sign(act=desk, agreement=mission.agreement, role=role, how="screen")
    mission.refresh_from_db()
    after = replace(desk, at=starts + timedelta(hours=3), door=Door.DESK)
    jobs.log_hours(act=after, mission=mission, minutes=120, key=f"bench {number}")
    jobs.confirm_hours(act=after, mission=mission)
