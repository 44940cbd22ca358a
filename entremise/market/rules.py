from entremise.kernel.state import StateTable

LISTING = StateTable(
    "listing",
    {
        ("", "publish"): ("open", "listing_published"),
        # Somebody looks at it before everybody may.
        ("", "draft"): ("draft", "listing_drafted"),
        ("draft", "publish"): ("open", "listing_published"),
        ("open", "pause"): ("paused", "listing_paused"),
        ("paused", "resume"): ("open", "listing_resumed"),
        ("draft", "revise"): ("draft", "listing_revised"),
        ("open", "revise"): ("draft", "listing_revised"),
        ("paused", "revise"): ("draft", "listing_revised"),
        ("open", "fill"): ("filled", "listing_filled"),
        ("filled", "reopen"): ("open", "listing_reopened"),
        ("open", "close"): ("closed", "listing_closed"),
        ("filled", "close"): ("closed", "listing_closed"),
        ("draft", "close"): ("closed", "listing_closed"),
        ("paused", "close"): ("closed", "listing_closed"),
    },
)

PROPOSAL = StateTable(
    "proposal",
    {
        ("", "offer"): ("offered", "proposal_made"),
        ("offered", "accept"): ("accepted", "proposal_accepted"),
        # Silence past the deadline is not a refusal: a late yes still counts while a slot is free.
        ("expired", "accept"): ("accepted", "proposal_accepted"),
        ("offered", "decline"): ("declined", "proposal_declined"),
        ("expired", "decline"): ("declined", "proposal_declined"),
        ("offered", "expire"): ("expired", "proposal_expired"),
        # They have done their part, and it is somebody else's turn to answer.
        ("offered", "wait"): ("offered", "proposal_waiting"),
        ("expired", "wait"): ("offered", "proposal_waiting"),
        ("offered", "lose"): ("too_late", "proposal_too_late"),
        ("expired", "lose"): ("too_late", "proposal_too_late"),
        ("accepted", "withdraw"): ("withdrawn", "proposal_withdrawn"),
    },
)

WAITING = ("offered", "expired")  # A yes is still possible.
