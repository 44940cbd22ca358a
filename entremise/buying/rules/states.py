"""From a need to a choice, from the plan of a purchase to its end, and from the order to whoever collects a parcel."""

from entremise.kernel.state import StateTable

PURCHASE = StateTable(
    "purchase",
    {
        ("", "plan"): ("planned", "purchase_planned"),
        # Its campaign came to nothing, and everybody was told.
        ("planned", "let_go"): ("off", "purchase_off"),
        ("closing", "let_go"): ("off", "purchase_off"),
        ("closed", "let_go"): ("off", "purchase_off"),
        # Its campaign closed well: somebody saw what each receives and pays, and that is what will be written down.
        ("planned", "decide"): ("closing", "purchase_decided"),
        # The last household's is written down.
        ("closing", "close"): ("closed", "purchase_closed"),
        ("closed", "order"): ("ordered", "supply_ordered"),
        # A part of it is here; nothing is shared out before all of it is.
        ("ordered", "receive_part"): ("ordered", "supply_received_in_part"),
        ("ordered", "receive"): ("received", "supply_received"),
        # Counted anew, as long as nobody has taken anything home.
        ("received", "receive"): ("received", "supply_received"),
        ("received", "hand"): ("handing", "purchase_handing"),
        ("received", "finish"): ("finished", "purchase_finished"),
        ("handing", "finish"): ("finished", "purchase_finished"),
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
ORDERED = ("ordered", "received", "handing", "finished")

PARCEL = StateTable(
    "parcel",
    {
        ("", "plan"): ("waiting", "parcel_planned"),
        ("waiting", "fill"): ("ready", "parcel_ready"),
        ("ready", "fill"): ("ready", "parcel_ready"),  # Counted anew.
        ("waiting", "empty"): ("void", "parcel_void"),
        ("ready", "empty"): ("void", "parcel_void"),
        ("ready", "collect"): ("collected", "parcel_collected"),
        ("ready", "leave"): ("left", "parcel_left"),
    },
)
OPEN = ("waiting", "ready")  # Something is still to be done with it.

STANDING = StateTable(
    "standing",
    {
        ("", "say"): ("active", "standing_said"),
        ("active", "say"): ("active", "standing_changed"),
        ("paused", "say"): ("active", "standing_changed"),  # Whoever says what they want wants it again.
        ("active", "skip"): ("active", "standing_skipped"),  # Not the next time.
        ("active", "keep"): ("active", "standing_kept"),  # The next time after all.
        ("active", "share"): ("active", "standing_shared"),  # Two households take turns.
        ("active", "swap"): ("active", "standing_swapped"),  # The other one orders next.
        ("active", "part"): ("active", "standing_parted"),
        ("paused", "part"): ("paused", "standing_parted"),
        # What comes of it when the next purchase opens: ordered, not this time, ordered by themselves, impossible.
        ("active", "place"): ("active", "standing_placed"),
        ("active", "pass"): ("active", "standing_passed"),
        ("active", "meet"): ("active", "standing_met"),
        ("active", "miss"): ("active", "standing_missed"),
        ("active", "pause"): ("paused", "standing_paused"),
        ("paused", "resume"): ("active", "standing_resumed"),
        ("active", "end"): ("ended", "standing_ended"),
        ("paused", "end"): ("ended", "standing_ended"),
    },
)
LIVE_STANDING = ("active", "paused")
