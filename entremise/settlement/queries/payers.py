"""Who pays for others: what was undertaken, what of it is owed."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from entremise.figures import queries as figures
from entremise.messaging.models import Letter
from entremise.settlement.models import Invoice, InvoiceLine, Payer, PayerShare, Receipt, Undertaking
from entremise.settlement.rules.payers import Cover, Visit, shares


@dataclass(frozen=True)
class Owing:
    """A payer's share of an invoice, and what is still to be paid of it, in cents."""

    share: PayerShare
    due: int


@dataclass(frozen=True)
class PayerSeen:
    """A payer and what it owes, the oldest day first. Cents."""

    payer: Payer
    shares: list[Owing]

    @property
    def due(self) -> int:
        return sum(one.due for one in self.shares)

    def late(self, on: date) -> bool:
        return any(one.due and one.share.due_on < on for one in self.shares)


def payers() -> list[Payer]:
    return list(Payer.objects.select_related("person").order_by("person__family_name", "id"))


def payer_of(*, person: UUID) -> Payer | None:
    return Payer.objects.select_related("person").filter(person_id=person).first()


def payers_seen(*, person: UUID | None = None) -> list[PayerSeen]:
    """Each with what it still owes, in order of names; of one body, with what it has paid too. A constant number of
    queries.
    """
    found = payers() if person is None else [one for one in [payer_of(person=person)] if one]
    owing: defaultdict[UUID, list[Owing]] = defaultdict(list)
    for one in _owing(PayerShare.objects.filter(undertaking__payer__in=found)):
        if one.due or person:
            owing[one.share.undertaking.payer_id].append(one)
    return [PayerSeen(one, owing[one.id]) for one in found]


def payers_to_remind(*, on: date) -> list[Payer]:
    """Those who are late by some days, and were not reminded for as long."""
    days = timedelta(days=int(figures.table().at("payer.reminder_days", on)))
    late = {seen.payer.id: seen.payer for seen in payers_seen() if seen.late(on - days)}
    since = datetime.combine(on - days, time(), UTC)
    told = Letter.objects.filter(template="payer_reminder", about_id__in=list(late), queued_at__gte=since)
    heard = set(told.values_list("about_id", flat=True))
    return [one for payer, one in late.items() if payer not in heard]


def undertakings_of(*, beneficiary: UUID) -> list[Undertaking]:
    """The latest first."""
    rows = Undertaking.objects.filter(beneficiary_id=beneficiary).select_related("payer__person", "beneficiary")
    return list(rows.order_by("-starts_on", "-id"))


def undertaking(*, undertaking: UUID, beneficiary: UUID) -> Undertaking | None:
    """One of those for this person."""
    return Undertaking.objects.filter(id=undertaking, beneficiary_id=beneficiary).first()


def shares_of(*, invoices: Collection[UUID]) -> list[Owing]:
    """What others owe of these invoices, and have not paid yet."""
    return _owing(PayerShare.objects.filter(invoice__in=invoices))


def share(*, share: UUID) -> PayerShare | None:
    return _whole().filter(id=share).first()


def share_named(*, reference: str) -> PayerShare | None:
    """The one that a transfer names."""
    return _whole().filter(reference__iexact=reference.strip()).first()


def due_of(*, share: PayerShare) -> int:
    return share.amount - (share.receipts.aggregate(total=Sum("amount"))["total"] or 0)


def parts_of(*, client: UUID, month: date, visits: Sequence[Visit], last: date) -> list[tuple[Undertaking, int]]:
    """What of an invoice to be made others pay, by what they undertook; nothing where it comes to nothing.

    month: its first day; last: its last.
    """
    rows = Undertaking.objects.filter(Q(ends_on=None) | Q(ends_on__gte=month), beneficiary_id=client, state="on")
    found = list(rows.filter(starts_on__lte=last).select_related("payer__person").order_by("starts_on", "id"))
    if not found:
        return []
    before = PayerShare.objects.filter(undertaking__in=found, invoice__month=month).order_by()
    used = dict(before.values_list("undertaking").annotate(total=Sum("amount")))
    left = {one.id: _hours_left(one, month) for one in found}
    covers = [
        Cover(one.how, one.value, one.starts_on, one.ends_on, one.ceiling, used.get(one.id, 0), left[one.id])
        for one in found
    ]
    return [(one, part) for one, part in zip(found, shares(visits, covers), strict=True) if part]


def _hours_left(one: Undertaking, month: date) -> int | None:
    """Minutes that it still covers, None for all: each earlier invoice took its own until there were none."""
    if one.hours is None:
        return None
    before = Invoice.objects.filter(shares__undertaking=one, shares__amount__gt=0)
    if one.hours_span == Undertaking.Span.MONTH:
        before = before.filter(month=month)
    days = Q(day__gte=one.starts_on) & (Q(day__lte=one.ends_on) if one.ends_on else Q())
    took = InvoiceLine.objects.filter(days, invoice__in=before).aggregate(total=Sum("minutes"))["total"] or 0
    return max(0, one.hours - took)


def _whole() -> QuerySet[PayerShare]:
    return PayerShare.objects.select_related("invoice__client", "undertaking__payer__person")


def _owing(rows: QuerySet[PayerShare]) -> list[Owing]:
    found = list(
        rows.select_related("invoice__client", "invoice__document", "undertaking__payer__person").order_by(
            "due_on", "reference"
        )
    )
    money = Receipt.objects.filter(share__in=found).order_by()
    received = dict(money.values_list("share").annotate(total=Sum("amount")))
    return [Owing(one, one.amount - received.get(one.id, 0)) for one in found]
