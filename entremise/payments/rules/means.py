"""What becomes of a card or a debit account that a provider keeps for somebody, to charge when they are not there."""

from datetime import date, datetime, timedelta
from typing import Final

from entremise.kernel.state import StateTable

# asked: the provider's page is to be opened, or open. over: nobody filled it in. expired: a card, past its month.
# removed: by its owner, or on their word. detached: the provider has it no more, or the bank ended the mandate.
MEANS = StateTable(
    "means",
    {
        ("", "ask"): ("asked", "means_asked"),
        ("asked", "keep"): ("kept", "means_kept"),
        ("asked", "end"): ("over", "means_not_kept"),
        ("asked", "remove"): ("removed", "means_removed"),
        ("kept", "expire"): ("expired", "means_expired"),
        ("expired", "renew"): ("kept", "means_renewed"),
        ("kept", "remove"): ("removed", "means_removed"),
        ("expired", "remove"): ("removed", "means_removed"),
        ("kept", "detach"): ("detached", "means_detached"),
        ("expired", "detach"): ("detached", "means_detached"),
    },
)
LIVE: Final = ("asked", "kept", "expired")
CARD: Final = "card"
DEBIT: Final = "sepa_debit"
LEAST: Final = 50  # Cents: a provider charges no less.


def verb_to(state: str, *, there: bool, expires_on: date | None, on: date) -> str | None:
    """The edge to what the provider says of it; None when it is as we knew. expires_on: its last good day."""
    if not there:
        return "detach" if state in ("kept", "expired") else None
    past = expires_on is not None and expires_on < on
    return {("asked", False): "keep", ("kept", True): "expire", ("expired", False): "renew"}.get((state, past))


def look_again(state: str, asked_at: datetime, at: datetime) -> datetime | None:
    """When to ask the provider although nothing is heard: its page is waited for by the minute, the rest by the day."""
    if state == "asked":
        return at + max(timedelta(minutes=1), min((at - asked_at) / 4, timedelta(hours=6)))
    return at + timedelta(days=1) if state in LIVE else None
