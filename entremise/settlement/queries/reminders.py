"""Who is late with what, what they were written of it, and what comes next."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max, Q, QuerySet

from entremise.figures import queries as figures
from entremise.kernel.money import half_up
from entremise.messaging.models import Letter, Task
from entremise.messaging.queries import words_of
from entremise.payments.models import Intent
from entremise.payments.queries import mandates_of
from entremise.payments.rules.intents import LIVE
from entremise.people.models import Person
from entremise.people.queries import way_to_reach
from entremise.settlement.models import Debit, Invoice, Pause
from entremise.settlement.queries.debits import charged_soon
from entremise.settlement.queries.owed import dues, unpaid
from entremise.settlement.queries.plans import in_a_plan
from entremise.settlement.rules.reminders import FIRM, TONES, Pace, Sent, Step, next_step
from entremise.tenancy.queries import here, legal_identity

TEMPLATES = {f"reminder_{tone}": tone for tone in TONES}
FOR_ALL = frozenset({"paused", "debit", "card", "plan"})  # What a person's word does not pass either.


@dataclass(frozen=True)
class Late:
    """An invoice whose day is over. due: cents. held: why the clock writes nothing of it now, empty when it may.
    step: what comes next, if anything; pause: in force. sent: the oldest first.
    """

    invoice: Invoice
    due: int
    held: str
    step: Step | None
    sent: list[Letter]
    pause: Pause | None

    @property
    def may_send(self) -> bool:
        """Whether a person may write now."""
        return self.step is not None and self.held not in FOR_ALL


@dataclass(frozen=True)
class Preview:
    """A reminder as it would leave now."""

    channel: str
    subject: str
    body: str


def pace(*, on: date) -> Pace:
    table = figures.table()
    return Pace(
        days={tone: int(table.at(f"reminder.{tone}_days", on)) for tone in TONES},
        apart=int(table.at("reminder.apart_days", on)),
        minimum=half_up(table.at("reminder.minimum", on) * 100),
        individuals=bool(table.at("reminder.to_individuals", on)),
        bodies=bool(table.at("reminder.to_bodies", on)),
    )


def late(*, on: date, only: Collection[UUID] | None = None) -> list[Late]:
    """What clients should have paid before that day, the oldest day first. A constant number of queries.

    only: of these invoices.
    """
    rows = unpaid(Invoice.objects.filter(due_on__lt=on))
    if only is not None:
        rows = rows.filter(id__in=only)
    found = list(rows.select_related("client", "document").order_by("due_on", "number"))
    due = dues(invoices=found)
    owed = [one for one in found if due[one.id]]
    if not owed:
        return []
    known = _Known(owed, on)
    return [known.late(one, due[one.id]) for one in owed]


def to_remind(*, on: date, only: Collection[UUID] | None = None) -> list[Late]:
    """What the clock has something to do for that day; a firm reminder that a person was asked about waits for them."""
    ready = [one for one in late(on=on, only=only) if one.step and not one.held and one.step.on <= on]
    firm = [one.invoice.id for one in ready if one.step and one.step.tone == FIRM]
    asked = Task.objects.filter(kind="firm_reminder", about_id__in=firm).values_list("about_id", flat=True)
    waiting = set(asked) if firm else set()
    return [one for one in ready if one.invoice.id not in waiting]


def pauses_of(*, client: UUID, on: date) -> list[Pause]:
    """In force, of any invoice or of one."""
    return list(_in_force(on).filter(client_id=client).select_related("invoice").order_by("said_at"))


def paused_clients(*, clients: Collection[UUID], on: date) -> set[UUID]:
    """Those of these people of whom nothing is asked by itself now: they said that paying is hard."""
    return set(_in_force(on).filter(client__in=clients).values_list("client_id", flat=True))


def pause(*, pause: UUID, client: UUID) -> Pause | None:
    """One of this client's."""
    return Pause.objects.select_related("client", "invoice").filter(id=pause, client_id=client).first()


def words_in_reminder(*, invoice: Invoice, due: int, cards: bool) -> dict[str, object]:
    """What a reminder may name. cards: whether somebody can pay by card."""
    legal = legal_identity()
    return {
        "invoice": invoice,
        "due": due,
        "cards": cards,
        "iban": legal.iban if legal else "",
        "debits": bool(legal and legal.creditor_id),
        "organisation": here(),
    }


def preview_reminder(*, one: Late, cards: bool) -> Preview | None:
    """The next reminder as a person reads it before it leaves; None when none comes next."""
    if one.step is None:
        return None
    client = one.invoice.client
    channel = way_to_reach(person=client).channel.replace("none", "voice")
    subject, body = words_of(
        template=f"reminder_{one.step.tone}",
        context=words_in_reminder(invoice=one.invoice, due=one.due, cards=cards),
        channel=channel,
        language=client.language,
    )
    return Preview(channel, subject, body)


class _Known:
    """All that bears upon the reminders of some invoices, asked once."""

    def __init__(self, invoices: Sequence[Invoice], on: date) -> None:
        ids, clients = [one.id for one in invoices], {one.client_id for one in invoices}
        self.on, self.pace, self.zone = on, pace(on=on), ZoneInfo(here().timezone)
        self.letters = _by_invoice(ids)
        self.heard = _heard(clients)
        meant = Q(invoice__in=ids) | Q(invoice=None, client__in=clients)
        self.pauses = list(_in_force(on).filter(meant).order_by("until"))
        debits = Debit.objects.filter(invoice__in=ids, state__in=["announced", "ordered"])
        self.debits = {*debits.values_list("invoice_id", flat=True), *charged_soon(invoices=ids)}
        cards = Intent.objects.filter(Q(state__in=LIVE) | Q(contested__gt=0), about_id__in=ids)
        self.cards = set(cards.values_list("about_id", flat=True))
        self.plans = in_a_plan(invoices=ids)
        self.mandates = mandates_of(on=on, people=clients)

    def late(self, invoice: Invoice, due: int) -> Late:
        sent, pause = self.letters[invoice.id], self._pause(invoice)
        heard = self.heard.get(invoice.client_id)
        step = next_step(
            invoice.due_on,
            [Sent(TEMPLATES[one.template], self._day(one.queued_at)) for one in sent],
            self.pace,
            heard=self._day(heard) if heard else None,
            quiet_to=pause.until if pause else None,
        )
        return Late(invoice, due, self._held(invoice, due, pause), step, sent, pause)

    def _held(self, invoice: Invoice, due: int, pause: Pause | None) -> str:
        body = invoice.client.kind != Person.Kind.INDIVIDUAL or invoice.what == "commission"
        reasons = (
            ("paused", pause is not None),
            ("debit", invoice.id in self.debits),
            ("card", invoice.id in self.cards),
            ("plan", invoice.id in self.plans),
            ("mandate", invoice.client_id in self.mandates),
            ("small", due < self.pace.minimum),
            ("by_hand", not (self.pace.bodies if body else self.pace.individuals)),
        )
        return next((reason for reason, holds in reasons if holds), "")

    def _pause(self, invoice: Invoice) -> Pause | None:
        """The one that lasts longest."""
        mine = [
            one for one in self.pauses if one.client_id == invoice.client_id and one.invoice_id in (None, invoice.id)
        ]
        return max(mine, key=lambda one: one.until or date.max, default=None)

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()


def _by_invoice(ids: Collection[UUID]) -> defaultdict[UUID | None, list[Letter]]:
    letters: defaultdict[UUID | None, list[Letter]] = defaultdict(list)
    for letter in _written().filter(about_id__in=ids).order_by("queued_at"):
        letters[letter.about_id].append(letter)
    return letters


def _heard(clients: Iterable[UUID]) -> dict[UUID, datetime]:
    """When each was last reminded of anything."""
    rows = _written().filter(person__in=clients).order_by()
    return dict(rows.values_list("person").annotate(latest=Max("queued_at")))


def _written() -> QuerySet[Letter]:
    return Letter.objects.filter(template__in=list(TEMPLATES)).exclude(state="cancelled")


def _in_force(on: date) -> QuerySet[Pause]:
    return Pause.objects.filter(Q(until=None) | Q(until__gte=on), state="on")
