"""What moved on accounts over time, and since when they stand as they do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from entremise.kernel.time import Period
from entremise.ledger.models import Account, Transfer
from entremise.ledger.queries.balances import FINAL, PAGE


@dataclass(frozen=True)
class AccountLine:
    """One transfer as an account sees it. amount: positive when it came in (debit). balance: after it."""

    transfer: Transfer
    other: Account
    amount: int
    balance: int

    @property
    def came(self) -> int | None:
        return self.amount if self.amount > 0 else None

    @property
    def went(self) -> int | None:
        return -self.amount if self.amount < 0 else None


@dataclass(frozen=True)
class Standing:
    """What one account holds, and since when: the day of the oldest movement that made it so, oldest settled first.

    amount: minor units, debit less credit.
    """

    account: Account
    amount: int
    since: date


def moved(*, codes: Collection[str], period: Period, asset: str = "EUR") -> dict[date, tuple[int, int]]:
    """First day of a month → what came into these accounts from others, and what left them for others. Two queries."""
    came: dict[date, int] = {}
    went: dict[date, int] = {}
    rows = Transfer.objects.filter(effective_on__range=(period.first, period.last), phase__in=FINAL, debit__asset=asset)
    for sums, ours, theirs in ((came, "debit", "credit"), (went, "credit", "debit")):
        across = rows.filter(**{f"{ours}__code__in": codes}).exclude(**{f"{theirs}__code__in": codes})
        months = across.annotate(month=TruncMonth("effective_on")).order_by()
        sums.update(months.values_list("month").annotate(total=Sum("amount")))
    return {month: (came.get(month, 0), went.get(month, 0)) for month in sorted({*came, *went})}


def account_lines(*, code: str, period: Period, asset: str = "EUR") -> tuple[int, list[AccountLine]]:
    """What a code held before a period, and its movements over it, oldest first. Four queries."""
    accounts = set(Account.objects.filter(code=code, asset=asset).values_list("id", flat=True))
    final = Transfer.objects.filter(phase__in=FINAL)
    before = final.filter(effective_on__lt=period.first)
    opening = balance = _sum(before.filter(debit__in=accounts)) - _sum(before.filter(credit__in=accounts))
    rows = final.filter(
        Q(debit__in=accounts) | Q(credit__in=accounts), effective_on__range=(period.first, period.last)
    ).select_related("debit", "credit")
    lines = []
    for row in rows.order_by("effective_on", "recorded_at", "entry", "line"):
        comes = row.debit_id in accounts
        amount = (row.amount if comes else 0) - (row.amount if row.credit_id in accounts else 0)
        balance += amount
        lines.append(AccountLine(row, row.credit if comes else row.debit, amount, balance))
    return opening, lines


def standing(*, starting: str, up_to: date, asset: str = "EUR") -> list[Standing]:
    """Every account whose code starts so and that is not at nothing, in order of codes; those of somebody one by one.

    Four queries, and as many rows as are still open.
    """
    accounts = {one.id: one for one in Account.objects.filter(code__startswith=starting, asset=asset)}
    rows = Transfer.objects.filter(effective_on__lte=up_to, phase__in=FINAL)
    left = dict.fromkeys(accounts, 0)
    for side, sign in (("debit", 1), ("credit", -1)):
        sums = rows.filter(**{f"{side}__code__startswith": starting, f"{side}__asset": asset})
        for one, amount in sums.values_list(side).annotate(total=Sum("amount")):
            left[one] += sign * amount
    since: dict[UUID, date] = {}
    for side, sign in (("debit", 1), ("credit", -1)):
        since.update(_since(rows, side, {one: sign * amount for one, amount in left.items() if sign * amount > 0}))
    found = [Standing(accounts[one], left[one], day) for one, day in since.items()]
    return sorted(found, key=lambda one: (one.account.code, one.since, one.account.id))


def _since(rows: "QuerySet[Transfer]", side: str, left: dict[UUID, int]) -> dict[UUID, date]:
    """Account → the day of the oldest movement on this side that is still open, when older ones are settled first."""
    since: dict[UUID, date] = {}
    latest = rows.filter(**{f"{side}__in": left}).order_by("-effective_on", "-recorded_at", "-id")
    for account, day, amount in latest.values_list(side, "effective_on", "amount").iterator(chunk_size=PAGE):
        if left.get(account, 0) > 0:
            since[account] = day
            left[account] -= amount
            if left[account] <= 0:
                del left[account]
        if not left:
            break
    return since


def _sum(rows: "QuerySet[Transfer]") -> int:
    return int(rows.aggregate(total=Sum("amount"))["total"] or 0)
