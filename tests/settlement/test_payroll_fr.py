"""The two public engines (OpenFisca-France 176.1.8, modele-social 11.1.0) are the oracles of every amount here."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import entremise.figures
from entremise.figures.rules import Figure, FigureTable, parse_toml
from entremise.kernel.money import share
from entremise.kernel.refused import Refused
from entremise.kernel.time import Period
from entremise.settlement.rules.payroll_fr import PayInput, minimum_hourly, payslip

FR = parse_toml((Path(entremise.figures.__file__).parent / "data" / "fr.toml").read_text(encoding="utf-8"))
JANUARY, MAY, JUNE, JULY = (Period.month(2026, month) for month in (1, 5, 6, 7))
FULL_MONTH = 9100  # 35 h × 52 / 12, in minutes.

TEN_HOURS = PayInput(
    month=JULY,
    worked_minutes=600,
    hourly_gross=1231,
    headcount_under_11=True,
    headcount_under_50=True,
    non_profit=False,
    fixed_term=False,
)
FULL_TIME = replace(TEN_HOURS, worked_minutes=FULL_MONTH)
FULL_TIME_JANUARY = replace(FULL_TIME, month=JANUARY, hourly_gross=1202)
FULL_TIME_CDDU = replace(FULL_TIME, fixed_term=True, withholding_rate=Decimal(0))


def override(key, value):
    return Figure(key, Decimal(value), "rate", date(2026, 1, 1), None, "the engine's own parameter")


CURRENT_SMIC = [
    replace(row, key="reduction_reference_smic") for row in FR if row.key == "reduction_reference_smic_current"
]
PLAIN = FigureTable(FR)
OPENFISCA = FigureTable(
    FR, [override("work_accident_employer", "0.0070"), override("wage_guarantee_employer", "0.0020")]
)
MODELE_SOCIAL = FigureTable(
    FR, [override("work_accident_employer", "0.0208"), override("wage_guarantee_employer", "0.0025"), *CURRENT_SMIC]
)


def line(pay, code):
    return next(line for line in pay.lines if line.code == code)


@pytest.mark.parametrize(
    ("given", "gross", "net", "taxable"),
    [(FULL_TIME, 186702, 147793, 153112), (TEN_HOURS, 12310, 9745, 10096), (FULL_TIME_CDDU, 205372, 162573, 168424)],
)
def test_gross_and_net_equal_the_engines_to_the_cent(given, gross, net, taxable):
    pay = payslip(given, PLAIN)
    assert (pay.gross, pay.net_before_tax, pay.taxable_net) == (gross, net, taxable)


def test_january_net_sides_with_openfisca_where_the_engines_differ_by_a_cent():
    pay = payslip(FULL_TIME_JANUARY, PLAIN)
    assert pay.gross == 182303
    assert pay.net_before_tax == 144310  # modele-social says 1 443.11 €.


@pytest.mark.parametrize(
    ("given", "figures", "coefficient", "amount"),
    [
        (FULL_TIME, OPENFISCA, "0.3750", 70013),
        (FULL_TIME, MODELE_SOCIAL, "0.3981", 74326),
        (TEN_HOURS, OPENFISCA, "0.3750", 4616),
        (TEN_HOURS, MODELE_SOCIAL, "0.3981", 4901),
        (FULL_TIME_JANUARY, OPENFISCA, "0.3981", 72575),
        (FULL_TIME_JANUARY, MODELE_SOCIAL, "0.3981", 72575),
        (FULL_TIME_CDDU, MODELE_SOCIAL, "0.3125", 64179),
        (FULL_TIME_CDDU, OPENFISCA, "0.2938", 60338),
        (replace(FULL_TIME, headcount_under_50=False), OPENFISCA, "0.3788", 70723),
        (replace(FULL_TIME, headcount_under_50=False), MODELE_SOCIAL, "0.4021", 75073),
    ],
)
def test_the_general_reduction_follows_the_reading_of_the_reference_wage(given, figures, coefficient, amount):
    reduction = line(payslip(given, figures), "general_reduction")
    assert (-reduction.employer_rate, -reduction.employer_amount) == (Decimal(coefficient), amount)


@pytest.mark.parametrize(
    ("given", "figures", "cost"),
    [
        (FULL_TIME, OPENFISCA, 194106),
        (replace(FULL_TIME, non_profit=True), OPENFISCA, 192836),
        (FULL_TIME, MODELE_SOCIAL, 192463),
        (TEN_HOURS, OPENFISCA, 12799),
        (TEN_HOURS, MODELE_SOCIAL, 12690),
        (FULL_TIME_JANUARY, OPENFISCA, 185323),
        (replace(FULL_TIME, headcount_under_11=False, headcount_under_50=False), OPENFISCA, 195823),
    ],
)
def test_the_employers_cost_equals_each_engine_with_its_own_parameters(given, figures, cost):
    assert payslip(given, figures).cost == cost


def test_above_the_ceiling_the_second_tranche_and_the_technical_balance_begin():
    pay = payslip(replace(FULL_TIME, hourly_gross=3000, withholding_rate=Decimal(0)), OPENFISCA)
    assert (pay.gross, pay.net_before_tax) == (455000, 360187)
    assert line(pay, "old_age_capped").base == 400500
    complementary = [line(pay, "complementary_t1"), line(pay, "complementary_t2")]
    assert [part.base for part in complementary] == [400500, 54500]
    assert sum(part.employee_amount for part in complementary) == 17325
    assert sum(part.employer_amount for part in complementary) == 25962
    technical = line(pay, "technical_balance")
    assert (technical.employee_amount, technical.employer_amount) == (637, 956)


def test_the_ceiling_shrinks_with_the_hours_of_a_part_timer():
    pay = payslip(replace(TEN_HOURS, hourly_gross=3000), PLAIN)
    assert line(pay, "old_age_capped").base == 26407  # 4 005 € × 600 / 9 100 minutes.


def test_below_the_ceiling_there_is_no_second_tranche_to_read():
    codes = {line.code for line in payslip(FULL_TIME, PLAIN).lines}
    assert not codes & {"complementary_t2", "general_balance_t2", "technical_balance"}


def test_pay_above_four_ceilings_is_refused():
    with pytest.raises(Refused, match="pay_above_four_ceilings"):
        payslip(replace(TEN_HOURS, hourly_gross=11000), PLAIN)


def test_a_cddu_pays_a_tenth_more_for_holiday_and_funds_the_training_account():
    pay = payslip(FULL_TIME_CDDU, PLAIN)
    assert (pay.base_gross, pay.holiday, pay.gross) == (186702, 18670, 205372)
    assert line(pay, "training_fixed_term").employer_amount == 2054


def test_a_permanent_contract_pays_no_holiday_with_the_wage():
    pay = payslip(FULL_TIME, PLAIN)
    assert pay.holiday == 0
    assert "training_fixed_term" not in {line.code for line in pay.lines}


def test_missions_at_several_rates_are_paid_their_sum():
    pay = payslip(replace(TEN_HOURS, base_gross=12805), PLAIN)  # Five hours at 12.31 and five at 13.30.
    assert pay.gross == 12805


def test_a_bigger_employer_pays_more_of_what_depends_on_size():
    small, big = payslip(FULL_TIME, PLAIN), payslip(replace(FULL_TIME, headcount_under_50=False), PLAIN)
    assert line(small, "housing_fund_under_50").employer_amount == 187
    assert line(big, "housing_fund").employer_amount == 934
    assert line(big, "housing_effort").employer_amount == 840


def test_the_reduction_ends_at_three_reference_wages():
    just_under, at = (replace(TEN_HOURS, base_gross=gross) for gross in (36059, 36060))
    assert line(payslip(just_under, PLAIN), "general_reduction").employer_rate == Decimal("-0.0200")
    assert line(payslip(at, PLAIN), "general_reduction").employer_amount == 0


def test_a_month_without_hours_is_all_zeros():
    pay = payslip(replace(FULL_TIME_CDDU, worked_minutes=0), PLAIN)
    assert (pay.gross, pay.net_payable, pay.cost) == (0, 0, 0)


@pytest.mark.parametrize(
    ("month", "hourly"), [(JANUARY, 1202), (MAY, 1202), (JUNE, 1231), (Period.month(2025, 12), 1188)]
)
def test_a_wage_under_the_minimum_of_its_month_is_refused(month, hourly):
    assert minimum_hourly(age=None, figures=PLAIN, day=month.first) == hourly
    with pytest.raises(Refused) as refusal:
        payslip(replace(TEN_HOURS, month=month, hourly_gross=hourly - 1), PLAIN)
    assert refusal.value.code == "wage_below_minimum"
    assert refusal.value.params == {"hourly": hourly - 1, "minimum": hourly, "day": month.first}


@pytest.mark.parametrize(("age", "hourly"), [(16, 985), (17, 1108), (18, 1231), (None, 1231)])
def test_the_minimum_depends_on_age_until_eighteen(age, hourly):
    assert minimum_hourly(age=age, figures=PLAIN, day=JULY.first) == hourly


def test_a_month_before_the_general_reduction_of_2026_is_refused():
    with pytest.raises(Refused, match="figure_missing"):
        payslip(replace(TEN_HOURS, month=Period.month(2025, 12)), PLAIN)


def test_a_month_whose_reference_wage_is_not_known_yet_is_refused():
    with pytest.raises(Refused) as refusal:
        payslip(replace(TEN_HOURS, month=Period.month(2027, 1)), PLAIN)
    assert refusal.value.params["key"] == "reduction_reference_smic"


def test_the_rate_of_the_tax_office_applies_to_the_taxable_net():
    pay = payslip(replace(FULL_TIME, withholding_rate=Decimal("0.021")), PLAIN)
    assert pay.withholding == 3215  # 1 531.12 € × 2.1 %.
    assert pay.net_payable == 147793 - 3215


def test_without_a_rate_a_small_wage_is_not_withheld_from():
    pay = payslip(TEN_HOURS, PLAIN)
    assert (pay.withholding_rate, pay.withholding, pay.net_payable) == (0, 0, 9745)


def test_without_a_rate_a_wage_above_the_first_bracket_is_refused():
    with pytest.raises(Refused) as refusal:
        payslip(replace(FULL_TIME_CDDU, withholding_rate=None), PLAIN)
    assert refusal.value.code == "withholding_rate_needed"
    assert refusal.value.params == {"taxable": 168424}


def test_a_short_contract_lowers_the_base_of_the_neutral_rate():
    assert payslip(replace(FULL_TIME_CDDU, withholding_rate=None, short_contract=True), PLAIN).withholding == 0


def test_a_payslip_cites_the_rows_it_was_computed_with():
    rows = {figure.key: figure for figure in payslip(TEN_HOURS, PLAIN).figures}
    assert rows["smic_hourly"].value == Decimal("12.31")
    assert all(row.source for row in rows.values())
    assert not {"reduction_slope", "complementary_t2_employee", "usage_contract_holiday_share"} & rows.keys()


months = st.builds(
    PayInput,
    month=st.sampled_from([JANUARY, MAY, JUNE, JULY]),
    worked_minutes=st.integers(min_value=0, max_value=FULL_MONTH + 3000),
    hourly_gross=st.integers(min_value=1231, max_value=6000),
    headcount_under_11=st.booleans(),
    headcount_under_50=st.booleans(),
    non_profit=st.booleans(),
    fixed_term=st.booleans(),
    withholding_rate=st.decimals(min_value=0, max_value=Decimal("0.43"), places=3),
)


@given(month=months)
def test_every_cent_of_gross_and_cost_is_on_a_line(month):
    pay = payslip(month, PLAIN)
    assert pay.gross == pay.base_gross + pay.holiday == pay.net_before_tax + pay.employee_total
    assert pay.employee_total == sum(line.employee_amount for line in pay.lines)
    assert pay.employer_total == sum(line.employer_amount for line in pay.lines)
    assert pay.cost == pay.gross + pay.employer_total
    assert pay.net_payable == pay.net_before_tax - pay.withholding
    assert 0 <= pay.net_payable <= pay.net_before_tax <= pay.taxable_net <= pay.gross <= pay.cost


@given(month=months)
def test_each_line_is_its_base_times_its_rates_to_the_cent(month):
    for line in payslip(month, PLAIN).lines:
        assert abs(line.employee_amount - share(line.base, line.employee_rate)) <= 1
        assert line.employer_amount == share(line.base, line.employer_rate)


@given(month=months)
def test_the_reduction_never_takes_more_than_its_ceiling(month):
    reduction = line(payslip(month, PLAIN), "general_reduction")
    assert 0 <= -reduction.employer_rate <= Decimal("0.4021")
