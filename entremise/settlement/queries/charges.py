"""What is charged to the means that clients keep: what to tell them of, what they were told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from entremise.figures import queries as figures
from entremise.payments.models import Intent, KeptMeans
from entremise.payments.queries import mandates_of, paying_means
from entremise.payments.rules.means import CARD, LEAST
from entremise.settlement.models import Charge, Debit, Deposit, Instalment, Invoice, PlanInvoice
from entremise.settlement.queries.debits import collection_day, earliest_collection
from entremise.settlement.queries.owed import dues, unpaid
from entremise.settlement.queries.plans import parts_to_collect
from entremise.settlement.queries.reminders import paused_clients
from entremise.settlement.rules.charges import LIVE


@dataclass(frozen=True)
class ToTell:
    """What is to be charged to somebody's means, cents, and the first day on which it may be: of an invoice, with the
    instalment that it is of, or of a deposit.
    """

    means: KeptMeans
    amount: int
    collect_on: date
    invoice: Invoice | None = None
    instalment: Instalment | None = None
    deposit: Deposit | None = None

    @property
    def id(self) -> UUID:
        """Of the thing."""
        thing = self.invoice or self.deposit
        if thing is None:
            raise LookupError("neither an invoice nor a deposit")
        return thing.id


def to_tell(*, on: date, client: UUID | None = None) -> list[ToTell]:
    """What clients who chose so, or one of them, owe or are asked ahead, and were not told of yet. A mandate for our
    own bank's files goes first; who said that paying is hard, and what failed or came back with the same means, wait
    for a person. A constant number of queries.
    """
    paying = paying_means(person=client)
    if not paying:
        return []
    waits = {*mandates_of(on=on, people=paying), *paused_clients(clients=paying, on=on)}
    means = {owner: one for owner, one in paying.items() if owner not in waits}
    tried = Charge.objects.filter(client__in=means, state__in=["failed", "returned"])
    stopped = set(tried.values_list("invoice", "deposit", "means"))
    found = [*_invoices(means, on), *_instalments(means, on), *_deposits(means, on)]
    return [
        one
        for one in found
        if one.amount >= LEAST
        and (one.invoice and one.invoice.id, one.deposit and one.deposit.id, one.means.id) not in stopped
    ]


def charge(*, charge: UUID) -> Charge | None:
    return _whole(Charge.objects.filter(id=charge)).first()


def charges_due(*, on: date, limit: int = 200) -> list[Charge]:
    """What was told for that day, or one before."""
    return list(_whole(Charge.objects.filter(state="told", collect_on__lte=on))[:limit])


def charges_to_come(*, client: UUID) -> list[Charge]:
    """What a client was told of, and what is being charged, the nearest first."""
    return list(_whole(Charge.objects.filter(client_id=client, state__in=LIVE)))


def first_charge(*, means: KeptMeans, on: date) -> date:
    """The first day on which what is told that day may be charged."""
    if means.kind == CARD:
        return on + timedelta(days=int(figures.table().at("charge.card_notice_days", on)))
    return earliest_collection(on=on)


def charge_day(*, means: KeptMeans, due_on: date, on: date) -> date:
    """Never before it is due; a debit on a day on which banks settle."""
    first = first_charge(means=means, on=on)
    return max(first, due_on) if means.kind == CARD else collection_day(wanted=first, due_on=due_on)


def _invoices(means: dict[UUID, KeptMeans], on: date) -> Iterator[ToTell]:
    spread = PlanInvoice.objects.filter(plan__state="running", invoice=OuterRef("id"))
    rows = unpaid(Invoice.objects.filter(~Exists(spread), client__in=means).exclude(_spoken_for()))
    invoices = list(rows.select_related("client").order_by("due_on", "number"))
    due = dues(invoices=invoices)
    for one in invoices:
        kept = means[one.client_id]
        yield ToTell(kept, due[one.id], charge_day(means=kept, due_on=one.due_on, on=on), one)


def _instalments(means: dict[UUID, KeptMeans], on: date) -> Iterator[ToTell]:
    parts = list(parts_to_collect(clients=means, on=on))
    spoken_for = Invoice.objects.filter(_spoken_for(), id__in=[one.invoice.id for one in parts])
    stopped = set(spoken_for.values_list("id", flat=True))
    for one in parts:
        if one.invoice.id not in stopped:
            kept = means[one.invoice.client_id]
            day = charge_day(means=kept, due_on=one.instalment.due_on, on=on)
            yield ToTell(kept, one.amount, day, one.invoice, one.instalment)


def _deposits(means: dict[UUID, KeptMeans], on: date) -> Iterator[ToTell]:
    live = Charge.objects.filter(state__in=LIVE, deposit=OuterRef("id"))
    rows = Deposit.objects.filter(~Exists(live), ~Exists(_in_hand()), client__in=means, state="asked")
    for one in rows.select_related("client", "agreement").order_by("asked_at", "id"):
        kept = means[one.client_id]
        if kept.kind == CARD or not one.hold:  # Nothing is held on an account.
            yield ToTell(kept, one.amount, charge_day(means=kept, due_on=on, on=on), deposit=one)


def _spoken_for() -> Q:
    """Invoices that are charged or collected already, or whose client is paying them."""
    told = Charge.objects.filter(state__in=LIVE, invoice=OuterRef("id"))
    by_file = Debit.objects.filter(state__in=["announced", "ordered"], invoice=OuterRef("id"))
    return Q(Exists(told)) | Q(Exists(by_file)) | Q(Exists(_in_hand()))


def _in_hand() -> QuerySet[Intent]:
    return Intent.objects.filter(state__in=["processing", "authorised"], about_id=OuterRef("id"))


def _whole(rows: QuerySet[Charge]) -> QuerySet[Charge]:
    whole = rows.select_related("client", "means__person", "invoice__client", "instalment", "deposit__agreement")
    return whole.select_related("deposit__client").order_by("collect_on", "id")
