"""Clients who signed a mandate and think of invoices no more: announced with the month, in a file two weeks before."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from entremise.doors.clock.demo.bank import TAIL, entry, head
from entremise.doors.clock.demo.founding import Cast
from entremise.settlement import operations, queries
from entremise.settlement.operations.statements import bring_in


class Calendar(Protocol):
    cast: Cast
    now: datetime

    def at(self, moment: datetime, happens: Callable[[datetime], None]) -> None: ...


def collect_month(year: Calendar, at: datetime) -> None:
    """What the month billed to them, from the letter to the bank's word."""
    operations.announce_debits(act=year.cast.treasury(at))
    year.at(at + timedelta(days=20), partial(_order, year))


def _order(year: Calendar, at: datetime) -> None:
    made = operations.order_debits(act=year.cast.treasury(at))
    last = max(one.collect_on for one in made.ordered)
    year.at(at + (last - at.date()) + timedelta(hours=2), partial(_collected, year))


def _collected(year: Calendar, at: datetime) -> None:
    """The bank books each batch as one credit; the last time, one of them comes back a week later."""
    seen, act = queries.debits(on=at.date()), year.cast.treasury(at)
    batches: Counter[str] = Counter()
    for one in seen.on_their_way:
        batches[one.batch] += one.amount
    lines = [entry(at.date(), f"P{n}", total, "CRDT", "", name) for n, (name, total) in enumerate(batches.items())]
    bring_in(act=act, name=f"prelevements-{at:%Y-%m}.xml", content="".join([head(at.date()), *lines, TAIL]).encode())
    if year.now - at < timedelta(days=40):
        year.at(at + timedelta(days=7), partial(_taken_back, year))


def _taken_back(year: Calendar, at: datetime) -> None:
    one = queries.debits(on=at.date()).paid[0]
    line = entry(at.date(), "P9", one.amount, "DBIT", "", one.reference, reason="AM04")
    content = "".join([head(at.date()), line, TAIL]).encode()
    bring_in(act=year.cast.treasury(at), name=f"impayes-{at:%Y-%m}.xml", content=content)
