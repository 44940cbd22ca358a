"""Hours of a spreadsheet: of missions that are known, or of jobs that were agreed on paper before."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from uuid import UUID
from zoneinfo import ZoneInfo

from entremise.agreements import operations as agreements
from entremise.agreements.models import Agreement, Fulfilment
from entremise.agreements.queries import current_fulfilment
from entremise.history.operations import record
from entremise.jobs.models import Activity, Mission, Request
from entremise.jobs.operations.imports import (
    EVERY,
    Known,
    Progress,
    check_visit,
    columns_of,
    counts_of,
    verdict_of,
)
from entremise.jobs.operations.moves import move_mission, move_request
from entremise.jobs.operations.requests import close_if_over, post_request
from entremise.jobs.queries.desk import Visit, with_hours
from entremise.jobs.queries.prices import quote
from entremise.jobs.rules.lines import USUAL_START, HoursLine, read_hours
from entremise.jobs.rules.registry import MODES
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
    for done, (_, draft) in enumerate(judged, start=1):
        if draft:
            work.carry_out(draft)
        if progress and done % EVERY == 0:
            progress(done)
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
        self.price = cache(self._price)

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

    def carry_out(self, draft: _Draft) -> None:
        line = draft.line
        mission = draft.mission or self._agreed_before(draft)
        if draft.log:
            if mission.agreement is None:
                raise Refused("not_signed_yet", {"number": mission.number})
            agreements.log(
                act=self.act,
                agreement=mission.agreement,
                occasion=mission.id,
                day=line.day,
                minutes=line.minutes,
                key=f"{PREFIX}{line.key}",
            )
            move_mission(act=self.act, mission=mission, verb="log_hours", data={"minutes": line.minutes})
            close_if_over(act=self.act, mission=mission)
        if line.confirmed:
            fulfilment = current_fulfilment(occasion=mission.id)
            if fulfilment is None:
                raise Refused("no_hours_yet", {"number": mission.number})
            agreements.confirm(act=self.act, fulfilment=fulfilment, minutes=line.minutes)
            move_mission(act=self.act, mission=mission, verb="confirm", data={"minutes": line.minutes})

    def _agreed_before(self, draft: _Draft) -> Mission:
        """The job as it stood on paper: request, the worker's yes, agreement signed by everybody, one mission."""
        line, act = draft.line, self.act
        if draft.client is None or draft.activity is None:
            raise Refused("mission_not_found", {"count": 0}, where="client")
        request = self._asked_for(draft.client, draft.activity, line.day) or post_request(
            act=act,
            client=draft.client,
            activity=draft.activity,
            starts_at=datetime.combine(line.day, line.start or USUAL_START, self.zone),
            minutes=line.minutes,
            import_key=line.key,
            quiet=True,
        )
        asked = [market.Asked(draft.worker, "paper")]
        (proposal,) = market.propose(act=act, listing=request.listing, asked=asked, deadline=act.at)
        market.accept(act=act, proposal=proposal)
        move_request(act=act, request=request, verb="fill")
        agreement = self._agreement(request, draft.worker, line.day)
        state, fact = MISSION.step("", "agree")
        starts = datetime.combine(line.day, line.start or USUAL_START, self.zone).astimezone(UTC)
        mission = Mission.objects.create(
            request=request,
            proposal=proposal,
            worker=draft.worker,
            client=draft.client,
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

    def _asked_for(self, client: Person, activity: Activity, day: date) -> Request | None:
        """The client's request of that day for which nobody is written down yet: these hours were for it."""
        first = datetime.combine(day, time(), self.zone)
        rows = Request.objects.filter(client=client, activity=activity, state="open", listing__recurrence="")
        that_day = rows.filter(listing__starts_at__gte=first, listing__starts_at__lt=first + timedelta(days=1))
        return that_day.select_related("listing", "client", "activity").order_by("posted_at", "id").first()

    def _agreement(self, request: Request, worker: Person, day: date) -> Agreement:
        mode, client = MODES[request.mode], request.client
        amounts = {
            "work": request.minutes,
            "price": request.hourly_price,
            "travel": request.travel_fee,
            "wage": request.hourly_wage,
        }
        agreement = agreements.draw_up(
            act=self.act,
            mode=mode.code,
            title=request.activity.name,
            listing=request.listing,
            starts_on=day,
            ends_on=day,
            terms={
                "label": request.activity.name,
                "number": request.listing.number,
                "travel_fee": request.travel_fee,
                "personal_service": request.activity.personal_service,
                "tax_credit": self.price(client, request.activity, request.minutes, day) > 0,
                "worker": worker.full_name,
            },
            parties=[
                agreements.PartyDraft(role, {"client": client, "worker": worker}.get(role), must_sign)
                for role, must_sign in mode.parties.items()
            ],
            promises=[
                agreements.PromiseDraft(kind, giver, taker, asset, amounts[kind])
                for kind, (giver, taker, asset) in mode.promises.items()
                if amounts[kind]
            ],
        )
        for role, must_sign in mode.parties.items():
            if must_sign:
                agreements.sign(act=self.act, agreement=agreement, role=role, how="paper")
        agreement.refresh_from_db()
        return agreement

    def _price(self, client: Person, activity: Activity, minutes: int, on: date) -> int:
        return quote(client=client, activity=activity, minutes=minutes, on=on).price.credit


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
