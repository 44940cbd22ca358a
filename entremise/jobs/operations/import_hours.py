"""Hours of a spreadsheet: of missions that are known, or of jobs that were agreed on paper before."""

from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from entremise.agreements import operations as agreements
from entremise.agreements.models import Fulfilment
from entremise.agreements.queries import current_fulfilment
from entremise.history.operations import record
from entremise.jobs.models import Activity, Mission, Request
from entremise.jobs.operations.holding import hold, hold_visit
from entremise.jobs.operations.imports import (
    EVERY,
    Known,
    Progress,
    check_visit,
    columns_of,
    counts_of,
    verdict_of,
)
from entremise.jobs.operations.learning import seen_doing
from entremise.jobs.operations.moves import move_mission, move_request
from entremise.jobs.operations.past_jobs import PastJob, paper_of, write_down_many
from entremise.jobs.operations.requests import close_if_over
from entremise.jobs.queries.desk import Visit, with_hours
from entremise.jobs.rules.lines import USUAL_START, HoursLine, read_hours
from entremise.jobs.rules.modes.registry import USUAL
from entremise.jobs.rules.requests import MISSION
from entremise.kernel.act import Act, Role
from entremise.kernel.refused import Refused
from entremise.market import operations as market
from entremise.people.models import Person
from entremise.people.operations.places import check_asked
from entremise.people.rules.may import Verb, require
from entremise.people.rules.preview import Outcome, Reason, Verdict
from entremise.people.rules.sheet import Sheet

PREFIX = "import:"
BATCH = 2000
AT_ONCE = 500  # Jobs that are written down together.


def import_hours(
    *, act: Act, sheet: Sheet, zone: ZoneInfo, dry_run: bool, good_only: bool = False, progress: Progress | None = None
) -> list[Outcome]:
    """Hours of a spreadsheet, logged on the mission they belong to, confirmed where the line says who has agreed.

    A job that is not known becomes a request, an agreement signed on paper and a mission of that day, at the price
    and wage of that day; no letter leaves and no document is made, since both sides hold theirs. The same line again
    changes nothing. Raises Refused not_allowed, column_missing, and lines_refused unless `good_only`.
    """
    require(act, Verb.IMPORTS_RUN)
    columns = columns_of("hours", sheet)
    today = act.at.astimezone(zone).date()
    lines = [(number, read_hours(columns, cells, today=today)) for number, cells in sheet.rows]
    work = _Hours(act, zone, [line for _, line in lines])
    judged = [work.judge(number, line) for number, line in lines]
    outcomes = [outcome for outcome, _ in judged]
    if dry_run:
        return outcomes
    check_asked(outcomes, good_only=good_only)
    drafts = [draft for _, draft in judged if draft]
    work.carry_out(drafts, progress=_told(progress, len(judged) - len(drafts)))
    record(act=act, type="hours_imported", thing="import", thing_id=None, data=counts_of(outcomes))
    return outcomes


@dataclass
class _Draft:
    """mission None: the job is not known yet, and client and activity say what it was. log: False when the hours are
    there and only the client's word is new.
    """

    line: HoursLine
    worker: Person
    mission: Mission | None
    client: Person | None = None
    activity: Activity | None = None
    log: bool = True

    @property
    def job(self) -> tuple[Person, Activity]:
        """For whom and what. Raises Refused("mission_not_found") when the line did not say."""
        if self.client is None or self.activity is None:
            raise Refused("mission_not_found", {"count": 0}, where="client")
        return self.client, self.activity


@dataclass
class _Hours:
    act: Act
    zone: ZoneInfo
    lines: Sequence[HoursLine]
    known: Known = field(init=False, default_factory=Known)

    def __post_init__(self) -> None:
        self.visits = _visits(self.lines, self.zone)
        self.taken: set[UUID] = set()
        self.seen: set[str] = set()
        keys = Fulfilment.objects.filter(key__startswith=PREFIX).values_list("key", "occasion")
        self.occasions: dict[str, UUID] = dict(keys)

    def judge(self, number: int, line: HoursLine) -> tuple[Outcome, _Draft | None]:
        hours, rest = divmod(line.minutes, 60)
        what = f"{line.worker} · {line.client} · {line.day:%d/%m/%Y} · {hours} h {rest:02}"[:90]
        if line.bad:
            return Outcome(number, Verdict.REFUSE, what, line.bad), None
        if line.key in self.seen:
            return Outcome(number, Verdict.MATCH, what, (Reason("line_known"),)), None
        self.seen.add(line.key)
        try:
            draft = self._draft(line)
        except Refused as refused:
            return Outcome(number, verdict_of(refused), what, (Reason.of(refused),)), None
        if draft is None:
            return Outcome(number, Verdict.MATCH, what, (Reason("line_known"),)), None
        if draft.mission is None:
            return Outcome(number, Verdict.CREATE, what), draft
        return Outcome(number, Verdict.MATCH, what, (Reason("mission_found", {"number": draft.mission.number}),)), draft

    def _draft(self, line: HoursLine) -> _Draft | None:
        """What to do for a line; None when all it says is written down."""
        check_visit(line.minutes)
        worker, mission = self._mission(line)
        if mission is None:
            return None if f"{PREFIX}{line.key}" in self.occasions else self._unknown_job(line, worker)
        visit = next(one for one in self.visits[worker.id, line.day] if one.mission.id == mission.id)
        self.taken.add(mission.id)
        if visit.logged is None:
            if not MISSION.allows(mission.state, "log_hours"):
                raise Refused("not_signed_yet", {"number": mission.number})
            return _Draft(line, worker, mission)
        if visit.logged != line.minutes:
            raise Refused("hours_already_logged", {"number": mission.number, "minutes": visit.logged})
        return _Draft(line, worker, mission, log=False) if line.confirmed and not visit.answer else None

    def _mission(self, line: HoursLine) -> tuple[Person, Mission | None]:
        """The worker's visit of that day which the line means. Raises Refused("mission_uncertain")."""
        if line.worker.empty:
            return self._by_number(line)
        worker = self.known.person(line.worker, Role.WORKER)
        here = [one.mission for one in self.visits[worker.id, line.day]]
        if occasion := self.occasions.get(f"{PREFIX}{line.key}"):
            return worker, next((one for one in here if one.id == occasion), None)
        fits = [one for one in here if one.id not in self.taken]
        if not line.client.empty:
            client = self.known.person(line.client, Role.CLIENT)
            fits = [one for one in fits if one.client_id == client.id]
        for narrower in (
            [one for one in fits if one.number == line.request],
            [one for one in fits if line.start and one.starts_at.astimezone(self.zone).time() == line.start],
            [one for one in fits if MISSION.allows(one.state, "log_hours")],
        ):
            fits = narrower or fits
        if len(fits) > 1:
            raise Refused("mission_uncertain", {"count": len(fits)}, where="request")
        return worker, fits[0] if fits else None

    def _by_number(self, line: HoursLine) -> tuple[Person, Mission]:
        on_the_day = [one.mission for (_, day), visits in self.visits.items() if day == line.day for one in visits]
        fits = [one for one in on_the_day if one.number == line.request and one.id not in self.taken]
        if len(fits) != 1:
            code = "mission_uncertain" if fits else "mission_not_found"
            raise Refused(code, {"count": len(fits)}, where="request")
        return fits[0].worker, fits[0]

    def _unknown_job(self, line: HoursLine, worker: Person) -> _Draft:
        if line.client.empty:
            raise Refused("mission_not_found", {"count": 0}, where="client")
        client = self.known.person(line.client, Role.CLIENT)
        if not line.what:
            raise Refused("activity_not_found", {"typed": ""}, where="what")
        activity, _ = self.known.activity(line.what)
        self.known.check_tariff(activity, client.kind, line.day)
        return _Draft(line, worker, None, client, activity)

    def carry_out(self, drafts: Sequence[_Draft], *, progress: Callable[[int], None]) -> None:
        """Jobs that nobody knew by the batch; what belongs to a mission or an open request line by line, afterwards:
        numbers of requests are locked before those of agreements, whatever the order of the lines.
        """
        asked = self._asked_for([one for one in drafts if one.mission is None])
        past = [self._past_job(one) for one in drafts if one.mission is None and one.line.key not in asked]
        done = 0
        for at in range(0, len(past), AT_ONCE):
            written = write_down_many(act=self.act, jobs=past[at : at + AT_ONCE])
            progress(done := done + len(written))
        for draft in drafts:
            if draft.mission or draft.line.key in asked:
                self._log(draft, draft.mission or self._agreed_before(draft, asked[draft.line.key]))
                progress(done := done + 1)

    def _log(self, draft: _Draft, mission: Mission) -> None:
        line, fulfilment = draft.line, None
        hold_visit(mission=mission)
        if draft.log:
            if mission.agreement is None:
                raise Refused("not_signed_yet", {"number": mission.number})
            fulfilment = agreements.log(
                act=self.act,
                agreement=mission.agreement,
                occasion=mission.id,
                day=line.day,
                minutes=line.minutes,
                key=f"{PREFIX}{line.key}",
            )
            move_mission(act=self.act, mission=mission, verb="log_hours", data={"minutes": line.minutes})
            seen_doing(act=self.act, missions=[mission])
            close_if_over(act=self.act, mission=mission)
        if line.confirmed:
            fulfilment = fulfilment or current_fulfilment(occasion=mission.id)
            if fulfilment is None:
                raise Refused("no_hours_yet", {"number": mission.number})
            agreements.confirm(act=self.act, fulfilment=fulfilment, minutes=line.minutes)
            move_mission(act=self.act, mission=mission, verb="confirm", data={"minutes": line.minutes})

    def _past_job(self, draft: _Draft) -> PastJob:
        line, (client, activity) = draft.line, draft.job
        return PastJob(
            worker=draft.worker,
            client=client,
            activity=activity,
            day=line.day,
            starts_at=self._starts(line),
            minutes=line.minutes,
            price=self.known.price(client, activity, line.minutes, line.day),
            confirmed=line.confirmed,
            key=line.key,
            hours_key=f"{PREFIX}{line.key}",
        )

    def _agreed_before(self, draft: _Draft, request: Request) -> Mission:
        """What was asked for here and agreed on paper: the worker's yes, agreement signed by everybody, one mission."""
        line, act = draft.line, self.act
        hold(request=request)
        asked = [market.Asked(draft.worker, "paper")]
        (proposal,) = market.propose(act=act, listing=request.listing, asked=asked, deadline=act.at)
        market.accept(act=act, proposal=proposal)
        move_request(act=act, request=request, verb="fill")
        price = self.known.price(request.client, request.activity, request.minutes, line.day)
        paper = paper_of(request, draft.worker, line.day, price)
        (agreement,) = agreements.stand_on_paper_many(act=act, papers=[paper])
        state, fact = MISSION.step("", "agree")
        starts = self._starts(line).astimezone(UTC)
        mission = Mission.objects.create(
            request=request,
            proposal=proposal,
            worker=draft.worker,
            client=request.client,
            agreement=agreement,
            number=request.listing.number,
            starts_at=starts,
            ends_at=starts + timedelta(minutes=line.minutes),
            state=state,
            state_at=act.at,
            import_key=line.key,
        )
        record(act=act, type=fact, thing="mission", thing_id=mission.id, data={"number": mission.number})
        return move_mission(act=act, mission=mission, verb="sign")

    def _starts(self, line: HoursLine) -> datetime:
        return datetime.combine(line.day, line.start or USUAL_START, self.zone)

    def _asked_for(self, drafts: Sequence[_Draft]) -> dict[str, Request]:
        """By the key of a line, the client's request of that day for which nobody is written down yet: its hours were
        for it. Each request for one line, the oldest for the first.
        """
        if not drafts:
            return {}
        days = [one.line.day for one in drafts]
        first = datetime.combine(min(days), time(), self.zone)
        last = datetime.combine(max(days) + timedelta(days=1), time(), self.zone)
        rows = Request.objects.filter(state="open", listing__recurrence="", mode=USUAL)
        those_days = rows.filter(listing__starts_at__gte=first, listing__starts_at__lt=last)
        waiting: defaultdict[tuple[UUID, UUID, date], deque[Request]] = defaultdict(deque)
        for row in those_days.select_related("listing", "client", "activity").order_by("posted_at", "id"):
            if row.listing.starts_at:
                day = row.listing.starts_at.astimezone(self.zone).date()
                waiting[row.client_id, row.activity_id, day].append(row)
        found = {}
        for draft in drafts:
            client, activity = draft.job
            if here := waiting.get((client.id, activity.id, draft.line.day)):
                found[draft.line.key] = here.popleft()
        return found


def _told(progress: Progress | None, nothing_to_do: int) -> Callable[[int], None]:
    """Passes on how many lines are done, those with nothing to do among them, now and then."""
    told = 0

    def tell(done: int) -> None:
        nonlocal told
        if progress and nothing_to_do + done >= told + EVERY:
            told = nothing_to_do + done
            progress(told)

    return tell


def _visits(lines: Sequence[HoursLine], zone: ZoneInfo) -> defaultdict[tuple[UUID, date], list[Visit]]:
    """The missions of the days that the lines name, with their hours, by worker and local day."""
    found: defaultdict[tuple[UUID, date], list[Visit]] = defaultdict(list)
    days = [line.day for line in lines if not line.bad]
    if not days:
        return found
    first = datetime.combine(min(days), time(), zone)
    last = datetime.combine(max(days) + timedelta(days=1), time(), zone)
    rows = Mission.objects.filter(starts_at__gte=first, starts_at__lt=last).exclude(state="cancelled")
    named = rows.select_related("request__listing", "agreement", "worker", "client").order_by("starts_at", "id")
    missions = list(named)
    for at in range(0, len(missions), BATCH):
        for visit in with_hours(missions[at : at + BATCH]):
            found[visit.mission.worker_id, visit.mission.starts_at.astimezone(zone).date()].append(visit)
    return found
