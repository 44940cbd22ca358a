from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from entremise.kernel.time import Period
from entremise.ledger.models import Account, Books, BoundedBalance, Fold, Transfer
from entremise.ledger.rules import EFFECTS, POSTED, Balance, Terms, start_of
from entremise.tenancy import scope

# Accounts are append-only, so what one process learned of them stays true; the bound only limits memory.
_known: dict[tuple[UUID, UUID], Terms] = {}
_KNOWN_AT_MOST = 50_000


def terms(*, accounts: Collection[UUID]) -> dict[UUID, Terms]:
    """Asset and boundedness of the organisation's accounts; unknown ones are missing from the answer."""
    organisation = scope.current()
    missing = [account for account in accounts if (organisation, account) not in _known]
    if missing:
        if len(_known) > _KNOWN_AT_MOST:
            _known.clear()
        rows = Account.objects.filter(id__in=missing).values_list("id", "asset", "floor", "ceiling")
        for account, asset, floor, ceiling in rows:
            _known[organisation, account] = Terms(asset, floor is not None or ceiling is not None)
    return {account: found for account in accounts if (found := _known.get((organisation, account)))}


def find_account(*, code: str, holder: UUID | None = None, asset: str = "EUR") -> Account | None:
    return Account.objects.filter(code=code, holder=holder, asset=asset).first()


def entry(*, entry: UUID) -> list[Transfer]:
    """The rows of an entry, by line. Its first row carries its id and its key, so no further index is needed."""
    key = Transfer.objects.filter(id=entry).values("key")
    return list(Transfer.objects.filter(key=key[:1]).order_by("line"))


def by_key(*, key: str) -> list[Transfer]:
    """The rows that were written under an idempotency key, by line."""
    return list(Transfer.objects.filter(key=key).order_by("line"))


def balance(*, account: UUID) -> Balance:
    """The account's balance by recording, whatever the effective dates. An account never used has an empty one.

    Bounded: one row. Others: the folds of past days and the transfers of the last ones.
    """
    held = BoundedBalance.objects.filter(account_id=account).first()
    if held:
        return Balance(held.posted, held.pending_in, held.pending_out)
    folded_to = Books.objects.values_list("folded_to", flat=True).first()
    if folded_to is None:
        return Balance()
    # The horizon was read first: a fold made meanwhile adds rows beyond it, and both sums leave them alone.
    return _folded(account, folded_to) + _unfolded(account, folded_to)


def _folded(account: UUID, up_to: date) -> Balance:
    sums = Fold.objects.filter(account_id=account, day__lte=up_to).aggregate(
        debit=Coalesce(Sum("debit"), 0),
        credit=Coalesce(Sum("credit"), 0),
        pending_in=Coalesce(Sum("pending_in"), 0),
        pending_out=Coalesce(Sum("pending_out"), 0),
    )
    return Balance(sums["debit"] - sums["credit"], sums["pending_in"], sums["pending_out"])


def _unfolded(account: UUID, after: date) -> Balance:
    touching = Q(debit_id=account) | Q(credit_id=account)
    # Both sides in one statement: an entry that is being committed is seen whole or not at all.
    rows = (
        Transfer.objects.filter(touching, recorded_at__gte=start_of(after + timedelta(days=1)))
        .order_by()
        .values_list("debit_id", "phase")
        .annotate(total=Sum("amount"))
    )
    found = Balance()
    for debit, phase, total in _either_side(rows, account):
        posted, pending = EFFECTS[phase]
        if debit:
            found += Balance(posted * total, pending * total, 0)
        else:
            found += Balance(-posted * total, 0, pending * total)
    return found
