"""A request made on the web: how long it may stay unfinished, what stands for what is not known, when we call back."""

from collections.abc import Collection, Container
from datetime import date, time, timedelta
from itertools import count, islice

from entremise.jobs.rules.quick_entry import Habits
from entremise.jobs.rules.spoken_days import WEEK

LASTS = timedelta(days=3)  # From Friday night to Monday's opening, with a day to spare.
CODES = 10_000  # Four digits, said over the telephone.
GUESSED_MINUTES = 120  # For the estimate of somebody who does not know.
WORKING_DAYS = 5  # Of a week, from Monday on.
SOON = 3  # Working days that finding somebody usually takes.


def working_days(after: date, amount: int, holidays: Container[date]) -> tuple[date, ...]:
    """The next days after a day on which somebody is at the desk: no weekend, no public holiday."""
    days = (after + timedelta(days=ahead) for ahead in count(1))
    return tuple(islice((day for day in days if day.weekday() < WORKING_DAYS and day not in holidays), amount))


def part_of_day(moment: str) -> time:
    """When a visit begins of which only « morning » or « afternoon » is known."""
    return Habits().afternoon if moment == "afternoon" else Habits().morning


def weekly(days: Collection[str], every: int) -> str:
    """An RFC 5545 rule from two-letter codes of weekdays."""
    return f"FREQ=WEEKLY;INTERVAL={every};BYDAY={','.join(code for code in WEEK if code in days)}"


def first_of(days: Collection[str], after: date) -> date:
    """The first day after a day that falls on one of these weekdays."""
    return next(day for n in range(1, 8) if WEEK[(day := after + timedelta(days=n)).weekday()] in days)
