from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db.models import F, Q, Sum

from entremise.kernel import chain
from entremise.kernel.time import Period
from entremise.ledger import rules
from entremise.ledger.models import BEGINNING, Account, Books, BoundedBalance, Fold, Proof, Seal, Transfer
from entremise.ledger.rules import Problem

FINAL = ("posted", "posts")
MOST = 500  # Accounts that are named.
PAGE = 2000  # Rows read at once: PostgreSQL behind a pooler gives the whole answer to a question, or a page of it.
# What a seal protects of a transfer: every column but the organisation, and which accounts it runs between.
SEALED = (
    "id", "amount", "entry", "line", "key", "request_hash", "cause", "cause_id", "label", "effective_on", "recorded_at",
    "phase", "resolves_id", "reverses_id", "expires_at", "debit_id", "debit__code", "debit__asset", "debit__holder",
    "credit_id", "credit__code", "credit__asset", "credit__holder",
)  # fmt: skip


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
class Stop:
    """Why no money is paid out: the latest proof found problems. since: when the first one in a row did."""

    since: datetime
    latest: Proof


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


def bounded_by_holder(*, codes: Collection[str], asset: str = "EUR") -> dict[UUID, Balance]:
    """What each holder of these codes has on a bounded account now."""
    rows = BoundedBalance.objects.filter(account__code__in=codes, account__asset=asset, account__holder__isnull=False)
    return {
        kept.account.holder: Balance(kept.posted, kept.pending_in, kept.pending_out)
        for kept in rows.select_related("account")
        if kept.account.holder
    }


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
    problems += [Problem("unbalanced", asset, total, 0, asset) for asset, total in rules.unbalanced(balances).items()]
    for kept in BoundedBalance.objects.select_related("account"):
        sums = whole.get(kept.account_id, Sums())
        pairs = (
            (kept.posted, sums.debit - sums.credit),
            (kept.pending_in, sums.pending_in),
            (kept.pending_out, sums.pending_out),
        )
        problems += [_differing("bounded_differs", kept.account, a, b) for a, b in pairs if a != b]
        posted = sums.debit - sums.credit
        if kept.floor is not None and posted - sums.pending_out < kept.floor:
            problems.append(_differing("bound_passed", kept.account, posted, kept.floor))
        if kept.ceiling is not None and posted + sums.pending_in > kept.ceiling:
            problems.append(_differing("bound_passed", kept.account, posted, kept.ceiling))
    return problems + _wrong_folds()


def _wrong_folds() -> list[Problem]:
    problems = []
    folded_to = _folded_to()
    expected = movements(since=None, until=folded_to)
    folds = {
        one: Sums(debit or 0, credit or 0, pending_in or 0, pending_out or 0)
        for one, debit, credit, pending_in, pending_out in Fold.objects.values_list("account").annotate(
            Sum("debit"), Sum("credit"), Sum("pending_in"), Sum("pending_out")
        )
    }
    wrong = [one for one in expected.keys() | folds.keys() if folds.get(one, Sums()) != expected.get(one, Sums())]
    names = Account.objects.in_bulk(wrong[:MOST])
    for one in wrong:
        a, b = folds.get(one, Sums()), expected.get(one, Sums())
        problems.append(_differing("fold_differs", names.get(one, one), a.debit - a.credit, b.debit - b.credit))
    return problems


def _differing(code: str, account: Account | UUID, found: int, expected: int) -> Problem:
    return Problem(code, str(account), found, expected, account.asset if isinstance(account, Account) else "")


def broken_seals(*, progress: Callable[[int], object] = lambda rows: None) -> Iterator[Problem]:
    """Walk the seals from the first; every transfer of a sealed day that changed, went or came since, by its id.

    Holds one day of digests at a time. progress: is told how many more transfers were read.
    """
    previous, since = chain.BEGINNING, BEGINNING
    while seal := Seal.objects.filter(day__gt=since).order_by("day").first():
        sealed = bytes(seal.digests)
        if seal.hash != rules.page_hash(previous, seal.day, sealed):
            yield Problem("seal_broken", seal.day.isoformat())
        found = digests(after=since, until=seal.day, progress=progress)
        if found != sealed:
            yield from (Problem(code, str(one)) for code, one in rules.differences(sealed, found))
        previous, since = seal.hash, seal.day


def digests(*, after: date, until: date, progress: Callable[[int], object] = lambda rows: None) -> bytes:
    """The page of a seal: transfers recorded after one day (UTC) until another, included, in the order of their ids."""
    rows = Transfer.objects.filter(
        recorded_at__gte=midnight_after(day=after), recorded_at__lt=midnight_after(day=until)
    ).order_by("id")
    page, last = bytearray(), UUID(int=0)
    while read := rows.filter(id__gt=last).values_list(*SEALED)[:PAGE]:
        page += b"".join(map(rules.digest, read))
        last = read[len(read) - 1][0]
        progress(len(read))
    return bytes(page)


def last_seal() -> Seal | None:
    return Seal.objects.order_by("-day").first()


def count_transfers() -> int:
    return Transfer.objects.count()


def payouts_stopped() -> Stop | None:
    """Why no money may be paid out now, if the latest proof found something."""
    latest = Proof.objects.order_by("-at", "-id").first()
    if latest is None or not latest.count:
        return None
    clean = Proof.objects.filter(count=0).order_by("-at").values_list("at", flat=True).first()
    wrong = Proof.objects.filter(count__gt=0, **({"at__gt": clean} if clean else {}))
    return Stop(wrong.order_by("at").values_list("at", flat=True).first() or latest.at, latest)


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
