"""Open a pool, keep people's budgets, plan and write down hours, leave, and print a month."""

from entremise.pools.operations.budgets import allow, end_budget, leave, open_budget, pay_in, stop_allowing
from entremise.pools.operations.pools import RateDraft, agree_rate, block, close_pool, open_pool, unblock
from entremise.pools.operations.sessions import cancel_session, plan_session, record_session
from entremise.pools.operations.statements import send_statements

__all__ = [
    "RateDraft",
    "agree_rate",
    "allow",
    "block",
    "cancel_session",
    "close_pool",
    "end_budget",
    "leave",
    "open_budget",
    "open_pool",
    "pay_in",
    "plan_session",
    "record_session",
    "send_statements",
    "stop_allowing",
    "unblock",
]
