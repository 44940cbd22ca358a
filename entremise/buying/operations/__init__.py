"""What several people need, from their words to a supplier's answer; a purchase from its plan to its closing."""

from entremise.buying.operations.asking import (
    BriefDraft,
    ask_suppliers,
    choose,
    gather,
    give_up_brief,
    invite,
    plan_for,
    put_to_vote,
    write_brief,
)
from entremise.buying.operations.needing import say_need, withdraw_need
from entremise.buying.operations.planning import ArticleDraft, Plan, Wants, close_purchase, order, plan
from entremise.buying.operations.tendering import Offered, end_tender, tender
from entremise.buying.operations.voting import cast_ballot

__all__ = [
    "ArticleDraft",
    "BriefDraft",
    "Offered",
    "Plan",
    "Wants",
    "ask_suppliers",
    "cast_ballot",
    "choose",
    "close_purchase",
    "end_tender",
    "gather",
    "give_up_brief",
    "invite",
    "order",
    "plan",
    "plan_for",
    "put_to_vote",
    "say_need",
    "tender",
    "withdraw_need",
    "write_brief",
]
