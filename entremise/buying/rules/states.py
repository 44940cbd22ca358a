"""From the plan of a purchase to its closing."""

from entremise.kernel.state import StateTable

PURCHASE = StateTable(
    "purchase",
    {
        ("", "plan"): ("planned", "purchase_planned"),
        # Its campaign closed well: what each receives and pays is written down.
        ("planned", "close"): ("closed", "purchase_closed"),
    },
)
