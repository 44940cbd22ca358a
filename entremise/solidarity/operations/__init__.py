"""Open funds, take money in, vote, help, pay, and state the year."""

from entremise.solidarity.operations.awards import appeal, ask_help, grant, help_at_once, refuse, withdraw
from entremise.solidarity.operations.committee import close_vote, propose_rules, seat, unseat, vote
from entremise.solidarity.operations.funds import close_fund, open_fund
from entremise.solidarity.operations.gifts import give, leave_surplus, share_commission, take_back
from entremise.solidarity.operations.online import (
    gift_instruction_failed,
    give_online,
    look_at_gift,
    look_at_invoice,
    pay_with_gift,
    return_gift,
)
from entremise.solidarity.operations.paying import pay_by_line, pay_cash, pay_invoice, release, take_payment_back
from entremise.solidarity.operations.years import state_year

__all__ = [
    "appeal",
    "ask_help",
    "close_fund",
    "close_vote",
    "gift_instruction_failed",
    "give",
    "give_online",
    "grant",
    "help_at_once",
    "leave_surplus",
    "look_at_gift",
    "look_at_invoice",
    "open_fund",
    "pay_by_line",
    "pay_cash",
    "pay_invoice",
    "pay_with_gift",
    "propose_rules",
    "refuse",
    "release",
    "return_gift",
    "seat",
    "share_commission",
    "state_year",
    "take_back",
    "take_payment_back",
    "unseat",
    "vote",
    "withdraw",
]
