from entremise.kernel.state import StateTable

RUN = StateTable(
    "run",
    {
        ("", "open"): ("open", "run_opened"),
        ("open", "finish"): ("finished", "run_finished"),
        ("finished", "reopen"): ("open", "run_reopened"),
    },
)

ITEM = StateTable(
    "item",
    {
        ("", "plan"): ("to_do", "run_opened"),
        ("to_do", "settle"): ("done", "document_issued"),
        ("to_do", "block"): ("blocked", "item_blocked"),
        ("blocked", "retry"): ("to_do", "run_reopened"),
    },
)

PAYOUT = StateTable(
    "payout",
    {
        ("", "order"): ("ordered", "payout_ordered"),
        ("ordered", "confirm"): ("paid", "payout_confirmed"),
        ("ordered", "reject"): ("rejected", "payout_rejected"),
        ("paid", "return"): ("returned", "payout_returned"),
        ("", "hand"): ("paid", "wage_handed_over"),
    },
)

DEBIT = StateTable(
    "debit",
    {
        ("", "announce"): ("announced", "debit_announced"),
        ("announced", "drop"): ("dropped", "debit_dropped"),
        ("announced", "order"): ("ordered", "debit_ordered"),
        ("ordered", "confirm"): ("paid", "debit_paid"),
        ("ordered", "reject"): ("rejected", "debit_rejected"),
        ("paid", "return"): ("returned", "debit_returned"),
    },
)
