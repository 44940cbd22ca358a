"""Who may decide what, what an aid is for, and what becomes of it. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from entremise.kernel.refused import Refused
from entremise.kernel.state import StateTable

# What an aid may pay for; the words are the doors'.
PURPOSES = ("home_help", "transport", "tools", "childcare", "food", "other")
INVOICED = ("home_help", "other")  # What our own invoices are for: money for the bus does not pay them.

_GRANT = ("granted", "award_granted")
# granted: something of it is still to be paid. released: what was left went back. upheld: refused after an appeal.
AWARD = StateTable(
    "award",
    {
        ("", "ask"): ("asked", "award_asked"),
        ("asked", "withdraw"): ("withdrawn", "award_withdrawn"),
        ("asked", "grant"): _GRANT,
        ("asked", "refuse"): ("refused", "award_refused"),
        ("refused", "appeal"): ("appealed", "award_appealed"),
        ("appealed", "grant"): _GRANT,
        ("appealed", "refuse"): ("upheld", "award_refusal_upheld"),
        ("granted", "pay"): ("granted", "award_paid"),
        ("granted", "finish"): ("paid", "award_used_up"),
        ("granted", "release"): ("released", "award_released"),
    },
)
WAITING = ("asked", "appealed")

RULES = StateTable(
    "rules",
    {
        ("", "propose"): ("proposed", "rules_proposed"),
        ("proposed", "adopt"): ("adopted", "rules_adopted"),
        ("proposed", "reject"): ("rejected", "rules_rejected"),
    },
)


@dataclass(frozen=True)
class Limits:
    """What a version of the rules allows; cents."""

    purposes: Collection[str]
    most_award: int
    most_year: int
    delegate_up_to: int
    emergency_up_to: int
    emergencies: int


@dataclass(frozen=True)
class Before:
    """What a person was granted this civil year, cents, and how many emergencies."""

    granted: int
    emergencies: int


def require_allowed(limits: Limits, before: Before, *, purpose: str, amount: int, by: str) -> None:
    """Raises Refused unless the rules allow this aid. by: vote, delegate, emergency, place or item."""
    if purpose not in limits.purposes:
        raise Refused("purpose_not_covered", where="fund")
    if by == "emergency" and before.emergencies >= limits.emergencies:
        raise Refused("emergencies_used", {"count": limits.emergencies})
    most = {"delegate": limits.delegate_up_to, "emergency": limits.emergency_up_to}.get(by, limits.most_award)
    most = min(most, limits.most_award)
    if not 0 < amount <= most:
        raise Refused("award_too_large", {"due": most}, where="amount")
    left = limits.most_year - before.granted
    if amount > left:
        raise Refused("award_year_spent", {"due": max(0, left)}, where="amount")


def require_fund(
    purposes: Collection[str], closed_on: date | None, until: date | None, *, purpose: str, on: date
) -> None:
    """Raises Refused unless a fund takes this purpose on this day: restricted money is for what it was given for."""
    if closed_on or (until and on > until):
        raise Refused("fund_closed", where="fund")
    if purposes and purpose not in purposes:
        raise Refused("fund_not_for_this", where="fund")


def of_payment(*, left: int, whole: int, gift: int) -> int:
    """Cents of a payment that are its gift's: what it leaves us pays its invoice first. whole: both, as asked for."""
    return max(0, min(gift, left - (whole - gift)))


def follows(change: int, *, free: int, is_open: bool) -> bool:
    """Whether a fund can take this, or, below nothing, give it back: it gives only what is promised to nobody."""
    return is_open if change > 0 else -change <= free


def require_committee(kinds: Iterable[str]) -> None:
    """No decision counts unless somebody who is helped sits on the committee. Raises Refused("no_beneficiary_seat")."""
    if "beneficiary" not in set(kinds):
        raise Refused("no_beneficiary_seat")


def carried(answers: Iterable[str], quorum: int) -> bool:
    """Whether more said yes than no. Raises Refused("quorum_missing") when fewer than `quorum` said anything."""
    said = list(answers)
    if len(said) < quorum:
        raise Refused("quorum_missing", {"count": len(said), "quorum": quorum})
    return said.count("for") > said.count("against")


def own_case(voter: UUID, voters_home: UUID | None, person: UUID, home: UUID | None) -> bool:
    """Whether somebody would decide for themselves or those they live with."""
    return voter == person or (home is not None and voters_home == home)
