"""Published figures, computed from hours, invoices, payslips, requests and calls. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import dropwhile
from zoneinfo import ZoneInfo

from entremise.impact import rules
from entremise.impact.queries import counting
from entremise.impact.queries.counting import PARTS, PEOPLE, Counts
from entremise.impact.rules import Cell, Figure
from entremise.kernel.time import Period

TWELVE = "12-mois"


@dataclass(frozen=True)
class Report:
    """A period's published figures. figures by code. euro: cents of each part of what clients paid, empty when hidden.

    invoiced: cents, credit notes taken off. rows: how many of each kind it was computed from, where that says nothing
    of a few. Every number is computed now, from the rows that made it.
    """

    period: Period
    figures: Mapping[str, Figure]
    euro: Mapping[str, int]
    invoiced: int
    rows: Mapping[str, int]


def report(*, period: Period, zone: ZoneInfo) -> Report:
    """What the organisation did in a period: from hours that count, invoices, payslips, requests, calls and
    opinions. Eight queries.
    """
    (counts,) = counting.counted(periods=[period], zone=zone)
    wait = counting.median_wait(period=period, zone=zone, n=counts["answered"])
    said, well = counting.opinions(period=period, zone=zone)
    counts["opinions"] = said
    content = rules.published("content", rules.percent(well, said), "percent", n=said)
    return _report(period, counts, wait, content)


def _report(period: Period, counts: Counts, wait: int, *more: Figure) -> Report:
    together = min(counts["doers"], counts["clients"])  # Hours are known to both who were there.
    made = [
        rules.published("clients", counts["clients"], "count", n=counts["clients"]),
        rules.published("workers", counts["workers"], "count", n=counts["workers"]),
        rules.published("hours", counts["minutes"], "minutes", n=together),
        rules.published("jobs", counts["jobs"], "count", n=together),
        rules.published("net_pay", counts["net_pay"], "cents", n=counts["paid_workers"]),
        rules.published("first_yes", wait, "minutes_wait", n=counts["answered"]),
        rules.published_share("within_day", counts["within_day"], counts["answered"]),
        rules.published_share("by_voice", counts["by_voice"], counts["requests"]),
        rules.published_share("unmet", counts["unmet"], counts["requests"]),
        rules.published("calls", counts["calls"], "count", n=counts["calls"]),
        *more,
    ]
    shown = counts["billed_clients"] >= rules.FEWEST
    kinds = ("jobs", "requests", "answered", "invoices", "payslips", "calls", "opinions")
    return Report(
        period=period,
        figures={figure.code: figure for figure in made},
        euro={part: counts[part] for part in PARTS} if shown else {},
        invoiced=counts["invoiced"] if shown else 0,
        rows={kind: counts[kind] for kind in kinds if not rules.few(counts[kind])},
    )


def months_with_work(*, until: Period, count: int, zone: ZoneInfo) -> list[tuple[Period, int]]:
    """Minutes that count in each of the last months from the first that had any, the oldest first; for a chart."""
    months = _months_before(until, count)
    counts = counting.counted(periods=months, zone=zone)
    rows = [(month, one["minutes"]) for month, one in zip(months, counts, strict=True)]
    return list(dropwhile(lambda row: not row[1], rows)) or rows[-1:]


# The public page


@dataclass(frozen=True)
class Block:
    """The shortest stretch of months that is published by itself: one month where enough people took part."""

    period: Period
    counts: Counts

    @property
    def is_month(self) -> bool:
        return self.period == Period.month_of(self.period.first)

    @property
    def empty(self) -> bool:
        return not any(self.counts.values())


@dataclass(frozen=True)
class Published:
    """What the public page may show now. choices: periods by their name in the address. blocks: of the chosen one."""

    chosen: str
    choices: Mapping[str, Period]
    blocks: Sequence[Block]
    report: Report | None

    @property
    def is_year(self) -> bool:
        """Breakdowns belong to years: of two that overlap, the difference could be of a few."""
        return self.chosen.isdecimal()

    def series(self, code: str) -> list[tuple[Period, Figure]]:
        """A figure block by block; nothing when one of them is hidden, for the others would tell it."""
        rows = [(one.period, _report(one.period, one.counts, 0).figures[code]) for one in self.blocks]
        return [] if any(figure.hidden for _period, figure in rows) else rows


def published(*, wanted: str, today: date, zone: ZoneInfo) -> Published:
    """The chosen period, twelve months when it is none of the choices, from whole blocks of months that are over.

    A constant number of queries.
    """
    until = Period.month_of(today.replace(day=1) - timedelta(days=1))
    blocks = _blocks(_months_from(date(until.first.year - 1, 1, 1), until), zone)
    twelve = _months_before(until, 12)[0].first
    groups = {TWELVE: [one for one in blocks if one.period.last >= twelve]}
    for year in (until.first.year, until.first.year - 1):
        groups[str(year)] = [one for one in blocks if one.period.last.year == year]
    groups |= {one.period.label: [one] for one in groups[TWELVE] if one.is_month and one.counts["jobs"]}
    groups = {name: found for name, found in groups.items() if not all(one.empty for one in found)}
    chosen = wanted if wanted in groups else TWELVE
    mine = list(dropwhile(lambda one: one.empty, groups.get(chosen, [])))
    whole = Period(mine[0].period.first, mine[-1].period.last) if mine else None
    return Published(
        chosen=chosen,
        choices={name: Period(found[0].period.first, found[-1].period.last) for name, found in groups.items()},
        blocks=mine,
        report=report(period=whole, zone=zone) if whole else None,
    )


def hours_by_activity(*, period: Period) -> list[Cell]:
    """Minutes by activity, small groups together."""
    return rules.gathered(counting.by_activity(period=period))


def hours_by_place(*, period: Period) -> list[Cell]:
    """Minutes by commune, small groups together."""
    return rules.gathered(counting.by_place(period=period))


def _blocks(months: Sequence[Period], zone: ZoneInfo) -> list[Block]:
    counts = counting.counted(periods=months, zone=zone)
    spans = rules.blocks([[one[name] for name in PEOPLE] for one in counts])
    periods = [Period(months[first].first, months[last].last) for first, last in spans]
    if periods and len(periods) < len(months):  # People counted in two months are not two people.
        counts = counting.counted(periods=periods, zone=zone)
    return [Block(period, one) for period, one in zip(periods, counts, strict=False)]


def _months_before(until: Period, count: int) -> list[Period]:
    months = [until]
    while len(months) < count:
        months.insert(0, Period.month_of(months[0].first - timedelta(days=1)))
    return months


def _months_from(first: date, until: Period) -> list[Period]:
    months = [until]
    while months[0].first > first:
        months.insert(0, Period.month_of(months[0].first - timedelta(days=1)))
    return months
