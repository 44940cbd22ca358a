"""When a letter leaves, and what happens when it cannot."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from entremise.kernel.state import StateTable

# A claim is a lease on the row (`claimed_at`), not a state: a worker killed while sending leaves a letter that is
# still queued, and the carrier recognises the repeat by its reference.
CLAIM_LASTS = timedelta(minutes=5)

LETTER = StateTable(
    "letter",
    {
        ("", "queue"): ("queued", "letter_queued"),
        ("queued", "send"): ("sent", "letter_sent"),
        ("queued", "fail"): ("queued", "letter_failed"),  # Later again: see retry_at.
        ("queued", "give_up"): ("given_up", "letter_given_up"),
        ("sent", "give_up"): ("given_up", "letter_given_up"),  # A modem or a mail server may say so afterwards.
        ("queued", "cancel"): ("cancelled", "letter_cancelled"),
    },
)

# Stands in a letter for the way in of whoever reads it: made when the letter is carried, so that no row holds it.
WAY_IN = "<lien>"


def opens_a_door(template: str) -> bool:
    """Whether a letter holds a code or a link to come in with: nobody else reads it, nor is it kept once it left."""
    return template.startswith("entry_")


_WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
)


def retry_at(at: datetime, tries: int) -> datetime | None:
    """When to try again after the `tries`-th attempt failed at `at`; None when it is time for a person to call."""
    return at + _WAITS[tries - 1] if 1 <= tries <= len(_WAITS) else None


@dataclass(frozen=True)
class QuietHours:
    """Local hours in which nobody is disturbed, the end excluded. Equal ends: no quiet hours."""

    zone: ZoneInfo
    start: time = time(20)
    end: time = time(8)

    def holds(self, at: datetime) -> bool:
        local = at.astimezone(self.zone).time()
        if self.start <= self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end


def send_after(at: datetime, quiet: QuietHours) -> datetime:
    """The first moment from `at` on outside the quiet hours. What somebody waits for (a code, an answer) skips this."""
    if not quiet.holds(at):
        return at
    local = at.astimezone(quiet.zone)
    day = local.date() if local.time() < quiet.end else local.date() + timedelta(days=1)
    return datetime.combine(day, quiet.end, quiet.zone).astimezone(UTC)


class Purpose(StrEnum):
    """Why a letter is written: an offer, news of something agreed, or the answer to what the person just asked."""

    OFFER = "offer"
    NEWS = "news"
    ANSWER = "answer"
