"""Prepaid vouchers (CESU préfinancé): until when they are good, and what becomes of them. Pure; cents and years."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from entremise.kernel.state import StateTable

ISSUERS = ("domiserve", "edenred", "pluxee", "up", "bimpli", "other")

VOUCHER = StateTable(
    "voucher",
    {
        ("", "take"): ("held", "voucher_taken"),
        ("held", "hand_back"): ("returned", "voucher_returned"),
        ("held", "claim"): ("claimed", "voucher_claimed"),
        ("held", "write_off"): ("lost", "voucher_written_off"),
        ("claimed", "refuse"): ("refused", "voucher_refused"),
        ("claimed", "pay"): ("paid", "voucher_paid"),
        ("paid", "reopen"): ("claimed", "voucher_reopened"),
    },
)
BATCH = StateTable(
    "voucher batch",
    {
        ("", "make"): ("sent", "voucher_batch_made"),
        ("sent", "pay"): ("paid", "voucher_batch_paid"),
        ("paid", "reopen"): ("sent", "voucher_batch_reopened"),
    },
)


@dataclass(frozen=True)
class Given:
    """A voucher as somebody hands it over. form: paper, or lot with the reference of a payment on the issuer's site."""

    issuer: str
    number: str
    vintage: int
    amount: int
    form: str = "paper"

    @property
    def spelled(self) -> str:
        """Its number, always alike."""
        return "".join(self.number.split()).upper()


def last_day(vintage: int, months: int) -> date:
    """The last day of so many months after the year of a voucher."""
    year, month = vintage + 1 + (months - 1) // 12, (months - 1) % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def twice(vouchers: Sequence[Given]) -> str:
    """The first number that stands there two times, of one issuer; "" when there is none."""
    seen: set[tuple[str, str]] = set()
    for one in vouchers:
        if (one.issuer, one.spelled) in seen:
            return one.spelled
        seen.add((one.issuer, one.spelled))
    return ""
