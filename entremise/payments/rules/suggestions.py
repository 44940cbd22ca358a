"""What a bank line may pay, how sure that is, and why, for whoever decides; and what is sure enough to be booked.

About lines of money only: people are neither compared nor put in an order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from entremise.payments.rules import Claim, Entry, Match, OpenClaims, match
from entremise.payments.rules.names import likeness, name_key, text_key, words_of

Step = Literal["sure", "likely", "possible"]
STEPS: Mapping[Step, int] = {"sure": 3, "likely": 2, "possible": 1}

MOST = 9  # As many as there are digits to choose them with.
_OLDEST = 40  # Only so many open invoices of a client are combined,
_SUMS = 4000  # and no more different sums are tried.
_ALIKE = 3  # More invoices of the same amount say nothing any more.
_TWICE = 2  # Somebody who pays for others is believed the second time.


@dataclass(frozen=True, slots=True)
class Taught:
    """A rule that a person taught and this line fits. client: whose money it is; else what: what it is instead."""

    id: UUID
    client: UUID | None = None
    what: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a line beside its own words. accounts: clients whose account it comes from, by an earlier
    payment or a mandate.
    """

    taught: Sequence[Taught] = ()
    accounts: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True)
class Part:
    claim: Claim
    amount: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """parts: what the line would pay, minor units. rest: of the line, to the credit of that client.

    reasons: codes, the strongest first: cited, learned, known_account, same_name, alike_name, amount_only | exact,
    grouped, partial, spread, beyond | one_of_several.
    """

    step: Step
    reasons: tuple[str, ...]
    parts: tuple[Part, ...]
    rest: int = 0


Trait = tuple[str, str, str]  # The account, the name, the lasting words: what a rule knows a line by.


def trait_of(line: Entry, *, client: bool) -> Trait | None:
    """What to know the next such line by: for a client the account it comes from, else what the bank writes; for
    anything else what it writes as well. None when it says nothing.
    """
    account, name, text = line.counterparty_iban, name_key(line.counterparty), text_key(line.text)
    if client:
        return (account, "", "") if account else ("", name, text) if name else None
    trait = (account, "" if account else name, text)
    return trait if any(trait) else None


def traits_of(line: Entry) -> list[Trait]:
    """All that a rule may know this line by."""
    found = [
        trait_of(line, client=True),
        trait_of(line, client=False),
        ("", name_key(line.counterparty), text_key(line.text)),
    ]
    return list(dict.fromkeys(one for one in found if one and any(one)))


def suggest(line: Entry, claims: OpenClaims, known: Known = Known()) -> list[Suggestion]:
    """What `line` may pay, the surest first, at most nine; nothing for money that left or was taken back."""
    if line.amount <= 0 or line.reversal:
        return []
    sure = decide(line, claims, known.taught)
    found = [*_by_citation(line, claims), *_by_payer(line, claims, known, sure), *_by_amount(line, claims)]
    kept: dict[tuple[tuple[UUID, int], ...], Suggestion] = {}
    for one in sorted(found, key=lambda one: -STEPS[one.step]):
        kept.setdefault(tuple(sorted((part.claim.id, part.amount) for part in one.parts)), one)
    return list(kept.values())[:MOST]


def decide(line: Entry, claims: OpenClaims, taught: Sequence[Taught]) -> Match:
    """What `line` surely pays, or why that is not known: by what it cites; else by a rule and the amount of just one
    invoice.
    """
    found = match(line, claims)
    client = trusted_client(line, claims, taught)
    if client is None or found.reason not in _NOT_CITED:
        return found
    exact = [claim for claim in claims.of_client(client, line.currency) if claim.due == line.amount]
    return Match("sure", "learned", tuple(exact)) if len(exact) == 1 else found


def decide_all(
    lines: Mapping[UUID, tuple[str, Entry]], claims: OpenClaims, taught: Mapping[UUID, Sequence[Taught]]
) -> dict[UUID, Match]:
    """Each line in turn, those before counted as paid. In the order of their days, whatever their order here.

    lines: (key, line) by id.
    """
    decided = {}
    for one, (_key, line) in sorted(
        lines.items(), key=lambda item: (item[1][1].booked_on, item[1][1].amount, item[1][0])
    ):
        decided[one] = decide(line, claims, taught.get(one, ()))
        if decided[one].confidence == "sure":
            for claim in decided[one].claims:
                claims.settle(claim.id, claim.due)
    return decided


def trusted_client(line: Entry, claims: OpenClaims, taught: Sequence[Taught]) -> UUID | None:
    """The one client of whom rules say this; of somebody with another name when a person said so twice."""
    clients = {one.client for one in taught}
    client = next(iter(clients), None)
    if client is None or len(clients) > 1:
        return None
    owed = claims.of_client(client, line.currency)
    same = bool(owed) and bool(likeness(line.counterparty, owed[0].payer))
    return client if same or any(one.times >= _TWICE for one in taught) else None


def trusted_what(taught: Sequence[Taught]) -> Taught | None:
    """What such a line is instead of a payment, when all rules agree on it."""
    said = {(one.client, one.what) for one in taught}
    return taught[0] if len(said) == 1 and taught[0].what else None


def grouped(claims: Sequence[Claim], amount: int) -> tuple[Claim, ...]:
    """The fewest of these, two at least, that add up to `amount`; of as few, the oldest. Nothing when no sum of them
    does, or none was found among the first thousands.
    """
    sums: dict[int, tuple[int, ...]] = {0: ()}
    for number, claim in enumerate(claims[:_OLDEST]):
        if len(sums) > _SUMS:
            break
        for before, used in list(sums.items()):
            total = before + claim.due
            if total <= amount and len(used) + 1 < len(sums.get(total, range(_OLDEST + 2))):
                sums[total] = (*used, number)
    found = sums.get(amount, ())
    return tuple(claims[number] for number in found) if len(found) > 1 else ()


_NOT_CITED = ("payer_and_amount", "amount_only", "nothing_found")
_STRONG = ("learned", "known_account", "same_name")


def _by_citation(line: Entry, claims: OpenClaims) -> Iterable[Suggestion]:
    cited = claims.cited(line)
    if not cited:
        return
    owed = sum(claim.due for claim in cited)
    if owed == line.amount:
        yield Suggestion("sure", ("cited", "exact"), _whole(cited))
        return
    clients = {claim.client for claim in cited}
    if len(clients) == 1 and owed < line.amount:
        others = [claim for claim in claims.of_client(cited[0].client, line.currency) if claim not in cited]
        rest = line.amount - owed
        more = tuple(one for one in others if one.due == rest)[:1] or grouped(others, rest)
        if more:
            yield Suggestion("likely", ("cited", "grouped"), _whole((*cited, *more)))
    if len(clients) == 1 or owed > line.amount:
        yield _poured(line, cited, "likely", ("cited",))


def _by_payer(line: Entry, claims: OpenClaims, known: Known, sure: Match) -> Iterable[Suggestion]:
    """By whose money it seems to be, and what they owe."""
    for client, reason in _clients(line, claims, known).items():
        owed = claims.of_client(client, line.currency)
        exact = [claim for claim in owed if claim.due == line.amount]
        if exact:
            certain = sure.reason == "learned" and sure.claims == (exact[0],)
            more = ("exact",) if len(exact) == 1 else ("exact", "one_of_several")
            yield Suggestion("sure" if certain else "likely", (reason, *more), _whole(exact[:1]))
        group = grouped(owed, line.amount)
        if group:
            yield Suggestion("likely", (reason, "grouped"), _whole(group))
        if owed and not exact and not group and reason in _STRONG:
            yield _poured(line, owed, "possible", (reason,))


def _by_amount(line: Entry, claims: OpenClaims) -> Iterable[Suggestion]:
    same = claims.of_amount(line)
    if len(same) <= _ALIKE:
        for claim in same:
            yield Suggestion("possible", ("amount_only",), _whole([claim]))


def _clients(line: Entry, claims: OpenClaims, known: Known) -> dict[UUID, str]:
    """Whose money it may be, each for the strongest reason."""
    found = {one.client: "learned" for one in known.taught if one.client}
    for client in known.accounts:
        found.setdefault(client, "known_account")
    if line.counterparty:
        names = claims.payers_like(words_of(line.counterparty))
        alike = {client: likeness(line.counterparty, name) for client, name in names.items()}
        for reason in ("same_name", "alike_name"):
            for client in (client for client, how in alike.items() if how == reason):
                found.setdefault(client, reason)
    return found


def _poured(line: Entry, owed: Sequence[Claim], step: Step, reasons: tuple[str, ...]) -> Suggestion:
    """Over these, the oldest first, as far as it goes; what is left is the client's credit."""
    left, parts = line.amount, []
    for claim in owed:
        if left:
            parts.append(Part(claim, min(claim.due, left)))
            left -= parts[-1].amount
    partly = parts[-1].amount < parts[-1].claim.due
    how = "beyond" if left else ("partial" if len(parts) == 1 else "spread") if partly else "grouped"
    return Suggestion(step, (*reasons, how), tuple(parts), left)


def _whole(claims: Sequence[Claim]) -> tuple[Part, ...]:
    return tuple(Part(claim, claim.due) for claim in claims)
