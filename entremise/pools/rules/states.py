from entremise.kernel.state import StateTable

POOL = StateTable(
    "pool",
    {
        ("", "open"): ("open", "pool_opened"),
        ("open", "close"): ("closed", "pool_closed"),
    },
)

BUDGET = StateTable(
    "budget",
    {
        ("", "open"): ("active", "budget_opened"),
        ("active", "leave"): ("left", "budget_left"),
        ("active", "end"): ("ended", "budget_ended"),
        ("active", "part"): ("leaving", "budget_leaving"),  # Past hours of theirs are still to be written down.
        ("leaving", "leave"): ("left", "budget_left"),
    },
)

SESSION = StateTable(
    "session",
    {
        ("", "plan"): ("planned", "care_planned"),
        ("planned", "do"): ("done", "care_done"),
        ("planned", "cancel"): ("cancelled", "care_cancelled"),
    },
)

COMMITMENT = StateTable(
    "commitment",
    {
        ("", "commit"): ("planned", "commitment_made"),
        ("planned", "keep"): ("kept", "commitment_kept"),
        ("planned", "miss"): ("missed", "commitment_missed"),
        ("planned", "void"): ("void", "commitment_void"),
    },
)
