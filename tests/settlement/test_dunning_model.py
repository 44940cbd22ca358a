"""Any sequence of days, payments, plans, words and letters, against a plain model: each reminder once and in its turn,
none after a stop or while a plan runs, and a plan's dates filled by what came in."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import invariant, rule

from entremise.figures.operations import load_shipped
from entremise.kernel.act import STAFF, THE_CLOCK, Act, Actor, Door
from entremise.messaging.models import Letter, Task
from entremise.people.models import Person
from entremise.settlement import operations, queries
from entremise.settlement.models import Invoice, Pause, Plan
from entremise.tenancy.models import LegalIdentity
from tests.machine import Machine
from tests.settlement.test_reminders import PACE
from tests.settlement.town import START, bill

TONES = ["friendly", "plain", "firm"]
which = st.integers(0, 2)
whose = st.integers(0, 1)


@dataclass
class Owed:
    """An invoice in the model, in cents; the days of its reminders, by tone."""

    invoice: Invoice
    client: int
    due: int
    sent: dict[str, date] = field(default_factory=dict)
    asked: bool = False


@dataclass
class Agreed:
    """A running plan in the model: its parts, and what it started from."""

    parts: list[int]
    invoices: list[int]
    started: int


class Dunning(Machine):
    def __init__(self) -> None:
        super().__init__()
        load_shipped()
        LegalIdentity.objects.create(legal_name="D", siret="73282932000074")
        self.people = [Person.objects.create(family_name=name, known_since=START) for name in ("Marsan", "Bernard")]
        self.owed = [Owed(bill(self.people[who], 2450), who, 2450) for who in (0, 0, 1)]
        self.at = START
        self.quiet: dict[int, date] = {}
        self.plans: dict[int, Agreed] = {}

    @property
    def today(self) -> date:
        return self.at.date()

    def act(self, *, clock: bool = False) -> Act:
        by = THE_CLOCK if clock else Actor(self.people[0].id, STAFF)
        return Act(by=by, at=self.at, door=Door.CLOCK if clock else Door.DESK)

    def held(self, one: Owed) -> bool:
        return one.client in self.plans or self.quiet.get(one.client, date.min) >= self.today

    def next_of(self, one: Owed) -> str:
        return next((tone for tone in TONES if tone not in one.sent), "")

    def ripe(self, one: Owed) -> bool:
        tone = self.next_of(one)
        heard = [day for other in self.owed if other.client == one.client for day in other.sent.values()]
        if not tone or any(self.today < day + timedelta(days=PACE.apart) for day in heard):
            return False
        if one.sent:
            before = TONES[TONES.index(tone) - 1]
            if self.today < one.sent[before] + timedelta(days=PACE.days[tone] - PACE.days[before]):
                return False
        return self.today >= one.invoice.due_on + timedelta(days=PACE.days[tone])

    @rule(days=st.integers(1, 25))
    def days_pass(self, days: int) -> None:
        """The clock goes round twice on the last of them; the letters leave."""
        self.at += timedelta(days=days)
        for one in self.owed:
            if one.due >= PACE.minimum and not self.held(one) and self.ripe(one):
                if self.next_of(one) == "firm":
                    one.asked = True
                else:
                    one.sent[self.next_of(one)] = self.today
        for _ in range(2):
            for late in queries.to_remind(on=self.today):
                operations.remind(act=self.act(clock=True), invoice=late.invoice)
            for seen in queries.running_plans(on=self.today):
                operations.mind_plan(act=self.act(clock=True), plan=seen.plan)
        Letter.objects.filter(state="queued").update(state="sent")
        for who, plan in list(self.plans.items()):
            if not sum(self.owed[number].due for number in plan.invoices):
                del self.plans[who]

    @rule(number=which)
    def a_person_sends(self, number: int) -> None:
        one = self.owed[number]
        tone = self.next_of(one) or "firm"

        def send() -> Letter:
            return operations.send_reminder(act=self.act(), invoice=one.invoice, tone=tone)

        if not one.due or self.today <= one.invoice.due_on:
            self.refused("nothing_due|reminder_too_early", send)
        elif tone in one.sent:
            assert send()
        elif self.held(one):
            self.refused("reminder_held", send)
        else:
            assert send() == send()
            one.sent[tone] = self.today
            Letter.objects.filter(state="queued").update(state="sent")

    @rule(number=which, amount=st.integers(1, 2450))
    def somebody_pays(self, number: int, amount: int) -> None:
        one = self.owed[number]
        if amount <= one.due:
            operations.receive_cash(
                act=self.act(), invoice=one.invoice, amount=amount, how="cash", on=self.today, key=self.key()
            )
            one.due -= amount

    @rule(who=whose, days=st.none() | st.integers(0, 40))
    def a_human_says_stop(self, who: int, days: int | None) -> None:
        until = self.today + timedelta(days=days) if days is not None else None
        operations.pause_reminders(act=self.act(), client=self.people[who], why="hard_month", until=until)
        self.quiet[who] = until or date.max

    @rule(who=whose)
    def a_human_says_go_on(self, who: int) -> None:
        for pause in Pause.objects.filter(client=self.people[who], state="on"):
            operations.resume_reminders(act=self.act(), pause=pause)
            operations.resume_reminders(act=self.act(), pause=pause)
        self.quiet.pop(who, None)

    @rule(who=whose, count=st.integers(1, 3), anew=st.booleans())
    def agree(self, who: int, count: int, anew: bool) -> None:
        mine = [number for number, one in enumerate(self.owed) if one.client == who and one.due]
        running = Plan.objects.filter(client=self.people[who], state="running").first()

        def plan() -> object:
            return operations.agree_plan(
                act=self.act(),
                client=self.people[who],
                invoices=[self.owed[number].invoice for number in mine],
                count=count,
                first_on=self.today,
                key=self.key(),
                instead_of=running.id if running and anew else None,
            )

        total = sum(self.owed[number].due for number in mine)
        if who in self.plans and not anew:
            self.refused("plan_running", plan)
        elif not mine:
            self.refused("nothing_to_spread", plan)
        elif total < count:
            self.refused("plan_too_small", plan)
        else:
            plan()
            whole, rest = divmod(total, count)
            self.plans[who] = Agreed([whole + (part < rest) for part in range(count)], mine, total)

    @rule(who=whose)
    def give_the_plan_up(self, who: int) -> None:
        for plan in Plan.objects.filter(client=self.people[who], state="running"):
            operations.cancel_plan(act=self.act(), plan=plan, reason="autrement")
        self.plans.pop(who, None)

    @invariant()
    def what_was_written_is_the_models(self) -> None:
        for one in self.owed:
            letters = Letter.objects.filter(about_id=one.invoice.id, template__startswith="reminder_")
            days = {letter.template.removeprefix("reminder_"): letter.queued_at.date() for letter in letters}
            assert len(letters) == len(days)
            assert days == one.sent
            assert Task.objects.filter(kind="firm_reminder", about_id=one.invoice.id).exists() == one.asked

    @invariant()
    def a_plan_is_paid_by_what_came_in(self) -> None:
        running = {seen.plan.client_id: seen for seen in queries.running_plans(on=self.today)}
        assert {self.people[who].id for who in self.plans} == set(running)
        for who, plan in self.plans.items():
            seen, left = running[self.people[who].id], sum(self.owed[number].due for number in plan.invoices)
            assert (seen.total, seen.left) == (plan.started, left)
            assert [one.instalment.amount for one in seen.parts] == plan.parts
            assert sum(one.paid for one in seen.parts) == plan.started - left
            assert sorted(one.left > 0 for one in seen.parts) == [one.left > 0 for one in seen.parts]


class TestDunning(Dunning.TestCase, TestCase):
    settings = settings(max_examples=12, stateful_step_count=25, suppress_health_check=[HealthCheck.too_slow])
