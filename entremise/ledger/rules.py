import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from entremise.kernel.refused import Refused

# What a row of each phase does to (posted, pending) amounts. A resolving row has the amount of the row it resolves,
# so sums by phase give every balance without looking at pairs.
EFFECTS = {"posted": (1, 0), "pending": (0, 1), "posts": (1, -1), "voids": (0, -1)}
POSTED = tuple(phase for phase, (posted, _) in EFFECTS.items() if posted)


@dataclass(frozen=True)
class Line:
    """`amount` minor units leave the account `credit` for the account `debit`."""

    debit: UUID
    credit: UUID
    amount: int
    label: str = ""


@dataclass(frozen=True)
class Move:
    """A line with the transfer that it resolves or reverses."""

    line: Line
    resolves: UUID | None = None
    reverses: UUID | None = None


@dataclass(frozen=True)
class Terms:
    """What never changes about an account."""

    asset: str
    bounded: bool


@dataclass(frozen=True)
class Balance:
    """Debits less credits, in minor units: positive where the account holds, negative where it owes.

    pending_in, pending_out: held amounts that may still come in (debit) or go out (credit); neither is in `posted`.
    """

    posted: int = 0
    pending_in: int = 0
    pending_out: int = 0

    def __add__(self, other: "Balance") -> "Balance":
        return Balance(
            self.posted + other.posted, self.pending_in + other.pending_in, self.pending_out + other.pending_out
        )

    def require_within(self, floor: int | None, ceiling: int | None) -> None:
        """Held amounts count as if they had left, and as if they had arrived. Raises Refused, with the excess."""
        if floor is not None and self.posted - self.pending_out < floor:
            raise Refused("balance_too_low", {"missing": floor - self.posted + self.pending_out})
        if ceiling is not None and self.posted + self.pending_in > ceiling:
            raise Refused("balance_too_high", {"excess": self.posted + self.pending_in - ceiling})


def check_lines(lines: Sequence[Line], terms: Mapping[UUID, Terms]) -> None:
    """Raises Refused when the lines cannot be an entry, whatever the balances. terms: of the known accounts."""
    if not lines:
        raise Refused("entry_empty")
    for line in lines:
        if line.debit not in terms or line.credit not in terms:
            raise Refused("account_unknown")
        if line.debit == line.credit:
            raise Refused("same_account")
        if terms[line.debit].asset != terms[line.credit].asset:
            raise Refused("assets_differ", {"one": terms[line.debit].asset, "other": terms[line.credit].asset})
        if line.amount <= 0:
            raise Refused("amount_not_positive", {"amount": line.amount})


def changes(phase: str, lines: Iterable[Line]) -> dict[UUID, Balance]:
    """What rows of `phase` change on each account, net over the whole entry."""
    posted, pending = EFFECTS[phase]
    found: dict[UUID, Balance] = {}
    for line in lines:
        came = Balance(posted * line.amount, pending * line.amount, 0)
        left = Balance(-posted * line.amount, 0, pending * line.amount)
        found[line.debit] = found.get(line.debit, Balance()) + came
        found[line.credit] = found.get(line.credit, Balance()) + left
    return found


def request_hash(verb: str, **request: object) -> str:
    """SHA-256 of one spelling of a request. The moment is no part of it: a repeat comes later."""
    text = json.dumps([verb, request], sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, Line):
        return [str(value.debit), str(value.credit), value.amount, value.label]
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def recorded_day(at: datetime) -> date:
    """The day a moment is recorded on: in UTC, so that a day is over at the same moment for every reader."""
    return at.astimezone(UTC).date()


def last_foldable_day(at: datetime) -> date:
    """A whole day stays between a folded day and now, for clocks that differ and transactions that last."""
    return recorded_day(at) - timedelta(days=2)


def start_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
