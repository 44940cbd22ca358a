from entremise.kernel.state import StateTable

LISTING = StateTable(
    "listing",
    {
        ("", "publish"): ("open", "listing_published"),
        ("open", "fill"): ("filled", "listing_filled"),
        ("filled", "reopen"): ("open", "listing_reopened"),
        ("open", "close"): ("closed", "listing_closed"),
        ("filled", "close"): ("closed", "listing_closed"),
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
        ("offered", "lose"): ("too_late", "proposal_too_late"),
        ("expired", "lose"): ("too_late", "proposal_too_late"),
        ("accepted", "withdraw"): ("withdrawn", "proposal_withdrawn"),
    },
)

WAITING = ("offered", "expired")  # A yes is still possible.
