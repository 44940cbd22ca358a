"""A purchase from its plan to the last parcel, and a parcel from the order to whoever collects it."""

from entremise.kernel.state import StateTable

PURCHASE = StateTable(
    "purchase",
    {
        ("", "plan"): ("planned", "purchase_planned"),
        # Its campaign came to nothing, and everybody was told.
        ("planned", "let_go"): ("off", "purchase_off"),
        ("closed", "let_go"): ("off", "purchase_off"),
        # Its campaign closed well: what each receives and pays is written down.
        ("planned", "close"): ("closed", "purchase_closed"),
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
