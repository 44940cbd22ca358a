"""Open funds, take money in, vote, help, pay, and state the year."""

from entremise.solidarity.operations.awards import appeal, ask_help, grant, help_at_once, refuse, reseal, withdraw
from entremise.solidarity.operations.committee import close_vote, propose_rules, seat, unseat, vote
from entremise.solidarity.operations.contributions import book_addition, set_contribution
from entremise.solidarity.operations.funds import close_fund, open_fund
from entremise.solidarity.operations.gifts import give, leave_surplus, share_commission, take_back
from entremise.solidarity.operations.items import take_item
from entremise.solidarity.operations.online import (
    give_online,
    look_at_gift,
    look_at_invoice,
    pay_with_gift,
    return_gift,
)
from entremise.solidarity.operations.paying import (
    credit,
    pay_by_line,
    pay_cash,
    pay_invoice,
    release,
    take_payment_back,
)
from entremise.solidarity.operations.prices import (
    ask_again,
    ask_place,
    ease_place,
    end_place,
    give_place,
    leave_place,
    open_band,
    set_places,
    settle_item,
)
from entremise.solidarity.operations.years import state_year

__all__ = [
    "appeal",
    "ask_again",
    "ask_help",
    "ask_place",
    "book_addition",
    "close_fund",
    "close_vote",
    "credit",
    "ease_place",
    "end_place",
    "give",
    "give_online",
    "give_place",
    "grant",
    "help_at_once",
    "leave_place",
    "leave_surplus",
    "look_at_gift",
    "look_at_invoice",
    "open_band",
    "open_fund",
    "pay_by_line",
    "pay_cash",
    "pay_invoice",
    "pay_with_gift",
    "propose_rules",
    "refuse",
    "release",
    "reseal",
    "return_gift",
    "seat",
    "set_contribution",
    "set_places",
    "settle_item",
    "share_commission",
    "state_year",
    "take_back",
    "take_item",
    "take_payment_back",
    "unseat",
    "vote",
    "withdraw",
]
