"""What is told to be charged to somebody's kept means, and what becomes of it."""

from typing import Final

from entremise.kernel.state import StateTable

# told: with the amount and the day. asked: the provider is charging it. failed: not taken, and not tried again.
CHARGE = StateTable(
    "charge",
    {
        ("", "tell"): ("told", "charge_told"),
        ("told", "drop"): ("dropped", "charge_dropped"),
        ("told", "ask"): ("asked", "charge_asked"),
        ("told", "fail"): ("failed", "charge_failed"),
        ("asked", "take"): ("taken", "charge_taken"),
        ("asked", "fail"): ("failed", "charge_failed"),
        ("taken", "return"): ("returned", "charge_returned"),
    },
)
LIVE: Final = ("told", "asked")
LATE: Final = 5  # Days after the one that was told: later, it is told anew.
