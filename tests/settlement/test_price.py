from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import entremise.figures
from entremise.figures.rules import FigureTable, parse_toml
from entremise.kernel.refused import Refused
from entremise.settlement.rules.price import PriceSplit, where_each_euro_goes

FIGURES = FigureTable(
    parse_toml((Path(entremise.figures.__file__).parent / "data" / "fr.toml").read_text(encoding="utf-8"))
)


def split(*, price, minutes=180, hourly=1231, accompaniment="0.6", day=date(2026, 11, 24)):
    return where_each_euro_goes(
        client_price=price,
        minutes=minutes,
        hourly_gross=hourly,
        figures=FIGURES,
        day=day,
        headcount_under_11=False,
        headcount_under_50=True,
        non_profit=True,
        accompaniment_share=Decimal(accompaniment),
    )


def parts_of(shared):
    return shared.wage_gross, shared.employer_contributions, shared.accompaniment, shared.running


def test_three_hours_of_hedge_go_to_the_wage_first():
    shared = split(price=7200)
    assert shared.wage_gross == 4062  # 3 × 12.31 € and a tenth for holiday.
    assert sum(parts_of(shared)) == 7200


def test_what_is_left_is_shared_as_the_organisation_decided():
    shared = split(price=7200, accompaniment="0.25")
    left = 7200 - shared.wage_gross - shared.employer_contributions
    assert shared.accompaniment == pytest.approx(left / 4, abs=0.5)
    assert shared.running == left - shared.accompaniment


def test_a_price_that_only_pays_the_work_leaves_nothing_to_share():
    wage, contributions, *_ = parts_of(split(price=7200))
    assert split(price=wage + contributions) == PriceSplit(wage, contributions, 0, 0)


def test_a_price_that_does_not_pay_the_work_is_refused():
    wage, contributions, *_ = parts_of(split(price=7200))
    with pytest.raises(Refused) as refusal:
        split(price=wage + contributions - 1)
    assert refusal.value.code == "price_below_cost"
    assert refusal.value.params == {"price": wage + contributions - 1, "cost": wage + contributions}


@pytest.mark.parametrize(("day", "wage"), [(date(2026, 5, 31), 1322), (date(2026, 6, 1), 1354)])
def test_the_floor_of_the_wage_rises_with_the_minimum_of_the_day(day, wage):
    hourly = 1202 if day < date(2026, 6, 1) else 1231
    assert split(price=3000, minutes=60, hourly=hourly, day=day).wage_gross == wage


def test_last_months_minimum_is_refused_the_day_it_rises():
    with pytest.raises(Refused, match="wage_below_minimum"):
        split(price=3000, minutes=60, hourly=1202, day=date(2026, 6, 1))


@given(
    left=st.integers(min_value=0, max_value=1_000_000),
    minutes=st.integers(min_value=15, max_value=9100),
    accompaniment=st.decimals(min_value=0, max_value=1, places=4),
)
def test_the_four_parts_always_add_up_to_the_price(left, minutes, accompaniment):
    wage, contributions, *_ = parts_of(split(price=1_000_000, minutes=minutes))
    shared = split(price=wage + contributions + left, minutes=minutes, accompaniment=accompaniment)
    assert sum(parts_of(shared)) == wage + contributions + left
    assert min(parts_of(shared)) >= 0
