"""Bank lines and what they pay; mandates, and the days on which banks collect."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Literal
from uuid import UUID

from dateutil.relativedelta import relativedelta

from entremise.kernel.refused import Refused
from entremise.kernel.state import StateTable
from entremise.payments.rules.names import name_key, words_of

MANDATE = StateTable(
    "mandate",
    {
        ("", "give"): ("active", "mandate_given"),
        ("active", "suspend"): ("suspended", "mandate_suspended"),
        ("suspended", "resume"): ("active", "mandate_resumed"),
        ("active", "revoke"): ("revoked", "mandate_revoked"),
        ("suspended", "revoke"): ("revoked", "mandate_revoked"),
        ("active", "lapse"): ("lapsed", "mandate_lapsed"),
        ("suspended", "lapse"): ("lapsed", "mandate_lapsed"),
    },
)
LIVE = ("active", "suspended")

# Reasons of ISO 20022 after which the same debit would only come back: the account or the mandate is no longer good.
_MANDATE_IS_NOT_GOOD = frozenset(
    {"AC01", "AC04", "AC06", "AC13", "AG01", "BE05", "MD01", "MD02", "MD06", "MD07", "RR01", "SL01"}
)


def suspends(reason: str) -> bool:
    """Whether a mandate must rest until a person has spoken with the client. Anything but « not now » does, when it is
    about the account or the mandate; want of money (AM04) does not."""
    return reason in _MANDATE_IS_NOT_GOOD


def is_idle(*, signed_on: date, last_used_on: date | None, months: int, on: date) -> bool:
    """A mandate not used for so many months is void, whatever its holder may think."""
    return on > (last_used_on or signed_on) + relativedelta(months=months)


def bank_day(day: date, closed: Collection[date]) -> date:
    """That day, or the next on which banks settle. closed: days of the week on which they do not."""
    while day.weekday() >= 5 or day in closed:
        day += timedelta(days=1)
    return day


def bank_days_after(day: date, days: int, closed: Collection[date]) -> date:
    """The last of so many days on which banks settle, all after `day`."""
    for _ in range(days):
        day = bank_day(day + timedelta(days=1), closed)
    return day


def batches(message_id: str, days: Iterable[date]) -> dict[date, str]:
    """The name of each batch of a file of debits: one for every day, in their order."""
    return {day: f"{message_id}-{number + 1}" if number else message_id for number, day in enumerate(sorted(set(days)))}


@dataclass(frozen=True)
class Word:
    """What the bank says of a batch, or of one payment of it. reason: a code of ISO 20022."""

    batch: str
    end_to_end: str
    rejected: bool
    reason: str


@dataclass(frozen=True)
class StatusReport:
    """What the bank says of a file of ours. original: its message id. rejected: all of it, for `reason`."""

    id: str
    original: str
    rejected: bool
    reason: str
    words: tuple[Word, ...] = ()

    def refusal(self, *, batch: str, end_to_end: str) -> str | None:
        """The reason why this payment was rejected, empty when the bank gave none; None when it was not."""
        mine = [one for one in self.words if one.batch in (batch, "") and one.end_to_end == end_to_end]
        whole = [one for one in self.words if one.batch == batch and not one.end_to_end]
        said = next(iter(mine or whole), None)
        if said is not None and said.rejected:
            return said.reason or self.reason
        return self.reason if self.rejected else None


@dataclass(frozen=True, slots=True)
class Entry:
    """One booked movement. amount: minor units, positive when money came in.

    reference: the bank's own. text: what the payer wrote; structured: the creditor reference (ISO 11649) or ticket
    number. code: domain-family-subfamily of ISO 20022, or the bank's own. reversal: an earlier movement is taken back,
    return_code: why, in four letters of ISO 20022. batch: the name of ours that it books.
    """

    booked_on: date
    value_on: date
    amount: int
    currency: str
    reference: str = ""
    end_to_end: str = ""
    text: str = ""
    structured: str = ""
    counterparty: str = ""
    counterparty_iban: str = ""
    code: str = ""
    reversal: bool = False
    batch: str = ""
    return_code: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One account over some days. Balances in minor units, None when the bank left them out."""

    id: str
    iban: str
    currency: str
    first: date | None
    last: date | None
    opening: int | None
    closing: int | None
    entries: tuple[Entry, ...]


def check_sum(statement: str, opening: int | None, moved: int, closing: int | None) -> None:
    """Raises Refused("statement_does_not_add_up") when opening plus movements is not closing."""
    if opening is not None and closing is not None and opening + moved != closing:
        raise Refused("statement_does_not_add_up", {"id": statement, "difference": closing - opening - moved})


_NO_REFERENCE = frozenset({"NONREF", "NOTPROVIDED"})


def line_key(iban: str, entry: Entry, ordinal: int = 0) -> str:
    """What makes a bank line itself, whatever file brings it. ordinal: among lines that look the same that day.

    The bank's reference when it gave one, else everything that was said about the movement.
    """
    reference = "" if entry.reference.upper() in _NO_REFERENCE else entry.reference
    said = (reference,) if reference else (entry.end_to_end, entry.text, entry.structured, entry.counterparty_iban)
    parts = (iban, entry.booked_on.isoformat(), str(entry.amount), entry.currency, *said, str(ordinal))
    return sha256("\x1f".join(parts).encode()).hexdigest()


class LineKeys:
    """The key of each entry of a file, in order: stable when it, or one that overlaps it, is read again.

    Statements of one file do not overlap: movements that look alike in two of them are two. Remembers eight bytes of
    each.
    """

    def __init__(self) -> None:
        self._seen: Counter[int] = Counter()

    def next(self, iban: str, entry: Entry) -> str:
        alike = line_key(iban, entry)
        short = int(alike[:16], 16)
        self._seen[short] += 1
        return line_key(iban, entry, self._seen[short] - 1) if self._seen[short] > 1 else alike


_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Claim:
    """Something owed to us. number: as printed on the invoice. due: minor units still open. client: who owes it."""

    id: UUID
    number: str
    due: int
    currency: str = "EUR"
    structured: str = ""
    payer: str = ""
    payer_iban: str = ""
    client: UUID = _NOBODY


Confidence = Literal["sure", "likely", "none"]


@dataclass(frozen=True, slots=True)
class Match:
    """What a line pays, and how sure that is. Only "sure" may be settled without a person.

    claims: those meant, in the order they were found. difference: line minus what they owe, minor units.
    reason: cited, several_cited | partial, overpaid, several_differ, payer_and_amount | amount_only, money_out,
    reversal, nothing_found.
    """

    confidence: Confidence
    reason: str
    claims: tuple[Claim, ...] = ()
    difference: int = 0

    @property
    def claim_id(self) -> UUID | None:
        return self.claims[0].id if len(self.claims) == 1 else None


class OpenClaims:
    """Claims found by what a payer may write: building it costs one pass, a line then a few look-ups.

    claims: the oldest first; so they stay for each client.
    """

    def __init__(self, claims: Iterable[Claim]) -> None:
        self._by_id: dict[UUID, Claim] = {}
        self._by_name: dict[str, UUID] = {}
        self._by_trait: defaultdict[Hashable, dict[UUID, None]] = defaultdict(dict)
        for claim in claims:
            self._put(claim)
            for name in (squashed(claim.number), squashed(claim.structured)):
                if len(name) >= _SHORTEST:
                    self._by_name[name] = claim.id

    def settle(self, claim_id: UUID, amount: int) -> None:
        """Count `amount` as paid, so that a second payment of the same invoice shows as overpaid or unfound."""
        self.correct(claim_id, self._by_id[claim_id].due - amount)

    def correct(self, claim_id: UUID, due: int) -> None:
        """That is what is owed of it now; nothing ends it."""
        claim = self._by_id[claim_id]
        for trait in _traits(claim):
            self._by_trait[trait].pop(claim_id, None)
        if due > 0:
            self._put(replace(claim, due=due))
        else:
            del self._by_id[claim_id]
            self._by_trait[claim.client].pop(claim_id, None)

    def _put(self, claim: Claim) -> None:
        self._by_id[claim.id] = claim
        for trait in (claim.client, *_traits(claim)):
            self._by_trait[trait][claim.id] = None

    def _with(self, trait: Hashable) -> list[Claim]:
        return [self._by_id[claim_id] for claim_id in self._by_trait.get(trait, ())]

    def cited(self, line: Entry) -> list[Claim]:
        """Those that `line` names, by structured reference or by invoice number however spaced."""
        found: dict[UUID, Claim] = {}
        for name in written(line):
            claim = self._by_id.get(self._by_name.get(name, _NOBODY))
            if claim and claim.currency == line.currency:
                found[claim.id] = claim
        return list(found.values())

    def of_amount(self, line: Entry) -> list[Claim]:
        return self._with((line.amount, line.currency))

    def of_payer(self, line: Entry) -> list[Claim]:
        """Those of its amount by whoever paid: their account when it is known on both sides, else their name."""
        amount = (line.amount, line.currency)
        account, name = line.counterparty_iban, name_key(line.counterparty)
        named = [claim for claim in self._with((*amount, "name", name)) if name and not (account and claim.payer_iban)]
        return (self._with((*amount, "account", account)) if account else []) + named

    def of_client(self, client: UUID, currency: str) -> list[Claim]:
        """What somebody owes, the oldest first."""
        return [claim for claim in self._with(client) if claim.currency == currency]

    def payers_like(self, words: Collection[str]) -> dict[UUID, str]:
        """Clients who share a word of these, with their names."""
        return {
            claim.client: claim.payer for claim in self._by_id.values() if not words_of(claim.payer).isdisjoint(words)
        }


def _traits(claim: Claim) -> list[Hashable]:
    """What it is found by that what is paid of it changes."""
    amount = (claim.due, claim.currency)
    return [amount, (*amount, "account", claim.payer_iban), (*amount, "name", name_key(claim.payer))]


_SHORTEST = 5  # Anything shorter may be a street number or a day.
_LONGEST = 6  # Runs of letters or digits in one reference: FAC-2026-10-0042 has four.


def match(line: Entry, claims: OpenClaims) -> Match:
    """What `line` pays among `claims`. An amount alone never decides: two neighbours owe the same 42 € every month."""
    if line.amount <= 0:
        return Match("none", "money_out")
    if line.reversal:  # Something of ours came back: it cites our own number and pays nothing.
        return Match("none", "reversal")
    if cited := claims.cited(line):
        return _judged(line, cited)
    same = claims.of_amount(line)
    by_payer = claims.of_payer(line)
    if len(by_payer) == 1:
        return Match("likely", "payer_and_amount", tuple(by_payer))
    return Match("none", "amount_only", tuple(same)) if same else Match("none", "nothing_found")


def _judged(line: Entry, cited: Sequence[Claim]) -> Match:
    difference = line.amount - sum(claim.due for claim in cited)
    several = len(cited) > 1
    if difference == 0:
        return Match("sure", "several_cited" if several else "cited", tuple(cited))
    reason = "several_differ" if several else "partial" if difference < 0 else "overpaid"
    return Match("likely", reason, tuple(cited), difference)


def _runs(text: str) -> list[str]:
    return re.findall(r"[A-Z]+|\d+", text.upper())


def squashed(text: str) -> str:
    """A number as it is found again however somebody spaces it."""
    return "".join(_runs(text))


def written(line: Entry) -> Iterator[str]:
    """Whatever `line` may name, as `squashed` gives it."""
    for text in (line.structured, line.end_to_end, line.text):
        yield from _names(text)


def _names(text: str) -> Iterable[str]:
    """Every sequence of up to `_LONGEST` neighbouring runs: `facture F 2026-0042` holds F20260042 among others."""
    runs = _runs(text)
    for start in range(len(runs)):
        for end in range(start + 1, min(start + _LONGEST, len(runs)) + 1):
            yield "".join(runs[start:end])
