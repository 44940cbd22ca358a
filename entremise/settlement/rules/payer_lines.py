"""Which shares of a payer one transfer pays: by what it names, or whose account it comes from and what is owed.

Pure functions of their arguments; amounts in cents. About lines of money only.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from entremise.payments.rules import Entry, squashed, written
from entremise.payments.rules.names import likeness

_MOST = 12  # Only so many open shares of a payer are combined.


@dataclass(frozen=True, slots=True)
class OpenShare:
    """A part of an invoice that a payer still owes. month: its first day.

    name: of the payer; whom: of the client it is for.
    """

    id: UUID
    reference: str
    payer: UUID
    name: str
    client: UUID
    whom: str
    month: date
    due_on: date
    due: int


@dataclass(frozen=True, slots=True)
class ShareGroup:
    """What a line may pay. reasons: shares_cited, payer_account or payer_name | all_open, one_month, exact, some.

    step: sure when it may be booked without a person.
    """

    step: Literal["sure", "likely", "possible"]
    reasons: tuple[str, str]
    shares: tuple[OpenShare, ...]

    @property
    def total(self) -> int:
        return sum(one.due for one in self.shares)


class OpenShares:
    """All that payers owe, found by what they write; built once for a whole statement. The oldest first."""

    def __init__(self, shares: Iterable[OpenShare]) -> None:
        self.of_payer: defaultdict[UUID, list[OpenShare]] = defaultdict(list)
        self._named: dict[str, OpenShare] = {}
        for one in shares:
            self.of_payer[one.payer].append(one)
            self._named[squashed(one.reference)] = one

    def __bool__(self) -> bool:
        return bool(self._named)

    def cited(self, line: Entry) -> list[OpenShare]:
        """Those that a line names, in their order there."""
        return list(dict.fromkeys(self._named[name] for name in written(line) if name in self._named))

    def paid(self, shares: Collection[OpenShare]) -> None:
        """They are owed no more."""
        for one in shares:
            self.of_payer[one.payer].remove(one)
            del self._named[squashed(one.reference)]


def groups(line: Entry, owed: OpenShares, accounts: Collection[UUID]) -> list[ShareGroup]:
    """What `line` may pay, the surest first. accounts: payers whose account it comes from.

    Sure: all that it names adds up to it and is of one payer; or it comes from a payer's account, and just one of
    these adds up to it: all that they owe, all of one month, one share.
    """
    if line.amount <= 0 or line.reversal:
        return []
    if cited := owed.cited(line):
        exact = sum(one.due for one in cited) == line.amount and len({one.payer for one in cited}) == 1
        return [ShareGroup("sure" if exact else "likely", ("shares_cited", "exact" if exact else "some"), tuple(cited))]
    found = []
    for payer, shares in owed.of_payer.items():
        known = payer in accounts
        if shares and (known or likeness(line.counterparty, shares[0].name)):
            found += _of_payer(line.amount, shares, "payer_account" if known else "payer_name")
    certain = [one for one in found if one.step == "sure"]
    if len(certain) > 1:
        found = [ShareGroup("likely", one.reasons, one.shares) if one in certain else one for one in found]
    order = {"sure": 0, "likely": 1, "possible": 2}
    return sorted(found, key=lambda one: order[one.step])


def poured(amount: int, dues: Sequence[int]) -> list[int]:
    """`amount` over these in their order: each whole but for the last, which may be paid in part. Empty when it does
    not reach the last, or more is left than they owe.
    """
    before = sum(dues[:-1])
    return [*dues[:-1], amount - before] if dues and before < amount <= before + dues[-1] else []


def _of_payer(amount: int, shares: Sequence[OpenShare], whose: str) -> list[ShareGroup]:
    """Each different set of theirs that adds up, by the plainest reason."""
    months: defaultdict[date, list[OpenShare]] = defaultdict(list)
    for one in shares:
        months[one.month].append(one)
    sets = [
        ("all_open", tuple(shares)),
        *(("one_month", tuple(part)) for part in months.values()),
        *(("exact", (one,)) for one in shares),
    ]
    fitting: dict[tuple[OpenShare, ...], str] = {}
    for why, part in sets:
        if sum(one.due for one in part) == amount:
            fitting.setdefault(part, why)
    step: Literal["sure", "likely"] = "sure" if whose == "payer_account" else "likely"
    if fitting:
        return [ShareGroup(step, (whose, why), part) for part, why in fitting.items()]
    some = _some(amount, shares[:_MOST])
    return [ShareGroup("possible", (whose, "some"), some)] if some else []


def _some(amount: int, shares: Sequence[OpenShare]) -> tuple[OpenShare, ...]:
    """The fewest that add up, of as few the oldest; nothing when none do."""
    sums: dict[int, tuple[OpenShare, ...]] = {0: ()}
    for share in shares:
        for before, used in list(sums.items()):
            total = before + share.due
            if total <= amount and (total not in sums or len(used) + 1 < len(sums[total])):
                sums[total] = (*used, share)
    return sums.get(amount, ())
