from entremise.messaging.rules.replies import OPINIONS, Meaning, Reply, in_context, need_told, understand_reply
from entremise.messaging.rules.sending import (
    CLAIM_LASTS,
    LETTER,
    WAY_IN,
    Purpose,
    QuietHours,
    opens_a_door,
    retry_at,
    send_after,
)
from entremise.messaging.rules.texts import SmsCount, is_gsm7, parts, septets, to_gsm7

__all__ = [
    "CLAIM_LASTS",
    "LETTER",
    "OPINIONS",
    "WAY_IN",
    "Meaning",
    "Purpose",
    "QuietHours",
    "Reply",
    "SmsCount",
    "in_context",
    "is_gsm7",
    "need_told",
    "opens_a_door",
    "parts",
    "retry_at",
    "send_after",
    "septets",
    "to_gsm7",
    "understand_reply",
]
