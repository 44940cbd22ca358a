from datetime import UTC, datetime


def now() -> datetime:
    """The present, aware. Only doors call this: rooms are told the time."""
    return datetime.now(UTC)
