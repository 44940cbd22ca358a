"""What the provider, the books and the bank say of the same money, where they do not agree."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.db.models import Q, Sum

from entremise.ledger import queries as ledger
from entremise.ledger.models import Transfer
from entremise.payments import queries as payments
from entremise.payments.models import BankLine, Intent, ProviderLine
from entremise.settlement.models import Deposit, Invoice, SupplierInvoice
from entremise.settlement.rules.books_fr import PROVIDERS

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Difference:
    """what: payment, all that the provider holds, or a payout that the bank has not shown. ours, theirs: cents."""

    what: Literal["payment", "holds", "payout"]
    ours: int
    theirs: int
    intent: Intent | None = None
    on: date | None = None


@dataclass(frozen=True)
class Reconciled:
    """read_at: the latest line of the provider's statement that we have; None before any."""

    read_at: datetime | None
    holds: int
    differences: list[Difference]


def names_invoice(*, intent: Intent) -> dict[str, str]:
    """How people call what a payment is for."""
    return {"invoice": Invoice.objects.values_list("number", flat=True).get(id=intent.about_id)}


def names_deposit(*, intent: Intent) -> dict[str, str]:
    return {"invoice": Deposit.objects.values_list("agreement__number", flat=True).get(id=intent.about_id)}


def names_supplied(*, intent: Intent) -> dict[str, str]:
    return {"invoice": SupplierInvoice.objects.values_list("number", flat=True).get(id=intent.about_id)}


def reconciled(*, provider: str, since: datetime) -> Reconciled:
    """The books, the provider's statement and the bank held against each other; all that agrees is left out.

    since: from when on payments and payouts are compared one by one; what the provider holds is compared whole.
    """
    latest = ProviderLine.objects.filter(provider=provider).order_by("-at").first()
    theirs, account = payments.provider_total(provider=provider), ledger.account(code=PROVIDERS[provider][0])
    ours = ledger.balance(account=account.id).posted if account else 0
    payouts = _payouts(provider, since)
    on_the_way = sum(one.theirs for one in payouts)
    found = [*_payments(provider, since, account.id if account else None), *payouts]
    if latest and ours != theirs + on_the_way:
        found.insert(0, Difference("holds", ours, theirs + on_the_way))
    return Reconciled(latest.at if latest else None, theirs, found)


def _payments(provider: str, since: datetime, account: UUID | None) -> Iterator[Difference]:
    """Payments of which the statement and the books say otherwise."""
    lines = ProviderLine.objects.filter(provider=provider, at__gte=since).exclude(payment="")
    theirs = dict(lines.order_by().values_list("payment").annotate(total=Sum("amount")))
    booked = booked_since(account=account, since=since)
    intents = Intent.objects.filter(provider=provider, taken__gt=0, asked_at__gte=since).select_related("person")
    for intent in intents.order_by("asked_at", "id"):
        mine, said = booked[str(intent.id)], theirs.pop(intent.ref, 0)
        if mine != said:
            yield Difference("payment", mine, said, intent)
    older = set(Intent.objects.filter(provider=provider, ref__in=theirs).values_list("ref", flat=True))
    yield from (Difference("payment", 0, total) for ref, total in theirs.items() if ref not in older)


def booked_since(*, account: UUID | None, since: datetime) -> Counter[str]:
    """What the books say that a provider, by its account, took less what went back: by intent, whatever it paid for."""
    booked: Counter[str] = Counter()
    rows = Transfer.objects.filter(recorded_at__gte=since, phase__in=ledger.FINAL)
    mine = rows.filter(Q(debit=account) | Q(credit=account)).exclude(key__contains=":fee")
    for key, debit, amount in mine.values_list("key", "debit", "amount").iterator():
        named = _ID.search(key)  # The intent's own, in the key of whatever it made move.
        if named:
            booked[named.group()] += amount if debit == account else -amount
    return booked


def _payouts(provider: str, since: datetime) -> list[Difference]:
    """What the provider has sent to our bank and no line of a statement has been explained by."""
    sent = ProviderLine.objects.filter(provider=provider, kind="payout", at__gte=since).order_by("at", "id")
    lines = BankLine.objects.filter(amount__gt=0, booked_on__gte=since.date(), state="set_aside")
    arrived = Counter(lines.values_list("amount", flat=True))
    found = []
    for line in sent:
        if arrived[-line.amount]:
            arrived[-line.amount] -= 1
        else:
            found.append(Difference("payout", 0, -line.amount, on=line.at.date()))
    return found
