"""Rows added up by the database, for one period or for many at once: never one by one."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from entremise.agreements.models import Feedback, Fulfilment
from entremise.impact.rules import Cell
from entremise.jobs.models import Request
from entremise.kernel.time import Period
from entremise.market.models import Proposal
from entremise.messaging.models import Call
from entremise.pools.rules.kinds import MODE
from entremise.settlement.models import Invoice, Payslip

PARTS = ("wage_gross", "employer_contributions", "accompaniment", "running")
# Whom the numbers of a period rest on. doers: the employed and those who work on their own account.
PEOPLE = ("doers", "workers", "clients", "paid_workers", "billed_clients", "askers")
DOERS = ("worker", "supplier")
A_DAY = 24 * 60 * 60  # Seconds.

Counts = Counter[str]


class Seconds(Func):
    """A moment in seconds, so that two can be subtracted inside the database on either engine."""

    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="ROUND(julianday(%(expressions)s) * 86400)", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="EXTRACT(EPOCH FROM %(expressions)s)::bigint", **extra)


WAIT = Seconds(F("yes")) - Seconds(F("posted_at"))


def counted(*, periods: Sequence[Period], zone: ZoneInfo) -> list[Counts]:
    """What each period holds; minutes and cents. periods: one after the other. Six queries however many there are."""
    made = [Counts() for _ in periods]
    for rows in (
        done(periods).values("bucket").annotate(minutes=Sum("minutes"), jobs=Count("id")),
        done(periods)
        .values("bucket")
        .annotate(doers=_bound(*DOERS), workers=_bound("worker"), clients=_bound("client")),
        _requests(periods, zone),
        _invoices(periods),
        _payslips(periods),
        _within(Call.objects.all(), "started_at", _moments(periods, zone)).values("bucket").annotate(calls=Count("id")),
    ):
        for row in rows:
            made[row.pop("bucket")].update({name: value or 0 for name, value in row.items()})
    return made


def _bound(*roles: str) -> Count:
    """How many people stand in one of these roles of the agreements."""
    return Count("agreement__parties__person", distinct=True, filter=Q(agreement__parties__role__in=roles))


def done(periods: Sequence[Period]) -> "QuerySet[Any]":
    """Hours that count, as agreements.queries.done_work counts them, each with the bucket of its period. Those of a
    pool of care budgets are no jobs, and nobody's care is published.
    """
    replaced = Exists(Fulfilment.objects.filter(replaces=OuterRef("id")))
    rows = Fulfilment.objects.filter(~replaced, confirmations__answer__in=["agreed", "silent"], minutes__gt=0)
    rows = rows.exclude(agreement__mode=MODE)
    return _within(rows, "day", [(one.first, one.last + timedelta(days=1)) for one in periods])


def median_wait(*, period: Period, zone: ZoneInfo, n: int) -> int:
    """Minutes from the request to the first yes, of the middle one of `n`; 0 of none."""
    if not n:
        return 0
    waits = _asked([period], zone).filter(yes__isnull=False).order_by(WAIT).values_list(WAIT)
    (seconds,) = waits[(n - 1) // 2]
    return int(seconds) // 60


def opinions(*, period: Period, zone: ZoneInfo) -> tuple[int, int]:
    """How many said how content they are with us, and how many said « well ». Each counts once: their latest."""
    ((since, until),) = _moments([period], zone)
    said = Feedback.objects.filter(about__isnull=True, written_at__gte=since, written_at__lt=until)
    newer = Q(written_at__gt=OuterRef("written_at")) | Q(written_at=OuterRef("written_at"), id__gt=OuterRef("id"))
    latest = said.filter(~Exists(said.filter(newer, writer=OuterRef("writer"))))
    added = latest.aggregate(n=Count("id"), well=Count("id", filter=Q(answer="well")))
    return added["n"], added["well"]


def by_activity(*, period: Period) -> list[Cell]:
    """Minutes that count, by activity."""
    activity = Request.objects.filter(listing=OuterRef("agreement__listing")).values("activity__name")[:1]
    return _cells(done([period]).annotate(label=Subquery(activity)))


def by_place(*, period: Period) -> list[Cell]:
    """Minutes that count, by commune."""
    return _cells(done([period]).annotate(label=F("agreement__listing__place__name")))


def _cells(rows: "QuerySet[Any]") -> list[Cell]:
    """Two queries: a row of hours meets two people, and would count twice in one."""
    minutes = dict(rows.values_list("label").annotate(total=Sum("minutes")))
    people = rows.values_list("label").annotate(doers=_bound(*DOERS), clients=_bound("client"))
    fewest = {label: min(doers, clients) for label, doers, clients in people}
    return [Cell(label or "?", total, fewest[label]) for label, total in minutes.items()]


def _asked(periods: Sequence[Period], zone: ZoneInfo) -> "QuerySet[Any]":
    """Requests, each with the moment of its first yes. Those of a spreadsheet came all at once: nobody waited."""
    accepted = Proposal.objects.filter(listing=OuterRef("listing"), state="accepted", answered_at__isnull=False)
    first = accepted.order_by().values("listing").annotate(first=Min("answered_at")).values("first")
    rows = _within(Request.objects.filter(import_key=""), "posted_at", _moments(periods, zone))
    asked: QuerySet[Any] = rows.annotate(yes=Subquery(first))
    return asked


def _requests(periods: Sequence[Period], zone: ZoneInfo) -> "QuerySet[Any]":
    rows = _asked(periods, zone).annotate(wait=WAIT)
    added: QuerySet[Any] = rows.values("bucket").annotate(
        requests=Count("id"),
        askers=Count("client", distinct=True),
        by_voice=Count("id", filter=Q(posted_door__in=["phone", "counter"])),
        unmet=Count("id", filter=Q(state="unmet")),
        answered=Count("yes"),
        within_day=Count("id", filter=Q(wait__lte=A_DAY)),
    )
    return added


def _invoices(periods: Sequence[Period]) -> "QuerySet[Any]":
    """Credit notes taken off."""
    rows = _within(
        Invoice.objects.filter(what="work"), "month", [(one.first, one.last + timedelta(days=1)) for one in periods]
    )
    sign = Case(When(kind=Invoice.Kind.CREDIT_NOTE, then=-1), default=1, output_field=BigIntegerField())
    parts = {part: Sum(sign * Cast(KeyTextTransform(part, "split"), BigIntegerField())) for part in PARTS}
    added: QuerySet[Any] = rows.values("bucket").annotate(
        invoices=Count("id"), billed_clients=Count("client", distinct=True), invoiced=Sum(sign * F("total")), **parts
    )
    return added


def _payslips(periods: Sequence[Period]) -> "QuerySet[Any]":
    rows = _within(Payslip.objects.all(), "month", [(one.first, one.last + timedelta(days=1)) for one in periods])
    added: QuerySet[Any] = rows.values("bucket").annotate(
        payslips=Count("id"), paid_workers=Count("worker", distinct=True), net_pay=Sum("net")
    )
    return added


def _within(rows: "QuerySet[Any]", field: str, stretches: Sequence[tuple[Any, Any]]) -> "QuerySet[Any]":
    """Those of these stretches, start included and end excluded, with the number of the stretch as `bucket`."""
    lasting = [Q(**{f"{field}__gte": start, f"{field}__lt": end}) for start, end in stretches]
    bucket = Case(
        *(When(one, then=Value(at)) for at, one in enumerate(lasting[:-1])),
        default=Value(len(lasting) - 1),
        output_field=IntegerField(),
    )
    first, last = stretches[0][0], stretches[-1][1]
    inside = rows.filter(**{f"{field}__gte": first, f"{field}__lt": last}).order_by()
    numbered: QuerySet[Any] = inside.annotate(bucket=bucket)
    return numbered


def _moments(periods: Sequence[Period], zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    return [
        (datetime.combine(one.first, time(), zone), datetime.combine(one.last + timedelta(days=1), time(), zone))
        for one in periods
    ]
