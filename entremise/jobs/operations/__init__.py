"""The verbs of small jobs. Doors call these."""

from entremise.jobs.operations.alerts import change_search, remove_search, save_search, send_alert
from entremise.jobs.operations.asking import (
    end_unsent,
    forget_unsent,
    identify,
    keep_answers,
    send_request,
    take_over_unsent,
)
from entremise.jobs.operations.calling_off import cancel_mission, report_absence, run_late, waive
from entremise.jobs.operations.choosing import accept_quote, decline_quote
from entremise.jobs.operations.feedback import (
    contest_feedback,
    decide_feedback,
    give_feedback,
    open_feedback,
    reply_to_feedback,
)
from entremise.jobs.operations.hours import confirm_hours, log_hours, presume_silent, settle_hours
from entremise.jobs.operations.interests import show_interest, take_interest_back
from entremise.jobs.operations.locating import locate
from entremise.jobs.operations.notices import set_publicity, turn_over
from entremise.jobs.operations.offers import (
    add_free_moment,
    end_offer,
    open_offer,
    pause_offer,
    put_up,
    remove_free_moment,
    resume_offer,
    revise_offer,
    set_free_times,
)
from entremise.jobs.operations.picking import ask_person, book
from entremise.jobs.operations.proposals import answer, expire, propose, propose_day, withdraw_worker
from entremise.jobs.operations.quoting import send_quote
from entremise.jobs.operations.renewing import remind_renewal, renew, seek_another
from entremise.jobs.operations.requests import amend, cancel, give_up, post_request, repeat
from entremise.jobs.operations.series import keep, move_visit, replace_once, skip
from entremise.jobs.operations.setup import add_activity, cover_place, describe_worker, set_identity, set_tariff
from entremise.jobs.operations.signing import keep_signed_paper, remind_unsigned, sign
from entremise.jobs.operations.suppliers import describe_supplier
from entremise.jobs.operations.texts import put_aside, read_text
from entremise.jobs.operations.thanking import thank

__all__ = [
    "accept_quote",
    "add_activity",
    "add_free_moment",
    "amend",
    "answer",
    "ask_person",
    "book",
    "cancel",
    "cancel_mission",
    "change_search",
    "confirm_hours",
    "contest_feedback",
    "cover_place",
    "decide_feedback",
    "decline_quote",
    "describe_supplier",
    "describe_worker",
    "end_offer",
    "end_unsent",
    "expire",
    "forget_unsent",
    "give_feedback",
    "give_up",
    "identify",
    "keep",
    "keep_answers",
    "keep_signed_paper",
    "locate",
    "log_hours",
    "move_visit",
    "open_feedback",
    "open_offer",
    "pause_offer",
    "post_request",
    "presume_silent",
    "propose",
    "propose_day",
    "put_aside",
    "put_up",
    "read_text",
    "remind_renewal",
    "remind_unsigned",
    "remove_free_moment",
    "remove_search",
    "renew",
    "repeat",
    "replace_once",
    "reply_to_feedback",
    "report_absence",
    "resume_offer",
    "revise_offer",
    "run_late",
    "save_search",
    "seek_another",
    "send_alert",
    "send_quote",
    "send_request",
    "set_free_times",
    "set_identity",
    "set_publicity",
    "set_tariff",
    "settle_hours",
    "show_interest",
    "sign",
    "skip",
    "take_interest_back",
    "take_over_unsent",
    "thank",
    "turn_over",
    "waive",
    "withdraw_worker",
]
