"""What payers owe, held against lines of the bank."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from entremise.payments.models import BankAccount, BankLine, LineRule
from entremise.payments.queries import as_entry
from entremise.settlement.models import Payer, PayerShare, Receipt
from entremise.settlement.rules.payer_lines import OpenShare, OpenShares, ShareGroup, groups


def shares_open() -> OpenShares:
    """What all payers owe now, the oldest first. One query."""
    return OpenShares(_open(PayerShare.objects.all()))


def shares_due(*, shares: Sequence[UUID]) -> list[OpenShare]:
    """What is owed now of these, the oldest first; those that are paid are left out."""
    return _open(PayerShare.objects.filter(id__in=shares))


def payers_of_lines(*, lines: Sequence[BankLine]) -> dict[UUID, set[UUID]]:
    """Payers whose account each line comes from: a person said so of an earlier line, or it is the one we know. By the
    payer's person. Three queries.
    """
    payers = set(Payer.objects.values_list("person_id", flat=True))
    accounts: defaultdict[str, set[UUID]] = defaultdict(set)
    for row in BankAccount.objects.filter(person__in=payers):
        accounts[row.iban].add(row.person_id)
    ibans = {line.counterparty_iban for line in lines if line.counterparty_iban}
    taught = LineRule.objects.filter(iban__in=ibans, client__in=payers, came_in=True, withdrawn_at=None)
    for iban, client in taught.values_list("iban", "client"):
        accounts[iban].add(client)
    return {line.id: accounts[line.counterparty_iban] if line.counterparty_iban else set() for line in lines}


def share_groups(*, line: BankLine) -> list[ShareGroup]:
    """What a line that waits may pay of what payers owe. A constant number of queries."""
    if line.state != "unmatched" or line.amount <= 0:
        return []
    owed = shares_open()
    return groups(as_entry(line=line), owed, payers_of_lines(lines=[line])[line.id]) if owed else []


def _open(rows: "QuerySet[PayerShare]") -> list[OpenShare]:
    money = Receipt.objects.filter(share=OuterRef("id")).order_by().values("share").annotate(total=Sum("amount"))
    left = rows.annotate(due=F("amount") - Coalesce(Subquery(money.values("total")), 0)).filter(due__gt=0)
    found = left.select_related("invoice__client", "undertaking__payer__person").order_by("due_on", "reference")
    return [
        OpenShare(
            id=one.id,
            reference=one.reference,
            payer=one.undertaking.payer.person_id,
            name=one.undertaking.payer.person.full_name,
            client=one.invoice.client_id,
            whom=one.invoice.client.full_name,
            month=one.invoice.month,
            due_on=one.due_on,
            due=one.due,
        )
        for one in found
    ]
