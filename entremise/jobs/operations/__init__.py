"""The verbs of small jobs. Doors call these."""

from entremise.jobs.operations.hours import (
    cancel_mission,
    confirm_hours,
    log_hours,
    presume_silent,
    report_absence,
    settle_hours,
)
from entremise.jobs.operations.locating import locate
from entremise.jobs.operations.proposals import answer, expire, propose, withdraw_worker
from entremise.jobs.operations.renewing import remind_renewal, renew, seek_another
from entremise.jobs.operations.requests import amend, cancel, give_up, post_request, repeat
from entremise.jobs.operations.setup import add_activity, cover_place, describe_worker, set_identity, set_tariff
from entremise.jobs.operations.signing import keep_signed_paper, remind_unsigned, sign
from entremise.jobs.operations.texts import put_aside, read_text

__all__ = [
    "add_activity",
    "amend",
    "answer",
    "cancel",
    "cancel_mission",
    "confirm_hours",
    "cover_place",
    "describe_worker",
    "expire",
    "give_up",
    "keep_signed_paper",
    "locate",
    "log_hours",
    "post_request",
    "presume_silent",
    "propose",
    "put_aside",
    "read_text",
    "remind_renewal",
    "remind_unsigned",
    "renew",
    "repeat",
    "report_absence",
    "seek_another",
    "set_identity",
    "set_tariff",
    "settle_hours",
    "sign",
    "withdraw_worker",
]
