"""A year month by month: what was billed and taken back, its VAT, work, wages, what money came and went."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, Sum

from entremise.figures import queries as figures
from entremise.kernel.time import Period
from entremise.ledger import queries as ledger
from entremise.settlement.models import Invoice, InvoiceLine, Payslip
from entremise.settlement.queries.treasury import CODES


@dataclass
class Month:
    """Amounts in cents. billed: taxes included, credit notes taken off. taxed: what VAT was charged on, without it;
    for_others: billed for suppliers, of whom the VAT is; exempt: the rest of it. gross and cost: of payslips.
    received, paid: what came to us and left us.
    """

    month: date
    invoices: int = 0
    billed: int = 0
    vat: int = 0
    taxed: int = 0
    for_others: int = 0
    clients: int = 0
    minutes: int = 0
    workers: int = 0
    gross: int = 0
    cost: int = 0
    received: int = 0
    paid: int = 0

    @property
    def exempt(self) -> int:
        return self.billed - self.vat - self.taxed - self.for_others


@dataclass(frozen=True)
class Taxed:
    """What VAT was charged on at one rate, without it, and the VAT; credit notes taken off. rate: a fraction."""

    rate: Decimal
    net: int
    vat: int


@dataclass
class Year:
    """taxes: of all months, the highest rate first."""

    year: int
    months: list[Month] = field(default_factory=list)
    taxes: list[Taxed] = field(default_factory=list)

    @property
    def total(self) -> Month:
        """Sums; people are not added up over months: the same ones come again."""
        summed = Month(date(self.year, 1, 1))
        for name in (
            "invoices",
            "billed",
            "vat",
            "taxed",
            "for_others",
            "minutes",
            "gross",
            "cost",
            "received",
            "paid",
        ):
            setattr(summed, name, sum(getattr(one, name) for one in self.months))
        return summed


def year(*, year: int, on: date) -> Year:
    """Until the month of `on`. Papers count in their month, money on the day it moved. Six queries."""
    last = 12 if year < on.year else on.month if year == on.year else 0
    months = {date(year, month, 1): Month(date(year, month, 1)) for month in range(1, last + 1)}
    span = (date(year, 1, 1), date(year, 12, 31))
    taken_back = Q(kind=Invoice.Kind.CREDIT_NOTE)
    one_rate = Q(vat__gt=0) & ~Q(what="goods")
    invoices = Invoice.objects.filter(month__range=span).values("month")
    for row in invoices.annotate(
        invoices=Count("id", filter=~taken_back),
        clients=Count("client", distinct=True, filter=~taken_back),
        plus=Sum("total", filter=~taken_back, default=0),
        minus=Sum("total", filter=taken_back, default=0),
        vat_plus=Sum("vat", filter=~taken_back, default=0),
        vat_minus=Sum("vat", filter=taken_back, default=0),
        taxed_plus=Sum(F("total") - F("vat"), filter=~taken_back & one_rate, default=0),
        taxed_minus=Sum(F("total") - F("vat"), filter=taken_back & one_rate, default=0),
    ).order_by():
        one = months.get(row["month"])
        if one:
            one.invoices, one.clients = row["invoices"], row["clients"]
            one.billed, one.vat = row["plus"] - row["minus"], row["vat_plus"] - row["vat_minus"]
            one.taxed = row["taxed_plus"] - row["taxed_minus"]
    taxes = _taxes(months, span)
    _work(months, span)
    _money(months)
    return Year(year, list(months.values()), taxes)


def _taxes(months: dict[date, Month], span: tuple[date, date]) -> list[Taxed]:
    """Adds the goods, by the rate of each line, to what was taxed at the one rate of our commissions."""
    table, sums = figures.table(), defaultdict[Decimal, list[int]](lambda: [0, 0])
    commissions = [(one, one.taxed) for one in months.values() if one.taxed]
    goods = InvoiceLine.objects.filter(invoice__what="goods", invoice__month__range=span).order_by()
    rows = goods.values_list("invoice__month", "invoice__kind", "vat_rate").annotate(
        all=Sum("amount"), ours=Sum("ours"), tax=Sum("vat")
    )
    of_goods: defaultdict[date, int] = defaultdict(int)
    for month, kind, rate, amount, ours, vat in rows:
        sign = -1 if kind == Invoice.Kind.CREDIT_NOTE else 1
        if month not in months:
            continue
        months[month].for_others += sign * (amount - ours)
        of_goods[month] += sign * vat
        if rate:
            months[month].taxed += sign * (ours - vat)
            sums[rate.normalize()][0] += sign * (ours - vat)
            sums[rate.normalize()][1] += sign * vat
    for one, taxed in commissions:
        rate = table.at("commission.vat_rate", Period.month_of(one.month).last).normalize()
        sums[rate][0] += taxed
        sums[rate][1] += one.vat - of_goods[one.month]
    return [Taxed(rate, *sums[rate]) for rate in sorted(sums, reverse=True)]


def _work(months: dict[date, Month], span: tuple[date, date]) -> None:
    billed = InvoiceLine.objects.filter(invoice__month__range=span, invoice__kind=Invoice.Kind.INVOICE)
    for month, minutes in _sums(billed.values_list("invoice__month").annotate(total=Sum("minutes")).order_by()):
        if month in months:
            months[month].minutes = minutes
    slips = Payslip.objects.filter(month__range=span).values_list("month")
    workers = slips.annotate(
        people=Count("worker", distinct=True), pay=Sum("gross"), whole=Sum("employer_cost")
    ).order_by()
    for month, people, gross, cost in workers:
        if month in months:
            months[month].workers, months[month].gross, months[month].cost = people, gross, cost


def _money(months: dict[date, Month]) -> None:
    if not months:
        return
    span = Period(min(months), Period.month_of(max(months)).last)
    for month, (came, went) in ledger.moved(codes=CODES, period=span).items():
        months[month].received, months[month].paid = came, went


def _sums(rows: Iterable[tuple[date, int | None]]) -> Iterable[tuple[date, int]]:
    return ((month, amount or 0) for month, amount in rows)
