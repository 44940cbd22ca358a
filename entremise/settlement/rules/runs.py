from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

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

SUPPLIER_BILL = StateTable(
    "supplier bill",
    {
        ("", "write"): ("received", "supplier_bill_received"),
        ("received", "approve"): ("approved", "supplier_bill_approved"),
        ("received", "dispute"): ("disputed", "supplier_bill_disputed"),
        ("approved", "dispute"): ("disputed", "supplier_bill_disputed"),
        ("disputed", "resume"): ("received", "supplier_bill_resumed"),
        ("received", "withdraw"): ("withdrawn", "supplier_bill_withdrawn"),
        ("disputed", "withdraw"): ("withdrawn", "supplier_bill_withdrawn"),
        ("approved", "order"): ("ordered", "supplier_bill_ordered"),
        ("approved", "hand"): ("paid", "supplier_bill_handed_over"),
        ("ordered", "confirm"): ("paid", "supplier_bill_paid"),
        ("ordered", "reject"): ("approved", "supplier_bill_rejected"),
        ("paid", "return"): ("approved", "supplier_bill_returned"),
    },
)

APPROVAL = StateTable(
    "approval",
    {
        ("", "ask"): ("waiting", "approval_asked"),
        ("waiting", "give"): ("given", "approval_given"),
        ("waiting", "withdraw"): ("withdrawn", "approval_withdrawn"),
    },
)


MEMBER_ACCOUNT = StateTable(
    "member account",
    {
        ("", "open"): ("open", "account_opened"),
        ("open", "close"): ("closed", "account_closed"),
        ("closed", "reopen"): ("open", "account_opened"),
    },
)

WITHDRAWAL = StateTable(
    "withdrawal",
    {
        ("", "ask"): ("asked", "withdrawal_asked"),
        ("asked", "drop"): ("dropped", "withdrawal_dropped"),
        ("asked", "order"): ("ordered", "withdrawal_ordered"),
        ("ordered", "confirm"): ("paid", "withdrawal_paid"),
        ("ordered", "reject"): ("rejected", "withdrawal_rejected"),
        ("", "hand"): ("paid", "withdrawal_handed_over"),
    },
)


def digest(lines: Iterable[tuple[UUID, int, str]]) -> str:
    """What a payment file would move: (what is paid, cents, to or from which account), whatever their order."""
    rows = sorted(f"{thing} {amount} {account}" for thing, amount, account in lines)
    return sha256("\n".join(rows).encode()).hexdigest()
