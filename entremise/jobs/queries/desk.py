"""What the desk sees of small jobs: the day, one request, contracts to sign, hours to check."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet

from entremise.agreements.models import Agreement, Confirmation, Fulfilment, Party
from entremise.agreements.rules import WORK
from entremise.jobs.models import Interest, Mission, Request
from entremise.kernel.time import Window
from entremise.kernel.words import fold
from entremise.market.models import Proposal
from entremise.messaging.models import Call, Incoming, Letter, Task
from entremise.people.models import ContactPoint

# Tasks that another column of the board shows already, as a badge on what they are about.
SHOWN_ELSEWHERE = ("no_answer", "nobody_left", "hours_differ", "unsigned", "read_message")
AHEAD = timedelta(days=8)
COLUMN = 100  # Rows of a column at most; the page shows the first few and leads to a list.


@dataclass(frozen=True)
class Asked:
    """A request that went out. state of those asked; calling: some let the deadline pass and want a call."""

    request: Request
    asked: int
    declined: int
    calling: int
    since: datetime | None


@dataclass(frozen=True)
class Visit:
    """A mission with its hours so far: minutes logged, and what the client answered (agreed, differs, silent, "").

    Without work: cents due from the client all the same, and minutes paid.
    """

    mission: Mission
    logged: int | None = None
    said: int | None = None
    answer: str = ""
    due: int = 0
    paid: int = 0

    @property
    def differs(self) -> bool:
        return self.answer == "differs"

    @property
    def gap(self) -> int:
        return abs((self.logged or 0) - (self.said or 0))


@dataclass(frozen=True)
class DayCounts:
    """average: seconds of a call, of the whole team; nobody's own is ever asked for."""

    calls: int
    requests: int
    average: int | None
    nobody: int
    messages: int


@dataclass(frozen=True)
class Board:
    to_call: list[Task]
    to_propose: Sequence[Request]  # Each with `willing`: whether somebody would go.
    waiting: list[Asked]
    confirmed: list[Mission]
    hours: list[Visit]
    counts: DayCounts

    @property
    def total(self) -> int:
        columns = (self.to_call, self.to_propose, self.waiting, self.confirmed, self.hours)
        return sum(len(column) for column in columns)


def board(*, at: datetime, today: Window, only: Window | None = None) -> Board:
    """The day at the desk. today: the local day. only: requests and missions that start within. Eight queries."""
    willing = Interest.objects.filter(request=OuterRef("id"), state="shown")
    open_requests = _requests().filter(state__in=["open", "proposed"]).annotate(willing=Exists(willing))
    missions = _missions().filter(state__in=["agreed", "ready"], ends_at__gte=at, starts_at__lt=at + AHEAD)
    if only:
        open_requests = open_requests.filter(listing__starts_at__gte=only.start, listing__starts_at__lt=only.end)
        missions = missions.filter(starts_at__gte=only.start, starts_at__lt=only.end)
    requests = list(open_requests.order_by("listing__starts_at", "id")[: 2 * COLUMN])
    proposed = [request for request in requests if request.state == "proposed"]
    tasks = Task.objects.filter(done_at__isnull=True).exclude(kind__in=SHOWN_ELSEWHERE).select_related("person")
    return Board(
        to_call=list(tasks.order_by("due_at", "id")[:COLUMN]),
        to_propose=[request for request in requests if request.state == "open"][:COLUMN],
        waiting=asked_about(requests=proposed),
        confirmed=list(missions.order_by("starts_at", "id")[:COLUMN]),
        hours=hours_to_check(at=at)[:COLUMN],
        counts=_counts(today, open_requests),
    )


def asked_about(*, requests: Sequence[Request]) -> list[Asked]:
    """How far the round of each request is. One query."""
    by_listing: dict[UUID, list[Proposal]] = defaultdict(list)
    for proposal in Proposal.objects.filter(listing__in=[request.listing_id for request in requests]):
        by_listing[proposal.listing_id].append(proposal)
    return [_asked(request, by_listing[request.listing_id]) for request in requests]


def _asked(request: Request, proposals: list[Proposal]) -> Asked:
    live = [one for one in proposals if one.state not in ("too_late", "withdrawn")]
    return Asked(
        request=request,
        asked=len(live),
        declined=sum(one.state == "declined" for one in live),
        calling=sum(one.state == "expired" for one in live),
        since=max((one.offered_at for one in live), default=None),
    )


def _counts(today: Window, open_requests: "QuerySet[Request]") -> DayCounts:
    calls = Call.objects.filter(started_at__gte=today.start, started_at__lt=today.end).aggregate(
        count=Count("id"), average=Avg(F("ended_at") - F("started_at"))
    )
    requests = Request.objects.filter(posted_at__gte=today.start, posted_at__lt=today.end).count()
    asked = Proposal.objects.filter(listing=OuterRef("listing"), state__in=["offered", "expired"])
    return DayCounts(
        calls=calls["count"],
        requests=requests,
        average=int(calls["average"].total_seconds()) if calls["average"] else None,
        nobody=open_requests.filter(~Exists(asked)).count(),
        messages=Incoming.objects.filter(handled_at__isnull=True).count(),
    )


def tasks(*, limit: int = 500) -> list[Task]:
    """Everything that waits for a human, the most pressing first."""
    return list(Task.objects.filter(done_at__isnull=True).select_related("person").order_by("due_at", "id")[:limit])


@dataclass(frozen=True)
class TaskPage:
    """A task with what it is about: the letter to read aloud or the message to read."""

    task: Task
    letter: Letter | None
    incoming: Incoming | None
    number: int | None  # Of the request it concerns.
    phones: list[str]


def task_page(*, task: UUID) -> TaskPage | None:
    row = Task.objects.filter(id=task).select_related("person").first()
    if row is None:
        return None
    phones = ContactPoint.objects.filter(person=row.person_id, kind="phone").order_by("id") if row.person_id else None
    number, about = row.params.get("number"), row.about_id
    return TaskPage(
        task=row,
        letter=Letter.objects.filter(id=about).first() if about and row.about == "letter" else None,
        incoming=Incoming.objects.filter(id=about).first() if about and row.about == "incoming" else None,
        number=number if isinstance(number, int) else None,
        phones=list(phones.values_list("value", flat=True)) if phones is not None else [],
    )


@dataclass(frozen=True)
class ToRead:
    incoming: Incoming
    task: Task | None


def messages_to_read(*, limit: int = 100) -> list[ToRead]:
    """Messages that wait for a human, oldest first, with the task that asks for one. Two queries."""
    rows = Incoming.objects.filter(handled_at__isnull=True).select_related("person").order_by("received_at")[:limit]
    tasks = {one.about_id: one for one in Task.objects.filter(kind="read_message", done_at__isnull=True)}
    return [ToRead(row, tasks.get(row.id)) for row in rows]


# Requests


def requests_in(*, states: Collection[str], typed: str = "") -> "QuerySet[Request]":
    """Requests by state, the latest visit first; typed: a number, whatever its state, or words of the client's name."""
    if typed.isdecimal() and len(typed) < 9:
        return _requests().filter(listing__number=int(typed)).order_by("-id")
    rows = _requests().filter(state__in=states)
    for word in fold(typed).split():
        rows = rows.filter(client__search_text__contains=f" {word}")
    return rows.order_by("-listing__starts_at", "-id")


def request_numbered(*, number: int) -> Request | None:
    near = ("client__place", "listing__place", "repeats__listing", "stands_in__worker", "organisation")
    return _requests().select_related(*near).filter(listing__number=number).first()


def missions_for(*, request: Request) -> list[Visit]:
    return with_hours(_missions().filter(request=request).order_by("starts_at", "id"))


def mission(*, mission: UUID) -> Mission | None:
    return _missions().filter(id=mission).first()


# Hours


ABSENT_FOR = timedelta(days=14)  # So long the hours of somebody who was said absent may still turn up.


def hours_to_check(*, at: datetime, limit: int = 200) -> list[Visit]:
    """Missions that are over and whose hours somebody has to write down, confirm or settle; differences first."""
    absent = Q(state__in=["no_show_worker", "no_show_client"], ends_at__gte=at - ABSENT_FOR)
    over = Q(state="ready", ends_at__lt=at) | Q(state="worked") | absent
    visits = with_hours(list(_missions().filter(over).order_by("starts_at", "id")[:limit]))
    return sorted(visits, key=lambda visit: not visit.differs)


def with_hours(missions: Iterable[Mission]) -> list[Visit]:
    """Each mission with the hours that count now and the client's answer. Two queries."""
    rows = list(missions)
    replaced = Exists(Fulfilment.objects.filter(replaces=OuterRef("id")))
    current = {one.occasion: one for one in Fulfilment.objects.filter(~replaced, occasion__in=[m.id for m in rows])}
    ids = [one.id for one in current.values()]
    answers = {one.fulfilment_id: one for one in Confirmation.objects.filter(fulfilment__in=ids)}
    visits = []
    for row in rows:
        fulfilment = current.get(row.id)
        if fulfilment and fulfilment.kind != WORK:
            visits.append(Visit(row, due=fulfilment.due or 0, paid=fulfilment.minutes))
            continue
        answer = answers.get(fulfilment.id) if fulfilment else None
        minutes = fulfilment.minutes if fulfilment else None
        visits.append(Visit(row, minutes, answer.minutes if answer else None, answer.answer if answer else ""))
    return visits


# Contracts


@dataclass(frozen=True)
class Contract:
    """parties: with person, document and signatures. missing: roles that have not signed."""

    agreement: Agreement
    parties: list[Party]

    @property
    def missing(self) -> list[str]:
        return [party.role for party in self.parties if party.must_sign and not party.signatures.all()]

    @property
    def people(self) -> dict[str, Party]:
        return {party.role: party for party in self.parties}


def contracts_in(*, states: Collection[str]) -> "QuerySet[Agreement]":
    """Agreements by state, what starts soonest first among those to sign, the latest first among the others."""
    rows = Agreement.objects.filter(state__in=states).select_related("listing")
    return rows.order_by("starts_on" if "drawn_up" in states else "-starts_on", "number")


def with_parties(agreements: Iterable[Agreement]) -> list[Contract]:
    """Two queries."""
    rows = list(agreements)
    parties: dict[UUID, list[Party]] = defaultdict(list)
    found = Party.objects.filter(agreement__in=rows).select_related("person", "document").prefetch_related("signatures")
    for party in found.order_by(F("person_id").asc(nulls_first=True), "id"):
        parties[party.agreement_id].append(party)
    return [Contract(row, parties[row.id]) for row in rows]


def contract_numbered(*, number: str) -> Contract | None:
    row = Agreement.objects.filter(number=number).select_related("listing").first()
    return with_parties([row])[0] if row else None


# People


def missions_of(*, person: UUID, limit: int = 20) -> list[Visit]:
    """What somebody did or will do, as a worker or as a client, the latest first."""
    rows = _missions().filter(Q(worker_id=person) | Q(client_id=person)).order_by("-starts_at", "-id")
    return with_hours(rows[:limit])


def requests_of(*, client: UUID, limit: int = 20) -> list[Request]:
    return list(_requests().filter(client_id=client).order_by("-posted_at", "-id")[:limit])


def _requests() -> "QuerySet[Request]":
    return Request.objects.select_related("client", "activity", "listing")


def _missions() -> "QuerySet[Mission]":
    return Mission.objects.select_related(
        "worker", "client", "agreement", "proposal", "request__listing", "request__activity"
    )
