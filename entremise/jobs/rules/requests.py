"""The life of a request and of a mission. Invoices and pay are settlement's business and no state here."""

from entremise.kernel.state import StateTable

REQUEST = StateTable(
    "request",
    {
        ("", "post"): ("open", "request_posted"),
        # By a visitor of the web whom nobody has spoken with: no worker hears of it before.
        ("", "claim"): ("claimed", "request_claimed"),
        ("claimed", "identify"): ("open", "request_identified"),
        ("claimed", "cancel"): ("cancelled", "request_cancelled"),
        ("open", "amend"): ("open", "request_amended"),
        ("open", "propose"): ("proposed", "request_proposed"),
        ("proposed", "propose"): ("proposed", "request_proposed"),
        # Other terms than those that went out: whoever was asked has to be asked again.
        ("proposed", "amend"): ("open", "request_amended"),
        ("proposed", "run_out"): ("open", "request_unanswered"),
        ("proposed", "fill"): ("filled", "request_filled"),
        # Somebody said yes on the phone before anything was sent.
        ("open", "fill"): ("filled", "request_filled"),
        ("filled", "reopen"): ("open", "request_reopened"),
        ("filled", "renew"): ("filled", "request_renewed"),
        ("filled", "finish"): ("done", "request_done"),
        ("open", "give_up"): ("unmet", "request_unmet"),
        ("proposed", "give_up"): ("unmet", "request_unmet"),
        ("unmet", "reopen"): ("open", "request_reopened"),
        ("open", "cancel"): ("cancelled", "request_cancelled"),
        ("proposed", "cancel"): ("cancelled", "request_cancelled"),
        ("filled", "cancel"): ("cancelled", "request_cancelled"),
    },
)

MISSION = StateTable(
    "mission",
    {
        ("", "agree"): ("agreed", "mission_agreed"),
        ("agreed", "sign"): ("ready", "mission_ready"),
        ("ready", "log_hours"): ("worked", "mission_worked"),
        ("worked", "log_hours"): ("worked", "mission_hours_corrected"),
        ("worked", "confirm"): ("confirmed", "mission_confirmed"),
        ("agreed", "move"): ("agreed", "mission_moved"),
        ("ready", "move"): ("ready", "mission_moved"),
        ("agreed", "withdraw"): ("cancelled", "mission_withdrawn"),
        ("ready", "withdraw"): ("cancelled", "mission_withdrawn"),
        ("agreed", "cancel"): ("cancelled", "mission_cancelled"),
        ("ready", "cancel"): ("cancelled", "mission_cancelled"),
        ("ready", "miss_worker"): ("no_show_worker", "mission_worker_absent"),
        ("ready", "miss_client"): ("no_show_client", "mission_client_absent"),
        # An absence is what one side said first; hours that turn up later say otherwise.
        ("no_show_worker", "log_hours"): ("worked", "mission_worked"),
        ("no_show_client", "log_hours"): ("worked", "mission_worked"),
    },
)
