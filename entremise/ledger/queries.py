from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db.models import F, Q, Sum

from entremise.kernel.time import Period
from entremise.ledger import rules
from entremise.ledger.models import BEGINNING, Account, Books, BoundedBalance, Fold, Transfer

FINAL = ("posted", "posts")


@dataclass(frozen=True)
class Balance:
    """Minor units. posted: debits less credits. pending: held and not resolved, coming in and going out."""

    posted: int
    pending_in: int
    pending_out: int


@dataclass
class Sums:
    debit: int = 0
    credit: int = 0
    pending_in: int = 0
    pending_out: int = 0


@dataclass(frozen=True)
class TrialLine:
    """A line of the trial balance, holders of one code together; minor units, balance is debit less credit."""

    code: str
    name: str
    asset: str
    debit: int
    credit: int

    @property
    def balance(self) -> int:
        return self.debit - self.credit


@dataclass(frozen=True)
class JournalLine:
    """One transfer as the journal shows it, with both its accounts."""

    transfer: Transfer
    number: int  # Of the entry, from 1 in the order they were recorded.


@dataclass(frozen=True)
class Problem:
    """Something that is not as it must be. code: unbalanced, bounded_differs, bound_passed, fold_differs."""

    code: str
    about: str
    found: int
    expected: int


def accounts(
    *, codes: Collection[str], holders: Collection[UUID], asset: str = "EUR"
) -> dict[tuple[str, UUID | None], UUID]:
    """(code, holder) → account, of those that are open: these holders' and nobody's."""
    rows = Account.objects.filter(Q(holder=None) | Q(holder__in=holders), code__in=codes, asset=asset)
    return {(code, holder): account for account, code, holder in rows.values_list("id", "code", "holder")}


def balance(*, account: UUID) -> Balance:
    """A bounded account keeps its balance; any other is its folds and the rows since. Three queries at most."""
    kept = BoundedBalance.objects.filter(account_id=account).first()
    if kept:
        return Balance(kept.posted, kept.pending_in, kept.pending_out)
    folded = Fold.objects.filter(account_id=account).aggregate(
        debit=Sum("debit"), credit=Sum("credit"), pending_in=Sum("pending_in"), pending_out=Sum("pending_out")
    )
    since = _sums(account=account, since=_folded_to() + timedelta(days=1))
    return Balance(
        (folded["debit"] or 0) - (folded["credit"] or 0) + since.debit - since.credit,
        (folded["pending_in"] or 0) + since.pending_in,
        (folded["pending_out"] or 0) + since.pending_out,
    )


def account(*, code: str, holder: UUID | None = None, asset: str = "EUR") -> Account | None:
    return Account.objects.filter(code=code, holder=holder, asset=asset).first()


def balances_by_holder(*, code: str, asset: str = "EUR") -> dict[UUID, int]:
    """Posted balance of each holder of a code, minor units; those at nothing are left out."""
    totals: dict[UUID, int] = {}
    accounts = Account.objects.filter(code=code, asset=asset, holder__isnull=False)
    holders = {one: holder for one, holder in accounts.values_list("id", "holder") if holder}
    for side, sign in (("debit", 1), ("credit", -1)):
        rows = Transfer.objects.filter(**{f"{side}__in": accounts}, phase__in=FINAL)
        for one, amount in rows.values_list(side).annotate(total=Sum("amount")):
            totals[holders[one]] = totals.get(holders[one], 0) + sign * amount
    return {holder: total for holder, total in totals.items() if total}


def trial_balance(*, up_to: date, asset: str = "EUR") -> list[TrialLine]:
    """Every code with what it took and gave up to an effective day, included, in order of codes."""
    sums: dict[str, Sums] = {}
    names: dict[str, str] = {}
    for code, name in Account.objects.filter(asset=asset).order_by("code", "holder").values_list("code", "name"):
        names.setdefault(code, name)
    rows = Transfer.objects.filter(effective_on__lte=up_to, phase__in=FINAL)
    for code, amount in rows.filter(debit__asset=asset).values_list("debit__code").annotate(total=Sum("amount")):
        sums.setdefault(code, Sums()).debit += amount
    for code, amount in rows.filter(credit__asset=asset).values_list("credit__code").annotate(total=Sum("amount")):
        sums.setdefault(code, Sums()).credit += amount
    return [TrialLine(code, names[code], asset, sums[code].debit, sums[code].credit) for code in sorted(sums)]


def journal(*, period: Period, asset: str = "EUR") -> Iterator[JournalLine]:
    """Final transfers of a period in the order they were recorded, entries numbered without gaps; bounded memory."""
    rows = (
        Transfer.objects.filter(effective_on__range=(period.first, period.last), phase__in=FINAL, debit__asset=asset)
        .select_related("debit", "credit")
        .order_by("recorded_at", "entry", "line")
    )
    number, last = 0, None
    for row in rows.iterator(chunk_size=2000):
        number += row.entry != last
        last = row.entry
        yield JournalLine(row, number)


def first_open(*, on: date) -> date:
    """That day, or the first one after those that are shut."""
    return max(on, _closed_to() + timedelta(days=1))


def entry_of(*, key: str) -> UUID | None:
    """The entry that was written under this key, if it was."""
    return Transfer.objects.filter(key=key).values_list("entry", flat=True).first()


def expired_holds(*, at: datetime, limit: int = 100) -> list[UUID]:
    """Entries held past their time and not resolved yet."""
    resolved = Transfer.objects.filter(resolves__isnull=False).values("resolves")
    rows = Transfer.objects.filter(phase="pending", expires_at__lte=at).exclude(id__in=resolved)
    return list(rows.values_list("entry", flat=True).distinct()[:limit])


def verify() -> list[Problem]:
    """Prove every balance anew from the transfers: sums per asset, bounded balances and their bounds, folds."""
    whole = movements(since=None, until=None)
    problems = []
    assets = dict(Account.objects.values_list("id", "asset"))
    balances = [(assets[one], sums.debit - sums.credit) for one, sums in whole.items()]
    problems += [Problem("unbalanced", asset, total, 0) for asset, total in rules.unbalanced(balances).items()]
    for kept in BoundedBalance.objects.select_related("account"):
        sums = whole.get(kept.account_id, Sums())
        pairs = (
            (kept.posted, sums.debit - sums.credit),
            (kept.pending_in, sums.pending_in),
            (kept.pending_out, sums.pending_out),
        )
        problems += [Problem("bounded_differs", str(kept.account), a, b) for a, b in pairs if a != b]
        posted = sums.debit - sums.credit
        if kept.floor is not None and posted - sums.pending_out < kept.floor:
            problems.append(Problem("bound_passed", str(kept.account), posted, kept.floor))
        if kept.ceiling is not None and posted + sums.pending_in > kept.ceiling:
            problems.append(Problem("bound_passed", str(kept.account), posted, kept.ceiling))
    folded_to = _folded_to()
    expected = movements(since=None, until=folded_to)
    folds = {
        one: Sums(debit or 0, credit or 0, pending_in or 0, pending_out or 0)
        for one, debit, credit, pending_in, pending_out in Fold.objects.values_list("account").annotate(
            Sum("debit"), Sum("credit"), Sum("pending_in"), Sum("pending_out")
        )
    }
    for one in expected.keys() | folds.keys():
        if folds.get(one, Sums()) != expected.get(one, Sums()):
            a, b = folds.get(one, Sums()), expected.get(one, Sums())
            problems.append(Problem("fold_differs", str(one), a.debit - a.credit, b.debit - b.credit))
    return problems


def movements(*, since: date | None, until: date | None) -> dict[UUID, Sums]:
    """What every account took and gave in recorded days (UTC), both included; None is without limit."""
    rows = Transfer.objects.all()
    if since:
        rows = rows.filter(recorded_at__gte=datetime.combine(since, time(), UTC))
    if until:
        rows = rows.filter(recorded_at__lt=midnight_after(day=until))
    sums: dict[UUID, Sums] = {}
    for side in ("debit", "credit"):
        for one, phase, amount in rows.values_list(side, "phase").annotate(total=Sum("amount")):
            _add(sums.setdefault(one, Sums()), side, phase, amount)
    return sums


def midnight_after(*, day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def _sums(*, account: UUID, since: date) -> Sums:
    rows = Transfer.objects.filter(recorded_at__gte=datetime.combine(since, time(), UTC))
    sums = Sums()
    for side in ("debit", "credit"):
        which = Q(**{side: account})
        for phase, amount in rows.filter(which).values_list("phase").annotate(total=Sum(F("amount"))):
            _add(sums, side, phase, amount)
    return sums


def _add(sums: Sums, side: str, phase: str, amount: int) -> None:
    waiting = "pending_in" if side == "debit" else "pending_out"
    if phase in FINAL:
        setattr(sums, side, getattr(sums, side) + amount)
    if phase == "pending":
        setattr(sums, waiting, getattr(sums, waiting) + amount)
    if phase in ("posts", "voids"):
        setattr(sums, waiting, getattr(sums, waiting) - amount)


def closed_to() -> date | None:
    """Up to when the books are shut, if they ever were."""
    day = _closed_to()
    return day if day > BEGINNING else None


def _closed_to() -> date:
    return Books.objects.values_list("closed_to", flat=True).first() or BEGINNING


def _folded_to() -> date:
    return Books.objects.values_list("folded_to", flat=True).first() or BEGINNING
