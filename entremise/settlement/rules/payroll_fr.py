"""French pay of an hourly-paid worker. Which rate is in force is a figure; only the order of the sums is code."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from entremise.figures.rules import Figure, FigureTable
from entremise.kernel.money import for_minutes, half_up, share
from entremise.kernel.refused import Refused
from entremise.kernel.time import Period

COEFFICIENT_STEP = Decimal("0.0001")


class Family(StrEnum):
    """The blocks of the official payslip layout, in its order."""

    HEALTH = "health"
    ACCIDENT = "accident"
    RETIREMENT = "retirement"
    FAMILY = "family"
    UNEMPLOYMENT = "unemployment"
    OTHER = "other"
    CSG = "csg"
    RELIEF = "relief"


@dataclass(frozen=True)
class PayInput:
    """A worker's month.

    hourly_gross: cents, holiday excluded; the lowest rate when the month's missions were paid at several.
    base_gross: cents, the sum of those missions; None for worked_minutes at hourly_gross.
    fixed_term: a CDD d'usage, whose holiday is paid with the wage and whose employer funds the CDD training account.
    short_contract: two months at most, which lowers the base of the neutral withholding rate.
    withholding_rate: the tax office's rate as a fraction; None for the neutral rate.
    age: whole years on the first day of the month; None for an adult.
    """

    month: Period
    worked_minutes: int
    hourly_gross: int
    headcount_under_11: bool
    headcount_under_50: bool
    non_profit: bool
    fixed_term: bool
    short_contract: bool = False
    base_gross: int | None = None
    withholding_rate: Decimal | None = None
    age: int | None = None


@dataclass(frozen=True)
class PayLine:
    """One row of the payslip. Cents; rates are fractions; relief is a negative employer amount."""

    code: str
    label: str
    family: Family
    base: int
    employee_rate: Decimal = Decimal(0)
    employee_amount: int = 0
    employer_rate: Decimal = Decimal(0)
    employer_amount: int = 0


@dataclass(frozen=True)
class Pay:
    """A worked-out payslip, in cents. gross = net_before_tax + employee_total; cost = gross + employer_total.

    net_social: the « montant net social », which here is the net before tax since nothing else is deducted.
    figures: the rows the sums were made with, by key, for the payslip to cite.
    """

    base_gross: int
    holiday: int
    holiday_rate: Decimal
    gross: int
    lines: tuple[PayLine, ...]
    employee_total: int
    net_before_tax: int
    net_social: int
    taxable_net: int
    withholding_rate: Decimal
    withholding: int
    net_payable: int
    employer_total: int
    cost: int
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class _Contribution:
    """A contribution at plain rates: the figures `<code>_employer` and, when `shared`, `<code>_employee`.

    on: the stretch of the gross it is due on: all of it, up to the ceiling, above it, or all once above it.
    """

    code: str
    label: str
    family: Family
    on: str = "gross"
    shared: bool = False


ALWAYS = (
    _Contribution("sickness", "Maladie, maternité, invalidité, décès", Family.HEALTH),
    _Contribution("work_accident", "Accidents du travail, maladies professionnelles", Family.ACCIDENT),
    _Contribution("old_age_capped", "Sécurité sociale plafonnée", Family.RETIREMENT, "capped", shared=True),
    _Contribution("old_age_full", "Sécurité sociale déplafonnée", Family.RETIREMENT, shared=True),
    _Contribution("complementary_t1", "Complémentaire tranche 1", Family.RETIREMENT, "capped", shared=True),
    _Contribution("complementary_t2", "Complémentaire tranche 2", Family.RETIREMENT, "above", shared=True),
    _Contribution(
        "general_balance_t1", "Contribution d’équilibre général tranche 1", Family.RETIREMENT, "capped", shared=True
    ),
    _Contribution(
        "general_balance_t2", "Contribution d’équilibre général tranche 2", Family.RETIREMENT, "above", shared=True
    ),
    _Contribution(
        "technical_balance", "Contribution d’équilibre technique", Family.RETIREMENT, "once_above", shared=True
    ),
    _Contribution("family", "Famille", Family.FAMILY),
    _Contribution("unemployment", "Assurance chômage", Family.UNEMPLOYMENT),
    _Contribution("wage_guarantee", "Garantie des salaires (AGS)", Family.UNEMPLOYMENT),
    _Contribution("autonomy", "Solidarité pour l’autonomie", Family.OTHER),
    _Contribution("social_dialogue", "Dialogue social", Family.OTHER),
)
HOUSING_FUND_UNDER_50 = _Contribution("housing_fund_under_50", "Aide au logement (FNAL)", Family.OTHER, "capped")
HOUSING_FUND = _Contribution("housing_fund", "Aide au logement (FNAL)", Family.OTHER)
HOUSING_EFFORT = _Contribution("housing_effort", "Effort de construction", Family.OTHER)
TRAINING_UNDER_11 = _Contribution("training_under_11", "Formation professionnelle", Family.OTHER)
TRAINING = _Contribution("training", "Formation professionnelle", Family.OTHER)
TRAINING_FIXED_TERM = _Contribution("training_fixed_term", "Compte de formation des CDD", Family.OTHER)
APPRENTICESHIP = _Contribution("apprenticeship", "Taxe d’apprentissage", Family.OTHER)


class _Reader:
    """The figures of one day, remembering which rows were read."""

    def __init__(self, figures: FigureTable, day: date) -> None:
        self._figures, self._day = figures, day
        self._read: dict[str, Figure] = {}

    def __call__(self, key: str) -> Decimal:
        row = self._read.setdefault(key, self._figures.figure(key, self._day))
        return row.value

    @property
    def rows(self) -> tuple[Figure, ...]:
        return tuple(self._read[key] for key in sorted(self._read))


def payslip(pay: PayInput, figures: FigureTable) -> Pay:
    """The payslip of a month, with the figures in force on its first day. Each line is rounded half up to the cent.

    Raises Refused: "wage_below_minimum" (cents in params), "pay_above_four_ceilings" (rates change there),
    "withholding_rate_needed" (no rate given and the neutral one is not zero), "figure_missing".
    Checked to the cent against OpenFisca-France 176.1.8 and modele-social 11.1.0.
    """
    read = _Reader(figures, pay.month.first)
    _refuse_below_minimum(pay, read)
    base = for_minutes(pay.hourly_gross, pay.worked_minutes) if pay.base_gross is None else pay.base_gross
    holiday_rate = read("usage_contract_holiday_share") if pay.fixed_term else Decimal(0)
    holiday = share(base, holiday_rate)
    gross = base + holiday
    lines = (*_contributions(pay, gross, read), *_csg(gross, read), _reduction(pay, gross, read))
    employee, employer = sum(line.employee_amount for line in lines), sum(line.employer_amount for line in lines)
    net = gross - employee
    taxable = net + sum(line.employee_amount for line in lines if line.code == "csg_crds_taxable")
    rate = _neutral_rate(pay, taxable, read) if pay.withholding_rate is None else pay.withholding_rate
    withholding = share(taxable, rate)
    return Pay(
        base_gross=base,
        holiday=holiday,
        holiday_rate=holiday_rate,
        gross=gross,
        lines=lines,
        employee_total=employee,
        net_before_tax=net,
        net_social=net,
        taxable_net=taxable,
        withholding_rate=rate,
        withholding=withholding,
        net_payable=net - withholding,
        employer_total=employer,
        cost=gross + employer,
        figures=read.rows,
    )


def minimum_hourly(*, age: int | None, figures: FigureTable, day: date) -> int:
    """The lowest legal gross hour in cents, by whole years of age (None for an adult).

    Six months of practice in the trade end the age allowance (C. trav. D3231-3): pass None then.
    """
    return _minimum_hourly(age, _Reader(figures, day))


def _minimum_hourly(age: int | None, read: _Reader) -> int:
    hourly = read("smic_hourly") * 100
    if age is not None and age < 17:
        hourly *= 1 - read("smic_allowance_under_17")
    elif age is not None and age < 18:
        hourly *= 1 - read("smic_allowance_under_18")
    return half_up(hourly)


def _refuse_below_minimum(pay: PayInput, read: _Reader) -> None:
    minimum = _minimum_hourly(pay.age, read)
    if pay.hourly_gross < minimum:
        raise Refused("wage_below_minimum", {"hourly": pay.hourly_gross, "minimum": minimum, "day": pay.month.first})


def _contributions(pay: PayInput, gross: int, read: _Reader) -> list[PayLine]:
    ceiling = _ceiling(pay.worked_minutes, read)
    if gross > ceiling * read("contribution_base_ceilings"):
        raise Refused("pay_above_four_ceilings", {"gross": gross, "ceiling": ceiling})
    bases = {
        "gross": gross,
        "capped": min(gross, ceiling),
        "above": max(0, gross - ceiling),
        "once_above": gross if gross > ceiling else 0,
    }
    return [_line(due, bases[due.on], read) for due in _due(pay) if bases[due.on]]


def _ceiling(minutes: int, read: _Reader) -> int:
    """The month's social security ceiling in cents, in proportion to the hours of a part-timer (CSS R242-2)."""
    full_month = read("legal_weekly_hours") * 60 * 52 / 12
    return half_up(read("social_security_ceiling") * 100 * min(Decimal(1), minutes / full_month))


def _due(pay: PayInput) -> list[_Contribution]:
    due = [*ALWAYS, TRAINING_UNDER_11 if pay.headcount_under_11 else TRAINING]
    due += [HOUSING_FUND_UNDER_50] if pay.headcount_under_50 else [HOUSING_FUND, HOUSING_EFFORT]
    if pay.fixed_term:
        due.append(TRAINING_FIXED_TERM)
    if not pay.non_profit:
        due.append(APPRENTICESHIP)
    return due


def _line(due: _Contribution, base: int, read: _Reader) -> PayLine:
    employee = read(f"{due.code}_employee") if due.shared else Decimal(0)
    employer = read(f"{due.code}_employer")
    return PayLine(
        due.code, due.label, due.family, base, employee, share(base, employee), employer, share(base, employer)
    )


def _csg(gross: int, read: _Reader) -> tuple[PayLine, PayLine]:
    """CSG and CRDS are collected as one levy: rounded once together, then shown as deductible and the rest.

    Rounded line by line, ten hours at the minimum wage would net a cent more than either official engine says.
    """
    base = share(gross, 1 - read("csg_allowance"))
    deductible, taxable = read("csg_deductible"), read("csg_taxable") + read("crds")
    amount = share(base, deductible)
    return (
        PayLine("csg_deductible", "CSG déductible de l’impôt", Family.CSG, base, deductible, amount),
        PayLine(
            "csg_crds_taxable",
            "CSG/CRDS non déductible de l’impôt",
            Family.CSG,
            base,
            taxable,
            share(base, deductible + taxable) - amount,
        ),
    )


def _reduction(pay: PayInput, gross: int, read: _Reader) -> PayLine:
    coefficient = _coefficient(pay, gross, read)
    return PayLine(
        "general_reduction",
        "Réduction générale des cotisations",
        Family.RELIEF,
        gross,
        employer_rate=-coefficient,
        employer_amount=-share(gross, coefficient),
    )


def _coefficient(pay: PayInput, gross: int, read: _Reader) -> Decimal:
    """Floor + slope × [½ × (3 × SMIC of the hours / gross − 1)]^1.75, four decimals; nothing from 3 SMIC on.

    CSS D241-7 since decree 2025-887. The bracket stops at 1: nobody is relieved of more than floor + slope.
    """
    exit_gross = read("reduction_exit_in_smic") * read("reduction_reference_smic") * 100 * pay.worked_minutes / 60
    floor, exponent = read("reduction_floor_rate"), read("reduction_exponent")
    slope = read("reduction_slope_under_50" if pay.headcount_under_50 else "reduction_slope")
    if gross <= 0 or gross >= exit_gross:
        return Decimal(0)
    bracket = min(Decimal(1), (exit_gross / gross - 1) / 2)
    return (floor + slope * bracket**exponent).quantize(COEFFICIENT_STEP, rounding=ROUND_HALF_UP)


def _neutral_rate(pay: PayInput, taxable: int, read: _Reader) -> Decimal:
    """Zero in the lowest bracket, where nearly all these wages lie; above it a person looks the rate up."""
    base = taxable - half_up(read("withholding_short_contract_allowance") * 100) if pay.short_contract else taxable
    if base >= read("withholding_neutral_zero_below") * 100:
        raise Refused("withholding_rate_needed", {"taxable": taxable})
    return Decimal(0)
