import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from entremise.kernel.chain import canonical, link


@dataclass(frozen=True)
class Line:
    """One transfer to make. debit and credit: account ids; amount: positive, in minor units."""

    debit: UUID
    credit: UUID
    amount: int
    label: str = ""


@dataclass(frozen=True)
class Posting:
    """An entry to write. lines: each moves a positive amount from its credit to its debit account."""

    key: str
    effective_on: date
    cause: str
    cause_id: UUID | None
    lines: Sequence[Line]


@dataclass(frozen=True)
class Change:
    """What an entry does to one bounded account; minor units."""

    posted: int = 0
    pending_in: int = 0
    pending_out: int = 0

    def __add__(self, other: "Change") -> "Change":
        return Change(
            self.posted + other.posted, self.pending_in + other.pending_in, self.pending_out + other.pending_out
        )


def request_hash(*, phase: str, posting: Posting, about: str = "") -> str:
    """What makes a repeated request the same request: everything that was asked but the moment it was asked at."""
    asked = [phase, posting.effective_on.isoformat(), posting.cause, str(posting.cause_id), about]
    asked += [f"{line.debit}>{line.credit}:{line.amount}:{line.label}" for line in posting.lines]
    return hashlib.sha256(json.dumps(asked, ensure_ascii=False).encode()).hexdigest()


def changes(phase: str, lines: Iterable[tuple[UUID, UUID, int]]) -> dict[UUID, Change]:
    """What rows (debit, credit, amount) of a phase do to each account they touch."""
    effect: dict[UUID, Change] = {}
    for debit, credit, amount in lines:
        effect[debit] = effect.get(debit, Change()) + _on_debit(phase, amount)
        effect[credit] = effect.get(credit, Change()) + _on_credit(phase, amount)
    return effect


def _on_debit(phase: str, amount: int) -> Change:
    return {
        "posted": Change(posted=amount),
        "pending": Change(pending_in=amount),
        "posts": Change(posted=amount, pending_in=-amount),
        "voids": Change(pending_in=-amount),
    }[phase]


def _on_credit(phase: str, amount: int) -> Change:
    return {
        "posted": Change(posted=-amount),
        "pending": Change(pending_out=amount),
        "posts": Change(posted=-amount, pending_out=-amount),
        "voids": Change(pending_out=-amount),
    }[phase]


def unbalanced(balances: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Assets whose accounts do not add up to nothing; (asset, posted balance) of every account."""
    sums: Counter[str] = Counter()
    for asset, posted in balances:
        sums[asset] += posted
    return {asset: total for asset, total in sums.items() if total}


@dataclass(frozen=True)
class Problem:
    """Something that is not as it must be; `doors.frame.words_proof` says each code in words.

    about: what it was found at. found, expected: minor units of the asset, where sums differ.
    """

    code: str
    about: str
    found: int = 0
    expected: int = 0
    asset: str = ""


ID = 16
SIZE = ID + 32  # Bytes of a page of digests that belong to one transfer.


def digest(content: Sequence[object]) -> bytes:
    """A transfer's part of a page: its id, the first of its contents, then the hash of them all."""
    return UUID(str(content[0])).bytes + hashlib.sha256(canonical(content)).digest()


def page_hash(previous: str, day: date, digests: bytes) -> str:
    """The hash of a seal."""
    return link(previous, day.isoformat().encode() + b"\n" + digests)


def differences(sealed: bytes, found: bytes) -> list[tuple[str, UUID]]:
    """What became of the transfers of a page since it was sealed: (transfer_changed, _gone or _added, id)."""
    before, now = _by_id(sealed), _by_id(found)
    codes = {
        one: "transfer_gone" if one not in now else "transfer_added" if one not in before else "transfer_changed"
        for one in sorted(before.keys() | now.keys())
        if before.get(one) != now.get(one)
    }
    return [(code, UUID(bytes=one)) for one, code in codes.items()]


def _by_id(digests: bytes) -> dict[bytes, bytes]:
    return {digests[at : at + ID]: digests[at + ID : at + SIZE] for at in range(0, len(digests), SIZE)}
