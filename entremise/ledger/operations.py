"""Entries and what becomes of them. Every write carries a key: the same key and request again change nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, models

from entremise.kernel import chain
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.ledger import queries, rules
from entremise.ledger.models import BEGINNING, Account, Books, BoundedBalance, Fold, Proof, Seal, Transfer
from entremise.ledger.rules import Line, Posting, Problem
from entremise.tenancy import scope

PROBLEMS_NAMED = 20  # In the row of a proof: the others are counted, and `entremise check` says them all.

ROWS = 1000  # In one statement: SQLite takes 32,766 values.

# Accounts never change, so what was read once stays true.
_bounded: dict[UUID, bool] = {}
_assets: dict[tuple[UUID, UUID], str] = {}


@dataclass(frozen=True)
class Entry:
    """id: shared by its transfers. repeated: it was already there, and nothing was written."""

    id: UUID
    repeated: bool


def open_account(
    *,
    code: str,
    name: str,
    asset: str = "EUR",
    holder: UUID | None = None,
    floor: int | None = None,
    ceiling: int | None = None,
) -> Account:
    """The account of this code, holder and asset; opened if it is not there yet. Bounds are in minor units."""
    found = Account.objects.filter(code=code, holder=holder, asset=asset).first()
    if found:
        return found
    row = Account(
        id=new_id(),
        organisation_id=scope.current(),
        code=code,
        name=name[:80],
        asset=asset,
        holder=holder,
        floor=floor,
        ceiling=ceiling,
    )
    Account.objects.bulk_create([row], ignore_conflicts=True)
    account = Account.objects.get(code=code, holder=holder, asset=asset)
    if account.id == row.id and (floor is not None or ceiling is not None):
        BoundedBalance.objects.create(account=account, floor=floor, ceiling=ceiling)
    return account


def post(
    *,
    key: str,
    at: datetime,
    effective_on: date,
    cause: str,
    cause_id: UUID | None,
    lines: Sequence[Line],
) -> Entry:
    """Write an entry: each line moves a positive amount from its credit to its debit account, of the same asset.

    Raises Refused("key_reused") for the same key with another request, Refused("period_closed") for a day the books
    are shut on, Refused("not_enough") when a bounded account would pass its floor or ceiling.
    """
    return _write(
        phase="posted", key=key, at=at, effective_on=effective_on, cause=cause, cause_id=cause_id, lines=lines
    )


def post_many(*, at: datetime, postings: Sequence[Posting]) -> list[Entry]:
    """Like `post` for each of these, in as many statements as for one up to a thousand transfers. Keys differ."""
    _check([line for one in postings for line in one.lines])
    drafts = [_rows("posted", at, one) for one in postings]
    rows = [row for draft in drafts for row in draft]
    written = sum(_insert(rows[first : first + ROWS]) for first in range(0, len(rows), ROWS))
    there = Transfer.objects.filter(key__in=[one.key for one in postings] if written < len(rows) else [])
    repeated = set(there.exclude(entry__in=[draft[0]["id"] for draft in drafts]).values_list("key", flat=True))
    new = [one for one in postings if one.key not in repeated]
    _must_be_open(at, min((one.effective_on for one in new), default=date.max))
    _apply(rules.changes("posted", [(line.debit, line.credit, line.amount) for one in new for line in one.lines]))
    return [
        _repeated(one.key, draft[0]["request_hash"]) if one.key in repeated else Entry(draft[0]["id"], repeated=False)
        for one, draft in zip(postings, drafts, strict=True)
    ]


def hold(
    *,
    key: str,
    at: datetime,
    effective_on: date,
    cause: str,
    cause_id: UUID | None,
    lines: Sequence[Line],
    expires_at: datetime | None = None,
) -> Entry:
    """Set amounts aside: they no longer count as free on the credit side, and do not count as there on the debit side.

    Resolved once, by `settle_hold` or `release`. Raises like `post`.
    """
    return _write(
        phase="pending",
        key=key,
        at=at,
        effective_on=effective_on,
        cause=cause,
        cause_id=cause_id,
        lines=lines,
        expires_at=expires_at,
    )


def settle_hold(*, key: str, at: datetime, effective_on: date, entry: UUID) -> Entry:
    """Make a held entry final. Raises Refused("already_resolved") when it was released or settled before."""
    return _resolve(phase="posts", key=key, at=at, effective_on=effective_on, entry=entry)


def release(*, key: str, at: datetime, entry: UUID) -> Entry:
    """Give a held entry up. Raises Refused("already_resolved") when it was released or settled before."""
    return _resolve(phase="voids", key=key, at=at, effective_on=queries.first_open(on=at.date()), entry=entry)


def reverse(*, key: str, at: datetime, effective_on: date, entry: UUID, cause: str) -> Entry:
    """Correct an entry by its mirror, at most once. Raises Refused("already_reversed") or Refused("not_posted")."""
    rows = list(Transfer.objects.filter(entry=entry).order_by("line"))
    if not rows or any(row.phase not in ("posted", "posts") for row in rows):
        raise Refused("not_posted")
    if Transfer.objects.filter(reverses__in=rows).exclude(key=key).exists():
        raise Refused("already_reversed")
    lines = [Line(row.credit_id, row.debit_id, row.amount, row.label) for row in rows]
    return _write(
        phase="posted",
        key=key,
        at=at,
        effective_on=effective_on,
        cause=cause,
        cause_id=rows[0].cause_id,
        lines=lines,
        reverses=[row.id for row in rows],
    )


def close_period(*, up_to: date) -> date:
    """Shut the books up to a day, included. They never open again; returns the day they are shut to."""
    if connection.vendor == "postgresql":
        # A reader keeps the table until its commit: who saw the books open ends first, others see them shut.
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {connection.ops.quote_name(Books._meta.db_table)} IN ACCESS EXCLUSIVE MODE")
    books = _books(for_change=True)
    if up_to > books.closed_to:
        books.closed_to = up_to
        books.save(update_fields=["closed_to"])
    return books.closed_to


def fold(*, today: date, limit: int = 31) -> int:
    """Sum up recorded days that are over for everybody, so that a balance never reads a year of rows.

    today: the UTC day it is. Yesterday stays open: a slow transaction may still be writing it. Returns days folded.
    """
    books = _books(for_change=True)
    last = today - timedelta(days=2)
    oldest = Transfer.objects.filter(recorded_at__gt=queries.midnight_after(day=books.folded_to)).aggregate(
        first=models.Min("recorded_at")
    )["first"]
    if oldest is None or oldest.astimezone(UTC).date() > last:
        return 0
    day, folded = oldest.astimezone(UTC).date(), 0
    while day <= last and folded < limit:
        Fold.objects.bulk_create(
            Fold(
                account_id=account,
                day=day,
                debit=sums.debit,
                credit=sums.credit,
                pending_in=sums.pending_in,
                pending_out=sums.pending_out,
            )
            for account, sums in queries.movements(since=day, until=day).items()
        )
        books.folded_to = day
        day, folded = day + timedelta(days=1), folded + 1
    books.save(update_fields=["folded_to"])
    return folded


def seal(*, limit: int = 31) -> int:
    """Put the transfers of folded days under seal, oldest day first; returns how many days.

    A folded day takes no entry any more, so its page is whole. Writers never wait for this.
    """
    folded_to = _books(for_change=True).folded_to
    last = queries.last_seal()
    previous, after = (last.hash, last.day) if last else (chain.BEGINNING, BEGINNING)
    for sealed in range(limit):
        rows = Transfer.objects.filter(
            recorded_at__gte=queries.midnight_after(day=after), recorded_at__lt=queries.midnight_after(day=folded_to)
        )
        oldest = rows.aggregate(first=models.Min("recorded_at"))["first"]
        if oldest is None:
            return sealed
        day = oldest.astimezone(UTC).date()
        page = queries.digests(after=after, until=day)
        previous, after = rules.page_hash(previous, day, page), day
        Seal.objects.create(day=day, rows=len(page) // rules.SIZE, digests=page, hash=previous)
    return limit


def note_proof(*, at: datetime, transfers: int, facts: int, found: Sequence[Problem]) -> Proof:
    """Write down what a proof looked at and found. Whether money may be paid out follows from the latest."""
    named = [asdict(problem) for problem in found[:PROBLEMS_NAMED]]
    return Proof.objects.create(at=at, transfers=transfers, facts=facts, count=len(found), found=named)


def require_proved() -> None:
    """Whatever pays money out asks this first. Raises Refused("payouts_stopped") while a mismatch stands."""
    stop = queries.payouts_stopped()
    if stop:
        raise Refused("payouts_stopped", {"since": stop.since, "count": stop.latest.count})


def _resolve(*, phase: str, key: str, at: datetime, effective_on: date, entry: UUID) -> Entry:
    rows = list(Transfer.objects.filter(entry=entry, phase="pending").order_by("line"))
    if not rows:
        raise Refused("not_held")
    if Transfer.objects.filter(resolves__in=rows).exclude(key=key).exists():
        raise Refused("already_resolved")
    return _write(
        phase=phase,
        key=key,
        at=at,
        effective_on=effective_on,
        cause=rows[0].cause,
        cause_id=rows[0].cause_id,
        lines=[Line(row.debit_id, row.credit_id, row.amount, row.label) for row in rows],
        resolves=[row.id for row in rows],
    )


def _write(
    *,
    phase: str,
    key: str,
    at: datetime,
    effective_on: date,
    cause: str,
    cause_id: UUID | None,
    lines: Sequence[Line],
    expires_at: datetime | None = None,
    resolves: Sequence[UUID] = (),
    reverses: Sequence[UUID] = (),
) -> Entry:
    _check(lines)
    posting = Posting(key, effective_on, cause, cause_id, lines)
    rows = _rows(phase, at, posting, expires_at=expires_at, resolves=resolves, reverses=reverses)
    written = _insert(rows)
    if written == 0:
        return _repeated(key, str(rows[0]["request_hash"]))
    if written < len(rows):
        raise Refused("key_reused", {"key": key})
    _must_be_open(at, effective_on)
    _apply(rules.changes(phase, [(line.debit, line.credit, line.amount) for line in lines]))
    return Entry(rows[0]["id"], repeated=False)


def _rows(
    phase: str,
    at: datetime,
    one: Posting,
    *,
    expires_at: datetime | None = None,
    resolves: Sequence[UUID] = (),
    reverses: Sequence[UUID] = (),
) -> list[dict[str, Any]]:
    about = ",".join(str(row) for row in (*resolves, *reverses))
    ids = [new_id() for _ in one.lines]
    shared = {
        "organisation_id": scope.current(),
        "entry": ids[0],
        "request_hash": rules.request_hash(phase=phase, posting=one, about=about),
        **{name: getattr(one, name) for name in ("key", "cause", "cause_id", "effective_on")},
        "recorded_at": at,
        "phase": phase,
        "expires_at": expires_at,
    }
    return [
        {
            **shared,
            "id": ids[number],
            "debit_id": line.debit,
            "credit_id": line.credit,
            "amount": line.amount,
            "line": number,
            "label": line.label[:120],
            "resolves_id": resolves[number] if resolves else None,
            "reverses_id": reverses[number] if reverses else None,
        }
        for number, line in enumerate(one.lines)
    ]


def _must_be_open(at: datetime, day: date) -> None:
    books = _books()
    if day <= books.closed_to:
        raise Refused("period_closed", {"up_to": books.closed_to.isoformat()})
    if at.astimezone(UTC).date() <= books.folded_to:
        raise Refused("day_is_over", {"day": at.date().isoformat()})


def _check(lines: Sequence[Line]) -> None:
    if not lines or any(line.amount <= 0 or line.debit == line.credit for line in lines):
        raise ValueError("an entry moves positive amounts between two accounts")
    accounts = {account for line in lines for account in (line.debit, line.credit)}
    organisation = scope.current()
    unknown = [account for account in accounts if (organisation, account) not in _assets]
    if unknown:
        rows = Account.objects.filter(id__in=unknown).values_list("id", "asset")
        _assets.update({(organisation, account): asset for account, asset in rows})
    assets = {account: _assets.get((organisation, account)) for account in accounts}
    if None in assets.values() or any(assets[line.debit] != assets[line.credit] for line in lines):
        raise ValueError("both accounts of a line are ours and hold the same asset")


def _insert(rows: Sequence[Mapping[str, object]]) -> int:
    """Write the rows in one statement; returns how many, fewer when their key was there before.

    ON CONFLICT, because an integrity error would kill PostgreSQL's transaction with all that the caller wrote in it.
    """
    fields = Transfer._meta.local_concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join("(" + ", ".join(["%s"] * len(fields)) + ")" for _ in rows)
    values = [field.get_db_prep_save(row[field.attname], connection) for row in rows for field in fields]
    unique = ", ".join(quote(column) for column in ("organisation_id", "key", "line"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(Transfer._meta.db_table)} ({columns}) VALUES {places} "
            f"ON CONFLICT ({unique}) DO NOTHING",
            values,
        )
        return int(cursor.rowcount)


def _repeated(key: str, digest: str) -> Entry:
    first = Transfer.objects.filter(key=key).order_by("line").first()
    if first is None or first.request_hash != digest:
        raise Refused("key_reused", {"key": key})
    return Entry(first.entry, repeated=True)


def _books(*, for_change: bool = False) -> Books:
    rows = Books.objects.select_for_update() if for_change else Books.objects.all()
    books = rows.first()
    if books is None:
        row = Books(id=new_id(), organisation_id=scope.current())
        Books.objects.bulk_create([row], ignore_conflicts=True)
        books = rows.get()
    return books


def _apply(changes: Mapping[UUID, rules.Change]) -> None:
    """Move the stored balances of bounded accounts, in id order: two entries over the same pair queue, not deadlock."""
    for account in sorted(_those_bounded(changes)):
        change = changes[account]
        posted = models.F("posted") + change.posted
        pending_in = models.F("pending_in") + change.pending_in
        pending_out = models.F("pending_out") + change.pending_out
        above = models.Q(floor=None) | models.Q(
            posted__gte=models.F("floor") - change.posted + models.F("pending_out") + change.pending_out
        )
        below = models.Q(ceiling=None) | models.Q(
            posted__lte=models.F("ceiling") - change.posted - models.F("pending_in") - change.pending_in
        )
        if not BoundedBalance.objects.filter(above, below, account_id=account).update(
            posted=posted, pending_in=pending_in, pending_out=pending_out
        ):
            raise Refused("not_enough", {"account": str(account)})


def _those_bounded(accounts: Iterable[UUID]) -> list[UUID]:
    unknown = [account for account in accounts if account not in _bounded]
    if unknown:
        bounded = set(BoundedBalance.objects.filter(account_id__in=unknown).values_list("account_id", flat=True))
        _bounded.update({account: account in bounded for account in unknown})
    return [account for account in accounts if _bounded[account]]
