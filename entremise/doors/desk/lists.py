"""Every list of the desk, and the address where they are taken away. A test asks each list page for both formats."""

from typing import Final

from django.urls import reverse

from entremise.doors.desk import lists_money as money
from entremise.doors.desk import lists_needs as needs
from entremise.doors.desk import lists_pools as pools
from entremise.doors.desk import lists_purchases as purchases
from entremise.doors.desk import lists_solidarity as solidarity
from entremise.doors.desk import lists_supply as supply
from entremise.doors.desk import lists_together as together
from entremise.doors.desk import lists_treasury as treasury
from entremise.doors.desk import lists_vouchers as vouchers
from entremise.doors.desk import lists_work as work
from entremise.doors.desk.lists_everything import EVERYTHING
from entremise.doors.frame import lists
from entremise.doors.frame.visit import Inside, staff
from entremise.kernel.act import Door

LISTS: Final[lists.Lists] = {
    one.name: one
    for one in (
        work.REQUESTS,
        work.CONTRACTS,
        work.HOURS,
        work.PEOPLE,
        work.TASKS,
        work.MESSAGES,
        work.OFFERS,
        needs.NEEDS,
        money.INVOICES,
        money.WAGES,
        money.DEBITS,
        money.REMINDERS,
        money.PLANS,
        money.TIPS,
        money.PAYERS,
        vouchers.VOUCHERS,
        vouchers.GIFTS,
        vouchers.CERTIFICATES,
        money.PAYROLL,
        money.BANK,
        money.STATEMENT,
        money.LINE_RULES,
        money.BALANCE,
        money.TARIFFS,
        money.ACTIVITIES,
        money.FIGURES,
        money.SELLERS,
        treasury.MONEY,
        treasury.DEPOSITS,
        treasury.SUPPLIED,
        treasury.PAY,
        treasury.OWING,
        treasury.ACCOUNT_LINES,
        treasury.JOURNAL,
        treasury.REPORTS,
        treasury.MEMBER_ACCOUNT,
        treasury.WITHDRAWALS,
        purchases.BILLS,
        purchases.TO_PAY,
        supply.SUPPLY,
        supply.PARCELS,
        together.PURCHASES,
        together.ORDERS,
        together.RESULTS,
        together.EACH_TIME,
        solidarity.FUNDS,
        solidarity.GIFTS,
        solidarity.YEAR,
        pools.POOLS,
    )
}

exports = lists.downloads({**LISTS, EVERYTHING.name: EVERYTHING}, guard=staff, door=Door.DESK, space="desk")


def offer(request: Inside, name: str, **more: object) -> dict[str, str] | None:
    """What a page offers of its list; more: what chooses its rows beside the filters of the address."""
    offered = lists.offer(request, EVERYTHING if name == EVERYTHING.name else LISTS[name], **more)
    return {**offered, "url": reverse("desk:exports")} if offered else None
