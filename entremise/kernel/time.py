import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, order=True)
class Period:
    """Whole days from `first` to `last`, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"{self.last} comes before {self.first}")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @staticmethod
    def month(year: int, month: int) -> "Period":
        return Period(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))

    @staticmethod
    def month_of(day: date) -> "Period":
        return Period.month(day.year, day.month)

    @property
    def label(self) -> str:
        """`2026-10` for a month; the first day otherwise."""
        return self.first.strftime("%Y-%m")


@dataclass(frozen=True)
class Around:
    """The months beside one."""

    before: Period
    after: Period


def around(month: Period) -> Around:
    """At the ends of the calendar, the month itself."""
    day = timedelta(days=1)
    before = month if month.first == date.min else Period.month_of(month.first - day)
    return Around(before, month if month.last == date.max else Period.month_of(month.last + day))


def within(period: Period, *, months: int) -> bool:
    """Whether it lasts so many months at most: from the 10th of January to the 9th of March are two."""
    year, month = divmod(period.first.year * 12 + period.first.month - 1 + months, 12)
    last_there = calendar.monthrange(year, month + 1)[1]
    return period.last < date(year, month + 1, min(period.first.day, last_there))


def parse_month(text: str) -> Period:
    """`2026-10` as a period; ValueError when it is not a month."""
    year, _, month = text.partition("-")
    return Period.month(int(year), int(month))


@dataclass(frozen=True, order=True)
class Window:
    """A stretch of time, start included, end excluded; both aware."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("a window ends after it starts")

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds() // 60)

    def overlaps(self, other: "Window") -> bool:
        return self.start < other.end and other.start < self.end

    @staticmethod
    def lasting(start: datetime, minutes: int) -> "Window":
        return Window(start, start + timedelta(minutes=minutes))


def times_shown(day: date, at: time, zone: ZoneInfo) -> int:
    """How often clocks there show this time that day: never in the hour that spring leaves out, twice in the one that
    comes again in autumn.
    """
    there = {datetime.combine(day, at, zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sum(one.astimezone(zone).replace(tzinfo=None) == datetime.combine(day, at) for one in there)


def hours_and_minutes(minutes: int) -> tuple[int, int]:
    return divmod(minutes, 60)
