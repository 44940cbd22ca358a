from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from entremise.figures import queries as figures
from entremise.payments.models import BankFile, Mandate
from entremise.payments.queries import files, mandates_of
from entremise.payments.rules import bank_day, bank_days_after
from entremise.settlement.models import Charge, Debit, Instalment, Invoice, PlanInvoice
from entremise.settlement.queries.owed import dues
from entremise.settlement.queries.plans import parts_to_collect, plans_running
from entremise.settlement.rules.charges import LIVE as CHARGED_SOON

YEAR = timedelta(days=366)
# What a person said no to, or the bank, waits for a person's word: it is not announced again by itself.
_WAITS = Q(again_at=None) & (Q(state__in=["rejected", "returned"]) | Q(state="dropped", reason="by_hand"))


@dataclass(frozen=True)
class ToCollect:
    """An invoice that may be announced, what is due of it in cents, and the first day on which it may be collected.

    Of a plan: so much of the invoice, the instalment that it is and how many there are.
    """

    invoice: Invoice
    mandate: Mandate
    due: int
    collect_on: date
    instalment: Instalment | None = None
    count: int = 0


@dataclass(frozen=True)
class Debits:
    """Everything collected by direct debit, by what is to be done with it. total: of what is to announce, in cents."""

    to_announce: list[ToCollect]
    total: int
    earliest: date
    announced: list[Debit]
    on_their_way: list[Debit]
    back: list[Debit]
    paid: list[Debit]
    files: list[BankFile]
    mandates: int


def debits(*, on: date, limit: int = 12) -> Debits:
    """The treasurer's page, a constant number of queries."""
    found = to_announce(on=on)
    return Debits(
        to_announce=found,
        total=sum(one.due for one in found),
        earliest=earliest_collection(on=on),
        announced=list(_whole(Debit.objects.filter(state="announced"))),
        on_their_way=list(_whole(Debit.objects.filter(state="ordered"))),
        back=_still_due(list(_whole(Debit.objects.filter(_WAITS)))),
        paid=list(_whole(Debit.objects.filter(state="paid")).order_by("-paid_on", "-id")[:limit]),
        files=files(way=BankFile.Way.OUT, message="pain.008", limit=3),
        mandates=Mandate.objects.filter(state="active").count(),
    )


def debit(*, debit: UUID) -> Debit | None:
    return _whole(Debit.objects.filter(id=debit)).first()


def debits_to_come(*, client: UUID) -> dict[UUID, Debit | Charge]:
    """What a client was told of and is not collected yet, by invoice: by a file, or by the means that they keep."""
    rows = Debit.objects.filter(invoice__client_id=client, state__in=["announced", "ordered"])
    charges = Charge.objects.filter(client_id=client, invoice__isnull=False, state__in=CHARGED_SOON)
    found: dict[UUID, Debit | Charge] = {row.invoice_id: row for row in rows}
    return found | {row.invoice_id: row for row in charges if row.invoice_id}


def each_debit() -> Iterator[Debit]:
    """All of them, the latest first; a few hundred in memory at a time."""
    return _whole(Debit.objects.all()).order_by("-collect_on", "-id").iterator(chunk_size=500)


def earliest_collection(*, on: date) -> date:
    """The first day on which what is announced that day may be collected."""
    notice = int(figures.table().at("debit.notice_days", on))
    return bank_day(on + timedelta(days=notice), _closed(on))


def next_collection(*, on: date) -> date:
    """The first day that the bank still takes for a file handed in that day."""
    return bank_days_after(on, int(figures.table().at("debit.bank_days", on)), _closed(on))


def collection_day(*, wanted: date, due_on: date) -> date:
    """Never before the invoice is due, and on a day on which banks settle."""
    day = max(wanted, due_on)
    return bank_day(day, _closed(day))


def to_announce(*, on: date) -> list[ToCollect]:
    """Open invoices of clients who let us collect, that are not on their way and wait for nobody's word; of those that
    are paid in instalments the next one, when it is near.
    """
    mandates = mandates_of(on=on)
    stopped = Debit.objects.filter(Q(state__in=["announced", "ordered"]) | _WAITS, invoice=OuterRef("id"))
    spread = PlanInvoice.objects.filter(plan__state="running", invoice=OuterRef("id"))
    charged = Charge.objects.filter(state__in=CHARGED_SOON, invoice=OuterRef("id"))
    free = (~Exists(stopped), ~Exists(spread), ~Exists(charged))
    rows = Invoice.objects.filter(*free, kind=Invoice.Kind.INVOICE, client_id__in=list(mandates))
    invoices = list(rows.select_related("client").order_by("due_on", "number"))
    due, first = dues(invoices=invoices), earliest_collection(on=on)
    closed = _closed(on)
    whole = [
        ToCollect(one, mandates[one.client_id], due[one.id], bank_day(max(first, one.due_on), closed))
        for one in invoices
        if due[one.id]
    ]
    return [*whole, *_instalments(on, mandates, first, closed)]


def _instalments(on: date, mandates: Mapping[UUID, Mandate], first: date, closed: set[date]) -> Iterator[ToCollect]:
    parts = list(parts_to_collect(clients=mandates, on=on))
    invoices = [one.invoice.id for one in parts]
    live = Debit.objects.filter(Q(state__in=["announced", "ordered"]) | _WAITS, invoice__in=invoices)
    stopped = {*live.values_list("invoice_id", flat=True), *charged_soon(invoices=invoices)} if invoices else set()
    for one in parts:
        if one.invoice.id not in stopped:
            day = bank_day(max(first, one.instalment.due_on), closed)
            mandate = mandates[one.invoice.client_id]
            yield ToCollect(one.invoice, mandate, one.amount, day, one.instalment, one.count)


def charged_soon(*, invoices: Collection[UUID]) -> set[UUID]:
    """Those of which the client was told that their kept means will be charged, or are being charged."""
    rows = Charge.objects.filter(invoice__in=invoices, state__in=CHARGED_SOON)
    return set(rows.values_list("invoice_id", flat=True))


def left_of_instalments(*, debits: Collection[Debit], on: date) -> dict[UUID, int]:
    """Cents that are still to come of each instalment that one of these is of; nothing of a plan that runs no more."""
    people = {one.invoice.client_id for one in debits if one.instalment_id}
    plans = plans_running(clients=people, on=on)
    return {part.instalment.id: part.left for seen in plans for part in seen.parts}


def for_the_file(*, on: date) -> QuerySet[Debit]:
    """What was announced and is near enough for the bank to take it."""
    days = int(figures.table().at("sepa_file_earliest_days", on))
    return _whole(Debit.objects.filter(state="announced", collect_on__lte=on + timedelta(days=days)))


def being_collected(*, invoice: UUID) -> int:
    """Cents that are on their way from the client's account already."""
    rows = Debit.objects.filter(invoice_id=invoice, state="ordered")
    return rows.aggregate(total=Sum("amount"))["total"] or 0


def _closed(on: date) -> set[date]:
    return set(figures.bank_holidays(first=on, last=on + YEAR))


def _whole(rows: QuerySet[Debit]) -> QuerySet[Debit]:
    return (
        rows.select_related("invoice__client", "mandate", "file", "instalment")
        .defer("file__content")
        .order_by("collect_on", "id")
    )


def _still_due(rows: list[Debit]) -> list[Debit]:
    due = dues(invoices=[one.invoice for one in rows])
    return [one for one in rows if due[one.invoice_id]]
