import pytest

from entremise.kernel.hours import minutes_typed


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("3,5", 210), ("3.25", 195), ("3h30", 210), ("3 h 30", 210), ("3h", 180), ("3", 180), ("3:30", 210),
     ("2 heures", 120), ("2 heures et demie", 150), ("2h½", 150), ("1h 15 min", 75), ("45 min", 45), ("90mn", 90),
     (" 3\u00a0H ", 180), ("1,33 h", 80), ("2 hours", 120)],
)  # fmt: skip
def test_a_duration_is_read_as_people_write_it(typed, minutes):
    assert minutes_typed(typed) == minutes


@pytest.mark.parametrize("typed", ["", "0", "3h5", "3h75", "trois", "3,333", "-2", "9h-12h", "3 30", "12/11", "h"])
def test_anything_else_is_not_a_duration(typed):
    assert minutes_typed(typed) is None
