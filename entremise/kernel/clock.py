from datetime import UTC, datetime, timezone
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present, aware. Only doors call this: rooms are told the time."""
    return datetime.now(UTC)


def told_in(zone: ZoneInfo, moment: datetime) -> datetime:
    """The same moment as a clock shows it there: its date is the day there, not in Greenwich.

    With the offset of the moment itself, so that hours added to it stay hours when the clocks change.
    """
    there = moment.astimezone(zone).utcoffset()
    return moment.astimezone(timezone(there) if there is not None else UTC)
