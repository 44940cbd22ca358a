"""A year of small jobs, replayed day by day: every row is what an operation wrote.

The desk has taken its calls here for five weeks and some days; what was done before was on slips of paper.
"""

import heapq
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count, cycle
from random import Random
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from entremise.doors.clock.demo import business, helping, needing, offers, opinions, together, town, web
from entremise.doors.clock.demo.founding import Cast, new_client
from entremise.doors.clock.demo.money import settle_month
from entremise.doors.clock.demo.slips import Slips
from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission, Request, Skill
from entremise.jobs.queries.calling_off import absent, calling_off, coming
from entremise.jobs.queries.seasons import running_out
from entremise.kernel.act import THE_CLOCK, Act, Door, Role
from entremise.kernel.refused import Refused
from entremise.kernel.time import Period
from entremise.market.models import Proposal
from entremise.messaging import operations as messaging
from entremise.messaging.queries import open_tasks
from entremise.tenancy import scope

PARIS = ZoneInfo("Europe/Paris")
JOBS = 400
RECURRING = 4
FIVE_WEEKS = timedelta(weeks=5)
JUST_NOW, LATELY = 14, 26  # Calls of these last two days, and of the ten days before: what the desk has in hand.
# What became of the latest missions, in turn: each kind of work that waits at the desk is there to be looked at.
FATES = ("logged", "differs", "nothing", "absent_worker", "logged", "confirmed", "absent_client", "nothing")
# And of the calls: most are answered, some are taken back the same day, for some there is nobody.
CALLS = (*["propose"] * 9, "cancel", *["propose"] * 9, "nobody")

Event = tuple[datetime, int, Callable[[datetime], None]]


def two_working_days_before(now: datetime) -> datetime:
    """Midnight before the last two days of work, today's among them: what was asked since may still wait."""
    day, seen = now.astimezone(PARIS), 0
    while True:
        seen += day.weekday() < 5
        if seen == 2:
            return day.replace(hour=0, minute=0, second=0, microsecond=0)
        day -= timedelta(days=1)


class Year:
    """Events in the order they happened, one transaction each; what a rule refuses did not happen."""

    def __init__(self, cast: Cast, *, opening: datetime, now: datetime, scale: int, chance: Random) -> None:
        self.cast, self.opening, self.now, self.scale, self.chance = cast, opening, now, scale, chance
        self.lately = two_working_days_before(now)
        self.by_phone = max(opening, self._hour((now - FIVE_WEEKS).astimezone(PARIS).replace(day=1), 8))
        self.slips = Slips(cast, chance)
        self.events: list[Event] = []
        self.order, self.fates, self.calls = count(), cycle(FATES), cycle(CALLS)
        self.waits, self.answers = cycle((True, False, False, False)), cycle((True, False, True))
        self.signs, self.signed = cycle((False, True, True)), cycle((*[True] * 9, False))
        self.calling_off, self.excuses = cycle((*[False] * 8, True)), cycle(("", "", "hardship"))
        self.opinions = opinions.in_turn()

    def at(self, moment: datetime, happens: Callable[[datetime], None]) -> None:
        heapq.heappush(self.events, (moment, next(self.order), happens))

    def replay(self, progress: Callable[[int], None]) -> None:
        self._plan()
        organisation = self.cast.organisation.id
        while self.events and self.events[0][0] <= self.now:
            moment, _, happens = heapq.heappop(self.events)
            try:
                with scope.writing(organisation):
                    happens(moment)
            except Refused:
                pass  # As on any day at the desk: somebody is told no, and nothing was written.
            progress(1)

    def _plan(self) -> None:
        days = (self.now - self.opening).days
        jobs_wanted = JOBS * self.scale
        for number in range(jobs_wanted):
            # A little more every month, as it goes in a first year; a handful fall in the days to come.
            share = (number / jobs_wanted) ** 0.85
            day = self.opening + timedelta(days=int(days * share) + self.chance.randrange(-2, 3))
            call = self._hour(day, self.chance.choice([9, 9, 10, 10, 11, 14, 15]), self.chance.randrange(60))
            if number >= jobs_wanted - JUST_NOW or call > self.now:
                call = self._lately()
            elif number >= jobs_wanted - JUST_NOW - LATELY:
                call = self._hour(self.now - timedelta(days=3 + number % 8), 9 + number % 3, number % 60)
            self.at(call, self._call if call >= self.by_phone else self._slip)
        for number in range(RECURRING * self.scale):
            # The first of them long enough ago for its season to have been renewed.
            self.at(self.now - timedelta(days=100 - 25 * (number % RECURRING)), self._weekly_call)
        for number in range(45 * self.scale, 60 * self.scale):
            day = self.opening + timedelta(days=self.chance.randrange(max(1, days)))
            self.at(day, partial(self._newcomer, number=number))
        for number in range(40 * self.scale):
            day = self._hour(self.opening + timedelta(days=self.chance.randrange(max(1, days))), 11, number % 60)
            self.at(day, self._idle_call)
        for number in range(days + 1):
            self.at(self._evening(self.opening + timedelta(days=number)), self._carry)
        self._on_the_web()
        business.plan(self)
        helping.plan(self)
        together.plan(self)
        needing.plan(self)
        month = Period.month_of(self.opening.date())
        while month.last < self.now.date():
            after = month.last + timedelta(days=4)
            fifth = datetime(after.year, after.month, after.day, 8, 0, tzinfo=PARIS)
            self.at(fifth - timedelta(days=2), self.slips.write_down)
            self.at(fifth, self._settle(month))
            month = Period.month_of(month.last + timedelta(days=1))

    def _on_the_web(self) -> None:
        night = (self.now - timedelta(days=1)).astimezone(PARIS).replace(hour=22, minute=40)
        self.at(night, partial(web.ask_at_night, self.cast))
        self.at(self.now - timedelta(minutes=30), partial(web.stop_half_way, self.cast))
        self.at(self.now - timedelta(days=20), partial(offers.put_up, self.cast))
        self.at(self.now - timedelta(hours=2), partial(offers.wait_for_the_desk, self.cast))

    def _lately(self) -> datetime:
        """A moment of the last two days when somebody was at the desk."""
        day = self.now - timedelta(days=self.chance.randrange(2))
        moment = self._hour(day, self.chance.choice([9, 10, 11, 14, 15, 16]), self.chance.randrange(60))
        while moment > self.now - timedelta(minutes=20) or moment.weekday() > 4:
            moment -= timedelta(days=1)
        return moment

    def _hour(self, day: datetime, hour: int, minute: int = 0) -> datetime:
        local = day.astimezone(PARIS)
        while local.weekday() > 4:
            local += timedelta(days=1)
        return local.replace(hour=hour, minute=minute, second=0, microsecond=0)

    def _begins(self, call: datetime) -> datetime:
        """When somebody comes: within the week."""
        day = call + timedelta(days=self.chance.choice([1, 1, 2, 3, 4, 6]))
        return self._hour(day, self.chance.choice([9, 9, 10, 14]))

    def _evening(self, day: datetime) -> datetime:
        return day.astimezone(PARIS).replace(hour=18, minute=30, second=0, microsecond=0)

    def _carry(self, at: datetime) -> None:
        """The day's letters have left: by modem, by mail, or printed and posted."""
        act = Act(by=THE_CLOCK, at=at, door=Door.CLOCK)
        for letter in messaging.claim(at=at, limit=500):
            messaging.carried(act=act, letter=letter, answer="carried")
        for season in running_out(at=at):
            if season.next and season.last > at:
                self.at(at + timedelta(minutes=5), partial(self._renew, request=season.request))
        opinions.open_due(at)
        for task in open_tasks():
            if task.due_at < at - timedelta(days=1):
                messaging.finish_task(act=self.cast.desk(at), task=task, outcome="Appelé")

    def _newcomer(self, at: datetime, number: int) -> None:
        self.cast.clients.append(new_client(self.cast, at, number, self.chance))

    def _idle_call(self, at: datetime) -> None:
        """A call that leads to no job: unmet need is data too."""
        act = self.cast.desk(at)
        caller = self.chance.choice(self.cast.clients)
        call = messaging.log_call(act=act, person=caller)
        outcome, note = self.chance.choice(
            [
                ("question", "Question sur sa facture"),
                ("nothing", "Voulait un devis de peinture : trop grand pour nous"),
                ("call_back", "Rappeler demain matin"),
                ("question", "Demande l’attestation fiscale"),
            ]
        )
        messaging.end_call(act=replace(act, at=at + timedelta(seconds=70)), call=call, outcome=outcome, note=note)

    def _slip(self, at: datetime) -> None:
        self.slips.fill(at, self._begins)

    def _call(self, at: datetime) -> None:
        self._request(at, recurrence="")

    def _weekly_call(self, at: datetime) -> None:
        self._request(self._hour(at, 10), recurrence="FREQ=WEEKLY")

    def _request(self, at: datetime, *, recurrence: str) -> None:
        act, chance = self.cast.desk(at), self.chance
        client = chance.choice(self.cast.clients)
        kind = chance.choices(town.ACTIVITIES, weights=[kind.weight for kind in town.ACTIVITIES])[0]
        call = messaging.log_call(act=act, person=client)
        starts = self._begins(at)
        request = jobs.post_request(
            act=act,
            client=client,
            activity=self.cast.activities[kind.code],
            starts_at=starts,
            minutes=chance.choice(kind.usual),
            recurrence=recurrence,
        )
        ended = replace(act, at=at + timedelta(seconds=55))
        messaging.end_call(act=ended, call=call, outcome="request", about_id=request.id)
        if at >= self.lately and next(self.waits):
            pass  # Still to be looked after, as on any day.
        elif (turn := next(self.calls)) == "cancel":
            self.at(at + timedelta(hours=5), partial(self._cancel, request=request))
        elif turn == "propose":
            self.at(at + timedelta(minutes=3), partial(self._propose, request=request))
        self.at(starts - timedelta(hours=1), partial(self._look_again, request=request))

    def _look_again(self, at: datetime, request: Request) -> None:
        """An hour before it should begin: nobody was found, or somebody has not signed."""
        fresh = Request.objects.select_related("listing", "client").get(id=request.id)
        if fresh.state in ("open", "proposed"):
            jobs.give_up(act=self.cast.desk(at), request=fresh)
        for mission in Mission.objects.filter(request=fresh, state="agreed", starts_at__lt=at + timedelta(hours=2)):
            jobs.cancel_mission(act=self.cast.desk(at), mission=_mission(mission), reason="Contrat non signé")

    def _cancel(self, at: datetime, request: Request) -> None:
        fresh = Request.objects.select_related("listing", "client").get(id=request.id)
        fee = sum(one.due.fee for one in calling_off(missions=coming(request=fresh, at=at), at=at).values())
        jobs.cancel(act=self.cast.desk(at), request=fresh, reason="N’en a plus besoin", fee=fee)

    def _propose(self, at: datetime, request: Request) -> None:
        fresh = Request.objects.select_related("listing__place", "client__place", "activity").get(id=request.id)
        able = list(
            Skill.objects.filter(activity=fresh.activity, hourly_price=None)
            .values_list("worker__person_id", flat=True)
            .order_by("id")
        )
        asked: list[Proposal] = []
        for worker in self.chance.sample(able, min(len(able), 5)):
            try:
                asked += jobs.propose(act=self.cast.desk(at), request=fresh, workers=[worker])
            except Refused:
                continue  # Not free, too far, papers over: the coordinator picks another.
            if len(asked) == 2:
                break
        if asked and at >= self.lately and not next(self.answers):
            return  # Some of the latest offers still wait for an answer.
        for minutes, proposal in zip((9, 17), asked, strict=False):
            yes = self.chance.random() < (0.85 if minutes == 9 else 0.5)
            if self.chance.random() < 0.93:
                moment = at + timedelta(minutes=minutes)
                self.at(moment, partial(self._answer, proposal=proposal, yes=yes))
            else:
                self.at(at + timedelta(minutes=45), partial(self._expire, proposal=proposal))

    def _answer(self, at: datetime, proposal: Proposal, *, yes: bool) -> None:
        fresh = Proposal.objects.select_related("listing", "person").get(id=proposal.id)
        act = self.cast.act(fresh.person, {Role.WORKER}, at, Door.TEXT)
        answered = jobs.answer(act=act, proposal=fresh, yes=yes)
        if answered.state != "accepted":
            return
        self._follow(at, Mission.objects.filter(proposal=answered))

    def _renew(self, at: datetime, request: Request) -> None:
        fresh = Request.objects.select_related("listing", "client", "activity").get(id=request.id)
        try:
            agreements = jobs.renew(act=self.cast.desk(at), request=fresh)
        except Refused:
            self.at(at + timedelta(minutes=2), partial(self._seek_another, request=request))
            raise
        for agreement in agreements:
            self._follow(at, Mission.objects.filter(agreement=agreement))

    def _seek_another(self, at: datetime, request: Request) -> None:
        fresh = Request.objects.select_related("listing", "client", "activity").get(id=request.id)
        jobs.seek_another(act=self.cast.desk(at), request=fresh)
        self.at(at + timedelta(minutes=5), partial(self._propose, request=request))

    def _follow(self, at: datetime, missions: QuerySet[Mission]) -> None:
        """The two sign, and the hours of each visit come in. One contract in ten waits, of the latest one in three."""
        visits = list(missions.order_by("starts_at"))
        signed = next(self.signs if at >= self.lately else self.signed)
        if visits and signed:
            self.at(at + timedelta(hours=1), partial(self._sign, mission=visits[0], role="client"))
            self.at(at + timedelta(hours=2), partial(self._sign, mission=visits[0], role="worker"))
        for mission in visits:
            self.at(mission.ends_at + timedelta(minutes=20), partial(self._hours, mission=mission))
            if next(self.calling_off):
                self.at(mission.starts_at - timedelta(hours=3), partial(self._call_off, mission=mission))

    def _expire(self, at: datetime, proposal: Proposal) -> None:
        fresh = Proposal.objects.select_related("listing", "person").get(id=proposal.id)
        if fresh.state == "offered":
            jobs.expire(act=Act(by=THE_CLOCK, at=at, door=Door.CLOCK), proposal=fresh)

    def _sign(self, at: datetime, mission: Mission, role: str) -> None:
        fresh = _mission(mission)
        assert fresh.agreement
        how = self.chance.choice(["screen", "paper", "link"])
        jobs.sign(act=self.cast.desk(at), agreement=fresh.agreement, role=role, how=how)

    def _hours(self, at: datetime, mission: Mission) -> None:
        fresh = _mission(mission)
        if fresh.state != "ready":
            return
        fate = next(self.fates) if at > self.now - timedelta(days=6) else self._usual_fate()
        if fate.startswith("absent_"):
            who = fate.removeprefix("absent_")
            jobs.report_absence(act=self.cast.desk(at), mission=fresh, who=who, fee=absent(mission=fresh).due.fee)
            return
        if fate == "nothing":
            return
        planned = fresh.request.minutes
        done = planned + self.chance.choice([0, 0, 0, 0, 0, 30, -30]) if planned > 60 else planned
        act = self.cast.act(fresh.worker, {Role.WORKER}, at, Door.TEXT)
        jobs.log_hours(act=act, mission=fresh, minutes=done, key=f"demo:{fresh.id}")
        if fate == "silent":
            self.at(at + timedelta(days=8), partial(self._silence, mission=mission))
        elif fate == "differs":
            self.at(at + timedelta(hours=5), partial(self._confirm, mission=mission, minutes=done - 30))
            self.at(at + timedelta(days=7), partial(self._decide, mission=mission, minutes=done))
        elif fate == "confirmed":
            self.at(at + timedelta(hours=3), partial(self._confirm, mission=mission, minutes=done))

    def _usual_fate(self) -> str:
        weights = {"confirmed": 82, "silent": 12, "differs": 4, "absent_worker": 1, "absent_client": 1}
        return self.chance.choices(list(weights), weights=list(weights.values()))[0]

    def _confirm(self, at: datetime, mission: Mission, minutes: int) -> None:
        fresh = _mission(mission)
        act = self.cast.act(fresh.client, {Role.CLIENT}, at, Door.TEXT)
        jobs.confirm_hours(act=act, mission=fresh, minutes=minutes)
        opinions.ask_both(self, at, fresh)

    def _call_off(self, at: datetime, mission: Mission) -> None:
        """Too late to be free: by the rule of the contract, or excused."""
        fresh, excuse = _mission(mission), next(self.excuses)
        if fresh.state == "ready":
            fee = calling_off(missions=[fresh], at=at)[fresh.id].due.fee
            jobs.cancel_mission(act=self.cast.desk(at), mission=fresh, reason="Ne peut pas", excuse=excuse, fee=fee)

    def _silence(self, at: datetime, mission: Mission) -> None:
        jobs.presume_silent(act=Act(by=THE_CLOCK, at=at, door=Door.CLOCK), mission=_mission(mission))

    def _decide(self, at: datetime, mission: Mission, minutes: int) -> None:
        jobs.settle_hours(act=self.cast.desk(at), mission=_mission(mission), minutes=minutes)

    def _settle(self, month: Period) -> Callable[[datetime], None]:
        def happens(at: datetime) -> None:
            settle_month(self, month, at)

        return happens


def _mission(mission: Mission) -> Mission:
    return Mission.objects.select_related(
        "agreement", "request__listing", "request__activity", "worker", "client", "proposal"
    ).get(id=mission.id)
