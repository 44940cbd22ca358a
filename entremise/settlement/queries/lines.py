"""A bank line as a person looks at it: what it may pay, what it pays, and the lines beside it."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, Sum

from entremise.payments.models import BankLine, Mandate
from entremise.payments.queries import as_entry, rules_for
from entremise.payments.rules import Claim, OpenClaims
from entremise.payments.rules.suggestions import Known, Suggestion, suggest
from entremise.settlement.models import Invoice, PayerShare, Receipt
from entremise.settlement.queries.owed import OpenInvoice, dues, receipts_of_line, unpaid


@dataclass(frozen=True)
class Beside:
    """The lines that wait beside one, in the order of their days."""

    before: BankLine | None
    after: BankLine | None


@dataclass(frozen=True)
class LinePage:
    """left: how many wait in all. receipts: what it pays, when somebody said so."""

    line: BankLine
    suggestions: list[Suggestion]
    receipts: list[Receipt]
    beside: Beside
    left: int


def claims_open() -> OpenClaims:
    """What clients owe, as the matching rules read it, the oldest first. Three queries."""
    # Credit notes and what others pay are few: summed at once, for SQLite finds those of one invoice only among all.
    notes = Invoice.objects.filter(corrects__isnull=False).order_by().values_list("corrects")
    credited = dict(notes.annotate(total=Sum("total")))
    others = dict(PayerShare.objects.order_by().values_list("invoice").annotate(total=Sum("amount")))
    rows = unpaid(Invoice.objects.all()).order_by("due_on", "number")
    fields = ("id", "number", "client_id", "client__given_name", "client__family_name", "uncovered")
    return OpenClaims(
        Claim(one, number, due, payer=" ".join(part for part in (given, family) if part), client=client)
        for one, number, client, given, family, left in rows.values_list(*fields)
        if (due := left - credited.get(one, 0) - others.get(one, 0)) > 0
    )


def line_page(*, line: UUID) -> LinePage | None:
    """A constant number of queries."""
    one = BankLine.objects.filter(id=line).first()
    if one is None:
        return None
    return LinePage(
        line=one,
        suggestions=_suggestions(one) if one.state == "unmatched" else [],
        receipts=receipts_of_line(line=one.id),
        beside=beside(line=one),
        left=BankLine.objects.filter(state="unmatched").count(),
    )


def beside(*, line: BankLine) -> Beside:
    """Two queries."""
    waiting = BankLine.objects.filter(state="unmatched")
    earlier = Q(booked_on__lt=line.booked_on) | Q(booked_on=line.booked_on, id__lt=line.id)
    later = Q(booked_on__gt=line.booked_on) | Q(booked_on=line.booked_on, id__gt=line.id)
    return Beside(
        waiting.filter(earlier).order_by("-booked_on", "-id").first(),
        waiting.filter(later).order_by("booked_on", "id").first(),
    )


def owed_now(*, numbers: Collection[str] = (), client: UUID | None = None) -> list[OpenInvoice]:
    """Invoices by their numbers, whatever is due of them; or what a client still owes. The oldest first."""
    rows = Invoice.objects.select_related("client").filter(kind=Invoice.Kind.INVOICE).order_by("due_on", "number")
    asked = list(rows.filter(client_id=client) if client else rows.filter(number__in=numbers))
    due = dues(invoices=asked)
    return [OpenInvoice(one, due[one.id]) for one in asked if due[one.id] or not client]


def _suggestions(line: BankLine) -> list[Suggestion]:
    if line.amount <= 0:
        return []
    known = Known(rules_for(lines=[line])[line.id], _accounts(line.counterparty_iban))
    return suggest(as_entry(line=line), claims_open(), known)


def _accounts(iban: str) -> list[UUID]:
    """Clients whose account this is, by what they paid from it before or by a mandate."""
    if not iban:
        return []
    paid = Receipt.objects.filter(line__counterparty_iban=iban, line__state="matched", amount__gt=0, share=None)
    given = Mandate.objects.filter(iban=iban)
    found = [*paid.values_list("invoice__client_id", flat=True).distinct(), *given.values_list("person_id", flat=True)]
    return list(dict.fromkeys(found))
