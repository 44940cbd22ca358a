"""Where each euro of a client's price goes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from entremise.figures.rules import FigureTable
from entremise.kernel.money import share
from entremise.kernel.refused import Refused
from entremise.kernel.time import Period
from entremise.settlement.rules.payroll_fr import PayInput, payslip


@dataclass(frozen=True)
class PriceSplit:
    """The four parts of a price, in cents; they add up to it exactly.

    wage_gross: paid holiday included. accompaniment: people who support the workers. running: all the rest.
    """

    wage_gross: int
    employer_contributions: int
    accompaniment: int
    running: int


def where_each_euro_goes(
    *,
    client_price: int,
    minutes: int,
    hourly_gross: int,
    figures: FigureTable,
    day: date,
    headcount_under_11: bool,
    headcount_under_50: bool,
    non_profit: bool,
    accompaniment_share: Decimal,
) -> PriceSplit:
    """The split of `client_price` (cents) for `minutes` of work at `hourly_gross` (cents, holiday excluded).

    accompaniment_share: the fraction of what wages and contributions leave that the organisation devotes to
    accompaniment on that day, from 0 to 1. Raises Refused("price_below_cost") when the price does not even pay the
    work, and whatever `payslip` refuses.
    """
    pay = payslip(
        PayInput(
            month=Period.month_of(day),
            worked_minutes=minutes,
            hourly_gross=hourly_gross,
            headcount_under_11=headcount_under_11,
            headcount_under_50=headcount_under_50,
            non_profit=non_profit,
            fixed_term=True,
            withholding_rate=Decimal(0),
        ),
        figures,
    )
    left = client_price - pay.cost
    if left < 0:
        raise Refused("price_below_cost", {"price": client_price, "cost": pay.cost})
    accompaniment = share(left, accompaniment_share)
    return PriceSplit(pay.gross, pay.employer_total, accompaniment, left - accompaniment)
