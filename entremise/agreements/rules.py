from entremise.kernel.state import StateTable

AGREEMENT = StateTable(
    "agreement",
    {
        ("", "draw_up"): ("drawn_up", "agreement_drawn_up"),
        ("drawn_up", "complete"): ("active", "agreement_active"),
        ("drawn_up", "cancel"): ("cancelled", "agreement_cancelled"),
        ("active", "end"): ("ended", "agreement_ended"),
        ("active", "cancel"): ("cancelled", "agreement_cancelled"),
    },
)

FEEDBACK = StateTable(
    "feedback",
    {
        ("", "ask"): ("asked", "feedback_asked"),
        ("asked", "give"): ("sealed", "feedback_given"),
        ("asked", "lapse"): ("lapsed", "feedback_lapsed"),
        ("sealed", "open"): ("open", "feedback_opened"),
        ("open", "reply"): ("open", "feedback_replied"),
        ("open", "contest"): ("contested", "feedback_contested"),
        ("contested", "reply"): ("contested", "feedback_replied"),
        ("contested", "keep"): ("kept", "feedback_kept"),
        ("contested", "withdraw"): ("withdrawn", "feedback_withdrawn"),
        ("kept", "reply"): ("kept", "feedback_replied"),
    },
)
OPINIONS = ("well", "fair", "badly")
OPENED = ("open", "contested", "kept", "withdrawn")  # What others than its writer may know of.
LONGEST_WORDS = 500

ANSWERS = {"agreed": "hours_confirmed", "differs": "hours_differ", "silent": "hours_presumed"}

WORK = "work"  # The other kinds of fulfilment are what is due without any.

LONGEST_DAY = 24 * 60


def answer_to(logged: int, said: int | None) -> str:
    """What the client's word amounts to. None is silence that lasted as long as the organisation waits."""
    if said is None:
        return "silent"
    return "agreed" if said == logged else "differs"
