"""What a visit that does not take place costs the client, and what the worker is paid for it all the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from entremise.kernel.money import half_up, share

# What excuses a client, as the desk hears it; the worker is paid all the same. Never more precise: this is kept.
EXCUSES = ("hardship", "weather", "ours", "goodwill")
WRITTEN = EXCUSES[:2]  # Those that the terms themselves name: the desk finds them, whoever the fee is owed to.
Why = Literal["unsigned", "grace", "early", "late", "absent"]


@dataclass(frozen=True)
class Terms:
    """The rule that both sides signed. Shares are fractions: of the price of the visit, of its minutes.

    Calling off costs nothing before `free_hours` and for `grace_minutes` after the last signature. paid_share: nothing
    where nobody is employed, since the fee is theirs who would have come.
    """

    free_hours: int
    grace_minutes: int
    late_share: Decimal
    absent_share: Decimal
    paid_share: Decimal

    def as_json(self) -> dict[str, object]:
        shares = {name: str(getattr(self, name).normalize()) for name in ("late_share", "absent_share", "paid_share")}
        return {"free_hours": self.free_hours, "grace_minutes": self.grace_minutes, **shares}

    @classmethod
    def of_json(cls, said: Mapping[str, str | int]) -> "Terms":
        late, absent, paid = (Decimal(said[name]) for name in ("late_share", "absent_share", "paid_share"))
        return cls(int(said["free_hours"]), int(said["grace_minutes"]), late, absent, paid)


@dataclass(frozen=True)
class Visit:
    """One that was promised. price: cents of all of it. bound_at: when the last party signed; None before."""

    starts_at: datetime
    minutes: int
    price: int
    bound_at: datetime | None


@dataclass(frozen=True)
class Due:
    """fee: cents from the client. minutes: paid to the worker."""

    why: Why
    fee: int = 0
    minutes: int = 0

    @property
    def nothing(self) -> bool:
        return not self.fee and not self.minutes


def when_called_off(terms: Terms, visit: Visit, *, at: datetime) -> Due:
    """What calling off `at` that moment costs. Once the visit should have begun, the client is absent."""
    if visit.bound_at is None or at < visit.bound_at:
        return Due("unsigned")
    if at >= visit.starts_at:
        return when_absent(terms, visit)
    if at < visit.bound_at + timedelta(minutes=terms.grace_minutes):
        return Due("grace")
    if at <= visit.starts_at - timedelta(hours=terms.free_hours):
        return Due("early")
    return Due("late", _fee(visit, terms.late_share), _paid(visit, terms))


def when_absent(terms: Terms, visit: Visit) -> Due:
    """What is due when the worker came and nobody opened: never less than for calling off late."""
    if visit.bound_at is None:
        return Due("unsigned")
    return Due("absent", _fee(visit, max(terms.late_share, terms.absent_share)), _paid(visit, terms))


def borne(due: Due, *, cost: int) -> int:
    """What the organisation pays of the worker's `cost` (cents) beyond the fee."""
    return max(0, cost - due.fee)


def _fee(visit: Visit, rate: Decimal) -> int:
    return min(visit.price, share(visit.price, rate))


def _paid(visit: Visit, terms: Terms) -> int:
    return min(visit.minutes, half_up(Decimal(visit.minutes) * terms.paid_share))
