"""What becomes of money asked for through a provider, and when to ask again."""

from datetime import datetime, timedelta
from typing import Final

from entremise.kernel.state import StateTable

# asked: nothing is known yet. failed: one try is over, another may follow.
INTENT = StateTable(
    "intent",
    {
        ("", "ask"): ("asked", "payment_asked"),
        **{
            (before, verb): after
            for before in ("asked", "needs_action", "failed", "processing")
            for verb, after in (
                ("wait", ("needs_action", "payment_waits")),
                ("process", ("processing", "payment_on_its_way")),
                ("authorise", ("authorised", "payment_held")),
                ("capture", ("captured", "payment_taken")),
                ("fail", ("failed", "payment_failed")),
                ("cancel", ("cancelled", "payment_given_up")),
                ("expire", ("expired", "payment_expired")),
            )
            if after[0] != before
        },
        ("authorised", "capture"): ("captured", "payment_taken"),
        ("authorised", "cancel"): ("cancelled", "payment_given_up"),
        ("authorised", "expire"): ("expired", "payment_expired"),
    },
)
LIVE: Final = ("asked", "needs_action", "failed", "processing", "authorised")
OVER: Final = ("cancelled", "expired")  # Nothing was taken and nothing will be.

INSTRUCTION = StateTable(
    "instruction",
    {
        ("", "queue"): ("waiting", "payment_instructed"),
        ("waiting", "carry"): ("done", "payment_instruction_done"),
        ("waiting", "refuse"): ("refused", "payment_instruction_refused"),
    },
)
CLAIM_LASTS: Final = timedelta(minutes=2)
SURE: Final = timedelta(hours=20)  # For as long the provider knows a key: it keeps them for a day.

# What the provider calls a state → the edge that leads to it.
_VERBS: Final = {
    "needs_action": "wait",
    "processing": "process",
    "authorised": "authorise",
    "captured": "capture",
    "failed": "fail",
    "cancelled": "cancel",
    "expired": "expire",
}


def verb_to(before: str, after: str) -> str | None:
    """The edge from what we knew to what the provider says; None when it is the same, or nothing has begun."""
    return None if after in (before, "created") else _VERBS[after]


def again_at(at: datetime, tries: int) -> datetime:
    """When to ask a provider that did not answer: soon, then every quarter of an hour."""
    return at + min(timedelta(seconds=5 * 2**tries), timedelta(minutes=15))


def look_again(state: str, asked_at: datetime, at: datetime) -> datetime | None:
    """When to ask how it stands although nothing is heard: messages get lost. None once nothing is open any more.

    A payer at the page is waited for by the minute, a debit on its way by the day.
    """
    if state not in LIVE:
        return None
    if state in ("processing", "authorised"):
        return at + timedelta(hours=12)
    return at + max(timedelta(minutes=1), min((at - asked_at) / 4, timedelta(hours=6)))
