from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from entremise.settlement.rules.ages import Age, ages

TODAY = date(2026, 12, 1)
DEBTS = st.lists(st.tuples(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.integers(1, 10**7)))


def test_what_is_due_today_is_not_late() -> None:
    assert ages([(TODAY, 100)], on=TODAY)[0] == Age(None, None, 1, 100)


def test_a_debt_moves_to_the_next_step_on_its_first_day() -> None:
    days = (1, 30, 31, 60, 61, 90, 91, 900)
    found = ages([(TODAY - timedelta(days=one), one) for one in days], on=TODAY)
    assert [(one.from_days, one.to_days, one.count) for one in found[1:]] == [
        (1, 30, 2), (31, 60, 2), (61, 90, 2), (91, None, 2),
    ]  # fmt: skip


@given(DEBTS)
def test_every_debt_is_in_one_step(debts: list[tuple[date, int]]) -> None:
    found = ages(debts, on=TODAY)
    assert sum(one.count for one in found) == len(debts)
    assert sum(one.due for one in found) == sum(due for _, due in debts)
    for step in found:
        assert step.due == sum(due for day, due in debts if _belongs(step, (TODAY - day).days))


def _belongs(step: Age, late: int) -> bool:
    if step.from_days is None:
        return late < 1
    return step.from_days <= late and (step.to_days is None or late <= step.to_days)
