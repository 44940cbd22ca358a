from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.jobs.rules.need import ClientKind
from entremise.jobs.rules.pricing import Line, Tariff, price

HALF = Decimal("0.50")
HEDGE = Tariff(hourly=2450, minimum_minutes=60, travel=0, personal_service=True)


def at_home(tariff: Tariff, minutes: int, kind: ClientKind = ClientKind.INDIVIDUAL):
    return price(tariff, minutes=minutes, client_kind=kind, credit_rate=HALF)


def test_two_hours_of_hedge_cost_what_the_desk_reads_aloud():
    found = at_home(HEDGE, 120)
    assert (found.lines, found.total) == ((Line("hours", 4900, 120),), 4900)
    assert (found.credit, found.after_credit) == (2450, 2450)


def test_a_short_visit_is_billed_to_its_minimum_on_a_line_of_its_own():
    found = at_home(HEDGE, 45)
    assert found.lines == (Line("hours", 1838, 45), Line("minimum", 612, 15))
    assert found.total == 2450


def test_travel_is_a_line_of_its_own():
    found = at_home(Tariff(hourly=2450, travel=350), 60)
    assert found.lines == (Line("hours", 2450, 60), Line("travel", 350))


@pytest.mark.parametrize("kind", [ClientKind.COMPANY, ClientKind.ASSOCIATION, ClientKind.LOCAL_AUTHORITY])
def test_only_individuals_have_a_tax_credit(kind):
    assert at_home(HEDGE, 120, kind).credit == 0


def test_work_outside_the_personal_services_has_no_tax_credit():
    assert at_home(Tariff(hourly=2450), 120).credit == 0


@given(
    st.builds(Tariff, st.integers(0, 10_000), st.integers(0, 240), st.integers(0, 2000), st.booleans()),
    st.integers(1, 1440),
)
def test_the_lines_always_add_up_and_no_more_time_costs_less(tariff, minutes):
    found = at_home(tariff, minutes)
    assert sum(line.amount for line in found.lines) == found.total
    assert all(line.amount >= 0 for line in found.lines)
    assert found.credit + found.after_credit == found.total
    assert at_home(tariff, minutes + 1).total >= found.total
