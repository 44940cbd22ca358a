"""The verbs of agreements. Services call these."""

from entremise.agreements.operations.binding import (
    Hours,
    Paper,
    PartyDraft,
    PromiseDraft,
    attach,
    cancel,
    confirm,
    confirm_many,
    draw_up,
    end,
    end_many,
    log,
    log_many,
    settle_difference,
    sign,
    stand_on_paper_many,
)
from entremise.agreements.operations.forfeits import forfeit

__all__ = [
    "Hours",
    "Paper",
    "PartyDraft",
    "PromiseDraft",
    "attach",
    "cancel",
    "confirm",
    "confirm_many",
    "draw_up",
    "end",
    "end_many",
    "forfeit",
    "log",
    "log_many",
    "settle_difference",
    "sign",
    "stand_on_paper_many",
]
