"""When a saved search is told of, and which of its filters an alert reads."""

from datetime import date, timedelta

MOST = 10  # Searches that one person keeps.
EVERY = (1, 7)  # Days between two alerts.
CHANNELS = ("text", "email", "post")
TOLD_AT_ONCE = 5  # Jobs that an alert describes; the rest are on the list.


def due(*, sent_on: date | None, every_days: int, today: date) -> bool:
    """Whether so many days have passed since the last alert. Never twice on one day."""
    return sent_on is None or sent_on + timedelta(days=every_days) <= today
