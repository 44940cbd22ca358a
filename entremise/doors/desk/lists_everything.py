"""All the money of the organisation in one file, to keep or to take to another program."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from entremise.doors.desk import lists_money as money
from entremise.doors.desk import lists_purchases as purchases
from entremise.doors.desk import lists_solidarity as solidarity
from entremise.doors.desk import lists_treasury as treasury
from entremise.doors.desk import lists_vouchers as vouchers
from entremise.doors.frame.lists import Asked, Bundle
from entremise.doors.frame.visit import money_staff
from entremise.kernel.act import Door
from entremise.kernel.time import Period
from entremise.payments import queries as payments
from entremise.people.rules.may import Verb
from entremise.settlement import queries as settled
from entremise.settlement.rules.fec import encoded


def _ever(asked: Asked) -> Period:
    """All years of the organisation."""
    first, last = asked.visit.organisation.founded_at.year, asked.visit.act(Door.DESK).at.year
    return Period(date(first, 1, 1), date(last, 12, 31))


def _fec_of_each_year(asked: Asked) -> Iterator[tuple[str, Iterable[bytes]]]:
    ever = _ever(asked)
    for year in range(ever.first.year, ever.last.year + 1):
        period = Period(date(year, 1, 1), date(year, 12, 31))
        yield settled.fec_file_name(period=period), encoded(settled.fec_lines(period=period))


# Whole, where a page shows a month or what is open.
EVERYTHING = Bundle(
    name="everything",
    title=_("Tout l’argent"),
    guard=money_staff,
    verb=Verb.BOOKS_EXPORT,
    lists=(
        treasury.MONEY,
        replace(money.INVOICES, rows=lambda asked: settled.each_invoice(still_owed=False)),
        money.WAGES,
        money.DEBITS,
        money.REMINDERS,
        money.PLANS,
        money.PAYERS,
        money.TIPS,
        vouchers.VOUCHERS,
        vouchers.GIFTS,
        treasury.DEPOSITS,
        treasury.SUPPLIED,
        treasury.WITHDRAWALS,
        purchases.BILLS,
        treasury.OWING,
        replace(money.BANK, title=_("Lignes de la banque"), rows=lambda asked: payments.each_line()),
        money.LINE_RULES,
        money.BALANCE,
        replace(treasury.JOURNAL, rows=lambda asked: settled.journal(period=_ever(asked))),
        treasury.REPORTS,
        solidarity.FUNDS,
        solidarity.GIFTS,
    ),
    home="reports",
    more=_fec_of_each_year,
)
