from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import dropwhile
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, Sum

from entremise.agreements.models import Feedback
from entremise.agreements.queries import done_work
from entremise.history.models import Fact
from entremise.impact import rules
from entremise.impact.rules import Figure
from entremise.jobs.models import Request
from entremise.kernel.time import Period
from entremise.market.models import Proposal
from entremise.messaging.models import Call
from entremise.settlement.models import Invoice, Payslip

PARTS = ("wage_gross", "employer_contributions", "accompaniment", "running")


@dataclass(frozen=True)
class Report:
    """A period's published figures. figures by code. euro: cents of each part of what clients paid, empty when hidden.

    invoiced: cents, credit notes taken off. Every number is computed now, from the rows that made it.
    """

    period: Period
    figures: Mapping[str, Figure]
    euro: Mapping[str, int]
    invoiced: int


def report(*, period: Period, zone: ZoneInfo) -> Report:
    """What the organisation did in a period: from hours that count, invoices, pay, calls, opinions. Ten queries."""
    work = done_work(period=period)
    since, until = _moments(period, zone)
    requests = Request.objects.filter(posted_at__gte=since, posted_at__lt=until)
    states = Counter(dict(requests.values_list("state").annotate(n=Count("id"))))
    posted = sum(states.values())
    by_voice = requests.filter(posted_door__in=["phone", "counter"]).count()
    waits = _waits(since, until)
    workers = {done.people["worker"] for done in work if "worker" in done.people}
    clients = {done.people["client"] for done in work if "client" in done.people}
    invoices = list(
        Invoice.objects.filter(month__range=(period.first, period.last)).values_list("kind", "total", "split")
    )
    pay = Payslip.objects.filter(month__range=(period.first, period.last)).aggregate(net=Sum("net"), n=Count("id"))
    calls = Call.objects.filter(started_at__gte=since, started_at__lt=until).count()
    made = [
        rules.published("clients", len(clients), "count", n=len(clients)),
        rules.published("workers", len(workers), "count", n=len(workers)),
        rules.published("hours", sum(done.minutes for done in work), "minutes", n=len(workers)),
        rules.published("jobs", len(work), "count", n=len(work)),
        rules.published("net_pay", pay["net"] or 0, "cents", n=pay["n"]),
        rules.published("first_yes", rules.median(waits), "minutes_wait", n=len(waits)),
        rules.published("by_voice", rules.percent(by_voice, posted), "percent", n=posted),
        rules.published("unmet", rules.percent(states["unmet"], posted), "percent", n=posted),
        rules.published("calls", calls, "count", n=calls),
        _satisfaction(since, until),
    ]
    euro, invoiced = _euro(invoices)
    return Report(period, {figure.code: figure for figure in made}, euro, invoiced)


def months_with_work(*, until: Period, count: int) -> list[tuple[Period, int]]:
    """Minutes that count in each of the last months from the first that had any, the oldest first; for a chart."""
    months = [until]
    while len(months) < count:
        months.insert(0, Period.month_of(months[0].first - timedelta(days=1)))
    whole = Period(months[0].first, months[-1].last)
    minutes: Counter[str] = Counter()
    for done in done_work(period=whole):
        minutes[f"{done.day:%Y-%m}"] += done.minutes
    rows = [(month, minutes[month.label]) for month in months]
    return list(dropwhile(lambda row: not row[1], rows)) or rows[-1:]


def facts_behind(*, period: Period, zone: ZoneInfo) -> dict[str, int]:
    """How many facts of each type the period holds: what a figure opens onto."""
    since, until = _moments(period, zone)
    rows = Fact.objects.filter(at__gte=since, at__lt=until).values_list("type").annotate(n=Count("id"))
    return dict(rows.order_by("type"))


def _waits(since: datetime, until: datetime) -> list[int]:
    """Minutes from asking workers to the first yes, request by request."""
    rows = (
        Proposal.objects.filter(state="accepted", listing__posted_at__gte=since, listing__posted_at__lt=until)
        .values_list("listing")
        .annotate(asked=Min("listing__posted_at"), yes=Min("answered_at"))
        .values_list("asked", "yes")
    )
    return [int((yes - asked).total_seconds() // 60) for asked, yes in rows if yes]


def _satisfaction(since: datetime, until: datetime) -> Figure:
    """Of those who said how content they are with us, how many said « well ». Each person counts once: their latest."""
    rows = Feedback.objects.filter(about__isnull=True, written_at__gte=since, written_at__lt=until)
    latest = dict(rows.order_by("written_at", "id").values_list("writer", "answer"))
    content = sum(answer == "well" for answer in latest.values())
    return rules.published("content", rules.percent(content, len(latest)), "percent", n=len(latest))


def _euro(invoices: list[tuple[str, int, Mapping[str, int]]]) -> tuple[dict[str, int], int]:
    total, parts = 0, Counter[str]()
    for kind, amount, split in invoices:
        sign = -1 if kind == Invoice.Kind.CREDIT_NOTE else 1
        total += sign * amount
        for part in PARTS:
            parts[part] += sign * int(split.get(part, 0))
    shown = len(invoices) >= rules.FEWEST
    return ({part: parts[part] for part in PARTS} if shown else {}), total


def _moments(period: Period, zone: ZoneInfo) -> tuple[datetime, datetime]:
    start = datetime.combine(period.first, time(), zone)
    return start, datetime.combine(period.last + timedelta(days=1), time(), zone)
