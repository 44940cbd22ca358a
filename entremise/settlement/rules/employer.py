"""The employer that an organisation is, from its own figures."""

from dataclasses import dataclass
from datetime import date

from entremise.figures.rules import FigureTable
from entremise.settlement.rules.price import PriceSplit, where_each_euro_goes


@dataclass(frozen=True)
class Employer:
    under_11: bool
    under_50: bool
    non_profit: bool


def employer(figures: FigureTable, day: date) -> Employer:
    """What decides the rates that depend on who employs: figures `employer.headcount` and `employer.non_profit`."""
    headcount = figures.at("employer.headcount", day)
    return Employer(
        under_11=headcount < 11, under_50=headcount < 50, non_profit=bool(figures.at("employer.non_profit", day))
    )


def split_of(*, client_price: int, minutes: int, hourly_gross: int, figures: FigureTable, day: date) -> PriceSplit:
    """Where each euro of a price goes at this organisation, in cents (see price.where_each_euro_goes).

    An estimate: in December a price is told for January, whose law may not be complete. A payslip waits for it.
    """
    figures = figures.lasting()
    ours = employer(figures, day)
    return where_each_euro_goes(
        client_price=client_price,
        minutes=minutes,
        hourly_gross=hourly_gross,
        figures=figures,
        day=day,
        headcount_under_11=ours.under_11,
        headcount_under_50=ours.under_50,
        non_profit=ours.non_profit,
        accompaniment_share=figures.at("price.accompaniment_share", day),
    )
