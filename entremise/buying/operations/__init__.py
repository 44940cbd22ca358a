"""A group purchase from its plan to the last parcel; pledges and their money are those of campaigns."""

from entremise.buying.operations.handing import finish_purchase, hand_over, leave_parcel, remind_parcel
from entremise.buying.operations.moving import let_go, move_on
from entremise.buying.operations.ordering import order_supply
from entremise.buying.operations.planning import KIND, ArticleDraft, Plan, Wants, close_purchase, order, plan
from entremise.buying.operations.receiving import note_billed, receive_supply, set_handover

__all__ = [
    "KIND",
    "ArticleDraft",
    "Plan",
    "Wants",
    "close_purchase",
    "finish_purchase",
    "hand_over",
    "leave_parcel",
    "let_go",
    "move_on",
    "note_billed",
    "order",
    "order_supply",
    "plan",
    "receive_supply",
    "remind_parcel",
    "set_handover",
]
