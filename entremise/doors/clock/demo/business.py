"""Bruno Corvaisier's trade: a gardener on his own account, with jobs by quote in each state that the desk meets.

He draws no lot of the others' year: what happens to everybody else is the same with or without him.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from itertools import cycle
from typing import Protocol
from zoneinfo import ZoneInfo

from entremise.doors.clock.demo import offers, town
from entremise.doors.clock.demo.founding import Cast, made_up_iban
from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission, Request, SupplierQuote
from entremise.jobs.queries import quotes
from entremise.jobs.rules.modes.registry import with_pricing
from entremise.kernel.act import Door, Role
from entremise.market.models import Proposal
from entremise.payments import operations as payments
from entremise.people import operations as people
from entremise.people.models import Person, Place
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled

PARIS = ZoneInfo("Europe/Paris")
SIRET = "90000000100017"
EVERY = timedelta(days=11)
ANSWERS = (True, True, False)  # What clients say to his quotes, in turn.


class Calendar(Protocol):
    cast: Cast
    now: datetime
    by_phone: datetime

    def at(self, moment: datetime, happens: Callable[[datetime], None]) -> None: ...


def plan(year: Calendar) -> None:
    """His jobs since the desk takes its calls here. The last two wait: one for his price, one for the client's word."""
    bruno = Business(year)
    year.at(_at_work(year.by_phone, 8), bruno.arrive)
    day = year.by_phone + timedelta(days=1)
    while day < year.now - timedelta(days=8):
        year.at(_at_work(day, 9), partial(bruno.ask, answered=True))
        day += EVERY
    year.at(_before(year.now, 9), partial(bruno.ask, answered=None))
    year.at(_before(year.now, 11), partial(bruno.ask, answered=False))
    year.at(year.now - timedelta(days=20), bruno.offer)
    year.at(year.now - timedelta(minutes=5), bruno.say_paid)


class Business:
    def __init__(self, year: Calendar) -> None:
        self.year, self.answers, self.turns = year, cycle(ANSWERS), 0
        self.bruno: Person | None = None

    def arrive(self, at: datetime) -> None:
        act = self.year.cast.desk(at)
        self.bruno = person = people.add_person(
            act=act,
            title="M.",
            given_name="Bruno",
            family_name="Corvaisier",
            phones=["0639985521"],
            birth_date=date(1984, 5, 14),
            street="3, impasse des Roses",
            place=Place.objects.get(code=town.PLACES[0][0]),
        )
        jobs.describe_supplier(
            act=act,
            person=person,
            siret=SIRET,
            trade_name="Jardins Corvaisier",
            mandate_on=at.date(),
            prices={"jardin": 3200, "haie": 3400},
        )
        people.show_paper(act=act, person=person, kind="registration")
        until = self.year.now.date() + timedelta(days=200)
        people.show_paper(act=act, person=person, kind="insurance", valid_to=until)
        payments.set_bank_account(act=act, person=person, iban=made_up_iban(90_001))

    def ask(self, at: datetime, *, answered: bool | None) -> None:
        """A client asks for a quote. answered: whether they say something to it; None: he names no price yet."""
        cast, self.turns = self.year.cast, self.turns + 1
        client = cast.clients[(7 * self.turns) % len(cast.clients)]
        request = jobs.post_request(
            act=cast.desk(at),
            client=client,
            activity=cast.activities["haie" if self.turns % 2 else "jardin"],
            starts_at=_at_work(at + timedelta(days=3), 14),
            minutes=120,
            mode=with_pricing("quote").code,
        )
        self.year.at(at + timedelta(minutes=4), partial(self._propose, request=request, answered=answered))

    def _propose(self, at: datetime, request: Request, answered: bool | None) -> None:
        if self.bruno is None:
            return
        fresh = Request.objects.select_related("listing__place", "client__place", "activity").get(id=request.id)
        (proposal,) = jobs.propose(act=self.year.cast.desk(at), request=fresh, workers=[self.bruno.id])
        if answered is not None:
            moment = at + timedelta(minutes=15)
            self.year.at(moment, partial(self._quote, proposal=proposal, answered=answered))

    def _quote(self, at: datetime, proposal: Proposal, answered: bool) -> None:
        fresh = Proposal.objects.select_related("listing", "person").get(id=proposal.id)
        act = self.year.cast.act(fresh.person, {Role.SUPPLIER}, at, Door.TEXT)
        if self.turns % 3 == 0:
            quote = jobs.send_quote(act=act, proposal=fresh, whole=9000)
        else:
            quote = jobs.send_quote(act=act, proposal=fresh, hourly=3400)
        if answered:
            self.year.at(at + timedelta(hours=2), partial(self._answer, quote=quote))

    def _answer(self, at: datetime, quote: SupplierQuote) -> None:
        fresh = quotes.quote(quote=quote.id)
        if fresh is None:
            return
        act = self.year.cast.act(fresh.request.client, {Role.CLIENT}, at, Door.TEXT)
        if not next(self.answers):
            jobs.decline_quote(act=act, quote=fresh)
            return
        jobs.accept_quote(act=act, quote=fresh)
        for mission in Mission.objects.filter(request=fresh.request):
            self.year.at(mission.ends_at + timedelta(minutes=20), partial(self._hours, mission=mission))

    def _hours(self, at: datetime, mission: Mission) -> None:
        fresh = _mission(mission)
        act = self.year.cast.act(fresh.worker, {Role.SUPPLIER}, at, Door.TEXT)
        jobs.log_hours(act=act, mission=fresh, minutes=fresh.request.minutes, key=f"demo:{fresh.id}")
        self.year.at(at + timedelta(hours=3), partial(self._confirm, mission=mission))

    def _confirm(self, at: datetime, mission: Mission) -> None:
        fresh = _mission(mission)
        jobs.confirm_hours(act=self.year.cast.act(fresh.client, {Role.CLIENT}, at, Door.TEXT), mission=fresh)

    def offer(self, at: datetime) -> None:
        if self.bruno is not None:
            offers.of_a_business(self.year.cast, self.bruno, at)

    def say_paid(self, at: datetime) -> None:
        """All but the last of his clients have paid him."""
        if self.bruno is None:
            return
        act = self.year.cast.act(self.bruno, {Role.SUPPLIER}, at, Door.SITE)
        for row in settled.sold_by(supplier=self.bruno.id)[1:]:
            settlement.mark_supplier_paid(act=act, invoice=row.invoice, on=at.date())


def _mission(mission: Mission) -> Mission:
    return Mission.objects.select_related(
        "agreement", "request__listing", "request__activity", "worker", "client", "proposal"
    ).get(id=mission.id)


def _at_work(day: datetime, hour: int) -> datetime:
    """That hour of the day, or of the first working day after it."""
    local = day.astimezone(PARIS)
    while local.weekday() > 4:
        local += timedelta(days=1)
    return local.replace(hour=hour, minute=0, second=0, microsecond=0)


def _before(now: datetime, hour: int) -> datetime:
    """That hour of the last working day before today."""
    local = now.astimezone(PARIS) - timedelta(days=1)
    while local.weekday() > 4:
        local -= timedelta(days=1)
    return local.replace(hour=hour, minute=0, second=0, microsecond=0)
