"""What is put aside for a piece of work before it is billed (an « acompte », or a hold on a card)."""

from collections.abc import Sequence
from typing import Final

from entremise.kernel.state import StateTable

# held: on the card, not taken; it falls back when the provider lets it go before we take it, and may be asked again.
DEPOSIT = StateTable(
    "deposit",
    {
        ("", "ask"): ("asked", "deposit_asked"),
        ("asked", "hold"): ("held", "deposit_held"),
        ("asked", "pay"): ("paid", "deposit_paid"),
        ("asked", "withdraw"): ("withdrawn", "deposit_withdrawn"),
        ("held", "pay"): ("paid", "deposit_paid"),
        ("held", "fall"): ("asked", "deposit_fell_back"),
        ("held", "withdraw"): ("withdrawn", "deposit_withdrawn"),
        ("paid", "use"): ("used", "deposit_used"),
        ("paid", "return"): ("returned", "deposit_returned"),
    },
)
LIVE: Final = ("asked", "held", "paid")


def taken_back(amount: int, *, pots: Sequence[int]) -> list[int]:
    """What leaves each pot, in their order, when a card takes `amount` back; what none has is the last one's, which is
    what the client owes. Cents.
    """
    out = []
    for pot in pots:
        part = min(amount, max(pot, 0))
        out.append(part)
        amount -= part
    return [*out, amount]
