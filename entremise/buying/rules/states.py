"""From a need to a choice, and from the plan of a purchase to its closing."""

from entremise.kernel.state import StateTable

PURCHASE = StateTable(
    "purchase",
    {
        ("", "plan"): ("planned", "purchase_planned"),
        # Its campaign closed well: what each receives and pays is written down.
        ("planned", "close"): ("closed", "purchase_closed"),
    },
)

NEED = StateTable(
    "need",
    {
        ("", "say"): ("said", "need_said"),
        ("said", "gather"): ("gathered", "need_gathered"),
        ("gathered", "free"): ("said", "need_freed"),  # Nothing comes of its brief.
        ("gathered", "meet"): ("met", "need_met"),  # There is a purchase for it.
        ("said", "withdraw"): ("withdrawn", "need_withdrawn"),
        ("gathered", "withdraw"): ("withdrawn", "need_withdrawn"),
    },
)
LIVE_NEEDS = ("said", "gathered")

BRIEF = StateTable(
    "brief",
    {
        ("", "write"): ("draft", "brief_written"),
        ("draft", "ask"): ("asking", "brief_asked"),
        ("asking", "vote"): ("voting", "brief_put_to_vote"),
        ("voting", "choose"): ("chosen", "brief_chosen"),
        ("chosen", "plan"): ("planned", "brief_planned"),
        ("draft", "give_up"): ("given_up", "brief_given_up"),
        ("asking", "give_up"): ("given_up", "brief_given_up"),
        ("voting", "give_up"): ("given_up", "brief_given_up"),
        ("chosen", "give_up"): ("given_up", "brief_given_up"),  # The supplier backs out.
    },
)
PUBLIC_BRIEFS = ("asking", "voting", "chosen", "planned")  # Anybody may read them.
